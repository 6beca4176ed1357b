"""Production statistics at one moment, what changed between two, and what they are worth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from harness.core.errors import ServerError
from harness.data.prices import prices, production_score

_SHOWN = 200
_NOTHING: Mapping[str, float] = MappingProxyType({})


class Machine(NamedTuple):
    """A machine that follows recipes: the one it follows now (empty: none), and how many crafts it has finished."""

    recipe: str
    finished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionStatistics:
    """Amounts since the world began.

    Attributes:
        tick: game ticks run since then.
        elapsed_ticks: ticks charged to the agent's calls since then.
        produced: items and fluids made, by hand or by machine.
        consumed: items and fluids used up.
        harvested: the part of `produced` that was mined by hand.
        crafted: the part of `produced` that was crafted by hand, intermediates included.
        crafted_from: the part of `consumed` that hand crafting took.
        machines: by unit number, if asked for.
        stocks: what each chest and tank holds, by unit number, if asked for.
        researched: technologies in the order of their names, if asked for.
    """

    tick: int
    elapsed_ticks: int = 0
    produced: Mapping[str, float] = field(default_factory=dict)
    consumed: Mapping[str, float] = field(default_factory=dict)
    harvested: Mapping[str, float] = field(default_factory=dict)
    crafted: Mapping[str, float] = field(default_factory=dict)
    crafted_from: Mapping[str, float] = field(default_factory=dict)
    machines: Mapping[int, Machine] = field(default_factory=dict)
    stocks: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    researched: tuple[str, ...] = ()

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> ProductionStatistics:
        """From the mod's answer to `production`; an empty mapping may come as a list.

        Raises:
            ServerError: its amounts are none.
        """

        def amounts(key: str) -> dict[str, float]:
            counts = data.get(key) or {}
            if not isinstance(counts, Mapping) or not all(isinstance(each, int | float) for each in counts.values()):
                raise ServerError(
                    f"production: expected amounts by name as {key}, got {counts!r:.200}; reset the world"
                )
            return {str(name): float(count) for name, count in sorted(counts.items())}

        return cls(
            tick=int(data["tick"]),
            elapsed_ticks=int(data["elapsed_ticks"]),
            produced=amounts("produced"),
            consumed=amounts("consumed"),
            harvested=amounts("harvested"),
            crafted=amounts("crafted"),
            crafted_from=amounts("crafted_from"),
            machines={
                int(number): Machine(str(recipe), int(finished))
                for number, recipe, finished in sorted(data.get("machines") or ())
            },
            stocks={
                int(number): {str(name): float(count) for name, count in sorted(held.items())}
                for number, held in sorted(data.get("stocks") or ())
            },
            researched=tuple(str(name) for name in data.get("researched") or ()),
        )

    def score(self, profile: str = "reference") -> float:
        """Production score: price times what was produced less what was consumed.

        Raises:
            ConfigError: no such price profile.
        """
        return production_score(self.produced, self.consumed, prices(profile))

    def automated_score(self, profile: str = "reference") -> float:
        """The score without what hands mined and what hand crafting added.

        Raises:
            ConfigError: no such price profile.
        """
        price_list = prices(profile)
        by_hand = production_score(self.harvested, _NOTHING, price_list)
        return self.score(profile) - by_hand - production_score(self.crafted, self.crafted_from, price_list)

    def since(self, before: ProductionStatistics) -> ProductionStatistics:
        """What was added after `before`, without goods, machines, stocks and technologies where nothing was."""
        return ProductionStatistics(
            tick=self.tick - before.tick,
            elapsed_ticks=self.elapsed_ticks - before.elapsed_ticks,
            produced=_difference(self.produced, before.produced),
            consumed=_difference(self.consumed, before.consumed),
            harvested=_difference(self.harvested, before.harvested),
            crafted=_difference(self.crafted, before.crafted),
            crafted_from=_difference(self.crafted_from, before.crafted_from),
            machines=_worked(self.machines, before.machines),
            stocks=_changed(self.stocks, before.stocks),
            researched=tuple(sorted(set(self.researched) - set(before.researched))),
        )

    def split(self) -> tuple[dict[str, float], dict[str, float]]:
        """`(static, dynamic)`: of each good produced, what hands made and what machines made beyond that.

        A good made by hand more than it was produced (it was, but the statistics were cleared) counts as made by hand.
        """
        static: dict[str, float] = {}
        dynamic: dict[str, float] = {}
        for name, amount in self.produced.items():
            by_hand = self.harvested.get(name, 0.0) + self.crafted.get(name, 0.0)
            if by_hand > 0:
                static[name] = by_hand
            if amount > by_hand and not math.isclose(amount, by_hand, rel_tol=1e-9):
                dynamic[name] = amount - by_hand
        return static, dynamic


def _difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    changes = {name: after.get(name, 0.0) - before.get(name, 0.0) for name in sorted(after.keys() | before.keys())}
    return {name: change for name, change in changes.items() if change != 0.0}


def _worked(after: Mapping[int, Machine], before: Mapping[int, Machine]) -> dict[int, Machine]:
    """The machines that finished crafts in between; one that follows no recipe any more is said to follow its last."""
    worked: dict[int, Machine] = {}
    for number, machine in sorted(after.items()):
        known = before.get(number, Machine("", 0))
        if machine.finished > known.finished:
            worked[number] = Machine(machine.recipe or known.recipe, machine.finished - known.finished)
    return worked


def _changed(
    after: Mapping[int, Mapping[str, float]], before: Mapping[int, Mapping[str, float]]
) -> dict[int, dict[str, float]]:
    """What each chest and tank holds more, or less, than before."""
    changes = {
        number: _difference(after.get(number, _NOTHING), before.get(number, _NOTHING))
        for number in sorted(after.keys() | before.keys())
    }
    return {number: change for number, change in changes.items() if change}
