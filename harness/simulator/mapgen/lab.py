"""The lab world: a flat chequered floor with one square field of everything about the origin.

Programs written for a laboratory expect water, trees and every ore within a short walk, fields that take dozens of
drills up to their very corners, straight shores, and free floor for the rest: near the origin, between the fields and
to the south-east.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from harness.simulator.engine.spatial import chunk_at
from harness.simulator.engine.terrain import CHUNK_TILES, LAB_TILES
from harness.simulator.mapgen.planting import Planting

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

FIELDS = (
    ("coal", 15, -14, 28, 10_000.0),
    ("iron-ore", -43, -14, 28, 10_000.0),
    ("copper-ore", -14, -59, 28, 10_000.0),
    ("stone", -12, 34, 24, 10_000.0),
    ("lake", -60, -60, 28, 0.0),
    ("forest", -58, 34, 24, 0.0),
    ("crude-oil", 32, -60, 30, 300_000.0),
)
"""Name, first tile (x, y), side, amount of each tile; 300 000 is an oil well that gives 100 %."""

_SEED = 0
_WOOD_DENSITY = 0.14


class LabGenerator:
    """Fills chunks of one surface; give it to `World.generators` under the surface's name."""

    def __call__(self, world: World, surface: int, chunk_x: int, chunk_y: int) -> None:
        """Writes the chunk's tiles and puts its resources and trees."""
        x = np.arange(CHUNK_TILES, dtype=np.int64)[None, :] + chunk_x * CHUNK_TILES
        y = np.arange(CHUNK_TILES, dtype=np.int64)[:, None] + chunk_y * CHUNK_TILES
        names = world.protos.tile_names.ids
        tiles = np.where((x + y) % 2 == 0, np.uint8(names[LAB_TILES[0]]), np.uint8(names[LAB_TILES[1]]))
        planting = Planting(world, _SEED, x, y, np.ones(tiles.shape, np.bool_))
        for name, left, top, side, amount in FIELDS:
            inside = (x >= left) & (x < left + side) & (y >= top) & (y < top + side)
            if not inside.any():
                continue
            if name == "lake":
                tiles[inside] = names["water"]
            elif name == "forest":
                planting.add_trees(np.where(inside, _WOOD_DENSITY, 0.0))
            else:
                planting.add_resource(name, inside.astype(np.float64), np.full(tiles.shape, amount))
        chunk = int(chunk_at(world.state, surface, chunk_x * CHUNK_TILES, chunk_y * CHUNK_TILES))
        world.chunks.tile[chunk] = tiles.reshape(-1)
        planting.finish(surface)
