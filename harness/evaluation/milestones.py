"""What a program was the first to reach on its way from the root: goods, goods made by machines, technologies.

Statistics count since the world began, so what is new lies between the readings before and after a program, whatever
came of other branches of the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from harness.game import ProductionStatistics


class Noted(Protocol):
    """A program, or the record of one."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """What is on record besides its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """Names in order, each once.

    Attributes:
        goods: items and fluids made or mined for the first time, in whatever way.
        automated: those that machines made for the first time.
        technologies: newly researched.
    """

    goods: tuple[str, ...] = ()
    automated: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()

    @classmethod
    def between(cls, before: ProductionStatistics, after: ProductionStatistics) -> Milestones:
        """What is new in `after`; both readings in full."""
        return cls(
            goods=_new(_some(before.produced), _some(after.produced)),
            automated=_new(before.split()[1], after.split()[1]),
            technologies=_new(before.researched, after.researched),
        )

    @classmethod
    def on_path(cls, path: Iterable[Noted]) -> Milestones:
        """All that the programs of a path from the root reached together."""
        reached = [program.meta.get("evaluation", {}).get("milestones", {}) for program in path]
        return cls(**{kind: _new((), (name for each in reached for name in each.get(kind, ()))) for kind in KINDS})

    @property
    def count(self) -> int:
        """Goods and technologies, as published tables count milestones."""
        return len(self.goods) + len(self.technologies)

    def to_json(self) -> dict[str, list[str]]:
        """As plain data, without what is empty."""
        return {kind: list(names) for kind in KINDS if (names := getattr(self, kind))}


def _some(amounts: Mapping[str, float]) -> list[str]:
    return [name for name, amount in amounts.items() if amount > 0]


KINDS = ("goods", "automated", "technologies")


def _new(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(after) - set(before)))
