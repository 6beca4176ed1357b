"""Which fluid boxes a prototype has, for which fluid and how large; rows and links are `pipes.py`.

A crafting machine has boxes for the fluids of its recipe only. A fluid that names its box has that one; otherwise the
nth fluid of a side has the nth box, and a fluid that is alone on its side has all boxes of the side as one. Without a
recipe a machine shows its boxes as they are, but they take nothing, unless it hides them.
Source: `fluidbox_index` and `LuaFluidBox.get_prototype` in the game's documentation; volumes as measured by players
(a cryogenic plant's three boxes of 100 give 300; a recipe of 10,000 a craft gives 20,000).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from harness.data import prototypes as data

CRAFTS_HELD = 2.0
"""Crafts' worth of fluid a box holds at least. Source: default of the documented `fluidbox_multiplier`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFacts:
    """One box of an entity.

    Attributes:
        connections: `pipe_connections` of all prototype boxes it is made of.
        filter: name of the only fluid it takes, None for any.
        capacity: units.
        closed: takes no fluid, because there is no recipe.
        numbers: places (from 1) of its prototype boxes in `prototype_boxes`.
    """

    connections: tuple[dict[str, Any], ...]
    filter: str | None
    capacity: float
    closed: bool = False
    numbers: tuple[int, ...]


@cache
def prototype_boxes(entity: str) -> tuple[dict[str, Any], ...]:
    """The fluid box prototypes of an entity, in the order of `LuaEntityPrototype.fluidbox_prototypes`."""
    prototype = data.entities()[entity]
    if "fluid_boxes" in prototype:
        return tuple(prototype["fluid_boxes"])
    found = (prototype.get(key) for key in ("fluid_box", "input_fluid_box", "output_fluid_box"))
    return tuple(box for box in found if box is not None and box.get("pipe_connections"))


def box_facts(entity: str, recipe: str | None, wanted_fluid: str | None) -> list[BoxFacts]:
    """The boxes of an entity, in the order of `LuaEntity.fluidbox`.

    Args:
        entity: prototype name.
        recipe: what a crafting machine follows.
        wanted_fluid: what the resources under a mining drill need; without it the drill has no inlet.
    """
    prototype = data.entities()[entity]
    if "fluid_boxes" in prototype:
        return list(_recipe_boxes(prototype, recipe))
    facts = []
    for number, box in enumerate(prototype_boxes(entity), start=1):
        inlet = box is prototype.get("input_fluid_box")
        if inlet and wanted_fluid is None:
            continue
        kept_for = wanted_fluid if inlet else box.get("filter")
        facts.append(_plain(box, number, kept_for))
    return facts


def _plain(box: dict[str, Any], number: int, kept_for: str | None) -> BoxFacts:
    return BoxFacts(
        connections=tuple(box["pipe_connections"]),
        filter=kept_for,
        capacity=float(box["volume"]),
        numbers=(number,),
    )


def _recipe_boxes(prototype: dict[str, Any], recipe: str | None) -> Iterator[BoxFacts]:
    numbered = list(enumerate(prototype["fluid_boxes"], start=1))
    if recipe is None:
        if not prototype.get("fluid_boxes_off_when_no_fluid_recipe"):
            for number, box in numbered:
                plain = _plain(box, number, None)
                yield BoxFacts(
                    connections=plain.connections, filter=None, capacity=plain.capacity, closed=True, numbers=(number,)
                )
        return
    lines = data.others("recipe")[recipe]
    for side, key in (("input", "ingredients"), ("output", "results")):
        fluids = [line for line in lines.get(key, ()) if line["type"] == "fluid"]
        yield from _side([entry for entry in numbered if entry[1]["production_type"] == side], fluids)


def _side(boxes: list[tuple[int, dict[str, Any]]], fluids: list[dict[str, Any]]) -> list[BoxFacts]:
    """The boxes of the inputs, or of the outputs, for the fluids of a recipe."""
    found: dict[int, BoxFacts] = {}
    free = [place for place in range(len(boxes)) if place + 1 not in {line.get("fluidbox_index") for line in fluids}]
    unplaced = sum(not line.get("fluidbox_index") for line in fluids)
    for line in fluids:
        if line.get("fluidbox_index"):
            places = [line["fluidbox_index"] - 1]
        else:
            places = list(free) if unplaced == 1 else free[:1]
            free = free[len(places) :]
        found[places[0]] = _for_fluid([boxes[place] for place in places], line)
    return [found[place] for place in sorted(found)]


def _for_fluid(boxes: list[tuple[int, dict[str, Any]]], line: dict[str, Any]) -> BoxFacts:
    most = line.get("amount", line.get("amount_max", 0))
    return BoxFacts(
        connections=tuple(connection for _, box in boxes for connection in box["pipe_connections"]),
        filter=line["name"],
        capacity=max(float(sum(box["volume"] for _, box in boxes)), CRAFTS_HELD * most),
        numbers=tuple(number for number, _ in boxes),
    )
