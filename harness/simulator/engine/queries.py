"""Searches: which entities are where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.prototypes import protos
from harness.simulator.engine.spatial import search
from harness.simulator.engine.tables import NONE, UNIT, Bool
from harness.simulator.engine.terrain import ensure_area

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

MAX_ENSURED_CHUNKS = 400
"""A search makes the chunks it covers, so what it finds does not hang on what was looked at before; but not more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search is for; None means anything. `invert` takes names and types the other way round."""

    names: Iterable[str] | None
    types: Iterable[str] | None
    force: str | None
    invert: bool


def find_entities(
    world: World,
    surface: int,
    wanted: Wanted,
    *,
    area: tuple[float, float, float, float] | None,
    position: tuple[float, float] | None,
    radius: float | None,
    limit: int | None,
) -> list[int]:
    """See `World.find_entities`."""
    force = NONE if wanted.force is None else FORCES.index(wanted.force) if wanted.force in FORCES else len(FORCES)
    left, top, right, bottom, reach = _place(area, position, radius)
    if area is not None or position is not None:
        _ensure(world, surface, left, top, right, bottom)
    mask = _mask(world, wanted)
    found = np.empty(256, np.int32)
    count = int(search(world.state, surface, left, top, right, bottom, reach, mask, force, found))
    if count > len(found):
        found = np.empty(count, np.int32)
        search(world.state, surface, left, top, right, bottom, reach, mask, force, found)
    rows = found[:count]
    ordered = rows[np.argsort(world.entities.serial[rows], kind="stable")]
    return [int(row) for row in ordered[:limit]]


def _place(
    area: tuple[float, float, float, float] | None, position: tuple[float, float] | None, radius: float | None
) -> tuple[int, int, int, int, int]:
    """The searched box in 1/256 tile, and the radius or -1."""
    if area is not None:
        left, top, right, bottom = (round(value * UNIT) for value in area)
        return left, top, right, bottom, -1
    if position is None:
        far = 1 << 30
        return -far, -far, far, far, -1
    x, y = round(position[0] * UNIT), round(position[1] * UNIT)
    if radius is None or radius <= 0:
        return x, y, x, y, -1
    reach = round(radius * UNIT)
    return x - reach, y - reach, x + reach, y + reach, reach


def _ensure(world: World, surface: int, left: int, top: int, right: int, bottom: int) -> None:
    width, height = (right >> 13) - (left >> 13) + 1, (bottom >> 13) - (top >> 13) + 1
    if width * height <= MAX_ENSURED_CHUNKS:
        ensure_area(world, surface, left >> 8, top >> 8, right >> 8, bottom >> 8)


@cache
def _rows_by_type() -> dict[str, tuple[int, ...]]:
    """Entity prototype ids by the game's type."""
    found: dict[str, list[int]] = {}
    for row, data in enumerate(protos().entity_data):
        found.setdefault(data["type"], []).append(row)
    return {kind: tuple(rows) for kind, rows in found.items()}


def _mask(world: World, wanted: Wanted) -> Bool:
    """Which prototypes the search takes, by id."""
    mask = np.ones(len(world.protos.entity_data), np.bool_)
    if wanted.names is not None:
        named = np.zeros_like(mask)
        named[
            [world.protos.entity_names.ids[name] for name in wanted.names if name in world.protos.entity_names.ids]
        ] = True
        mask &= named
    if wanted.types is not None:
        typed = np.zeros_like(mask)
        typed[[row for kind in wanted.types for row in _rows_by_type().get(kind, ())]] = True
        mask &= typed
    if wanted.invert and (wanted.names is not None or wanted.types is not None):
        mask = ~mask
    return mask
