"""Searches: which entities are where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.prototypes import protos
from harness.simulator.engine.spatial import search
from harness.simulator.engine.tables import NONE, UNIT, Bool, Int32
from harness.simulator.engine.terrain import ensure_area

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

MAX_ENSURED_CHUNKS = 400
"""A search makes the chunks it covers, so what it finds does not hang on what was looked at before; but not more."""


FIRST_GUESS = 1024
"""Rows a search has room for before it is run again with as many as it found."""

EVERYWHERE = (-(1 << 30), -(1 << 30), 1 << 30, 1 << 30)
"""A box around every surface, 1/256 tile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search is for; None means anything. `invert` takes names and types the other way round."""

    names: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    force: str | None = None
    invert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a search looks: at a position or within a radius of it, else in an area, else on the whole surface.

    Attributes:
        area: left, top, right, bottom in tiles.
        position: in tiles; as in the game it goes before `area`.
        radius: in tiles; None or 0 for what covers the position.
    """

    area: tuple[float, float, float, float] | None = None
    position: tuple[float, float] | None = None
    radius: float | None = None

    def window(self) -> tuple[tuple[int, int, int, int], int]:
        """The searched box in 1/256 tile, and the radius or -1."""
        if self.position is not None:
            x, y = round(self.position[0] * UNIT), round(self.position[1] * UNIT)
            reach = round(self.radius * UNIT) if self.radius is not None and self.radius > 0 else 0
            return (x - reach, y - reach, x + reach, y + reach), reach or -1
        if self.area is not None:
            left, top, right, bottom = (round(value * UNIT) for value in self.area)
            return (left, top, right, bottom), -1
        return EVERYWHERE, -1


def find_entities(world: World, surface: int, wanted: Wanted, place: Place, limit: int | None = None) -> list[int]:
    """Rows of the entities that are wanted, oldest first, at most `limit`.

    Within an area are those whose collision box touches it; within a radius those whose centre is.
    """
    found = _search(world, surface, wanted, place)
    rows: list[int] = found[np.argsort(world.entities.serial[found], kind="stable")][:limit].tolist()
    return rows


def count_entities(world: World, surface: int, wanted: Wanted, place: Place) -> int:
    """How many `find_entities` would find without a limit."""
    (left, top, right, bottom), radius = place.window()
    _ensure(world, surface, place, left, top, right, bottom)
    nothing, mask, force = np.empty(0, np.int32), _mask(wanted.names, wanted.types, wanted.invert), _force(wanted)
    return int(search(world.state, surface, left, top, right, bottom, radius, mask, force, nothing))


def near(world: World, row: int, kinds: tuple[str, ...], reach: int) -> list[int]:
    """Rows of entities of some types whose boxes come within `reach` (1/256 tile) of an entity's, oldest first."""
    left, top, right, bottom = world.bounding_box(row)
    box = (left - reach, top - reach, right + reach, bottom + reach)
    found = _run(world, int(world.entities.surface[row]), box, -1, _mask(None, kinds, False), NONE)
    if not len(found):  # as around most of what is built
        return []
    rows: list[int] = found[np.argsort(world.entities.serial[found], kind="stable")].tolist()
    return rows


def _search(world: World, surface: int, wanted: Wanted, place: Place) -> Int32:
    box, radius = place.window()
    _ensure(world, surface, place, *box)
    return _run(world, surface, box, radius, _mask(wanted.names, wanted.types, wanted.invert), _force(wanted))


def _run(world: World, surface: int, box: tuple[int, int, int, int], radius: int, mask: Bool, force: int) -> Int32:
    found = np.empty(FIRST_GUESS, np.int32)
    count = int(search(world.state, surface, *box, radius, mask, force, found))
    if count > len(found):
        found = np.empty(count, np.int32)
        search(world.state, surface, *box, radius, mask, force, found)
    return found[:count]


def _force(wanted: Wanted) -> int:
    """The force's row, NONE for any; a force that does not exist owns nothing."""
    if wanted.force is None:
        return NONE
    return FORCES.index(wanted.force) if wanted.force in FORCES else len(FORCES)


def _ensure(world: World, surface: int, place: Place, left: int, top: int, right: int, bottom: int) -> None:
    if place.area is None and place.position is None:
        return
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


@lru_cache(maxsize=512)
def _mask(names: tuple[str, ...] | None, types: tuple[str, ...] | None, invert: bool) -> Bool:
    """(P,) bool, which prototypes a search takes, by id. Shared between calls: not to be written."""
    facts = protos()
    mask = np.ones(len(facts.entity_data), np.bool_)
    if names is not None:
        named = np.zeros_like(mask)
        named[[facts.entity_names.ids[name] for name in names if name in facts.entity_names.ids]] = True
        mask &= named
    if types is not None:
        typed = np.zeros_like(mask)
        typed[[row for kind in types for row in _rows_by_type().get(kind, ())]] = True
        mask &= typed
    if invert and (names is not None or types is not None):
        mask = ~mask
    return mask
