"""Groups of entities that work as one thing: belt lines, pipe networks, electric networks, walls.

The server names entities one by one; this module finds what belongs together, `lines.py` does for belts. A group is a
snapshot like its members.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from harness.api.entities import ElectricityPole, Entity, Pipe, TransportBelt
from harness.api.status import EntityStatus
from harness.api.values import Inventory, Position

_SHOWN = 6
_WALL_IDS = 1024


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
    number = sum(hash(wall.position) for wall in walls) % _WALL_IDS
    return [WallGroup(id=number, position=walls[0].position, entities=list(walls))]


def _places(members: Sequence[Entity]) -> str:
    texts = [f"(x={member.position.x},y={member.position.y})" for member in members]
    if len(texts) > _SHOWN:
        texts = [*texts[:3], "...", *texts[-3:]]
    return ",".join(texts)
