"""The default surface: the same whatever the order, and fit to begin on."""

from __future__ import annotations

import numpy as np
import pytest

from harness.simulator.engine.terrain import ensure_area, ensure_chunk
from harness.simulator.engine.world import World
from harness.simulator.mapgen import START_RADIUS, LabGenerator, MapGenerator, chance

SURFACE = 0
Content = tuple[bytes, tuple[tuple[str, int, int, int], ...]]


def _world(seed: int) -> World:
    return World(generators={"nauvis": MapGenerator(seed)})


def _content(world: World, chunk_x: int, chunk_y: int) -> Content:
    chunk = ensure_chunk(world, SURFACE, chunk_x, chunk_y)
    entities = world.entities
    here = np.flatnonzero((entities.serial > 0) & (entities.x >> 13 == chunk_x) & (entities.y >> 13 == chunk_y))
    found = sorted(
        (world.name_of(int(row)), int(entities.x[row]), int(entities.y[row]), int(entities.amount[row])) for row in here
    )
    return world.chunks.tile[chunk].tobytes(), tuple(found)


def test_chunks_do_not_depend_on_the_order_they_are_made_in() -> None:
    chunks = [(x, y) for x in range(-3, 4) for y in range(-3, 4)]
    forwards, backwards = _world(7), _world(7)
    made = {chunk: _content(forwards, *chunk) for chunk in chunks}
    assert made == {chunk: _content(backwards, *chunk) for chunk in reversed(chunks)}


def test_seeds_give_different_maps() -> None:
    chunks = [(x, y) for x in range(-3, 4) for y in range(-3, 4)]
    first, second = _world(1), _world(2)
    assert [_content(first, *chunk) for chunk in chunks] != [_content(second, *chunk) for chunk in chunks]


@pytest.mark.parametrize("seed", [0, 1, 2, 44340, 2**32 - 1])
def test_start_has_all_that_a_factory_needs(seed: int) -> None:
    world = _world(seed)
    ensure_area(world, SURFACE, -START_RADIUS, -START_RADIUS, START_RADIUS, START_RADIUS)
    entities = world.entities
    near = (entities.serial > 0) & (
        entities.x.astype(np.int64) ** 2 + entities.y.astype(np.int64) ** 2 < (START_RADIUS * 256) ** 2
    )
    counts: dict[str, int] = {}
    for row in np.flatnonzero(near):
        name = world.name_of(int(row))
        counts[name] = counts.get(name, 0) + 1
    for ore in ("iron-ore", "copper-ore", "coal", "stone"):
        assert counts[ore] > 150
    assert counts["crude-oil"] >= 3
    assert sum(count for name, count in counts.items() if name.startswith("tree")) > 100
    area = (-START_RADIUS, -START_RADIUS, START_RADIUS, START_RADIUS)
    lake = world.find_tiles(SURFACE, area, ["water", "deepwater"])
    assert len([1 for x, y in lake if x * x + y * y < START_RADIUS**2]) > 200
    assert world.get_tile(SURFACE, 0, 0) not in ("water", "deepwater")


def test_nothing_grows_in_water() -> None:
    world = _world(3)
    ensure_area(world, SURFACE, -200, -200, 200, 200)
    wet = {"water", "deepwater"}
    for row in np.flatnonzero(world.entities.serial > 0):
        x, y = int(world.entities.x[row]) >> 8, int(world.entities.y[row]) >> 8
        assert world.get_tile(SURFACE, x, y) not in wet


def test_resources_are_neutral_and_hold_something() -> None:
    world = _world(5)
    ensure_area(world, SURFACE, -100, -100, 100, 100)
    ores = world.find_entities(SURFACE, types=["resource"], limit=200)
    assert len(ores) == 200
    assert {int(world.entities.force[row]) for row in ores} == {world.force_row("neutral")}
    assert min(int(world.entities.amount[row]) for row in ores) >= 1


def test_chance_is_even_and_does_not_repeat_between_layers() -> None:
    x, y = np.meshgrid(np.arange(200), np.arange(200))
    drawn = chance(11, "tree", x, y)
    assert drawn.min() >= 0 and drawn.max() < 1
    assert np.histogram(drawn, bins=10, range=(0, 1))[0] == pytest.approx(4000, rel=0.1)
    assert abs(np.corrcoef(drawn.ravel(), chance(11, "rock", x, y).ravel())[0, 1]) < 0.02


def test_the_lab_world_has_everything_within_reach_and_room_between() -> None:
    world = World(generators={"nauvis": LabGenerator()})
    ensure_area(world, SURFACE, -100, -100, 100, 100)
    entities = world.entities
    found: dict[str, list[tuple[float, float]]] = {}
    for row in np.flatnonzero(entities.serial > 0):
        found.setdefault(world.name_of(int(row)), []).append(world.position_of(int(row)))
    for ore in ("iron-ore", "copper-ore", "coal", "stone"):
        assert len(found[ore]) >= 24 * 9, "room for dozens of drills of 3 by 3"
    assert len(found["crude-oil"]) >= 6
    assert sum(len(places) for name, places in found.items() if name.startswith("tree")) > 60
    assert len(world.find_tiles(SURFACE, (-100, -100, 100, 100), ["water"])) > 400
    everywhere = [place for places in found.values() for place in places]
    assert max(x * x + y * y for x, y in everywhere) < 100**2
    assert min(x * x + y * y for x, y in everywhere) > 15**2, "free floor about the origin"
    assert not [place for place in everywhere if min(place) > 15], "and to the south-east"
    amounts = {
        name: {int(entities.amount[row]) for row in world.find_entities(SURFACE, names=[name])} for name in found
    }
    assert amounts["iron-ore"] == {10_000}
    assert amounts["crude-oil"] == {300_000}
