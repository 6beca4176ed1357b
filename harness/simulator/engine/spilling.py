"""Items thrown on the ground: one to a spot, nearest spots first, onto belts where some run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.simulator.engine.marks import TO_BE_LOOTED
from harness.simulator.engine.placement import ring_steps
from harness.simulator.engine.rows import new_point_entity
from harness.simulator.engine.spatial import building_at
from harness.simulator.engine.systems.belt_drop import belt_insert_at_drop_point
from harness.simulator.engine.systems.drop import ITEM_ON_GROUND, NEUTRAL, is_belt, lay_item
from harness.simulator.engine.tables import UNIT
from harness.simulator.engine.terrain import ensure_area

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

SPACING = 72
"""From one item to the next, 1/256 tile: two item boxes of 0.14 tile side by side, and a little air."""

FAR = 64
"""How many tiles away spots are looked for where nobody says."""


def spill(
    world: World,
    surface: int,
    position: tuple[float, float],
    item: str,
    count: int,
    *,
    on_belts: bool = True,
    looted: bool = False,
    radius: float | None = None,
    at_start: bool = True,
    whole: bool = False,
) -> list[int]:
    """Throws items about a position and returns the rows of those that lie on the ground.

    Args:
        world: the world.
        surface: surface row.
        position: in tiles.
        item: item name.
        count: how many.
        on_belts: whether belts take some.
        looted: whether characters pick them up when they come near.
        radius: in tiles, how far they may fly.
        at_start: whether what finds no spot lies down in one heap at the position.
        whole: whether all go to one spot as one stack.
    """
    world.reserve("entities", "serial", count + 1)
    reach = math.ceil(min(FAR, radius or FAR)) if count > 1 else 1
    tile_x, tile_y = math.floor(position[0]), math.floor(position[1])
    ensure_area(world, surface, tile_x - reach, tile_y - reach, tile_x + reach, tile_y + reach)
    rows: list[int] = []
    left, number = count, world.item_id(item)
    for x, y in _spots(position, FAR if radius is None else radius):
        if left <= 0:
            break
        if on_belts and _onto_belt(world, surface, x, y, number):
            left -= 1
            continue
        size = left if whole else 1
        row = int(lay_item(world.state, surface, x, y, number, size))
        if row >= 0:
            rows.append(row)
            left -= size
    if left > 0 and at_start:
        x, y = (round(side * UNIT) for side in position)
        row = int(new_point_entity(world.state, ITEM_ON_GROUND, surface, NEUTRAL, x, y, left))
        world.entities.component[row] = number
        rows.append(row)
    if looted:
        world.entities.marks[rows] |= TO_BE_LOOTED
    return rows


def _spots(position: tuple[float, float], radius: float) -> Iterator[tuple[int, int]]:
    """Spots about a position, 1/256 tile, ring by ring, nearest first within a ring."""
    x, y = (round(side * UNIT) for side in position)
    for ring in range(int(radius * UNIT / SPACING) + 1):
        for step_x, step_y in ring_steps(ring):
            if (step_x * step_x + step_y * step_y) * SPACING * SPACING <= (radius * UNIT) ** 2:
                yield x + step_x * SPACING, y + step_y * SPACING


def _onto_belt(world: World, surface: int, x: int, y: int, item: int) -> bool:
    under = int(building_at(world.state, surface, x >> 8, y >> 8))
    if not is_belt(world.state, under):
        return False
    return bool(belt_insert_at_drop_point(world.state, int(world.entities.component[under]), x, y, item))
