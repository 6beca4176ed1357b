"""Finds which belts make one line, and makes a `BeltGroup` of each.

Two belts belong together if one leads to the other: straight on, from the side, or underground from an entrance to its
exit. Belts head to head do not feed each other and stay apart. All of it takes time in proportion to the number of
belts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from harness.api.entities import TransportBelt, UndergroundBelt
from harness.api.groups import BeltGroup
from harness.api.status import EntityStatus
from harness.api.values import Inventory, Position
from harness.data import prototypes as facts

Place = tuple[float, float]

_Belt = TypeVar("_Belt", bound=TransportBelt)


def group_belts(belts: Sequence[TransportBelt]) -> list[BeltGroup]:
    """One group for each set of belts that lead into one another: first from the belts nothing leads to."""
    placed = {_place(belt.position): belt for belt in belts}
    numbered: dict[int | None, TransportBelt] = {belt.id: belt for belt in belts if belt.id is not None}
    lines = _Lines({place: _next_place(belt, placed, numbered) for place, belt in placed.items()})
    for place, belt in placed.items():
        if belt.is_source:
            lines.walk(place)
    fed = {place for place in lines.followers.values() if place is not None}
    for place in placed:
        if place not in fed:
            lines.walk(place)
    for place in placed:
        lines.walk(place)
    return [_belt_group([placed[place] for place in line], lines.followers) for line in lines.found if line]


@dataclass(slots=True)
class _Lines:
    """Lines as far as they are known.

    Attributes:
        followers: for each belt's place the place of the belt it leads to, or `None`.
        found: the places of each line, in the order items travel; empty where a line became a part of another.
        line_of: for each place walked its line's number.
    """

    followers: dict[Place, Place | None]
    found: list[list[Place]] = field(default_factory=list)
    line_of: dict[Place, int] = field(default_factory=dict)

    def walk(self, start: Place) -> None:
        """Follows the belts from `start`; where they run into a known line, they become a part of it."""
        walked: list[Place] = []
        place: Place | None = start
        number = len(self.found)
        while place is not None and place not in self.line_of:
            self.line_of[place] = number
            walked.append(place)
            place = self.followers[place]
        if not walked:
            return
        joined = number if place is None else self.line_of[place]
        if joined == number:
            self.found.append(walked)
            return
        self.found[joined].extend(walked)
        self.line_of.update(dict.fromkeys(walked, joined))


def _next_place(
    belt: TransportBelt, placed: dict[Place, TransportBelt], numbered: dict[int | None, TransportBelt]
) -> Place | None:
    if isinstance(belt, UndergroundBelt) and belt.is_input:
        partner = numbered.get(belt.connected_to)
        return _place(partner.position) if partner is not None else _exit_in_line(belt, placed)
    if belt.output_position is None:
        return None
    place = _place(belt.output_position)
    ahead = placed.get(place)
    return place if ahead is not None and ahead.direction is not belt.direction.opposite else None


def _exit_in_line(entrance: UndergroundBelt, placed: dict[Place, TransportBelt]) -> Place | None:
    """The exit the entrance would have by its place alone, for records that name no partner."""
    step_x, step_y = entrance.direction.vector
    reach: int = facts.entities()[entrance.name]["max_distance"]
    for distance in range(1, reach + 1):
        place = (entrance.position.x + step_x * distance, entrance.position.y + step_y * distance)
        other = placed.get(place)
        if isinstance(other, UndergroundBelt) and other.direction is entrance.direction and other.name == entrance.name:
            return None if other.is_input else place
    return None


def _belt_group(line: list[TransportBelt], followers: dict[Place, Place | None]) -> BeltGroup:
    belts = _join_undergrounds([_ended(belt, followers) for belt in line], followers)
    leads_to = {_place(belt.output_position) for belt in belts if belt.output_position is not None}
    inventory = Inventory()
    for belt in line:
        for lane in belt.inventory.values():
            for name, count in lane.items():
                inventory[name] += count
    return BeltGroup(
        id=0,
        belts=belts,
        inputs=[belt for belt in belts if belt.is_source and _place(belt.position) not in leads_to],
        outputs=[belt for belt in belts if belt.is_terminus],
        inventory=inventory,
        position=belts[0].position,
        status=_status(line, inventory),
    )


def _status(line: list[TransportBelt], inventory: Inventory) -> EntityStatus:
    if not any(inventory.values()):
        return EntityStatus.EMPTY
    if any(belt.warnings and belt.warnings[0] == "full" for belt in line):
        return EntityStatus.FULL_OUTPUT
    return EntityStatus.WORKING


def _ended(belt: TransportBelt, followers: dict[Place, Place | None]) -> TransportBelt:
    """The belt; a copy that says it is the end if what it leads to is no belt of the line."""
    if belt.is_terminus or followers[_place(belt.position)] is not None:
        return belt
    last = _copy(belt)
    last.is_terminus = True
    return last


def _join_undergrounds(line: list[TransportBelt], followers: dict[Place, Place | None]) -> list[TransportBelt]:
    """The line with each entrance and its exit as one belt that stands at the entrance."""
    placed = {_place(belt.position): belt for belt in line}
    joined: dict[Place, TransportBelt] = {}
    exits: set[Place] = set()
    for place, belt in placed.items():
        behind = followers[place]
        if isinstance(belt, UndergroundBelt) and belt.is_input and behind is not None:
            joined[place] = _joined(belt, placed[behind])
            exits.add(behind)
    return [joined.get(place, belt) for place, belt in placed.items() if place not in exits]


def _copy(belt: _Belt) -> _Belt:
    """A shallow copy; `copy.copy` would take as long as all the rest of the grouping."""
    made = object.__new__(type(belt))
    vars(made).update(vars(belt))
    return made


def _joined(entrance: UndergroundBelt, leaving: TransportBelt) -> UndergroundBelt:
    both = _copy(entrance)
    both.output_position = both.exit_position = leaving.position
    both.connected_to = leaving.id
    both.is_terminus = leaving.is_terminus
    both.inventory = {side: entrance.inventory[side] + leaving.inventory[side] for side in entrance.inventory}
    return both


def belts_to_feed(group: BeltGroup) -> list[TransportBelt]:
    """The belts of a group in the order items put into it shall fill them: its first input, then on the way they go."""
    first = next(iter((*group.inputs, *group.outputs, *group.belts)), None)
    if first is None:
        return []
    by_place = {_place(belt.position): belt for belt in group.belts}
    order: dict[Place, TransportBelt] = {}
    belt: TransportBelt | None = first
    while belt is not None and _place(belt.position) not in order:
        order[_place(belt.position)] = belt
        belt = by_place.get(_ahead(belt))
    return [*order.values(), *(belt for place, belt in by_place.items() if place not in order)]


def _ahead(belt: TransportBelt) -> Place:
    """Where a group's belt leads to; for an entrance that stands for its exit, where that leads to."""
    leaving = getattr(belt, "exit_position", None)
    if leaving is not None:
        step_x, step_y = belt.direction.vector
        return leaving.x + step_x, leaving.y + step_y
    return _place(belt.output_position or belt.position)


def _place(position: Position) -> Place:
    return position.x, position.y
