"""Paths round buildings, water and each other's corners."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import prototypes as data
from harness.simulator.engine.pathfinder import Walker, find_path, line_is_clear, walker
from harness.simulator.engine.world import World

SURFACE = 0
Place = tuple[float, float]


def _character(**options: int) -> Walker:
    masks = data.others("utility-constants")["default"]["default_collision_masks"]
    return walker((-0.2, -0.2, 0.2, 0.2), masks["character"]["layers"], **options)


def _path(
    world: World, start: Place, goal: Place, radius: float = 0.0, resolution: int = 0, **options: int
) -> list[Place] | None:
    return find_path(world, SURFACE, start, goal, radius=radius, walker=_character(**options), resolution=resolution)


def _check(world: World, start: Place, path: list[Place]) -> None:
    for (x, y), (to_x, to_y) in pairwise([start, *path]):
        places = (round(value * 256) for value in (x, y, to_x, to_y))
        assert line_is_clear(world.state, SURFACE, _character(), *places)


def _wall(world: World, places: list[tuple[int, int]]) -> None:
    for x, y in places:
        world.create_entity(SURFACE, "wooden-chest", x + 0.5, y + 0.5)


@pytest.fixture
def world() -> World:
    return World()


def test_open_ground_is_walked_straight(world: World) -> None:
    assert _path(world, (0.5, 0.5), (20.25, 7.75)) == [(20.25, 7.75)]


def test_path_ends_within_the_radius(world: World) -> None:
    path = _path(world, (0.5, 0.5), (20.5, 0.5), radius=3.0)
    assert path is not None
    x, y = path[-1]
    assert 2.4 < ((x - 20.5) ** 2 + (y - 0.5) ** 2) ** 0.5 <= 3.0


def test_paths_keep_to_the_middle_of_tiles(world: World) -> None:
    """The grid of the documentation: one tile wide, centred on tile centres; finer by powers of two."""
    _wall(world, [(5, y) for y in range(-6, 7)])
    path = _path(world, (0.0, 0.0), (10.0, 0.0), radius=0.75)
    assert path is not None
    assert all(x % 1 == 0.5 and y % 1 == 0.5 for x, y in path)
    fine = _path(world, (0.0, 0.0), (10.0, 0.0), radius=0.75, resolution=1)
    assert fine is not None
    assert all(x % 0.5 == 0.25 and y % 0.5 == 0.25 for x, y in fine)
    coarse = _path(world, (0.0, 0.0), (10.0, 0.0), radius=3.0, resolution=-2)
    assert coarse is not None
    assert all(x % 4 == 2 and y % 4 == 2 for x, y in coarse)


def test_straight_paths_go_along_the_axes_and_turn_seldom(world: World) -> None:
    start, goal = (0.5, 0.5), (12.5, 7.5)
    path = find_path(world, SURFACE, start, goal, radius=0.5, walker=_character(), straight=True)
    assert path is not None
    assert (path[0], path[-1]) == (start, goal)
    steps = [(to_x - x, to_y - y) for (x, y), (to_x, to_y) in pairwise(path)]
    assert {abs(across) + abs(down) for across, down in steps} == {1}
    assert sum(before != after for before, after in pairwise(steps)) == 1, "one turn"


def test_path_goes_round_a_wall(world: World) -> None:
    _wall(world, [(5, y) for y in range(-6, 7)])
    path = _path(world, (0.5, 0.5), (10.5, 0.5))
    assert path is not None and path[-1] == (10.5, 0.5)
    assert max(abs(y) for _, y in path) > 6
    _check(world, (0.5, 0.5), path)


def test_path_takes_the_gap_that_the_walker_fits_through(world: World) -> None:
    """Assembling machines side by side leave 0.6 tile, chests only 0.3."""
    _wall(world, [(5, y) for y in range(-30, 31) if not -2 <= y <= 3])
    for y in (-0.5, 2.5):
        world.create_entity(SURFACE, "assembling-machine-1", 5.5, y)
    path = _path(world, (0.5, 1.0), (11.5, 1.0), resolution=3)
    assert path is not None
    assert all(abs(y - 1.0) < 2 for _, y in path)
    _check(world, (0.5, 1.0), path)


def test_shut_in_goal_has_no_path(world: World) -> None:
    _wall(world, [(x, y) for x in range(8, 13) for y in range(-2, 3) if x in (8, 12) or y in (-2, 2)])
    assert _path(world, (0.5, 0.5), (10.5, 0.5)) is None
    assert _path(world, (0.5, 0.5), (10.5, 0.5), radius=4.0) is not None


def test_water_is_not_walked_on(world: World) -> None:
    world.set_tiles(SURFACE, [(x, y, "water") for x in range(5, 8) for y in range(-10, 11)])
    path = _path(world, (0.5, 0.5), (12.5, 0.5))
    assert path is not None and max(abs(y) for _, y in path) > 10
    _check(world, (0.5, 0.5), path)


def test_belts_are_walked_on(world: World) -> None:
    for y in range(-6, 7):
        world.create_entity(SURFACE, "transport-belt", 5.5, y + 0.5)
    assert _path(world, (0.5, 0.5), (10.5, 0.5)) == [(10.5, 0.5)]


def test_own_buildings_can_be_let_through(world: World) -> None:
    _wall(world, [(5, y) for y in range(-6, 7)])
    assert _path(world, (0.5, 0.5), (10.5, 0.5), through=0) == [(10.5, 0.5)]


def test_wide_detour_is_found_in_the_second_window(world: World) -> None:
    _wall(world, [(5, y) for y in range(-45, 46)])
    path = _path(world, (0.5, 0.5), (10.5, 0.5))
    assert path is not None and max(abs(y) for _, y in path) > 45


@settings(max_examples=20, deadline=None)
@given(
    walls=st.sets(st.tuples(st.integers(1, 12), st.integers(-5, 5)), max_size=40),
    goal=st.tuples(st.integers(14, 16), st.integers(-5, 5)),
)
def test_paths_are_clear_and_repeatable(walls: set[tuple[int, int]], goal: tuple[int, int]) -> None:
    world = World()
    _wall(world, sorted(walls))
    aim = goal[0] + 0.5, goal[1] + 0.5
    path = _path(world, (-2.5, 0.5), aim)
    assert path is not None and path[-1] == aim, "the open ground about the walls leaves a way"
    _check(world, (-2.5, 0.5), path)
    assert path == _path(world, (-2.5, 0.5), aim)
