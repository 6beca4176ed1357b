"""The library of things the scripted model knows to do, and when it thinks of each.

A weight is how strongly a behaviour suggests itself; needs are what it takes from the inventory at the least.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harness.llm.scripted.behaviours import burner, electric, hand
from harness.llm.scripted.draft import Draft

Weight = Callable[[Draft], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One thing the scripted model knows to do.

    Attributes:
        write: adds it to a draft.
        phrase: words that occur in its docstrings and in plans, and in no other behaviour's.
        weight: how strongly it suggests itself, 0 for not at all.
        needs: item -> least count held.
        needs_power: makes sense only once a steam engine stands.
    """

    write: Callable[[Draft], None]
    phrase: str
    weight: Weight
    needs: Mapping[str, int] = field(default_factory=dict)
    needs_power: bool = False

    def possible(self, draft: Draft) -> bool:
        """Whether a careful player could do it now."""
        if self.needs_power and not draft.built["steam-engine"]:
            return False
        needs = dict(self.needs)
        fuel = needs.pop("fuel", 0)
        return draft.has(needs) and draft.stock[draft.fuel()] >= fuel


def _burning(draft: Draft) -> float:
    burners = draft.built["burner-mining-drill"] + draft.built["stone-furnace"]
    hungry = any("fuel" in warning for warning in draft.situation.warnings) or any(
        "no_fuel" in entity.status for entity in draft.situation.standing
    )
    return 0.0 if not burners else 6.0 if hungry else 1.0


def _poor(draft: Draft) -> bool:
    """Whether there is nothing to build a machine from yet."""
    return not draft.stock["burner-mining-drill"] and not draft.stock["electric-mining-drill"]


def _holding(draft: Draft) -> float:
    holders = draft.built["stone-furnace"] + draft.built["wooden-chest"]
    return 0.0 if not holders else 4.0 if _poor(draft) else 1.0


BEHAVIOURS: dict[str, Behaviour] = {
    "gather": Behaviour(write=hand.gather, phrase="gather", weight=lambda draft: 5.0 if _poor(draft) else 0.3),
    "craft": Behaviour(
        write=hand.craft,
        phrase="craft",
        weight=lambda draft: 0.0 if not hand.craftable(draft) else 6.0 if _poor(draft) else 0.3,
    ),
    "smelt_by_hand": Behaviour(
        write=hand.smelt_by_hand,
        phrase="by hand in a stone furnace",
        weight=lambda draft: (
            0.0
            if not draft.built["stone-furnace"] and not draft.stock["stone-furnace"]
            else 6.0
            if _poor(draft)
            else 0.3
        ),
        needs={"fuel": 2},
    ),
    "refuel": Behaviour(write=hand.refuel, phrase="refuel", weight=_burning, needs={"fuel": 5}),
    "collect": Behaviour(write=hand.collect, phrase="collect", weight=_holding),
    "look_around": Behaviour(write=hand.look_around, phrase="look at", weight=lambda _: 0.3),
    "wait": Behaviour(write=hand.wait, phrase="wait", weight=lambda draft: 0.6 if sum(draft.built.values()) else 0.1),
    "drill_to_chest": Behaviour(
        write=burner.drill_to_chest,
        phrase="with a chest at its drop position",
        weight=lambda _: 3.0,
        needs={"burner-mining-drill": 1, "wooden-chest": 1, "fuel": 3},
    ),
    "drill_to_furnace": Behaviour(
        write=burner.drill_to_furnace,
        phrase="each feeding a stone furnace",
        weight=lambda _: 6.0,
        needs={"burner-mining-drill": 1, "stone-furnace": 1, "fuel": 6},
    ),
    "coal_pair": Behaviour(
        write=burner.coal_pair,
        phrase="that fuel each other",
        weight=lambda _: 3.0,
        needs={"burner-mining-drill": 2, "fuel": 6},
    ),
    "coal_to_chest": Behaviour(
        write=burner.coal_to_chest,
        phrase="mine coal into a chest",
        weight=lambda _: 1.0,
        needs={"burner-mining-drill": 1, "wooden-chest": 1, "fuel": 5},
    ),
    "inserter_column": Behaviour(
        write=burner.inserter_column,
        phrase="build a column",
        weight=lambda _: 2.0,
        needs={"burner-mining-drill": 1, "wooden-chest": 2, "burner-inserter": 2, "stone-furnace": 1, "fuel": 20},
    ),
    "steel_column": Behaviour(
        write=burner.steel_column,
        phrase="steel column",
        weight=lambda _: 1.5,
        needs={"burner-mining-drill": 1, "stone-furnace": 2, "burner-inserter": 1, "fuel": 20},
    ),
    "belt_to_furnace": Behaviour(
        write=burner.belt_to_furnace,
        phrase="by belt",
        weight=lambda _: 1.5,
        needs={
            "burner-mining-drill": 1,
            "stone-furnace": 1,
            "burner-inserter": 1,
            "transport-belt": 20,
            "fuel": 12,
        },
    ),
    "steam_power": Behaviour(
        write=electric.steam_power,
        phrase="steam power",
        weight=lambda draft: 3.0 if not draft.built["steam-engine"] else 0.2,
        needs={"offshore-pump": 1, "boiler": 1, "steam-engine": 1, "pipe": 20, "coal": 10},
    ),
    "electric_drills": Behaviour(
        write=electric.electric_drills,
        phrase="electric drill",
        weight=lambda _: 6.0,
        needs={"electric-mining-drill": 1, "wooden-chest": 1, "medium-electric-pole": 10, "fuel": 8},
        needs_power=True,
    ),
    "mill": Behaviour(
        write=electric.mill,
        phrase="build a mill",
        weight=lambda _: 5.0,
        needs={
            "burner-mining-drill": 1,
            "stone-furnace": 1,
            "inserter": 2,
            "assembling-machine-2": 1,
            "wooden-chest": 1,
            "medium-electric-pole": 10,
            "fuel": 10,
        },
        needs_power=True,
    ),
    "bench": Behaviour(
        write=electric.bench,
        phrase="assembling machine for",
        weight=lambda draft: 3.0 if draft.stock["iron-plate"] + draft.stock["copper-plate"] >= 10 else 0.2,
        needs={"inserter": 1, "assembling-machine-2": 1, "wooden-chest": 1, "medium-electric-pole": 6},
        needs_power=True,
    ),
}


def find_by_phrase(text: str) -> str | None:
    """The behaviour a docstring or a plan's step speaks of, the longest phrase winning."""
    lowered = text.lower()
    spoken = [(len(behaviour.phrase), name) for name, behaviour in BEHAVIOURS.items() if behaviour.phrase in lowered]
    return max(spoken)[1] if spoken else None
