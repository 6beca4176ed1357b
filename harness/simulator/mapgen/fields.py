"""Fields: where a surface has a patch of a resource, a lake or a wood, and how far inside one a tile is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import numpy as np

from harness.simulator.engine.tables import Float64, Int64
from harness.simulator.mapgen.noise import draw, noise

START_RADIUS = 150
"""Within it, tiles from the origin, every planet has what a factory begins with."""

REGION = 224
"""Side of the squares that each get their share of fields beyond the start, tiles."""

LAKE_RADIUS = 15.0
FOREST_RADIUS = 20.0
START_ORES = ("iron-ore", "copper-ore", "coal", "stone")
START_FEATURES = (*START_ORES, "lake", "forest")
FAR_FIELDS = ("iron-ore", "copper-ore", "coal", "stone", "uranium-ore", "crude-oil")
RIM = 1.5
"""The farthest rim of a field, in radii, with room to spare."""


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

    def inside(self, seed: int, x: Int64, y: Int64) -> Float64:
        """How far inside the ragged rim tiles are: 1 in the middle, 0 on the rim, less outside."""
        rim = self.radius * (0.75 + 0.5 * noise(seed, "edge", x, y, 16))
        inside: Float64 = 1.0 - np.sqrt((x + 0.5 - self.x) ** 2 + (y + 0.5 - self.y) ** 2) / rim
        return inside


def near_square(fields: Iterable[Field], x: int, y: int, side: int) -> list[Field]:
    """Those that may reach the square of `side` tiles whose first tile is (x, y), or its neighbours, in their order."""
    middle_x, middle_y = x + side / 2, y + side / 2
    return [
        field
        for field in fields
        if abs(field.x - middle_x) < field.radius * RIM + side and abs(field.y - middle_y) < field.radius * RIM + side
    ]


def start_fields(seed: int) -> tuple[Field, ...]:
    """One feature a sector, in an order that the seed shuffles, about a direction that it turns; oil further out."""
    order = sorted(START_FEATURES, key=lambda name: draw(seed, "sector", START_FEATURES.index(name), 0))
    turn = draw(seed, "turn", 0, 0)
    fields = []
    for number, name in enumerate(order):
        angle = 2 * pi * ((number + 0.3 * (draw(seed, "turn", number, 1) - 0.5)) / len(order) + turn)
        distance = 48 + 26 * draw(seed, "distance", number, 0)
        ore_radius = 10 + 3 * draw(seed, "distance", number, 1)
        radius = {"lake": LAKE_RADIUS, "forest": FOREST_RADIUS}.get(name, ore_radius)
        x, y = distance * cos(angle), distance * sin(angle)
        fields.append(Field(name=name, x=x, y=y, radius=radius, richness=900.0))
    angle = 2 * pi * draw(seed, "turn", 0, 2)
    fields.append(Field(name="crude-oil", x=125 * cos(angle), y=125 * sin(angle), radius=13.0, richness=450_000.0))
    return tuple(fields)


def far_fields(seed: int, column: int, row: int) -> list[Field]:
    """Fields whose centres lie in a region, none of them near the start."""
    found = []
    for number, name in enumerate(FAR_FIELDS):
        place = column * 16 + number
        if draw(seed, "far", place, row * 4) > 0.75:
            continue
        x = (column + draw(seed, "far", place, row * 4 + 1)) * REGION
        y = (row + draw(seed, "far", place, row * 4 + 2)) * REGION
        away = sqrt(x * x + y * y)
        if away < START_RADIUS + 30:
            continue
        radius = 11 + 8 * draw(seed, "far", place, row * 4 + 3) + min(12.0, away / 150)
        richness = (300_000.0 if name == "crude-oil" else 900.0) * (1 + away / 400)
        found.append(Field(name=name, x=x, y=y, radius=radius, richness=richness))
    return found
