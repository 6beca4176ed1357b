"""Ends an accrual window early when its program clearly loses against a sibling that was there before.

A race is run against numbers that are fixed before it starts (`Bar`), so what comes of it does not depend on which of
two evaluations is faster. A program that is stopped is no failure of its own; the search does not continue it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from harness.core.errors import ConfigError

if TYPE_CHECKING:
    from harness.evaluation.program import Program

Bar = tuple[float, ...]
"""Rewards so far at each checkpoint, of the sibling to beat; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Racing:
    """When a program is stopped.

    Attributes:
        checkpoints: looks at the reward, at equal distances inside the accrual window.
        margin: a program whose reward so far is less than `1 - margin` of the bar's is stopped; a bar of 0 or less
            stops nobody.

    Raises:
        ConfigError: no checkpoint, or a margin that is no share.
    """

    checkpoints: int = 3
    margin: float = 0.5

    def __post_init__(self) -> None:
        if self.checkpoints < 1 or not 0 < self.margin <= 1:
            raise ConfigError(
                "racing: expected checkpoints of at least 1 and a margin above 0 and up to 1, got "
                f"{self.checkpoints} and {self.margin}"
            )

    def stretches(self, accrual_ticks: int) -> list[int]:
        """Ticks from one checkpoint to the next, the last ones to the end of the window."""
        places = [accrual_ticks * rank // (self.checkpoints + 1) for rank in range(self.checkpoints + 2)]
        return [later - place for place, later in pairwise(places)]

    def is_lost(self, curve: Bar, bar: Bar) -> bool:
        """Whether the last reward of a curve is so far behind the bar's at the same checkpoint."""
        rank = len(curve) - 1
        return rank < len(bar) and bar[rank] > 0 and curve[rank] < (1 - self.margin) * bar[rank]


class Bars:
    """The bar of each parent's children: the curve of the best child so far that ran to its end; of equals, the first.

    A search notes children as they enter its tree, and reads a bar when it begins a batch.
    """

    def __init__(self) -> None:
        self._best: dict[str, tuple[float, Bar]] = {}

    def note(self, program: Program) -> None:
        """Takes a child into account."""
        curve = program.meta.get("evaluation", {}).get("curve")
        if not curve or program.status != "ok" or program.parent_id is None or program.reward is None:
            return
        known = self._best.get(program.parent_id)
        if known is None or program.reward > known[0]:
            self._best[program.parent_id] = (program.reward, tuple(curve))

    def of(self, parent_id: str) -> Bar:
        """What the next children of a parent race against."""
        return self._best.get(parent_id, (0.0, ()))[1]
