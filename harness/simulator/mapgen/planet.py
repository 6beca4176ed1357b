"""A generated planet: ground, water, ore, oil, trees and rocks, made chunk by chunk from the map's seed.

A chunk's content is a pure function of (seed, chunk), so it does not depend on the order in which chunks are made. It
is a plausible planet, not the game's own generator: a map seed gives another map here than in the game.

Within `START_RADIUS` of the origin there are always a lake, a forest, and fields of iron ore, copper ore, coal and
stone, each in a sector of its own, and an oil field a little further out. Beyond, fields are strewn at random and grow
richer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.spatial import chunk_at
from harness.simulator.engine.tables import Float64, Int64
from harness.simulator.engine.terrain import CHUNK_TILES
from harness.simulator.mapgen.fields import REGION, START_RADIUS, Field, far_fields, near_square, start_fields
from harness.simulator.mapgen.noise import chance, noise
from harness.simulator.mapgen.planting import Planting

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

__all__ = ["START_RADIUS", "MapGenerator"]

DRY_RADIUS = 105.0
"""About the origin there is no water but the start's lake, tiles."""

GROUND = ("grass-1", "grass-2", "grass-3", "grass-4", "dry-dirt", "dirt-4")


class MapGenerator:
    """Fills chunks of one surface; give it to `World.generators` under the surface's name.

    Attributes:
        seed: of the map (`--map-gen-seed`).
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._start = start_fields(seed)

    def __call__(self, world: World, surface: int, chunk_x: int, chunk_y: int) -> None:
        """Writes the chunk's tiles and puts its resources, trees and rocks."""
        x = np.arange(CHUNK_TILES, dtype=np.int64)[None, :] + chunk_x * CHUNK_TILES
        y = np.arange(CHUNK_TILES, dtype=np.int64)[:, None] + chunk_y * CHUNK_TILES
        fields = self.fields_near(chunk_x, chunk_y)
        depth = self._water_depth(x, y, fields)
        names = world.protos.tile_names.ids
        chunk = int(chunk_at(world.state, surface, chunk_x * CHUNK_TILES, chunk_y * CHUNK_TILES))
        void = world.chunks.tile[chunk].reshape(CHUNK_TILES, CHUNK_TILES) == names["out-of-map"]
        tiles = self._tiles(x, y, depth, names)
        world.chunks.tile[chunk] = np.where(void, names["out-of-map"], tiles).reshape(-1)
        self._plant(Planting(world, self.seed, x, y, (depth <= 0) & ~void), fields).finish(surface)

    def fields_near(self, chunk_x: int, chunk_y: int) -> list[Field]:
        """The fields that may reach a chunk, nearest to nothing in particular but always in the same order."""
        region_x, region_y = chunk_x * CHUNK_TILES // REGION, chunk_y * CHUNK_TILES // REGION
        found = list(self._start)
        for row in range(region_y - 1, region_y + 2):
            for column in range(region_x - 1, region_x + 2):
                found += far_fields(self.seed, column, row)
        return near_square(found, chunk_x * CHUNK_TILES, chunk_y * CHUNK_TILES, CHUNK_TILES)

    def _water_depth(self, x: Int64, y: Int64, fields: list[Field]) -> Float64:
        """Above 0 where there is water; fields far out push it away, the start's lake makes it."""
        away = np.sqrt((x * x + y * y).astype(np.float64))
        depth = 0.36 - noise(self.seed, "water", x, y, 72) + np.minimum(0.0, (away - DRY_RADIUS) / 100)
        depth = np.where(away < DRY_RADIUS, -1.0, depth)
        for field in fields:
            inside = field.inside(self.seed, x, y)
            depth = np.maximum(depth, inside) if field.name == "lake" else np.where(inside > -0.3, -1.0, depth)
        return depth

    def _tiles(self, x: Int64, y: Int64, depth: Float64, names: dict[str, int]) -> npt.NDArray[np.uint8]:
        ground = np.array([names[name] for name in GROUND], np.uint8)
        dryness = np.clip((noise(self.seed, "ground", x, y, 96) * 1.6 - 0.3) * len(GROUND), 0, len(GROUND) - 1)
        tiles = ground[dryness.astype(np.int64)]
        tiles = np.where(depth > 0, np.uint8(names["water"]), tiles)
        return np.where(depth > 0.22, np.uint8(names["deepwater"]), tiles).astype(np.uint8)

    def _plant(self, planting: Planting, fields: list[Field]) -> Planting:
        x, y = planting.x, planting.y
        woods = noise(self.seed, "forest", x, y, 64) - 0.62
        for field in fields:
            inside = field.inside(self.seed, x, y)
            if field.name == "forest":
                woods = np.maximum(woods, inside * 0.3)
            elif field.name != "lake":
                grain = 0.8 + 0.4 * chance(self.seed, "edge", x, y)
                planting.add_resource(field.name, inside, field.richness * (0.2 + 0.8 * inside) * grain)
        planting.add_trees(woods)
        planting.add_rocks()
        return planting
