"""Puts requests to the model on behalf of a sample: seeded, bounded in number, paid for and observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import anyio

from harness.core.conversation import Conversation
from harness.core.errors import ConfigError, ModelError
from harness.core.seeds import derive_seed
from harness.core.tasks import sole_error
from harness.llm import LLMFactory, Model, ModelReply, ModelRequest, Purpose, fit_conversation
from harness.llm.pricing import Price, price_of
from harness.variants.budget import Allowance, Budget, Spend, spend_of, worst_of
from harness.variants.observer import ModelCall, Watchers

SEED_BITS = 31
"""Providers take seeds of at most 31 bits safely."""

FREE = Price(input_usd=0.0, output_usd=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which sample of which iteration something is done for."""

    iteration: int
    sample: int


class Asker:
    """One search's way to its model.

    Args:
        model: whom to ask.
        seed: root of the requests' seeds.
        watchers: told of every exchange.
        max_tokens: of a reply.
        max_dialogue_tokens: of a request; of older turns it tells in a line each.
        temperature: of the model; `None` leaves its default.
        max_calls: in flight at once.
        budget: decides whether a price must be known.

    Raises:
        ConfigError: a dollar cap on a model without a known price.
    """

    def __init__(
        self,
        model: Model,
        *,
        seed: int,
        watchers: Watchers,
        max_tokens: int,
        max_dialogue_tokens: int,
        temperature: float | None,
        max_calls: int,
        budget: Budget,
    ) -> None:
        self.model_name = model.name
        self.price = _price(model)
        if budget.usd is not None and self.price is None:
            raise ConfigError(
                f"budget usd: expected a model with a known price, got {model.name}; cap tokens instead, "
                "or give LLMFactory a price"
            )
        self._model = model
        self._seed = seed
        self._watchers = watchers
        self._max_tokens = max_tokens
        self._max_dialogue_tokens = max_dialogue_tokens
        self._temperature = temperature
        self._limiter = anyio.Semaphore(max_calls)

    def request(self, dialogue: Conversation, place: Place, purpose: Purpose, ordinal: int = 0) -> ModelRequest:
        """The request for a completion of `dialogue`; `ordinal` tells a sample's requests apart."""
        seed = derive_seed(self._seed, "model", place.iteration, place.sample, purpose, ordinal)
        cut = fit_conversation(dialogue, self._max_dialogue_tokens)
        return ModelRequest(
            messages=tuple(cut.messages),
            purpose=purpose,
            seed=seed % 2**SEED_BITS,
            max_tokens=self._max_tokens,
            temperature=self._temperature,
        )

    async def ask(self, request: ModelRequest, place: Place, allowance: Allowance) -> ModelReply:
        """One completion, within the sample's allowance.

        Raises:
            BudgetExceededError: it might overrun a budget; nothing was asked.
            ModelError: there is no reply.
        """
        worst = worst_of(request, self.price)
        allowance.reserve(worst)
        return await self._ask(request, place, allowance, worst)

    async def ask_all(self, requests: Sequence[ModelRequest], place: Place, allowance: Allowance) -> list[ModelReply]:
        """Several completions side by side: the replies there are, in the order of the requests.

        Room for all is set aside before the first is asked, so which are refused never depends on which came first.

        Raises:
            BudgetExceededError: they might overrun a budget; nothing was asked.
            ModelError: none has a reply.
        """
        worsts = [worst_of(request, self.price) for request in requests]
        allowance.reserve(sum(worsts, Spend()))
        replies: list[ModelReply | ModelError | None] = [None] * len(requests)

        async def ask_into(index: int) -> None:
            try:
                replies[index] = await self._ask(requests[index], place, allowance, worsts[index])
            except ModelError as error:
                replies[index] = error

        async with sole_error(), anyio.create_task_group() as tasks:
            for index in range(len(requests)):
                tasks.start_soon(ask_into, index)
        answers = [reply for reply in replies if isinstance(reply, ModelReply)]
        for failed in replies:
            if isinstance(failed, ModelError) and not answers:
                raise failed
        return answers

    async def _ask(self, request: ModelRequest, place: Place, allowance: Allowance, worst: Spend) -> ModelReply:
        reply: ModelReply | None = None
        actual = Spend()
        try:
            with allowance.deadline():
                async with self._limiter:
                    # Of a call that is given up nobody says what it cost, so all of it is booked.
                    actual = worst
                    reply = await self._model.complete(request)
        except ModelError as error:
            actual = spend_of(None)
            self._watchers.on_model_call(_call(place, request, None, str(error)))
            raise
        finally:
            allowance.settle(worst, actual if reply is None else spend_of(reply))
        self._watchers.on_model_call(_call(place, request, reply))
        return reply


def _call(place: Place, request: ModelRequest, reply: ModelReply | None, error: str | None = None) -> ModelCall:
    return ModelCall(iteration=place.iteration, sample=place.sample, request=request, reply=reply, error=error)


def _price(model: Model) -> Price | None:
    if isinstance(model, LLMFactory):
        return model.price
    return FREE if model.name.startswith("scripted/") else price_of(model.name)
