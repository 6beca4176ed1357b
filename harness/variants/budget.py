"""What a search may spend, what it has spent, and the refusal to start what might overrun.

A step is admitted only if its worst case still fits, so no cap is ever passed; afterwards the worst case is replaced
by what was really spent. Pure accounting: the clock is read by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from harness.core.errors import BudgetExceededError, ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """An amount of everything that is budgeted.

    Attributes:
        samples: programs asked of the model.
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

    def __mul__(self, factor: int) -> Spend:
        return Spend(**{each.name: getattr(self, each.name) * factor for each in fields(Spend)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Caps on a search; `None` means no cap. Units as in `Spend`."""

    samples: int | None = None
    ticks: int | None = None
    tokens: int | None = None
    usd: float | None = None
    wall_s: float | None = None

    def __post_init__(self) -> None:
        for each in fields(Budget):
            cap = getattr(self, each.name)
            if cap is not None and cap < 0:
                raise ConfigError(f"budget {each.name}: expected a number of at least 0 or none, got {cap}")

    def overrun_by(self, spend: Spend) -> str | None:
        """The first budget that `spend` would pass, or `None`. Time is spent up when its cap is reached."""
        for each in fields(Budget):
            cap, amount = getattr(self, each.name), getattr(spend, each.name)
            if cap is not None and (amount > cap or (each.name == "wall_s" and amount >= cap)):
                return each.name
        return None

    def check(self, spend: Spend) -> None:
        """Refuses a total that passes a cap.

        Raises:
            BudgetExceededError: naming the budget, the cap and the total.
        """
        name = self.overrun_by(spend)
        if name is not None:
            cap, amount = getattr(self, name), getattr(spend, name)
            raise BudgetExceededError(
                f"budget {name}: the next step could bring the total to {amount:g}, the cap is {cap:g}; "
                f"raise budget.{name} to go on",
                budget=name,
            )
