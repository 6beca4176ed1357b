"""Entities come, go, turn and move. The one place where rows, tiles and the systems' own rows change together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.errors import SimError
from harness.simulator.engine import status
from harness.simulator.engine.clock import NEXT_UNIT_NUMBER
from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.placement import normal_direction, obstacle, prototype_id, snap
from harness.simulator.engine.prototypes import (
    KIND_CHARACTER,
    KIND_FISH,
    KIND_ITEM,
    KIND_RESOURCE,
    KIND_SIMPLE,
    KIND_TREE,
    tile_size,
)
from harness.simulator.engine.rows import drop_point_entity, free_entity_row, take_entity_row
from harness.simulator.engine.spatial import first_point, is_point, link_point, mark_building, move_point
from harness.simulator.engine.systems import belts, connections, drills
from harness.simulator.engine.systems.registry import SYSTEMS
from harness.simulator.engine.tables import NONE, NUM_INVENTORY_SLOTS, UNIT
from harness.simulator.engine.terrain import ensure_area

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

WITHOUT_UNIT_NUMBER = (KIND_RESOURCE, KIND_TREE, KIND_SIMPLE, KIND_ITEM, KIND_FISH)


class NoRoomError(SimError):
    """Something stands where an entity was to be made."""


def force_row(name: str) -> int:
    """The force's row.

    Raises:
        SimError: no force of this name.
    """
    if name not in FORCES:
        raise SimError(f"Unknown force: {name}")
    return FORCES.index(name)


def create(
    world: World,
    surface: int,
    name: str,
    x: float,
    y: float,
    *,
    direction: int,
    force: str,
    amount: int | None,
    recipe: str | None,
    stack: tuple[str, int] | None,
    underground_type: str | None,
) -> int:
    """See `World.create_entity`."""
    proto = prototype_id(world, name)
    owner = force_row(force)
    direction = normal_direction(world, proto, direction)
    fixed_x, fixed_y = snap(world, proto, x, y, direction)
    found = obstacle(world, surface, proto, fixed_x, fixed_y, direction)
    if found:
        raise NoRoomError(f"Cannot create {name} at ({x}, {y}): {_what(world, found)} is in the way.")
    row = _new_row(world, proto, surface, owner, direction, fixed_x, fixed_y)
    if is_point(world.state, proto):
        _settle_point(world, row, amount, stack)
    else:
        _push_items_aside(world, row)
        mark_building(world.state, row, row)
    kind = world.type_of(row)
    for system in SYSTEMS:
        if system.kinds is None or kind in system.kinds:
            system.build(world, row)
    if kind == "underground-belt":
        belts.choose_end(world, row, underground_type or "input")
    if recipe is not None:
        world.set_recipe(row, recipe)
    _tell(world, row)
    return row


def _what(world: World, found: int) -> str:
    if found == 1:
        return "the ground"
    return world.protos.entity_names.names[world.entities.proto[found - 2]]


def _new_row(world: World, proto: int, surface: int, force: int, direction: int, x: int, y: int) -> int:
    world.reserve("entities", "serial", 1)
    row = int(take_entity_row(world.state))
    entities = world.entities
    entities.proto[row], entities.surface[row], entities.force[row] = proto, surface, force
    entities.direction[row], entities.x[row], entities.y[row] = direction, x, y
    entities.health[row] = world.protos.prototypes.max_health[proto]
    entities.status[row] = status.NORMAL
    if int(world.protos.prototypes.kind[proto]) not in WITHOUT_UNIT_NUMBER:
        entities.unit_number[row] = world.clock[NEXT_UNIT_NUMBER]
        world.clock[NEXT_UNIT_NUMBER] += 1
    return row


def _settle_point(world: World, row: int, amount: int | None, stack: tuple[str, int] | None) -> None:
    """A point entity joins its tile's list; resources get their amount, items on the ground their stack."""
    entities, proto = world.entities, int(world.entities.proto[row])
    kind = int(world.protos.prototypes.kind[proto])
    if kind == KIND_RESOURCE:
        facts = world.protos.prototypes
        entities.amount[row] = int(facts.normal_yield[proto]) if amount is None else amount
        if facts.infinite[proto]:
            entities.component[row] = entities.amount[row]
        entities.force[row] = FORCES.index("neutral")
        drills.wake_around(world.state, row)
    elif kind in (KIND_TREE, KIND_SIMPLE, KIND_FISH):
        entities.force[row] = FORCES.index("neutral")
    elif kind == KIND_ITEM:
        item = world.protos.item_names.get(stack[0]) if stack else NONE
        if stack is None or item < 0:
            free_entity_row(world.state, row)
            raise SimError("item-on-ground: expected a stack of a known item, e.g. {name = 'coal', count = 1}.")
        entities.component[row], entities.amount[row] = item, stack[1]
        entities.force[row] = FORCES.index("neutral")
    link_point(world.state, row)
    if kind == KIND_RESOURCE and world.protos.prototypes.required_fluid[proto] >= 0:
        _open_inlets(world, row)


def _open_inlets(world: World, resource: int) -> None:
    """Drills that stand already where ore comes that needs a fluid get their inlets."""
    radius = int(world.protos.prototypes.mining_radius.max()) / UNIT + 1
    place = (*world.position_of(resource), int(world.entities.surface[resource]))
    for row in world.find_entities(place[2], position=place[:2], radius=1.5 * radius, types=drills.KINDS):
        connections.rotate(world, row)


def _push_items_aside(world: World, row: int) -> None:
    """Items that lie where a building comes go to the nearest free ground; on a belt's tile they may stay."""
    if world.type_of(row) in ("transport-belt", "underground-belt", "splitter"):
        return
    left, top, right, bottom = world.bounding_box(row)
    surface = int(world.entities.surface[row])
    items: list[int] = []
    for tile_y in range((top - 64) // UNIT, (bottom + 64) // UNIT + 1):
        for tile_x in range((left - 64) // UNIT, (right + 64) // UNIT + 1):
            other = first_point(world.state, surface, tile_x, tile_y)
            while other >= 0:
                if world.protos.prototypes.kind[world.entities.proto[other]] == KIND_ITEM:
                    items.append(other)
                other = int(world.entities.next_in_tile[other])
    mark_building(world.state, row, row)
    for other in items:
        box = world.bounding_box(other)
        if box[0] < right and left < box[2] and box[1] < bottom and top < box[3]:
            _move_item(world, other)


def _move_item(world: World, row: int) -> None:
    x, y = int(world.entities.x[row]) / UNIT, int(world.entities.y[row]) / UNIT
    place = world.find_free_place(int(world.entities.surface[row]), "item-on-ground", x, y, radius=64.0, precision=0.5)
    if place is None:
        drop_point_entity(world.state, row)
    else:
        move_point(world.state, row, round(place[0] * UNIT), round(place[1] * UNIT))


def destroy(world: World, row: int) -> None:
    """See `World.destroy`."""
    proto = int(world.entities.proto[row])
    for system in reversed(SYSTEMS):
        if system.kinds is None or world.type_of(row) in system.kinds:
            system.remove(world, row)
    for column in range(NUM_INVENTORY_SLOTS):
        if world.entities.inventories[row, column] >= 0:
            world.free_slots(int(world.entities.inventories[row, column]))
    if is_point(world.state, proto):
        drop_point_entity(world.state, row)
        return
    mark_building(world.state, row, NONE)
    _tell(world, row)
    free_entity_row(world.state, row)


def _tell(world: World, row: int) -> None:
    """Lets systems that look at their surroundings know that a building came or went."""
    if is_point(world.state, int(world.entities.proto[row])):
        return
    for system in SYSTEMS:
        if system.changed is not None:
            system.changed(world, row)


def rotate(world: World, row: int, direction: int) -> None:
    """See `World.rotate`."""
    proto = int(world.entities.proto[row])
    direction = normal_direction(world, proto, direction)
    if direction == int(world.entities.direction[row]):
        return
    x, y = centre_after_turn(world, row, direction)
    found = obstacle(world, int(world.entities.surface[row]), proto, x, y, direction, ignore=row)
    if found:
        raise SimError(f"Cannot rotate {world.name_of(row)}: {_what(world, found)} is in the way.")
    fluids = connections.mixed_by(world, row, direction, world.recipe_of(row), (x, y))
    if fluids:
        raise SimError(f"Cannot rotate {world.name_of(row)}: {fluids[0]} and {fluids[1]} would mix.")
    _stand_anew(world, row, x, y, direction)


def centre_after_turn(world: World, row: int, direction: int) -> tuple[int, int]:
    """Where the centre of a building comes to lie that is turned to a direction, 1/256 tile.

    Only a quarter turn of one with an odd and an even side moves it, half a tile each way, for the grid's sake: south
    east when it comes to lie along x, back north west when along y, so that four turns end where they began.
    """
    x, y = int(world.entities.x[row]), int(world.entities.y[row])
    width, height = tile_size(world.protos.entity_data[world.entities.proto[row]])
    quarter = (direction - int(world.entities.direction[row])) % 8 == 4
    if not quarter or (width - height) % 2 == 0 or world.protos.prototypes.off_grid[world.entities.proto[row]]:
        return x, y
    half = UNIT // 2 if direction in (4, 12) else -UNIT // 2
    return x + half, y + half


def _stand_anew(world: World, row: int, x: int, y: int, direction: int) -> None:
    """Moves and turns an entity that has been found to fit, and tells its systems and its neighbours, old and new."""
    moved = (x, y) != (int(world.entities.x[row]), int(world.entities.y[row]))
    point = is_point(world.state, int(world.entities.proto[row]))
    if not point:
        mark_building(world.state, row, NONE)
    if moved:
        _tell(world, row)
    world.entities.x[row], world.entities.y[row], world.entities.direction[row] = x, y, direction
    if moved:
        _push_items_aside(world, row)
    if not point:
        mark_building(world.state, row, row)
    for system in SYSTEMS:
        if system.rotate is not None and (system.kinds is None or world.type_of(row) in system.kinds):
            system.rotate(world, row)
    _tell(world, row)


MOVABLE = (
    "accumulator",
    "ammo-turret",
    "assembling-machine",
    "container",
    "furnace",
    "lab",
    "lamp",
    "logistic-container",
    "radar",
    "simple-entity-with-owner",
    "solar-panel",
    "wall",
)
"""Types of buildings that scripts may move: those whose systems keep nothing that hangs on the place but wires."""


MAP_HALF_SIDE = 1_000_000
"""Tiles from the origin to the edge of the map, as in the game."""


def teleport(world: World, row: int, x: float, y: float) -> bool:
    """See `World.teleport`."""
    if max(abs(x), abs(y)) > MAP_HALF_SIDE:
        raise SimError(f"position: expected within {MAP_HALF_SIDE} tiles of the origin, got {x}, {y}")
    proto, surface = int(world.entities.proto[row]), int(world.entities.surface[row])
    if not is_point(world.state, proto):
        return _move_building(world, row, x, y)
    if int(world.protos.prototypes.kind[proto]) not in (KIND_CHARACTER, KIND_ITEM):
        return False
    fixed_x, fixed_y = round(x * UNIT), round(y * UNIT)
    ensure_area(world, surface, fixed_x // UNIT, fixed_y // UNIT, fixed_x // UNIT, fixed_y // UNIT)
    move_point(world.state, row, fixed_x, fixed_y)
    return True


def _move_building(world: World, row: int, x: float, y: float) -> bool:
    proto, direction = int(world.entities.proto[row]), int(world.entities.direction[row])
    goal = snap(world, proto, x, y, direction)
    if goal == (int(world.entities.x[row]), int(world.entities.y[row])):
        return True
    surface = int(world.entities.surface[row])
    if world.type_of(row) not in MOVABLE or obstacle(world, surface, proto, *goal, direction, ignore=row):
        return False
    _stand_anew(world, row, *goal, direction)
    return True
