"""Where the ports of fluid boxes are on the map, and which port each of them meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from harness.simulator.engine.spatial import building_at
from harness.simulator.engine.systems.fluid_tables import FLOW_BOTH, FLOW_IN, FLOW_OUT, NUM_PORTS, FluidBoxes
from harness.simulator.engine.tables import UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

FLOWS = {"input": FLOW_IN, "output": FLOW_OUT, "input-output": FLOW_BOTH}
STEPS = {0: (0, -1), 4: (1, 0), 8: (0, 1), 12: (-1, 0)}
"""The tile ahead, by direction."""


class Port(NamedTuple):
    """A pipe connection on the map: its tile, the side it opens to, which way fluid goes, how far it reaches."""

    x: int
    y: int
    direction: int
    flow: int
    reach: int


class Place(NamedTuple):
    """Where an entity stands or would stand; `x` and `y` are its centre, 1/256 tile."""

    surface: int
    force: int
    x: int
    y: int
    direction: int


class Meeting(NamedTuple):
    """A port of a box that is already there."""

    box: int
    port: int


def table(world: World) -> FluidBoxes:
    """The fluid boxes."""
    return cast(FluidBoxes, world.storage.tables["fluid_boxes"])


def place_of(world: World, row: int) -> Place:
    """Where an entity stands."""
    entities = world.entities
    columns = (entities.surface, entities.force, entities.x, entities.y, entities.direction)
    return Place(*(int(column[row]) for column in columns))


def ports_at(place: Place, connections: Iterable[dict[str, Any]]) -> list[Port]:
    """The ports of an entity at a place, in the order of its prototype's connections."""
    found = []
    turns = place.direction // 4
    for connection in connections:
        if "positions" in connection:
            x, y = connection["positions"][turns]
        else:
            x, y = connection["position"]
            for _ in range(turns):
                x, y = -y, x
        found.append(
            Port(
                x=(place.x + round(x * UNIT)) // UNIT,
                y=(place.y + round(y * UNIT)) // UNIT,
                direction=(connection["direction"] + 4 * turns) % 16,
                flow=FLOWS[connection.get("flow_direction", "input-output")],
                reach=connection.get("max_underground_distance", 0),
            )
        )
    return found


def port_of(world: World, box: int, port: int) -> Port:
    """A port of a box that is there."""
    boxes = table(world)
    columns = (boxes.port_x, boxes.port_y, boxes.port_direction, boxes.port_flow, boxes.port_reach)
    return Port(*(int(column[box, port]) for column in columns))


def boxes_of(world: World, row: int) -> list[int]:
    """Rows of an entity's boxes, in the order of `LuaEntity.fluidbox`."""
    found = []
    box = int(world.entities.fluid_box[row])
    while box >= 0:
        found.append(box)
        box = int(table(world).next_box[box])
    return found


def partner(world: World, place: Place, here: Port, ignore: int) -> Meeting | None:
    """The port that a port meets: in the next tile, or underground the nearest one that faces it and reaches.

    One that looks the same way on the way there ends the search: whatever lies beyond meets that one sooner.
    `ignore` is the entity the port belongs to.
    """
    step_x, step_y = STEPS[here.direction]
    for distance in range(1, max(1, here.reach) + 1):
        x, y = here.x + distance * step_x, here.y + distance * step_y
        row = int(building_at(world.state, place.surface, x, y))
        if row < 0 or row == ignore or int(world.entities.force[row]) != place.force:
            continue
        for meeting in _ports_in(world, row, x, y):
            other = port_of(world, *meeting)
            if here.reach > 0 and other.reach > 0 and other.direction == here.direction:
                return None
            faces = other.direction == (here.direction + 8) % 16 and (other.reach > 0) == (here.reach > 0)
            if faces and (here.reach == 0 or distance <= min(here.reach, other.reach)):
                return meeting
    return None


def can_flow(one: int, other: int) -> bool:
    """Whether fluid can go between two ports, in either direction."""
    return bool((one & FLOW_OUT and other & FLOW_IN) or (one & FLOW_IN and other & FLOW_OUT))


def _ports_in(world: World, row: int, x: int, y: int) -> Iterator[Meeting]:
    boxes = table(world)
    for box in boxes_of(world, row):
        for port in range(NUM_PORTS):
            if boxes.port_flow[box, port] and boxes.port_x[box, port] == x and boxes.port_y[box, port] == y:
                yield Meeting(box, port)
