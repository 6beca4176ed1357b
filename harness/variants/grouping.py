"""What stands, in few lines: what is laid in lines and networks by its stretches, equal machines by their places.

Entities come as they are on the wire. Two machines are equal to a reader if they share name, direction, status and
recipe, two chests if they hold the same kinds; what they hold is told for all of them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from harness.llm import EntityGroup, EntityNote
from harness.llm.places import Place, format_number, format_place

Entity = Mapping[str, Any]

DIRECTION_NAMES = {0: "up", 4: "right", 8: "down", 12: "left"}

LAID_TYPES: Final = frozenset({"transport-belt", "pipe", "heat-pipe", "wall", "electric-pole"})
"""Kinds laid in lines and networks: many of them say little one by one."""

MIN_STRETCH: Final = 3
MIN_GROUP: Final = 4

CONTENTS = {
    "fuel": "fuel",
    "inventory": "holds",
    "furnace_source": "input",
    "furnace_result": "output",
    "assembling_machine_input": "input",
    "assembling_machine_output": "output",
    "lab_input": "input",
    "turret_ammo": "ammo",
}
"""Keys of an entity on the wire that hold `{item: count}`, and what they are called in a note."""


def entity_notes(entities: Sequence[Entity]) -> list[EntityNote | EntityGroup | str]:
    """Notes on entities that are in order of their names."""
    notes: list[EntityNote | EntityGroup | str] = []
    for name, group in groupby(entities, key=lambda entity: str(entity["name"])):
        members = list(group)
        if members[0].get("type", name) in LAID_TYPES:
            stretches = _stretches(members)
            notes += [_stretch(name, each) for each in stretches if len(each) >= MIN_STRETCH]
            members = [member for each in stretches if len(each) < MIN_STRETCH for member in each]
        notes += _machines(members)
    return notes


def place_of(entity: Entity) -> Place:
    """Its centre."""
    return (float(entity["position"]["x"]), float(entity["position"]["y"]))


def _machines(members: Sequence[Entity]) -> list[EntityNote | EntityGroup | str]:
    groups: dict[tuple[str, ...], list[Entity]] = {}
    for member in members:
        groups.setdefault((_direction(member), _status(member), _recipe(member), *_stock(member)), []).append(member)
    notes: list[EntityNote | EntityGroup | str] = []
    for (direction, status, *_), equal in groups.items():
        if len(equal) < MIN_GROUP:
            notes += [_note(entity) for entity in equal]
            continue
        places = [place_of(entity) for entity in equal]
        detail = _group_detail(equal)
        notes.append(
            EntityGroup(name=equal[0]["name"], places=places, direction=direction, status=status, detail=detail)
        )
    return notes


def _note(entity: Entity) -> EntityNote:
    x, y = place_of(entity)
    return EntityNote(
        name=entity["name"], x=x, y=y, direction=_direction(entity), status=_status(entity), detail=_detail(entity)
    )


def _direction(entity: Entity) -> str:
    return DIRECTION_NAMES.get(entity.get("direction", -1), "")


def _status(entity: Entity) -> str:
    return str(entity.get("status", "")).lower()


def _recipe(entity: Entity) -> str:
    return str(entity["recipe"]["name"]) if entity.get("recipe") else ""


def _stock(entity: Entity) -> tuple[str, ...]:
    """The names of what a chest holds, which is all there is to say of one."""
    held = entity.get("inventory")
    return tuple(sorted(_flat(held))) if isinstance(held, Mapping) else ()


def _detail(entity: Entity) -> str:
    parts = [f"recipe {recipe}"] if (recipe := _recipe(entity)) else []
    parts += [f"{label} {_counts(held)}" for label, held in _contents(entity)]
    for key, phrase in (("pickup_position", "takes from"), ("drop_position", "drops at")):
        if entity.get(key):
            parts.append(f"{phrase} {format_place((entity[key]['x'], entity[key]['y']))}")
    return ", ".join(parts)


def _group_detail(members: Sequence[Entity]) -> str:
    """Recipe, and what all hold together, with the number of those that hold anything where not all do."""
    parts = [f"recipe {recipe}"] if (recipe := _recipe(members[0])) else []
    totals: dict[str, Counter[str]] = {}
    holders: Counter[str] = Counter()
    for member in members:
        for label, held in _contents(member):
            totals.setdefault(label, Counter()).update(held)
            holders[label] += 1
    for label, total in sorted(totals.items()):
        some = f" in {holders[label]} of them" if holders[label] < len(members) else ""
        parts.append(f"{label} {_counts(total)} together{some}")
    return ", ".join(parts)


def _contents(entity: Entity) -> list[tuple[str, Mapping[str, float]]]:
    """What it holds, by label; the lanes of a belt, fluids and the ground under a drill included."""
    found: list[tuple[str, Mapping[str, float]]] = []
    for key, label in CONTENTS.items():
        held = entity.get(key)
        if isinstance(held, Mapping) and (flat := _flat(held)):
            found.append((label, flat))
    for key, label, amount in (("fluid_box", "fluid", "amount"), ("resources", "ground", "count")):
        listed = entity.get(key)
        if isinstance(listed, Sequence) and (some := {each["name"]: each[amount] for each in listed}):
            found.append((label, some))
    return found


def _flat(held: Mapping[str, Any]) -> Mapping[str, float]:
    """Counts by item, where it is kept by lanes added up."""
    total: Counter[str] = Counter()
    for name, value in held.items():
        total.update(value if isinstance(value, Mapping) else {name: value})
    return +total


def _counts(held: Mapping[str, float]) -> str:
    return " ".join(f"{name}={format_number(float(count))}" for name, count in sorted(held.items()))


def _stretches(members: Sequence[Entity]) -> list[list[Entity]]:
    """Pieces that hang together: belts by where they deliver, poles by their network, others side by side."""
    at = {place_of(member): index for index, member in enumerate(members)}
    heads = list(range(len(members)))

    def head(index: int) -> int:
        while heads[index] != index:
            heads[index] = heads[heads[index]]
            index = heads[index]
        return index

    networks: dict[Any, int] = {}
    for index, member in enumerate(members):
        if "electrical_id" in member:
            linked: Iterable[int] = [networks.setdefault(member["electrical_id"], index)]
        else:
            linked = [at[place] for place in _next_to(member) if place in at]
        for other in linked:
            low, high = sorted((head(index), head(other)))
            heads[high] = low
    found: dict[int, list[Entity]] = {}
    for index, member in enumerate(members):
        found.setdefault(head(index), []).append(member)
    return list(found.values())


def _next_to(member: Entity) -> list[Place]:
    if member.get("output_position"):
        return [(float(member["output_position"]["x"]), float(member["output_position"]["y"]))]
    x, y = place_of(member)
    return [(x + 1, y), (x, y + 1)]


def _stretch(name: str, members: Sequence[Entity]) -> str:
    xs, ys = zip(*(place_of(member) for member in members), strict=True)
    extent = f"between {format_place((min(xs), min(ys)))} and {format_place((max(xs), max(ys)))}"
    held: Counter[str] = Counter()
    for member in members:
        held.update(dict(pair for _, contents in _contents(member) for pair in contents.items()))
    facts = [f"holding {_counts(held)}"] if held else []
    facts += [f"of {fluid}" for fluid in sorted({member["fluid"] for member in members if member.get("fluid")})]
    return ", ".join([f"{len(members)} {name} {_course(members) or extent}", *facts])


def _course(members: Sequence[Entity]) -> str:
    """From where to where belts carry, where they have one beginning and one end."""
    if not all(member.get("output_position") for member in members):
        return ""
    places = [place_of(member) for member in members]
    goals = [_next_to(member)[0] for member in members]
    first = [place for place in places if place not in goals]
    last = [place for place, goal in zip(places, goals, strict=True) if goal not in places]
    return f"carrying from {format_place(first[0])} to {format_place(last[0])}" if len(first) == len(last) == 1 else ""
