"""The default surface: ground, water, ore, oil, trees and rocks, made chunk by chunk from the map's seed.

A chunk's content is a pure function of (seed, chunk), so it does not depend on the order in which chunks are made. All
chance is an integer hash of (seed, layer, place). It is a plausible planet, not the game's own generator: a map seed
gives another map here than in the game.

Within `START_RADIUS` of the origin there are always a lake, a forest, and fields of iron ore, copper ore, coal and
stone, each in a sector of its own, and an oil field a little further out. Beyond, fields are strewn at random and grow
richer.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.rows import new_point_entity
from harness.simulator.engine.spatial import chunk_at
from harness.simulator.engine.tables import UNIT, Float64, Int64

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

START_RADIUS = 150
CHUNK = 32
REGION = 224
"""Side of the squares that each get their share of fields beyond the start, tiles."""
DRY_RADIUS = 105.0
"""About the origin there is no water but the start's lake."""
LAKE_RADIUS = 15.0
FOREST_RADIUS = 20.0

START_ORES = ("iron-ore", "copper-ore", "coal", "stone")
FAR_FIELDS = ("iron-ore", "copper-ore", "coal", "stone", "uranium-ore", "crude-oil")
START_FEATURES = (*START_ORES, "lake", "forest")
TREES = ("tree-01", "tree-02", "tree-03", "tree-04", "tree-05", "tree-08")
ROCKS = ("big-rock", "huge-rock")
GROUND = ("grass-1", "grass-2", "grass-3", "grass-4", "dry-dirt", "dirt-4")

_MASK = (1 << 64) - 1
_LAYERS = {
    name: number
    for number, name in enumerate(
        ("sector", "turn", "distance", "far", "water", "ground", "forest", "tree", "rock", "edge", "well"), start=1
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A patch of one resource, or a lake or forest.

    Attributes:
        name: resource name, `lake` or `forest`.
        x: centre, tiles.
        y: centre, tiles.
        radius: tiles.
        richness: amount of the middle tile.
    """

    name: str
    x: float
    y: float
    radius: float
    richness: float


def _mix(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scrambles 64 bits. Source: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def chance(seed: int, layer: str, x: Int64, y: Int64) -> Float64:
    """Uniform numbers 0..1, one for each place (x, y) of a layer."""
    first = np.uint64((seed * 0x9E3779B97F4A7C15 + _LAYERS[layer] * 0xD1B54A32D192ED03) & _MASK)
    columns = np.asarray(x, np.int64).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    rows = np.asarray(y, np.int64).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    return _mix(_mix(columns ^ first) + rows).astype(np.float64) / 2.0**64


def noise(seed: int, layer: str, x: Int64, y: Int64, scale: int) -> Float64:
    """Smooth noise 0..1 over tiles: three octaves of chance on a lattice, the widest `scale` tiles apart."""
    total = np.zeros(np.broadcast(x, y).shape, np.float64)
    weight, side, whole = 1.0, scale, 0.0
    for octave in range(3):
        column, row = x // side, y // side
        across, down = _smooth((x % side) / side), _smooth((y % side) / side)
        offset = octave * 1_000_003
        corners = [[chance(seed, layer, column + i + offset, row + j) for i in (0, 1)] for j in (0, 1)]
        upper = corners[0][0] + (corners[0][1] - corners[0][0]) * across
        lower = corners[1][0] + (corners[1][1] - corners[1][0]) * across
        total += weight * (upper + (lower - upper) * down)
        whole += weight
        weight, side = weight / 2, max(2, side // 2)
    return total / whole


def _smooth(part: Float64) -> Float64:
    return part * part * (3.0 - 2.0 * part)


@kernel
def _place(state: State, surface: int, force: int, protos: Any, x: Any, y: Any, amounts: Any) -> None:
    """Point entities at places that are free by construction."""
    for number in range(len(protos)):
        new_point_entity(
            state, int(protos[number]), surface, force, int(x[number]), int(y[number]), int(amounts[number])
        )


class MapGenerator:
    """Fills chunks of one surface; give it to `World.generators` under the surface's name.

    Attributes:
        seed: of the map (`--map-gen-seed`).
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._start = self._start_fields()

    def __call__(self, world: World, surface: int, chunk_x: int, chunk_y: int) -> None:
        """Writes the chunk's tiles and puts its resources, trees and rocks."""
        x = np.arange(CHUNK, dtype=np.int64)[None, :] + chunk_x * CHUNK
        y = np.arange(CHUNK, dtype=np.int64)[:, None] + chunk_y * CHUNK
        fields = self.fields_near(chunk_x, chunk_y)
        depth = self._water_depth(x, y, fields)
        names = world.protos.tile_names.ids
        chunk = int(chunk_at(world.state, surface, chunk_x * CHUNK, chunk_y * CHUNK))
        void = world.chunks.tile[chunk].reshape(CHUNK, CHUNK) == names["out-of-map"]
        tiles = self._tiles(x, y, depth, names)
        world.chunks.tile[chunk] = np.where(void, names["out-of-map"], tiles).reshape(-1)
        self._put(world, surface, x, y, (depth <= 0) & ~void, fields)

    def fields_near(self, chunk_x: int, chunk_y: int) -> list[Field]:
        """The fields that may reach a chunk, nearest to nothing in particular but always in the same order."""
        region_x, region_y = chunk_x * CHUNK // REGION, chunk_y * CHUNK // REGION
        found = list(self._start)
        for row in range(region_y - 1, region_y + 2):
            for column in range(region_x - 1, region_x + 2):
                found += self._far_fields(column, row)
        middle_x, middle_y = chunk_x * CHUNK + CHUNK / 2, chunk_y * CHUNK + CHUNK / 2
        reach = CHUNK
        return [
            field
            for field in found
            if abs(field.x - middle_x) < field.radius * 1.5 + reach
            and abs(field.y - middle_y) < field.radius * 1.5 + reach
        ]

    def _draw(self, layer: str, x: int, y: int) -> float:
        return float(chance(self.seed, layer, np.array([x]), np.array([y]))[0])

    def _start_fields(self) -> tuple[Field, ...]:
        """One feature a sector, in an order that the seed shuffles, about a direction that it turns."""
        order = sorted(START_FEATURES, key=lambda name: self._draw("sector", START_FEATURES.index(name), 0))
        turn = self._draw("turn", 0, 0)
        fields = []
        for number, name in enumerate(order):
            angle = 2 * pi * ((number + 0.3 * (self._draw("turn", number, 1) - 0.5)) / len(order) + turn)
            distance = 48 + 26 * self._draw("distance", number, 0)
            radius = {"lake": LAKE_RADIUS, "forest": FOREST_RADIUS}.get(
                name, 10 + 3 * self._draw("distance", number, 1)
            )
            x, y = distance * cos(angle), distance * sin(angle)
            fields.append(Field(name=name, x=x, y=y, radius=radius, richness=900.0))
        angle = 2 * pi * self._draw("turn", 0, 2)
        fields.append(Field(name="crude-oil", x=125 * cos(angle), y=125 * sin(angle), radius=13.0, richness=450_000.0))
        return tuple(fields)

    def _far_fields(self, column: int, row: int) -> list[Field]:
        """Fields whose centres lie in a region, none of them near the start."""
        found = []
        for number, name in enumerate(FAR_FIELDS):
            place = column * 16 + number
            if self._draw("far", place, row * 4) > 0.75:
                continue
            x = (column + self._draw("far", place, row * 4 + 1)) * REGION
            y = (row + self._draw("far", place, row * 4 + 2)) * REGION
            away = sqrt(x * x + y * y)
            if away < START_RADIUS + 30:
                continue
            radius = 11 + 8 * self._draw("far", place, row * 4 + 3) + min(12.0, away / 150)
            richness = (300_000.0 if name == "crude-oil" else 900.0) * (1 + away / 400)
            found.append(Field(name=name, x=x, y=y, radius=radius, richness=richness))
        return found

    def _inside(self, field: Field, x: Int64, y: Int64) -> Float64:
        """How far inside a field's ragged rim a tile is: 1 in the middle, 0 on the rim, less outside."""
        rim = field.radius * (0.75 + 0.5 * noise(self.seed, "edge", x, y, 16))
        inside: Float64 = 1.0 - np.sqrt((x + 0.5 - field.x) ** 2 + (y + 0.5 - field.y) ** 2) / rim
        return inside

    def _water_depth(self, x: Int64, y: Int64, fields: list[Field]) -> Float64:
        """Above 0 where there is water; fields far out push it away, the start's lake makes it."""
        away = np.sqrt((x * x + y * y).astype(np.float64))
        depth = 0.36 - noise(self.seed, "water", x, y, 72) + np.minimum(0.0, (away - DRY_RADIUS) / 100)
        depth = np.where(away < DRY_RADIUS, -1.0, depth)
        for field in fields:
            inside = self._inside(field, x, y)
            depth = np.maximum(depth, inside) if field.name == "lake" else np.where(inside > -0.3, -1.0, depth)
        return depth

    def _tiles(self, x: Int64, y: Int64, depth: Float64, names: dict[str, int]) -> npt.NDArray[np.uint8]:
        ground = np.array([names[name] for name in GROUND], np.uint8)
        dryness = np.clip((noise(self.seed, "ground", x, y, 96) * 1.6 - 0.3) * len(GROUND), 0, len(GROUND) - 1)
        tiles = ground[dryness.astype(np.int64)]
        tiles = np.where(depth > 0, np.uint8(names["water"]), tiles)
        return np.where(depth > 0.22, np.uint8(names["deepwater"]), tiles).astype(np.uint8)

    def _put(
        self, world: World, surface: int, x: Int64, y: Int64, land: npt.NDArray[np.bool_], fields: list[Field]
    ) -> None:
        protos = np.full(land.shape, -1, np.int64)
        amounts = np.zeros(land.shape, np.int64)
        place_x = np.broadcast_to(x * UNIT + UNIT // 2, land.shape).copy()
        place_y = np.broadcast_to(y * UNIT + UNIT // 2, land.shape).copy()
        ids = world.protos.entity_names.ids
        woods = noise(self.seed, "forest", x, y, 64) - 0.62
        for field in fields:
            inside = self._inside(field, x, y)
            if field.name == "forest":
                woods = np.maximum(woods, inside * 0.3)
            elif field.name != "lake":
                self._put_field(field, inside, ids[field.name], x, y, land & (protos < 0), protos, amounts)
        self._put_trees(woods, ids, x, y, land & (protos < 0), protos, place_x, place_y)
        rocky = land & (protos < 0) & (chance(self.seed, "rock", x // 7, y // 7) < 0.01) & (x % 7 == 3) & (y % 7 == 3)
        kind = chance(self.seed, "rock", x, y + 1_000_000) < 0.7
        protos[rocky] = np.where(kind, ids[ROCKS[0]], ids[ROCKS[1]])[rocky]
        found = protos >= 0
        world.reserve("entities", "serial", int(found.sum()))
        force = FORCES.index("neutral")
        _place(world.state, surface, force, protos[found], place_x[found], place_y[found], amounts[found])

    def _put_field(
        self,
        field: Field,
        inside: Float64,
        proto: int,
        x: Int64,
        y: Int64,
        free: npt.NDArray[np.bool_],
        protos: Int64,
        amounts: Int64,
    ) -> None:
        """Ore on every tile of the field; oil wells on a lattice wide enough for pumpjacks side by side."""
        taken = free & (inside > 0)
        if field.name == "crude-oil":
            taken &= (x % 6 == 2) & (y % 6 == 2) & (chance(self.seed, "well", x, y) < 0.55)
        grain = 0.8 + 0.4 * chance(self.seed, "edge", x, y)
        protos[taken] = proto
        amounts[taken] = np.maximum(1, (field.richness * (0.2 + 0.8 * inside) * grain).astype(np.int64))[taken]

    def _put_trees(
        self,
        woods: Float64,
        ids: dict[str, int],
        x: Int64,
        y: Int64,
        free: npt.NDArray[np.bool_],
        protos: Int64,
        place_x: Int64,
        place_y: Int64,
    ) -> None:
        """Trees, one a tile at most, the closer the deeper in the wood, a little off the middle of the tile."""
        grown = free & (chance(self.seed, "tree", x, y) < np.clip(woods * 2.5, 0.0, 0.35))
        kinds = np.array([ids[name] for name in TREES], np.int64)
        which = (chance(self.seed, "forest", x // 12, y // 12) * len(TREES)).astype(np.int64)
        protos[grown] = np.broadcast_to(kinds[which], protos.shape)[grown]
        place_x[grown] += ((chance(self.seed, "tree", x, y + 1_000_000) - 0.5) * 128).astype(np.int64)[grown]
        place_y[grown] += ((chance(self.seed, "tree", x + 1_000_000, y) - 0.5) * 128).astype(np.int64)[grown]
