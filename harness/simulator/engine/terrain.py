"""Surfaces and tiles as the Python side sees them: chunks are made when first needed.

A chunk's content comes from its surface: the lab's chequered floor, one tile, or a generator that the world was given
for the surface's name. A generator is a pure function of the chunk, so chunks may be made in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from harness.core.errors import SimError
from harness.simulator.engine.daylight import BARE_DAY_TICKS
from harness.simulator.engine.spatial import cell_of, directory_slot, first_missing_chunk, search_tiles
from harness.simulator.engine.spatial_tables import Directory
from harness.simulator.engine.systems.awake import wake_all
from harness.simulator.engine.tables import UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

CHUNK_TILES = 32

FIRST_GUESS = 4096
"""Tiles a search has room for before it is run again with as many as it found."""

Generator = Callable[["World", int, int, int], None]
"""Called as generator(world, surface, chunk_x, chunk_y) after the chunk exists with its fill tile."""

LAB_TILES = ("lab-dark-1", "lab-dark-2")


def create_surface(world: World, name: str, width: int, height: int) -> int:
    """A new surface of the default tile; 0 for a side means no limit.

    Raises:
        SimError: there is a surface of this name.
    """
    if name in world.surfaces:
        raise SimError(f"Surface with name {name!r} already exists; choose another name.")
    row = world.new_row("surfaces", "exists")
    surfaces = world.surface_table
    surfaces.exists[row] = True
    surfaces.width[row], surfaces.height[row] = width, height
    surfaces.fill_tile[row] = world.protos.tile_names.ids["grass-1"]
    if name != "nauvis":
        surfaces.ticks_per_day[row] = BARE_DAY_TICKS
    while len(world.surface_names) <= row:
        world.surface_names.append("")
    world.surface_names[row] = name
    world.reserve_statistics(row)
    return row


def ensure_chunk(world: World, surface: int, chunk_x: int, chunk_y: int) -> int:
    """The chunk's row; makes the chunk if it is not there."""
    slot = directory_slot(world.state, surface, chunk_x, chunk_y)
    chunk = int(world.directory.chunk[slot])
    if chunk >= 0:
        return chunk
    chunk = world.new_row("chunks", "surface")
    chunks = world.chunks
    chunks.surface[chunk], chunks.x[chunk], chunks.y[chunk] = surface, chunk_x, chunk_y
    chunks.tile[chunk] = _first_tiles(world, surface, chunk_x, chunk_y)
    _enter(world, chunk)
    generator = world.generators.get(world.surface_names[surface])
    if generator is not None and not world.surface_table.lab[surface]:
        generator(world, surface, chunk_x, chunk_y)
        wake_all(world.state)
    return chunk


def _first_tiles(world: World, surface: int, chunk_x: int, chunk_y: int) -> npt.NDArray[np.uint8]:
    table, names = world.surface_table, world.protos.tile_names.ids
    x = np.arange(CHUNK_TILES) + chunk_x * CHUNK_TILES
    y = np.arange(CHUNK_TILES)[:, None] + chunk_y * CHUNK_TILES
    tiles = np.full((CHUNK_TILES, CHUNK_TILES), table.fill_tile[surface], np.uint8)
    if table.lab[surface]:
        tiles[:] = np.where((x + y) % 2 == 0, names[LAB_TILES[0]], names[LAB_TILES[1]])
    for axis, side in ((x, int(table.width[surface])), (y, int(table.height[surface]))):
        if side:
            beyond = (axis < -(side // 2)) | (axis >= side - side // 2)
            tiles[np.broadcast_to(beyond, tiles.shape)] = names["out-of-map"]
    return tiles.reshape(-1)


def _enter(world: World, chunk: int) -> None:
    """Puts the chunk into the directory, which is at most half full."""
    used = int(np.count_nonzero(world.directory.chunk >= 0))
    if 2 * (used + 1) > len(world.directory):
        known = world.directory.chunk[world.directory.chunk >= 0].copy()
        world.directory.adopt(Directory.allocate(2 * len(world.directory)).records)
        world.storage.forget()
        for other in sorted(known.tolist()):
            _place(world, int(other))
    _place(world, chunk)


def _place(world: World, chunk: int) -> None:
    chunks = world.chunks
    slot = directory_slot(world.state, int(chunks.surface[chunk]), int(chunks.x[chunk]), int(chunks.y[chunk]))
    world.directory.chunk[slot] = chunk


def ensure_area(world: World, surface: int, left: int, top: int, right: int, bottom: int) -> None:
    """Makes all chunks that hold tiles of left..right, top..bottom (inclusive), row by row."""
    sides = (left // CHUNK_TILES, top // CHUNK_TILES, right // CHUNK_TILES, bottom // CHUNK_TILES)
    width = sides[2] - sides[0] + 1
    missing = int(first_missing_chunk(world.state, surface, *sides, 0))
    while missing >= 0:
        ensure_chunk(world, surface, sides[0] + missing % width, sides[1] + missing // width)
        missing = int(first_missing_chunk(world.state, surface, *sides, missing + 1))


def get_tile(world: World, surface: int, tile_x: int, tile_y: int) -> str:
    """The tile's name."""
    chunk = ensure_chunk(world, surface, tile_x // CHUNK_TILES, tile_y // CHUNK_TILES)
    return world.protos.tile_names.names[world.chunks.tile[chunk, cell_of(tile_x, tile_y)]]


def set_tiles(world: World, surface: int, tiles: Iterable[tuple[int, int, str]]) -> None:
    """Writes tiles (x, y, name).

    Raises:
        SimError: no tile of this name.
    """
    for tile_x, tile_y, name in tiles:
        tile = world.protos.tile_names.get(name)
        if tile < 0:
            raise SimError(f"Unknown tile name: {name}")
        chunk = ensure_chunk(world, surface, tile_x // CHUNK_TILES, tile_y // CHUNK_TILES)
        world.chunks.tile[chunk, cell_of(tile_x, tile_y)] = tile


def find_tiles(
    world: World, surface: int, area: tuple[int, int, int, int], names: Iterable[str] | None, limit: int | None
) -> list[tuple[int, int]]:
    """Tiles of an area left, top, right, bottom (right and bottom excluded), row by row; of these names if given."""
    left, top, right, bottom = area
    if right <= left or bottom <= top:
        return []
    ensure_area(world, surface, left, top, right - 1, bottom - 1)
    wanted = np.full(len(world.protos.tiles), names is None, np.bool_)
    wanted[[world.protos.tile_names.ids[name] for name in names or () if name in world.protos.tile_names.ids]] = True
    found = np.empty((FIRST_GUESS, 2), np.int32)
    count = int(search_tiles(world.state, surface, left, top, right, bottom, wanted, found))
    if count > len(found):
        found = np.empty((count, 2), np.int32)
        search_tiles(world.state, surface, left, top, right, bottom, wanted, found)
    return [(x, y) for x, y in found[:count][:limit].tolist()]


SURROUNDING_TILES = 64
"""How far around a character there is ground: more than it can walk before it is in another chunk."""


def surround_characters(world: World) -> None:
    """Makes the ground around characters that have come into another chunk.

    It hangs on where they are and not on when the world is asked to run, so that the same ticks make the same chunks
    however they are run. `character.step` calls for it.
    """
    people, entities = world.characters, world.entities
    for row in np.flatnonzero(people.owner >= 0).tolist():
        entity = int(people.owner[row])
        surface = int(entities.surface[entity])
        tile_x, tile_y = int(entities.x[entity]) // UNIT, int(entities.y[entity]) // UNIT
        now = surface, tile_x // CHUNK_TILES, tile_y // CHUNK_TILES
        if now == (people.seen_surface[row], people.seen_x[row], people.seen_y[row]):
            continue
        reach = SURROUNDING_TILES
        ensure_area(world, surface, tile_x - reach, tile_y - reach, tile_x + reach, tile_y + reach)
        people.seen_surface[row], people.seen_x[row], people.seen_y[row] = now
