"""Where entities may stand: snapping to the grid, directions, and the build checks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.prototypes import KIND_CHARACTER, KIND_RESOURCE, tile_size
from harness.simulator.engine.spatial import collides, first_free, first_point, rotated_box
from harness.simulator.engine.systems import pipes
from harness.simulator.engine.systems.ports import Place
from harness.simulator.engine.tables import NONE, UNIT, Float64
from harness.simulator.engine.terrain import ensure_area

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""

SEARCH_MARGIN = 5
"""Tiles from an entity's centre to the edge of its box, at most (rocket silo: 4.4)."""

_ROTATABLE_KINDS = frozenset(
    (
        "mining-drill",
        "transport-belt",
        "underground-belt",
        "splitter",
        "inserter",
        "pipe-to-ground",
        "storage-tank",
        "pump",
        "offshore-pump",
        "boiler",
        "generator",
        "character",
        "gate",
        "ammo-turret",
        "artillery-turret",
        "electric-turret",
        "fluid-turret",
        "arithmetic-combinator",
        "decider-combinator",
        "selector-combinator",
        "constant-combinator",
    )
)
"""Kinds that have a direction of their own; assembling machines get one with a fluid recipe."""


def prototype_id(world: World, name: str) -> int:
    """The entity prototype's id.

    Raises:
        SimError: no entity prototype of this name.
    """
    proto = world.protos.entity_names.get(name)
    if proto < 0:
        raise SimError(f"Unknown entity name: {name}")
    return proto


def normal_direction(world: World, proto: int, direction: int) -> int:
    """The direction an entity of this prototype really takes.

    Raises:
        SimError: not one of 0..15.
    """
    if not 0 <= direction < 16:
        raise SimError(f"direction: expected one of defines.direction (0..15), got {direction}")
    kind = world.protos.entity_data[proto]["type"]
    if kind == "character":
        return direction
    fluid_machine = kind == "assembling-machine" and "fluid_boxes" in world.protos.entity_data[proto]
    if kind not in _ROTATABLE_KINDS and not fluid_machine:
        return 0
    return direction // 4 * 4


def snap(world: World, proto: int, x: float, y: float, direction: int) -> tuple[int, int]:
    """The centre, in 1/256 tile, that a wish for (x, y) in tiles leads to.

    Buildings lie on the tile grid: a side of odd length is centred on a tile, one of even length on a tile border.
    """
    fixed_x, fixed_y = round(x * UNIT), round(y * UNIT)
    if world.protos.prototypes.off_grid[proto]:
        return fixed_x, fixed_y
    width, height = tile_size(world.protos.entity_data[proto])
    if direction in (4, 12):
        width, height = height, width
    return _snap_side(fixed_x, width), _snap_side(fixed_y, height)


def _snap_side(value: int, tiles: int) -> int:
    if tiles % 2:
        return value // UNIT * UNIT + UNIT // 2
    return (value + UNIT // 2) // UNIT * UNIT


def obstacle(
    world: World,
    surface: int,
    proto: int,
    x: int,
    y: int,
    direction: int,
    ignore: int = NONE,
    *,
    on_ground: bool = True,
) -> int:
    """What keeps an entity from standing at (x, y), 1/256 tile: 0 nothing, 1 ground, else 2 + entity row.

    Items on the ground do not count: a building that comes over them moves them aside. Without `on_ground` nor do the
    prototype's own rules of what ground it needs.
    """
    tile_x, tile_y = x // UNIT, y // UNIT
    ensure_area(
        world, surface, tile_x - SEARCH_MARGIN, tile_y - SEARCH_MARGIN, tile_x + SEARCH_MARGIN, tile_y + SEARCH_MARGIN
    )
    over_items = world.protos.entity_data[proto]["type"] != "item-entity"
    found = int(collides(world.state, surface, proto, x, y, direction, ignore, over_items))
    if found == 0 and world.protos.prototypes.kind[proto] == KIND_RESOURCE and _has_resource(world, surface, x, y):
        return 1
    if found == 0 and on_ground and not world.placement_rule(surface, proto, x, y, direction):
        return 1
    return found


def _has_resource(world: World, surface: int, x: int, y: int) -> bool:
    other = first_point(world.state, surface, x // UNIT, y // UNIT)
    while other >= 0:
        if world.protos.prototypes.kind[world.entities.proto[other]] == KIND_RESOURCE:
            return True
        other = int(world.entities.next_in_tile[other])
    return False


def can_place(
    world: World,
    surface: int,
    name: str,
    x: float,
    y: float,
    direction: int,
    force: str,
    *,
    manual: bool,
    on_ground: bool = True,
) -> bool:
    """Whether an entity could be built; `manual` also asks what a player's hand would be refused.

    Without `on_ground` the rules of what ground a kind needs are not asked, only what is in the way. A script may put a
    character or a resource anywhere free; a hand cannot place what no item builds, nor what would join two fluids, nor
    what mines where it would find nothing (`require_resources_to_place`, true unless a prototype says otherwise).
    """
    proto = prototype_id(world, name)
    if manual and not world.is_placeable(proto) and world.protos.prototypes.kind[proto] != KIND_CHARACTER:
        return False
    direction = normal_direction(world, proto, direction)
    fixed_x, fixed_y = snap(world, proto, x, y, direction)
    if obstacle(world, surface, proto, fixed_x, fixed_y, direction, on_ground=on_ground) != 0:
        return False
    if manual and on_ground and not _finds_resources(world, surface, proto, fixed_x, fixed_y):
        return False
    place = Place(surface, FORCES.index(force) if force in FORCES else NONE, fixed_x, fixed_y, direction)
    return not manual or pipes.mixing(world, proto, place, None) is None


def _finds_resources(world: World, surface: int, proto: int, x: int, y: int) -> bool:
    """Whether something of its categories lies within the reach of what mines; true for all else."""
    facts, radius = world.protos.prototypes, int(world.protos.prototypes.mining_radius[proto])
    if world.protos.entity_data[proto]["type"] != "mining-drill":
        return True
    for tile_y in range((y - radius) >> 8, ((y + radius) >> 8) + 1):
        for tile_x in range((x - radius) >> 8, ((x + radius) >> 8) + 1):
            other = first_point(world.state, surface, tile_x, tile_y)
            while other >= 0:
                kind = int(world.entities.proto[other])
                fits = int(facts.resource_categories[kind]) & int(facts.resource_categories[proto])
                if facts.kind[kind] == KIND_RESOURCE and fits:
                    return True
                other = int(world.entities.next_in_tile[other])
    return False


def footprint(world: World, proto: int, x: float, y: float, direction: int) -> Box:
    """The collision box that an entity built for (x, y) in tiles would have, 1/256 tile."""
    direction = normal_direction(world, proto, direction)
    fixed_x, fixed_y = snap(world, proto, x, y, direction)
    left, top, right, bottom = rotated_box(world.state, proto, direction)
    return fixed_x + int(left), fixed_y + int(top), fixed_x + int(right), fixed_y + int(bottom)


MOST_RINGS = 2048
"""Steps that a search for a free place may take from its centre."""


def find_free_place(
    world: World,
    surface: int,
    name: str,
    x: float,
    y: float,
    radius: float,
    precision: float,
    *,
    centred: bool,
    keep_out: Box | None = None,
) -> tuple[float, float] | None:
    """The nearest place to (x, y) where the entity fits, ring by ring, None within `radius` (0: no limit of ours).

    No part of it lies in `keep_out` (1/256 tile).

    Raises:
        SimError: the step is not above 0.
    """
    if precision <= 0:
        raise SimError(f"precision: expected a number above 0, got {precision}")
    proto = prototype_id(world, name)
    if centred:
        x, y = int(x // 1) + 0.5, int(y // 1) + 0.5
    reach = radius if radius > 0 else 256.0
    if reach / precision > MOST_RINGS:
        raise SimError(f"radius / precision: expected at most {MOST_RINGS} steps, got {reach / precision:.0f}")
    for ring in range(int(reach / precision) + 1):
        away = ring_array(ring) * precision
        places = np.array([x, y]) + away[(away * away).sum(axis=1) <= reach * reach]
        found = _first_fit(world, surface, proto, places, keep_out)
        if found is not None:
            return found
    return None


def find_free_place_in_box(
    world: World, surface: int, name: str, area: tuple[float, float, float, float], precision: float
) -> tuple[float, float] | None:
    """The first place of an area, row by row, where the entity fits, None if there is none.

    Raises:
        SimError: the step is not above 0.
    """
    if precision <= 0:
        raise SimError(f"precision: expected a number above 0, got {precision}")
    proto = prototype_id(world, name)
    columns = np.arange(area[0], area[2] + precision / 2, precision)
    for y in np.arange(area[1], area[3] + precision / 2, precision):
        places = np.stack([columns, np.full(len(columns), y)], axis=1)
        found = _first_fit(world, surface, proto, places, None)
        if found is not None:
            return found
    return None


def _first_fit(
    world: World, surface: int, proto: int, places: Float64, keep_out: Box | None
) -> tuple[float, float] | None:
    """The first of some places, (N, 2) in tiles, where an entity fits."""
    if len(places) == 0:
        return None
    fixed = np.trunc(places * UNIT).astype(np.int32)
    low, high = fixed.min(axis=0) // UNIT - SEARCH_MARGIN, fixed.max(axis=0) // UNIT + SEARCH_MARGIN
    ensure_area(world, surface, int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    over_items = world.protos.entity_data[proto]["type"] != "item-entity"
    at = int(first_free(world.state, surface, proto, fixed, 0, over_items))
    while at >= 0:
        x, y = float(places[at, 0]), float(places[at, 1])
        shut = keep_out is not None and _meet(footprint(world, proto, x, y, 0), keep_out)
        if not shut and obstacle(world, surface, proto, int(fixed[at, 0]), int(fixed[at, 1]), 0) == 0:
            return x, y
        at = int(first_free(world.state, surface, proto, fixed, at + 1, over_items))
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


@cache
def ring_array(size: int) -> Float64:
    """`ring_steps` as an array, (N, 2). Shared between calls: not to be written."""
    return np.array(ring_steps(size), np.float64)


@cache
def ring_steps(size: int) -> tuple[tuple[int, int], ...]:
    """The steps of a square ring, nearest to the middle first, then row by row."""
    if size == 0:
        return ((0, 0),)
    side = range(-size, size + 1)
    steps = [(x, y) for y in side for x in (side if abs(y) == size else (-size, size))]
    return tuple(sorted(steps, key=lambda step: (step[0] ** 2 + step[1] ** 2, step[1], step[0])))
