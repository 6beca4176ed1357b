"""The lab world: a flat chequered floor with one field of everything in a ring about the origin.

Programs written for a laboratory expect water, trees and every ore within a short walk, fields that take dozens of
drills, and free floor for the rest: near the origin, between the fields and along the diagonal to the south-east.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np

from harness.simulator.engine.spatial import chunk_at
from harness.simulator.engine.terrain import CHUNK_TILES, LAB_TILES
from harness.simulator.mapgen.fields import Field, near_square
from harness.simulator.mapgen.planting import Planting

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

RING = 50.0
"""Distance of the fields' centres from the origin, tiles."""

FIELDS = (
    ("iron-ore", 14.0, 10_000.0),
    ("stone", 11.0, 10_000.0),
    ("coal", 14.0, 10_000.0),
    ("lake", 14.0, 0.0),
    ("copper-ore", 14.0, 10_000.0),
    ("crude-oil", 14.0, 300_000.0),
    ("forest", 13.0, 0.0),
)
"""Clockwise from the south: name, radius, amount of each tile; 300 000 is an oil well that gives 100 %."""

_SEED = 0


class LabGenerator:
    """Fills chunks of one surface; give it to `World.generators` under the surface's name."""

    def __init__(self) -> None:
        angles = [pi / 4 + 2 * pi * (number + 0.5) / len(FIELDS) for number in range(len(FIELDS))]
        self._fields = tuple(
            Field(name=name, x=RING * cos(angle), y=RING * sin(angle), radius=radius, richness=richness)
            for angle, (name, radius, richness) in zip(angles, FIELDS, strict=True)
        )

    def __call__(self, world: World, surface: int, chunk_x: int, chunk_y: int) -> None:
        """Writes the chunk's tiles and puts its resources and trees."""
        x = np.arange(CHUNK_TILES, dtype=np.int64)[None, :] + chunk_x * CHUNK_TILES
        y = np.arange(CHUNK_TILES, dtype=np.int64)[:, None] + chunk_y * CHUNK_TILES
        names = world.protos.tile_names.ids
        tiles = np.where((x + y) % 2 == 0, np.uint8(names[LAB_TILES[0]]), np.uint8(names[LAB_TILES[1]]))
        planting = Planting(world, _SEED, x, y, np.ones(tiles.shape, np.bool_))
        for field in near_square(self._fields, chunk_x * CHUNK_TILES, chunk_y * CHUNK_TILES, CHUNK_TILES):
            inside = field.inside(_SEED, x, y)
            if field.name == "lake":
                tiles[inside > 0] = names["water"]
            elif field.name == "forest":
                planting.add_trees(inside)
            else:
                planting.add_resource(field.name, inside, np.full(tiles.shape, field.richness))
        chunk = int(chunk_at(world.state, surface, chunk_x * CHUNK_TILES, chunk_y * CHUNK_TILES))
        world.chunks.tile[chunk] = tiles.reshape(-1)
        planting.finish(surface)
