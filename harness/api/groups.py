"""Groups of entities that work as one thing: belt lines, pipe networks, electric networks, walls.

The server names entities one by one; this module finds what belongs together. A group is a snapshot like its members.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from harness.api.entities import ElectricityPole, Entity, Pipe, TransportBelt, UndergroundBelt
from harness.api.status import EntityStatus
from harness.api.values import Inventory, Position
from harness.data import prototypes as facts

_SHOWN = 6


@dataclass(kw_only=True, repr=False, eq=False)
class EntityGroup:
    """Several entities that work as one."""

    id: int
    position: Position
    status: EntityStatus = EntityStatus.NORMAL
    name: str = "entity-group"

    def __repr__(self) -> str:
        members = group_members(self)
        return f"\n\t{type(self).__name__}(id={self.id}, position={self.position!r}, entities=[{_places(members)}])"


@dataclass(kw_only=True, repr=False, eq=False)
class BeltGroup(EntityGroup):
    """A line of belts: `inputs` are the belts nothing leads to, `outputs` the ones that lead nowhere."""

    belts: list[TransportBelt] = field(default_factory=list)
    inputs: list[TransportBelt] = field(default_factory=list)
    outputs: list[TransportBelt] = field(default_factory=list)
    inventory: Inventory = field(default_factory=Inventory)
    name: str = "belt-group"

    def __repr__(self) -> str:
        return (
            f"\n\tBeltGroup(inputs={self.inputs!r}, outputs={self.outputs!r}, inventory={self.inventory!r}, "
            f"status={self.status!r}, belts=[{len(self.belts)} belts])"
        )


@dataclass(kw_only=True, repr=False, eq=False)
class PipeGroup(EntityGroup):
    """Pipes that share one fluid; `id` is the fluid segment's."""

    pipes: list[Pipe] = field(default_factory=list)
    name: str = "pipe-group"

    def __repr__(self) -> str:
        fluid = next((pipe.fluid for pipe in self.pipes if pipe.fluid), None)
        return (
            f"\n\tPipeGroup(fluid_system={self.id}, fluid={fluid}, position={self.position!r}, "
            f"status={self.status!r}, pipes=[{_places(self.pipes)}])"
        )


@dataclass(kw_only=True, repr=False, eq=False)
class ElectricityGroup(EntityGroup):
    """Poles on one electric network; `id` is the network's."""

    poles: list[ElectricityPole] = field(default_factory=list)
    name: str = "electricity-group"

    def __repr__(self) -> str:
        voltage = math.floor(max((pole.flow_rate for pole in self.poles), default=0))
        return f"\n\tElectricityGroup(id={self.id}, poles=[{_places(self.poles)}], voltage={voltage})"


@dataclass(kw_only=True, repr=False, eq=False)
class WallGroup(EntityGroup):
    """All walls found."""

    entities: list[Entity] = field(default_factory=list)
    name: str = "wall-group"


def group_members(group: EntityGroup) -> Sequence[Entity]:
    """The entities a group is made of."""
    members: Sequence[Entity] = next(
        (getattr(group, name) for name in ("belts", "pipes", "poles", "entities") if hasattr(group, name)), ()
    )
    return members


def group_pipes(pipes: Iterable[Pipe]) -> list[PipeGroup]:
    """One group for each fluid segment; of two pipes in one place the later counts."""
    segments: dict[int, dict[tuple[float, float], Pipe]] = {}
    for pipe in pipes:
        segments.setdefault(pipe.fluidbox_id or 0, {})[pipe.position.x, pipe.position.y] = pipe
    groups = []
    for segment, placed in segments.items():
        members = list(placed.values())
        flowing = any(pipe.contents > 0 and pipe.flow_rate > 0 for pipe in members)
        empty = all(pipe.contents == 0 for pipe in members)
        status = EntityStatus.WORKING if flowing else EntityStatus.EMPTY if empty else EntityStatus.FULL_OUTPUT
        groups.append(PipeGroup(id=segment, pipes=members, position=members[0].position, status=status))
    return groups


def group_poles(poles: Iterable[ElectricityPole]) -> list[ElectricityGroup]:
    """One group for each electric network, placed in the middle of its poles."""
    networks: dict[int, list[ElectricityPole]] = {}
    for pole in poles:
        networks.setdefault(pole.electrical_id or 0, []).append(pole)
    groups = []
    for network, members in networks.items():
        middle = Position(
            sum(pole.position.x for pole in members) / len(members),
            sum(pole.position.y for pole in members) / len(members),
        )
        live = any(pole.flow_rate > 0 for pole in members)
        status = EntityStatus.WORKING if live else EntityStatus.NOT_PLUGGED_IN_ELECTRIC_NETWORK
        groups.append(ElectricityGroup(id=network, poles=members, position=middle, status=status))
    return groups


def group_walls(walls: Sequence[Entity]) -> list[WallGroup]:
    """All walls in one group, or none."""
    if not walls:
        return []
    return [WallGroup(id=walls[0].id or 0, position=walls[0].position, entities=list(walls))]


def group_belts(belts: Sequence[TransportBelt]) -> list[BeltGroup]:
    """One group for each set of belts that lead into one another, sources first and then in the order items travel."""
    placed = {_place(belt.position): belt for belt in belts}
    followers = {place: _next_place(belt, placed, belts) for place, belt in placed.items()}
    starts = [place for place, belt in placed.items() if belt.is_source]
    lines: list[list[tuple[float, float]]] = []
    line_of: dict[tuple[float, float], int] = {}
    for start in [*starts, *_upstream_first(placed, followers)]:
        _walk(start, followers, lines, line_of)
    return [_belt_group([placed[place] for place in line]) for line in lines if line]


def _walk(
    start: tuple[float, float],
    followers: dict[tuple[float, float], tuple[float, float] | None],
    lines: list[list[tuple[float, float]]],
    line_of: dict[tuple[float, float], int],
) -> None:
    """Follows the line from `start`; where it runs into a known line, it becomes a part of that line."""
    walked: list[tuple[float, float]] = []
    place: tuple[float, float] | None = start
    while place is not None and place not in line_of:
        line_of[place] = len(lines)
        walked.append(place)
        place = followers[place]
    if not walked:
        return
    joined = line_of[place] if place is not None else len(lines)
    if joined == len(lines):
        lines.append(walked)
        return
    lines[joined].extend(walked)
    line_of.update(dict.fromkeys(walked, joined))


def _upstream_first(
    placed: dict[tuple[float, float], TransportBelt],
    followers: dict[tuple[float, float], tuple[float, float] | None],
) -> list[tuple[float, float]]:
    """Belts nothing in the query leads to, then all the others (loops)."""
    fed = {place for place in followers.values() if place is not None}
    return [place for place in placed if place not in fed] + list(placed)


def _next_place(
    belt: TransportBelt, placed: dict[tuple[float, float], TransportBelt], belts: Sequence[TransportBelt]
) -> tuple[float, float] | None:
    if isinstance(belt, UndergroundBelt) and belt.is_input:
        partner = next((other for other in belts if other.id is not None and other.id == belt.connected_to), None)
        return _place(partner.position) if partner is not None else _exit_in_line(belt, placed)
    if belt.output_position is None:
        return None
    place = _place(belt.output_position)
    ahead = placed.get(place)
    return place if ahead is not None and ahead.direction is not belt.direction.opposite else None


def _exit_in_line(
    entrance: UndergroundBelt, placed: dict[tuple[float, float], TransportBelt]
) -> tuple[float, float] | None:
    step_x, step_y = entrance.direction.vector
    reach: int = facts.entities()[entrance.name]["max_distance"]
    for distance in range(1, reach + 1):
        place = (entrance.position.x + step_x * distance, entrance.position.y + step_y * distance)
        other = placed.get(place)
        if isinstance(other, UndergroundBelt) and other.direction is entrance.direction and other.name == entrance.name:
            return None if other.is_input else place
    return None


def _belt_group(line: list[TransportBelt]) -> BeltGroup:
    belts = _join_undergrounds(line)
    leads_to = {_place(belt.output_position) for belt in belts if belt.output_position is not None}
    inventory = Inventory()
    for belt in line:
        for lane in belt.inventory.values():
            inventory = inventory + lane
    if not sum(inventory.values()):
        status = EntityStatus.EMPTY
    elif any(belt.warnings and belt.warnings[0] == "full" for belt in line):
        status = EntityStatus.FULL_OUTPUT
    else:
        status = EntityStatus.WORKING
    return BeltGroup(
        id=0,
        belts=belts,
        inputs=[belt for belt in belts if belt.is_source and _place(belt.position) not in leads_to],
        outputs=[belt for belt in belts if belt.is_terminus],
        inventory=inventory,
        position=belts[0].position,
        status=status,
    )


def _join_undergrounds(line: list[TransportBelt]) -> list[TransportBelt]:
    """The line with each entrance and its exit as one belt that stands at the entrance."""
    exits: dict[int | None, UndergroundBelt] = {
        belt.id: belt for belt in line if isinstance(belt, UndergroundBelt) and not belt.is_input and belt.id
    }
    joined: list[TransportBelt] = []
    used: set[int] = set()
    for belt in line:
        partner = exits.get(belt.connected_to) if isinstance(belt, UndergroundBelt) and belt.is_input else None
        if partner is None or partner.id is None:
            joined.append(belt)
            continue
        used.add(partner.id)
        lanes = {side: belt.inventory[side] + partner.inventory[side] for side in belt.inventory}
        joined.append(
            replace(
                belt,
                output_position=partner.position,
                inventory=lanes,
                is_terminus=partner.is_terminus,
            )
        )
    return [belt for belt in joined if belt.id not in used]


def _place(position: Position) -> tuple[float, float]:
    return position.x, position.y


def _places(members: Sequence[Entity]) -> str:
    texts = [f"(x={member.position.x},y={member.position.y})" for member in members]
    if len(texts) > _SHOWN:
        texts = [*texts[:3], "...", *texts[-3:]]
    return ",".join(texts)
