"""Several legs in one call: none shuts in another, and a line serves what it comes past."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.game import ToolFailure
from tests.mod.play import DOWN, UP, Play
from tests.mod.scenes import Tile, carries, column, connect, console, here, look_round, put, row, segments, standing

STOCK = {"transport-belt": 400, "underground-belt": 20, "pipe": 100, "medium-electric-pole": 20, "coal": 50}
SIZE = 11


@pytest.fixture
def stocked(play: Play) -> Play:
    play.reset(STOCK)
    return play


def arms(play: Play, *tiles: Tile) -> list[dict[str, Any]]:
    """Inserters that take from the tile above them, as waypoints."""
    put(play, "inserter", tiles, direction=UP)
    found = [standing(play, "inserter", tile) for tile in tiles]
    for arm, (x, y) in zip(found, tiles, strict=True):
        assert arm["pickup_position"] == {"x": x + 0.5, "y": y - 0.5}
    return [{"name": arm["name"], "position": arm["position"]} for arm in found]


def test_inserters_on_the_way_to_another_are_served_by_one_line(stocked: Play) -> None:
    near, middle, far = arms(stocked, (4, 3), (8, 3), (12, 3))
    result = connect(stocked, [(16, 2), near, middle, far], "transport-belt")
    assert result["placed"] == 16 - 4 + 1
    assert carries(stocked, (16, 2), (4, 2), 30)


def test_a_line_goes_on_from_its_end_after_what_it_came_past(stocked: Play) -> None:
    near, far = arms(stocked, (4, 3), (8, 3))
    result = connect(stocked, [(12, 2), near, far, (0, 2)], "transport-belt")
    assert result["placed"] == 12 + 1
    assert carries(stocked, (12, 2), (0, 2), 30)


def group_of(result: dict[str, Any]) -> dict[str, Any]:
    return {"members": [{"name": one["name"], "position": one["position"]} for one in result["entities"]]}


def test_an_inserter_further_up_a_standing_line_is_served_already(stocked: Play) -> None:
    line = connect(stocked, [(0, 2), (9, 2)], "transport-belt")
    [arm] = arms(stocked, (3, 3))
    result = connect(stocked, [group_of(line), (9, 8), arm], "transport-belt")
    assert result["placed"] == 8 - 2
    assert carries(stocked, (0, 2), (9, 8))


def test_what_drops_on_a_line_is_connected_to_it(stocked: Play) -> None:
    line = connect(stocked, [(0, 2), (9, 2)], "transport-belt")
    put(stocked, "inserter", [(5, 3)], direction=DOWN)
    arm = standing(stocked, "inserter", (5, 3))
    assert arm["drop_position"]["y"] < 3
    giver = {"name": "inserter", "position": arm["position"]}
    assert connect(stocked, [giver, group_of(line)], "transport-belt")["placed"] == 0


def test_places_that_follow_are_kept_off(stocked: Play) -> None:
    result = connect(stocked, [(10, 2), (0, 2), (5, 2)], "transport-belt")
    # The first leg goes round the last place: ten tiles and two, and five come back to it.
    assert result["placed"] == 1 + 10 + 2 + 5
    assert carries(stocked, (10, 2), (5, 2))


def test_an_earlier_leg_leaves_the_mouth_of_a_pocket_to_a_later_one(stocked: Play) -> None:
    walls = [*column(4, 1, 4), *column(6, 1, 4), (5, 4)]
    put(stocked, "stone-wall", walls)
    assert connect(stocked, [(0, 0), (10, 0)], "transport-belt", dry_run=True)["required"] == 11
    result = connect(stocked, [(0, 0), (10, 0), (5, 3)], "transport-belt")
    # At best the first leg passes just above the mouth at (5, 0), which costs it two tiles, and the second below it.
    assert 0 <= result["placed"] - (1 + 10 + 2 + 5 + 3) <= 4
    assert carries(stocked, (0, 0), (5, 3), 40)


def test_a_pocket_with_one_way_is_refused_and_nothing_is_built(stocked: Play) -> None:
    put(stocked, "stone-wall", [*row(1, 5, 9), *row(3, 5, 9), (9, 2)])
    look_round(stocked)
    refused = stocked.refused(
        "connect_entities", waypoints=[here((0, 2)), here((8, 2)), here((0, 8))], types=["transport-belt"]
    )
    assert refused["code"] == "blocked"
    assert "from (8.5, 2.5) to (0.5, 8.5)" in refused["message"]
    assert "stone-wall" in refused["message"]


def test_the_end_of_a_line_does_not_pour_onto_the_line(stocked: Play) -> None:
    put(stocked, "stone-wall", column(11, 4, 14))
    connect(stocked, [(10, 8), (10, 2), (9, 8)], "transport-belt")
    assert standing(stocked, "transport-belt", (9, 8))["is_terminus"]
    assert carries(stocked, (10, 8), (9, 8), 40)


def test_pipes_of_one_call_come_by_each_other(stocked: Play) -> None:
    result = connect(stocked, [(10, 2), (0, 2), (5, 2), (5, 9)], "pipe")
    assert result["placed"] == 11 + 7
    assert len(set(segments(stocked).values())) == 1


def test_a_pole_stands_off_a_machine_that_is_built_round(stocked: Play) -> None:
    edge = {*row(-2, -2, 2), *row(2, -2, 2), *column(-2, -2, 2), *column(2, -2, 2)}
    put(stocked, "stone-wall", {(x + 20, y + 20) for x, y in edge})
    console(stocked, "surface.create_entity{name = 'assembling-machine-1', position = {20.5, 20.5}, force = 'player'}")
    machine = {"name": "assembling-machine-1", "position": {"x": 20.5, "y": 20.5}}
    result = connect(stocked, [(5, 20), machine], "medium-electric-pole")
    assert stocked("get_entity", **machine)["electrical_id"] == result["entities"][0]["electrical_id"]


TILES = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE))
WALLS = st.lists(st.tuples(TILES, st.booleans(), st.integers(1, 9)), max_size=7).map(
    lambda walls: {
        (x + (step if level else 0), y + (0 if level else step))
        for (x, y), level, size in walls
        for step in range(size)
    }
)


@given(walls=WALLS, points=st.lists(TILES, min_size=3, max_size=5, unique=True), underground=st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_chain_that_is_laid_carries_from_its_first_place_to_its_last(
    play: Play, walls: set[Tile], points: list[Tile], underground: bool
) -> None:
    play.reset(STOCK)
    put(play, "stone-wall", walls - set(points))
    look_round(play)
    types = ["transport-belt", "underground-belt"] if underground else ["transport-belt"]
    try:
        dry = connect(play, points, *types, dry_run=True)
    except ToolFailure as refusal:
        assert play.refused("connect_entities", waypoints=[here(tile) for tile in points], types=types) == refusal.error
        return
    result = connect(play, points, *types)
    assert result["placed"] == dry["required"] == len(result["entities"])
    for tile in points:
        assert standing(play, "transport-belt", tile)
    if standing(play, "transport-belt", points[-1])["is_terminus"]:
        assert carries(play, points[0], points[-1], 60)
