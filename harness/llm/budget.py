"""Hard caps on tokens and dollars, checked before a call is made.

A call in flight is charged at the most it can cost until it is settled, so calls made at once cannot overrun a cap
together. The request's tokens are estimated from its length, on the high side; the reply's are bounded by `max_tokens`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.core.errors import BudgetExceededError, ConfigError
from harness.llm.model import Model, ModelReply, ModelRequest
from harness.llm.pricing import Price

CHARS_PER_TOKEN_LOW = 2.5
"""Fewer characters a token than any ordinary text or code has, so that estimates err on the safe side."""


@dataclass(slots=True, kw_only=True)
class Spending:
    """Tokens and dollars, spent or reserved."""

    tokens: int = 0
    usd: float = 0.0

    def add(self, other: Spending, sign: int = 1) -> None:
        """Adds (or with sign -1 takes off) in place."""
        self.tokens += sign * other.tokens
        self.usd += sign * other.usd


@dataclass(slots=True, kw_only=True)
class BudgetMeter:
    """What a run has spent on models, and how far it may go. Shared by all models of a run.

    Attributes:
        max_tokens: cap on tokens, both ways together; None for none.
        max_usd: cap on dollars; None for none.
        spent: settled calls.
        reserved: calls in flight, at their worst.
    """

    max_tokens: int | None = None
    max_usd: float | None = None
    spent: Spending = field(default_factory=Spending)
    reserved: Spending = field(default_factory=Spending)

    def reserve(self, amount: Spending) -> None:
        """Sets `amount` aside for a call.

        Raises:
            BudgetExceededError: it could overrun a cap; nothing is set aside.
        """
        tokens = self.spent.tokens + self.reserved.tokens + amount.tokens
        usd = self.spent.usd + self.reserved.usd + amount.usd
        if self.max_tokens is not None and tokens > self.max_tokens:
            raise BudgetExceededError(
                f"the next call could bring the tokens to {tokens}, the cap is {self.max_tokens}; raise it",
                budget="tokens",
            )
        if self.max_usd is not None and usd > self.max_usd:
            raise BudgetExceededError(
                f"the next call could bring the cost to {usd:.4f} USD, the cap is {self.max_usd:.4f}; raise it",
                budget="usd",
            )
        self.reserved.add(amount)

    def settle(self, amount: Spending, actual: Spending) -> None:
        """Turns a reservation into what the call really took; all zero for a call that failed unbilled."""
        self.reserved.add(amount, -1)
        self.spent.add(actual)

    def charge(self, reply: ModelReply) -> None:
        """Books a call paid for earlier, such as one replayed from records on resume."""
        self.spent.add(_actual(reply))


class BudgetedModel:
    """A model whose every call is checked against a meter first.

    Raises:
        ConfigError: dollars are capped and the model has no known price.
    """

    def __init__(self, model: Model, meter: BudgetMeter, *, price: Price | None) -> None:
        if meter.max_usd is not None and price is None:
            raise ConfigError(
                f"{model.name}: expected a known price, because dollars are capped; "
                f"pass price=Price(input_usd=.., output_usd=..) or cap tokens instead"
            )
        self._model = model
        self._meter = meter
        self._price = price if price is not None else Price(input_usd=0.0, output_usd=0.0)

    @property
    def name(self) -> str:
        """The wrapped model's."""
        return self._model.name

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One completion; see `Model.complete`.

        Raises:
            BudgetExceededError: the call could overrun a cap and was not made.
        """
        worst = self._worst(request)
        self._meter.reserve(worst)
        actual = Spending()
        try:
            reply = await self._model.complete(request)
            actual = _actual(reply)
        finally:
            self._meter.settle(worst, actual)
        return reply

    async def close(self) -> None:
        """Closes the wrapped model."""
        await self._model.close()

    def _worst(self, request: ModelRequest) -> Spending:
        length = sum(len(message.content) + 16 for message in request.messages)
        inputs = int(length / CHARS_PER_TOKEN_LOW) + 1
        return Spending(tokens=inputs + request.max_tokens, usd=self._price.cost_usd(inputs, request.max_tokens))


def _actual(reply: ModelReply) -> Spending:
    return Spending(tokens=reply.input_tokens + reply.output_tokens, usd=reply.cost_usd or 0.0)
