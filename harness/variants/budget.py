"""What a search may spend, what it has spent, and the refusal to start what might overrun.

A step is admitted only if its worst case still fits; afterwards the worst case is replaced by what was really spent.
What is left is shared out evenly among the samples of an iteration before they start, so what one sample may do never
depends on how fast another one was. Accounting, and one clock: what is under way when the
seconds are spent is given up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

import anyio

from harness.core.errors import BudgetExceededError, ConfigError
from harness.llm.bounds import most_tokens
from harness.llm.model import ModelReply, ModelRequest
from harness.llm.pricing import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """An amount of everything that is budgeted.

    Attributes:
        samples: completions asked of the model.
        ticks: game ticks run for programs, accrual windows included, waiting servers not.
        tokens: input and output tokens of all model calls.
        usd: price of all model calls in US dollars; calls without a known price add nothing.
        wall_s: seconds on the clock.
    """

    samples: int = 0
    ticks: int = 0
    tokens: int = 0
    usd: float = 0.0
    wall_s: float = 0.0

    def __add__(self, other: Spend) -> Spend:
        return Spend(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Spend)})

    def __mul__(self, count: int) -> Spend:
        return Spend(**{each.name: getattr(self, each.name) * count for each in fields(Spend)})

    def __sub__(self, other: Spend) -> Spend:
        return Spend(**{each.name: getattr(self, each.name) - getattr(other, each.name) for each in fields(Spend)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Caps on a search; `None` means no cap. Units as in `Spend`.

    `ticks` are checked before each program for its accrual window and the evaluator's `max_program_ticks`. Where that
    is not set nothing bounds what a running program takes, and the last one may pass the cap.
    """

    samples: int | None = None
    ticks: int | None = None
    tokens: int | None = None
    usd: float | None = None
    wall_s: float | None = None

    def __post_init__(self) -> None:
        for each in fields(Budget):
            cap = getattr(self, each.name)
            if cap is not None and not (isinstance(cap, int | float) and 0 <= cap < math.inf):
                raise ConfigError(f"budget {each.name}: expected a finite number of at least 0 or none, got {cap!r}")

    def overrun_by(self, spend: Spend) -> str | None:
        """The first budget that a total of `spend` would pass, or `None`."""
        for each in fields(Budget):
            cap = getattr(self, each.name)
            if cap is not None and getattr(spend, each.name) > cap:
                return each.name
        return None

    def used_up_by(self, spend: Spend) -> str | None:
        """The first budget of which a total of `spend` leaves nothing, or `None`.

        A step whose worst case is nothing would fit even then: a model can cost more than its price says.
        """
        for each in fields(Budget):
            cap, spent = getattr(self, each.name), getattr(spend, each.name)
            if cap is not None and spent >= cap and spent > 0:
                return each.name
        return None

    def share(self, spent: Spend, count: int, *, most: Budget | None = None, parts: int = 1) -> Budget:
        """What each of `count` equal shares of the rest comes to; the clock is the same for all, so not divided.

        Args:
            spent: spent already, or set aside for others.
            count: at least 1.
            most: what a share can use at most; the rest of it stays in the budget. `None` where nothing bounds it.
            parts: into how many such sets of shares what has no such bound is divided.
        """
        shares: dict[str, float | None] = {}
        for each in fields(Budget):
            cap, bound = getattr(self, each.name), getattr(most, each.name, None)
            left = None if cap is None else max(cap - getattr(spent, each.name), type(cap)(0))
            if left is not None and each.name != "wall_s":
                sharers = count if bound is not None else count * parts
                left = left // sharers if isinstance(left, int) else left / sharers
                left = left if bound is None else min(left, bound)
            shares[each.name] = left
        return Budget(**shares)  # type: ignore[arg-type]

    def as_spend(self) -> Spend:
        """What is set aside for a share with these caps, the clock left out; what has no cap counts as nothing."""
        caps = {each.name: getattr(self, each.name) for each in fields(Budget) if each.name != "wall_s"}
        return Spend(**{name: cap for name, cap in caps.items() if cap is not None})


@dataclass(slots=True)
class Allowance:
    """One sample's share of the budget, and what it has spent of it.

    Attributes:
        caps: the share; its `wall_s` is what is left on the clock when the share is made.
        now: seconds since then.
        spent: settled steps.
        reserved: steps under way, at their worst.
    """

    caps: Budget
    now: Callable[[], float]
    spent: Spend = field(default_factory=Spend)
    reserved: Spend = field(default_factory=Spend)

    def reserve(self, worst: Spend) -> None:
        """Sets a step's worst case aside.

        Raises:
            BudgetExceededError: it could overrun a budget; nothing is set aside.
        """
        total = self.spent + self.reserved + worst
        name = self.caps.overrun_by(total + Spend(wall_s=self.now()))
        if name is not None:
            raise self._exceeded(name)
        self.reserved += worst

    @contextmanager
    def deadline(self) -> Iterator[None]:
        """Gives up what is awaited inside once the seconds on the clock are spent.

        Raises:
            BudgetExceededError: they are.
        """
        left_s = math.inf if self.caps.wall_s is None else max(self.caps.wall_s - self.now(), 0.0)
        with anyio.move_on_after(left_s) as scope:
            yield
        if scope.cancelled_caught:
            raise self._exceeded("wall_s")

    def _exceeded(self, name: str) -> BudgetExceededError:
        return BudgetExceededError(
            f"budget {name}: expected room for the next step, got {getattr(self.caps, name):g} as what is left "
            f"of it; raise budget.{name} to go on",
            budget=name,
        )

    def settle(self, worst: Spend, actual: Spend) -> None:
        """Turns a reservation into what the step really took."""
        self.reserved -= worst
        self.spent += actual

    def charge(self, actual: Spend) -> None:
        """Books what an earlier sitting spent."""
        self.spent += actual


def worst_of(request: ModelRequest, price: Price | None) -> Spend:
    """The most one call can take: more tokens than the request can have, and the longest reply allowed."""
    tokens = most_tokens(request.messages)
    usd = 0.0 if price is None else price.cost_usd(tokens, request.max_tokens)
    return Spend(samples=1, tokens=tokens + request.max_tokens, usd=usd)


def spend_of(reply: ModelReply | None) -> Spend:
    """What one call took; a call that failed is a sample all the same."""
    if reply is None:
        return Spend(samples=1)
    return Spend(samples=1, tokens=reply.input_tokens + reply.output_tokens, usd=reply.cost_usd or 0.0)
