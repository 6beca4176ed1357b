"""Where things are: chunks of tiles, the building on each tile, and lists of point entities. Kernels only.

A building covers every tile its collision box touches and there is one building a tile; resources, trees, rocks,
items on the ground and characters are point entities in the list of the tile their centre lies on. Tiles that were
never made do not exist: `tile_at` says NONE and nothing can stand there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import (
    KIND_GATE,
    KIND_ITEM,
    KIND_PIPE,
    KIND_PIPE_TO_GROUND,
    KIND_WALL,
    POINT_KINDS,
)
from harness.simulator.engine.systems.awake import wake_drills
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

WALL_KINDS = (KIND_WALL, KIND_GATE)
PIPE_KINDS = (KIND_PIPE, KIND_PIPE_TO_GROUND)
JOINING_KINDS = (KIND_WALL, KIND_GATE, KIND_PIPE, KIND_PIPE_TO_GROUND)
"""Kinds that close the gap to their neighbours."""

HALF_TILE = 128

POINT_MARGIN = 2
"""Tiles from a point entity's centre to the edge of its box, at most (huge rock: 1.5)."""


@kernel
def directory_slot(state: State, surface: int, chunk_x: int, chunk_y: int) -> int:
    """The directory slot that holds this chunk, or the free slot where it belongs."""
    mask = len(state.directory.chunk) - 1
    slot = ((chunk_x * 73856093) ^ (chunk_y * 19349663) ^ (surface * 83492791)) & mask
    while True:
        chunk = state.directory.chunk[slot]
        if chunk < 0:
            return slot
        if (
            state.chunks.x[chunk] == chunk_x
            and state.chunks.y[chunk] == chunk_y
            and state.chunks.surface[chunk] == surface
        ):
            return slot
        slot = (slot + 1) & mask


@kernel
def chunk_at(state: State, surface: int, tile_x: int, tile_y: int) -> int:
    """The chunk row that holds a tile, or NONE."""
    return int(state.directory.chunk[directory_slot(state, surface, tile_x >> 5, tile_y >> 5)])


@kernel
def cell_of(tile_x: int, tile_y: int) -> int:
    """The tile's number within its chunk."""
    return ((tile_y & 31) << 5) + (tile_x & 31)


@kernel
def tile_at(state: State, surface: int, tile_x: int, tile_y: int) -> int:
    """The tile id, or NONE where no chunk is."""
    chunk = chunk_at(state, surface, tile_x, tile_y)
    if chunk < 0:
        return NONE
    return int(state.chunks.tile[chunk, cell_of(tile_x, tile_y)])


@kernel
def building_at(state: State, surface: int, tile_x: int, tile_y: int) -> int:
    """The building that covers a tile, or NONE."""
    chunk = chunk_at(state, surface, tile_x, tile_y)
    if chunk < 0:
        return NONE
    return int(state.chunks.building[chunk, cell_of(tile_x, tile_y)])


@kernel
def first_point(state: State, surface: int, tile_x: int, tile_y: int) -> int:
    """The first point entity of a tile, or NONE; `entities.next_in_tile` leads on."""
    chunk = chunk_at(state, surface, tile_x, tile_y)
    if chunk < 0:
        return NONE
    return int(state.chunks.first[chunk, cell_of(tile_x, tile_y)])


@kernel
def first_missing_chunk(state: State, surface: int, left: int, top: int, right: int, bottom: int, start: int) -> int:
    """Number, row by row and from `start` on, of the first chunk of left..right, top..bottom that is not there; NONE.

    The sides are chunk columns and rows, included.
    """
    width = right - left + 1
    for number in range(start, width * (bottom - top + 1)):
        chunk_x, chunk_y = left + number % width, top + number // width
        if state.directory.chunk[directory_slot(state, surface, chunk_x, chunk_y)] < 0:
            return number
    return NONE


@kernel
def search_tiles(
    state: State, surface: int, left: int, top: int, right: int, bottom: int, wanted: Any, found: Any
) -> int:
    """Writes the tiles of an area (right and bottom excluded) to `found`, row by row; returns how many there are.

    Args:
        state: the world.
        surface: surface row.
        left: in tiles; so `top`, `right`, `bottom`.
        top: see `left`.
        right: see `left`.
        bottom: see `left`.
        wanted: (G,) bool by tile id.
        found: (N, 2) int32, is written.
    """
    count = 0
    for tile_y in range(top, bottom):
        for chunk_x in range(left >> 5, ((right - 1) >> 5) + 1):
            chunk = chunk_at(state, surface, chunk_x * 32, tile_y)
            if chunk < 0:
                continue
            for tile_x in range(max(left, chunk_x * 32), min(right, chunk_x * 32 + 32)):
                if wanted[state.chunks.tile[chunk, cell_of(tile_x, tile_y)]]:
                    if count < len(found):
                        found[count, 0] = tile_x
                        found[count, 1] = tile_y
                    count += 1
    return count


@kernel
def is_point(state: State, proto: int) -> bool:
    """Whether entities of this prototype are point entities."""
    return state.prototypes.kind[proto] in POINT_KINDS


@kernel
def rotated_box(state: State, proto: int, direction: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the collision box of an entity that faces `direction`, about its centre."""
    left, top = int(state.prototypes.box_left[proto]), int(state.prototypes.box_top[proto])
    right, bottom = int(state.prototypes.box_right[proto]), int(state.prototypes.box_bottom[proto])
    if direction == 4:
        return -bottom, left, -top, right
    if direction == 8:
        return -right, -bottom, -left, -top
    if direction == 12:
        return top, -right, bottom, -left
    return left, top, right, bottom


@kernel
def entity_box(state: State, entity: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of an entity's collision box on the map, 1/256 tile."""
    left, top, right, bottom = rotated_box(state, state.entities.proto[entity], state.entities.direction[entity])
    x, y = int(state.entities.x[entity]), int(state.entities.y[entity])
    return x + left, y + top, x + right, y + bottom


@kernel
def link_point(state: State, entity: int) -> int:
    """Puts a point entity at the head of its tile's list; 0 when its chunk does not exist."""
    tile_x, tile_y = state.entities.x[entity] >> 8, state.entities.y[entity] >> 8
    chunk = chunk_at(state, state.entities.surface[entity], tile_x, tile_y)
    if chunk < 0:
        return 0
    cell = cell_of(tile_x, tile_y)
    state.entities.next_in_tile[entity] = state.chunks.first[chunk, cell]
    state.chunks.first[chunk, cell] = entity
    return 1


@kernel
def unlink_point(state: State, entity: int) -> None:
    """Takes a point entity out of its tile's list."""
    tile_x, tile_y = state.entities.x[entity] >> 8, state.entities.y[entity] >> 8
    chunk = chunk_at(state, state.entities.surface[entity], tile_x, tile_y)
    if chunk < 0:
        return
    cell = cell_of(tile_x, tile_y)
    here = int(state.chunks.first[chunk, cell])
    after = state.entities.next_in_tile[entity]
    if here == entity:
        state.chunks.first[chunk, cell] = after
    while here >= 0 and here != entity:
        following = int(state.entities.next_in_tile[here])
        if following == entity:
            state.entities.next_in_tile[here] = after
        here = following
    state.entities.next_in_tile[entity] = NONE


@kernel
def mark_building(state: State, entity: int, value: int) -> None:
    """Writes `value` (the entity, or NONE) on all tiles the building covers.

    Where two buildings share a tile, because one sticks out a little, it belongs to the one that covers its middle.
    """
    left, top, right, bottom = entity_box(state, entity)
    surface = state.entities.surface[entity]
    for tile_y in range(top >> 8, ((bottom - 1) >> 8) + 1):
        for tile_x in range(left >> 8, ((right - 1) >> 8) + 1):
            chunk = chunk_at(state, surface, tile_x, tile_y)
            if chunk < 0:
                continue
            cell = cell_of(tile_x, tile_y)
            here = state.chunks.building[chunk, cell]
            middle_x, middle_y = (tile_x << 8) + UNIT // 2, (tile_y << 8) + UNIT // 2
            inside = left <= middle_x and middle_x <= right and top <= middle_y and middle_y <= bottom
            if here == entity or (value >= 0 and (here < 0 or inside)):
                state.chunks.building[chunk, cell] = value


@kernel
def move_point(state: State, entity: int, x: int, y: int) -> None:
    """Moves a point entity, keeping its tile's list right; drills it was in the way of try again."""
    wake_drills(state, entity)
    if (state.entities.x[entity] >> 8) != (x >> 8) or (state.entities.y[entity] >> 8) != (y >> 8):
        unlink_point(state, entity)
        state.entities.x[entity] = x
        state.entities.y[entity] = y
        link_point(state, entity)
    else:
        state.entities.x[entity] = x
        state.entities.y[entity] = y


@kernel
def collides(
    state: State, surface: int, proto: int, x: int, y: int, direction: int, ignore: int, over_items: bool
) -> int:
    """What keeps an entity from standing here: 0 nothing, 1 the ground, else 2 + the row of the entity in the way.

    Args:
        state: the world.
        surface: surface row.
        proto: entity prototype id.
        x: centre, 1/256 tile.
        y: centre, 1/256 tile.
        direction: 0..15.
        ignore: an entity that does not count, or NONE.
        over_items: whether items on the ground do not count.
    """
    left, top, right, bottom = rotated_box(state, proto, direction)
    left, top, right, bottom = x + left, y + top, x + right, y + bottom
    mask = state.prototypes.mask[proto]
    for tile_y in range(top >> 8, ((bottom - 1) >> 8) + 1):
        for tile_x in range(left >> 8, ((right - 1) >> 8) + 1):
            tile = tile_at(state, surface, tile_x, tile_y)
            if tile < 0 or (state.tiles.mask[tile] & mask) != 0:
                return 1
            other = building_at(state, surface, tile_x, tile_y)
            if other >= 0 and other != ignore and _overlaps(state, other, mask, left, top, right, bottom):
                return 2 + other
    for tile_y in range((top >> 8) - POINT_MARGIN, (bottom >> 8) + POINT_MARGIN + 1):
        for tile_x in range((left >> 8) - POINT_MARGIN, (right >> 8) + POINT_MARGIN + 1):
            other = first_point(state, surface, tile_x, tile_y)
            while other >= 0:
                skip = other == ignore or (
                    over_items and state.prototypes.kind[state.entities.proto[other]] == KIND_ITEM
                )
                if not skip and _overlaps(state, other, mask, left, top, right, bottom):
                    return 2 + other
                other = int(state.entities.next_in_tile[other])
    return 0


@kernel
def first_free(state: State, surface: int, proto: int, places: Any, start: int, over_items: bool) -> int:
    """Number of the first of some places, (N, 2) in 1/256 tile, where an entity facing north is free; NONE."""
    for number in range(start, len(places)):
        x, y = int(places[number, 0]), int(places[number, 1])
        if collides(state, surface, proto, x, y, 0, NONE, over_items) == 0:
            return number
    return NONE


@kernel
def _overlaps(state: State, entity: int, mask: int, left: int, top: int, right: int, bottom: int) -> bool:
    """Whether an entity is in the way of a box; boxes that touch are. Source: walking against factory-sim."""
    if (state.prototypes.mask[state.entities.proto[entity]] & mask) == 0:
        return False
    kind = state.prototypes.kind[state.entities.proto[entity]]
    if kind == KIND_GATE and state.gates.opened[state.entities.component[entity]] >= 1.0:
        return False
    other_left, other_top, other_right, other_bottom = entity_box(state, entity)
    if other_left <= right and left <= other_right and other_top <= bottom and top <= other_bottom:
        return True
    return kind in JOINING_KINDS and joint_meets(state, entity, left, top, right, bottom)


@kernel
def _joins(state: State, entity: int, step_x: int, step_y: int) -> bool:
    """Whether no gap is left between an entity and the one a tile further."""
    x, y = int(state.entities.x[entity]) >> 8, int(state.entities.y[entity]) >> 8
    other = building_at(state, int(state.entities.surface[entity]), x + step_x, y + step_y)
    if other < 0:
        return False
    ours = state.prototypes.kind[state.entities.proto[entity]]
    theirs = state.prototypes.kind[state.entities.proto[other]]
    if ours in WALL_KINDS:
        return theirs in WALL_KINDS
    return theirs in PIPE_KINDS and _opens(state, entity, step_x, step_y) and _opens(state, other, -step_x, -step_y)


@kernel
def _opens(state: State, pipe: int, step_x: int, step_y: int) -> bool:
    """Whether a pipe has an end on that side: an underground one only where it comes up."""
    if state.prototypes.kind[state.entities.proto[pipe]] == KIND_PIPE:
        return True
    direction = int(state.entities.direction[pipe])
    if step_x != 0:
        return direction == (4 if step_x > 0 else 12)
    return direction == (8 if step_y > 0 else 0)


@kernel
def joint_meets(state: State, entity: int, left: int, top: int, right: int, bottom: int) -> bool:
    """Whether a box meets what joins a wall or a pipe to its neighbours: arms as thick as it, to the tile's border.

    Source: nobody walks between two walls that stand side by side (factory-sim), though their boxes leave room.
    """
    x, y = int(state.entities.x[entity]), int(state.entities.y[entity])
    own_left, own_top, own_right, own_bottom = entity_box(state, entity)
    if own_top <= bottom and top <= own_bottom:
        if left <= x + HALF_TILE and x <= right and _joins(state, entity, 1, 0):
            return True
        if x - HALF_TILE <= right and left <= x and _joins(state, entity, -1, 0):
            return True
    if own_left <= right and left <= own_right:
        if top <= y + HALF_TILE and y <= bottom and _joins(state, entity, 0, 1):
            return True
        if y - HALF_TILE <= bottom and top <= y and _joins(state, entity, 0, -1):
            return True
    return False


@kernel
def _wanted(
    state: State, entity: int, wanted: Any, force: int, left: int, top: int, right: int, bottom: int, radius: int
) -> bool:
    """Whether a search takes the entity: by prototype, force, and box or distance of its centre (radius >= 0)."""
    if not wanted[state.entities.proto[entity]] or (force >= 0 and state.entities.force[entity] != force):
        return False
    if radius >= 0:
        away_x = int(state.entities.x[entity]) - (left + right) // 2
        away_y = int(state.entities.y[entity]) - (top + bottom) // 2
        return away_x * away_x + away_y * away_y <= radius * radius
    box_left, box_top, box_right, box_bottom = entity_box(state, entity)
    return box_left <= right and left <= box_right and box_top <= bottom and top <= box_bottom


@kernel
def search(
    state: State,
    surface: int,
    left: int,
    top: int,
    right: int,
    bottom: int,
    radius: int,
    wanted: Any,
    force: int,
    found: Any,
) -> int:
    """Writes the entities of an area to `found`, in no order to rely on, and returns how many there are.

    That may be more than fit. It costs as much as the area has tiles or the world has entities, whichever is less.

    Args:
        state: the world.
        surface: surface row.
        left: of the area, 1/256 tile; so `top`, `right`, `bottom`.
        top: see `left`.
        right: see `left`.
        bottom: see `left`.
        radius: 1/256 tile about the area's middle, or -1 to take all whose collision box touches the area.
        wanted: (P,) bool by prototype.
        force: force row, or NONE for all.
        found: (N,) int32, is written.
    """
    first_x, last_x = (left >> 8) - POINT_MARGIN, (right >> 8) + POINT_MARGIN
    first_y, last_y = (top >> 8) - POINT_MARGIN, (bottom >> 8) + POINT_MARGIN
    if (last_x - first_x + 1) * (last_y - first_y + 1) > len(state.entities.serial):
        return _search_rows(state, surface, left, top, right, bottom, radius, wanted, force, found)
    count = 0
    for chunk_y in range(first_y >> 5, (last_y >> 5) + 1):
        for chunk_x in range(first_x >> 5, (last_x >> 5) + 1):
            chunk = chunk_at(state, surface, chunk_x * 32, chunk_y * 32)
            if chunk < 0:
                continue
            for tile_y in range(max(first_y, chunk_y * 32), min(last_y, chunk_y * 32 + 31) + 1):
                for tile_x in range(max(first_x, chunk_x * 32), min(last_x, chunk_x * 32 + 31) + 1):
                    cell = cell_of(tile_x, tile_y)
                    entity = int(state.chunks.building[chunk, cell])
                    if entity >= 0 and not _is_first_tile(state, entity, tile_x, tile_y, first_x, first_y):
                        entity = NONE
                    if entity >= 0 and _wanted(state, entity, wanted, force, left, top, right, bottom, radius):
                        if count < len(found):
                            found[count] = entity
                        count += 1
                    entity = int(state.chunks.first[chunk, cell])
                    while entity >= 0:
                        if _wanted(state, entity, wanted, force, left, top, right, bottom, radius):
                            if count < len(found):
                                found[count] = entity
                            count += 1
                        entity = int(state.entities.next_in_tile[entity])
    return count


@kernel
def _is_first_tile(state: State, entity: int, tile_x: int, tile_y: int, first_x: int, first_y: int) -> bool:
    """Whether a tile is the first of a building's tiles within a window that starts at (first_x, first_y)."""
    left, top, _, _ = entity_box(state, entity)
    return tile_x == max(left >> 8, first_x) and tile_y == max(top >> 8, first_y)


@kernel
def _search_rows(
    state: State,
    surface: int,
    left: int,
    top: int,
    right: int,
    bottom: int,
    radius: int,
    wanted: Any,
    force: int,
    found: Any,
) -> int:
    """`search` without the spatial index: looks at every entity."""
    count = 0
    for entity in range(len(state.entities.serial)):
        if state.entities.serial[entity] == 0 or state.entities.surface[entity] != surface:
            continue
        if _wanted(state, entity, wanted, force, left, top, right, bottom, radius):
            if count < len(found):
                found[count] = entity
            count += 1
    return count
