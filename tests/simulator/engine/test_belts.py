"""Belts: motion, turns, side-loading, ends, underground belts, splitters, and what never changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine.systems import belts
from harness.simulator.engine.world import World
from tests.simulator.engine.logistics import line, positions, put, put_back, take_off, total_items

NORTH, EAST, SOUTH, WEST = 0, 4, 8, 12


def build(world: World, name: str, x: float, y: float, direction: int, **options: Any) -> int:
    return world.create_entity(0, name, x, y, direction=direction, **options)


def run_of(world: World, name: str, count: int, direction: int = EAST) -> list[int]:
    return [build(world, name, 0.5 + step, 0.5, direction) for step in range(count)]


@pytest.mark.parametrize(
    ("name", "speed"), [("transport-belt", 8), ("fast-transport-belt", 16), ("express-transport-belt", 24)]
)
def test_items_move_by_the_belt_s_speed_and_stop_at_the_very_end(name: str, speed: int) -> None:
    world = World()
    first, last = run_of(world, name, 2)
    assert put(world, first, 1, 250)
    assert positions(world, first, 1) == [250 - speed]
    world.advance(5)
    assert positions(world, first, 1) == [250 - 6 * speed]
    world.advance(100)
    assert positions(world, first, 1) == []
    assert positions(world, last, 1) == [0]


def test_a_full_belt_holds_four_items_a_lane_and_refuses_the_fifth() -> None:
    world = World()
    (belt,) = run_of(world, "transport-belt", 1)
    accepted = 0
    for _ in range(6):
        accepted += put_back(world, belt, 2)
        world.advance(40)
    assert accepted == 4
    assert positions(world, belt, 2) == [0, 64, 128, 192]
    assert positions(world, belt, 1) == []


@pytest.mark.parametrize(
    ("feed_direction", "lengths"), [(SOUTH, (295, 106)), (NORTH, (106, 295))], ids=["right turn", "left turn"]
)
def test_the_outer_lane_of_a_turn_is_longer(feed_direction: int, lengths: tuple[int, int]) -> None:
    world = World()
    turn = build(world, "transport-belt", 0.5, 0.5, WEST)
    assert [belts.line_length(world, int(world.entities.component[turn]), lane) for lane in (1, 2)] == [256, 256]
    feed = build(world, "transport-belt", 0.5, -0.5 if feed_direction == SOUTH else 1.5, feed_direction)
    assert [belts.line_length(world, int(world.entities.component[turn]), lane) for lane in (1, 2)] == list(lengths)
    for lane in (1, 2):
        put(world, feed, lane, 8)
    world.advance(1)
    assert [positions(world, turn, lane) for lane in (1, 2)] == [[length - 8] for length in lengths]


def test_a_turn_fed_from_behind_as_well_is_straight_and_its_side_feed_loads_the_near_lane() -> None:
    world = World()
    behind, middle, _ = run_of(world, "transport-belt", 3)
    feed = build(world, "transport-belt", 1.5, -0.5, SOUTH)
    for lane in (1, 2):
        assert put(world, feed, lane, 64)
        world.advance(200)
    assert [name for name, _ in line(world, middle, 2)] == []
    assert positions(world, behind, 1) == []
    total = sum(len(line(world, row, 1)) for row in world.find_entities(0, names=["transport-belt"]))
    assert total == 2
    world.destroy(behind)
    assert belts.line_length(world, int(world.entities.component[middle]), 1) == 106


def test_belts_that_face_each_other_keep_their_items() -> None:
    world = World()
    right, left = build(world, "transport-belt", 0.5, 0.5, EAST), build(world, "transport-belt", 1.5, 0.5, WEST)
    put(world, right, 1, 100)
    put(world, left, 1, 100)
    world.advance(100)
    assert positions(world, right, 1) == [0]
    assert positions(world, left, 1) == [0]


def test_a_stopped_line_goes_on_when_it_is_extended() -> None:
    world = World()
    rows = run_of(world, "transport-belt", 2)
    put(world, rows[1], 1, 64)
    world.advance(50)
    assert positions(world, rows[1], 1) == [0]
    longer = build(world, "transport-belt", 2.5, 0.5, EAST)
    world.advance(1)
    assert positions(world, longer, 1) == [248]


def test_items_of_a_belt_that_becomes_a_turn_keep_their_place_in_proportion() -> None:
    world = World()
    belt = build(world, "transport-belt", 0.5, 0.5, EAST)
    put(world, belt, 1, 200)
    put(world, belt, 2, 200)
    build(world, "transport-belt", 0.5, -0.5, SOUTH)
    # a left turn: lane 1 is the inner one
    assert positions(world, belt, 1) == [192 * 105 // 256]
    assert positions(world, belt, 2) == [192 * 294 // 256]


def test_a_loop_carries_its_items_for_ever() -> None:
    world = World()
    corners = [(0.5, 0.5, EAST), (1.5, 0.5, SOUTH), (1.5, 1.5, WEST), (0.5, 1.5, NORTH)]
    rows = [build(world, "transport-belt", *corner) for corner in corners]
    put(world, rows[0], 1, 200)
    world.advance(24)
    seen = set()
    for _ in range(8):
        world.advance(37)
        seen.add(next(number for number, row in enumerate(rows) if line(world, row, 1)))
        assert sum(len(line(world, row, 1)) for row in rows) == 1
    assert seen == {0, 1, 2, 3}


@pytest.mark.parametrize(("name", "gap"), [("underground-belt", 4), ("express-underground-belt", 8)])
def test_items_go_under_ground_and_come_out_at_the_other_end(name: str, gap: int) -> None:
    world = World()
    entrance = build(world, name, 0.5, 0.5, EAST, underground_type="input")
    exit_ = build(world, name, 1.5 + gap, 0.5, EAST, underground_type="output")
    after = build(world, "express-transport-belt", 2.5 + gap, 0.5, EAST)
    put(world, entrance, 1, 100)
    put(world, entrance, 2, 100)
    world.advance(60)
    assert total_items(world, [entrance, exit_, after]) >= 2
    world.advance(400)
    assert positions(world, after, 1) == positions(world, after, 2) == [0]


def test_an_underground_belt_reaches_no_further_than_its_prototype_says() -> None:
    world = World()
    entrance = build(world, "underground-belt", 0.5, 0.5, EAST, underground_type="input")
    build(world, "underground-belt", 6.5, 0.5, EAST, underground_type="output")
    put(world, entrance, 1, 100)
    world.advance(300)
    assert positions(world, entrance, 1) == [0]
    between = build(world, "underground-belt", 5.5, 0.5, EAST, underground_type="output")
    world.advance(300)
    assert positions(world, between, 1) == [0]


def test_a_splitter_shares_a_lane_equally_and_keeps_lanes_apart() -> None:
    world = World()
    feed = run_of(world, "transport-belt", 6)
    build(world, "splitter", 6.5, 1, EAST)
    ends = [[build(world, "transport-belt", 7.5 + step, y, EAST) for step in range(3)] for y in (0.5, 1.5)]
    for _ in range(8):
        put_back(world, feed[0], 1)
        world.advance(10)
    world.advance(500)
    counts = [[sum(len(line(world, row, lane)) for row in rows) for lane in (1, 2)] for rows in ends]
    assert counts == [[4, 0], [4, 0]]


def test_a_splitter_with_one_exit_blocked_sends_all_to_the_other() -> None:
    world = World()
    feed = run_of(world, "transport-belt", 6)
    build(world, "splitter", 6.5, 1, EAST)
    free = [build(world, "transport-belt", 7.5 + step, 1.5, EAST) for step in range(4)]
    for _ in range(10):
        put_back(world, feed[0], 2)
        world.advance(10)
    world.advance(600)
    assert sum(len(line(world, row, 2)) for row in free) >= 8


tiles = st.tuples(st.integers(0, 4), st.integers(0, 4))
layouts = st.dictionaries(tiles, st.sampled_from([NORTH, EAST, SOUTH, WEST]), min_size=3, max_size=18)
actions = st.lists(
    st.tuples(st.sampled_from(["put", "run", "rotate", "destroy", "build"]), st.integers(0, 99), st.integers(8, 100)),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(layouts, actions)
def test_items_are_neither_made_nor_lost_whatever_is_built_turned_or_removed(layout: Any, todo: Any) -> None:
    world = World()
    rows = {place: build(world, "transport-belt", place[0] + 0.5, place[1] + 0.5, d) for place, d in layout.items()}
    expected = 0
    for action, choice, amount in todo:
        places = sorted(rows)
        if action == "build" or not places:
            place = (choice % 5, choice // 5 % 5)
            if place not in rows:
                rows[place] = build(world, "transport-belt", place[0] + 0.5, place[1] + 0.5, 4 * (amount % 4))
            continue
        row = rows[places[choice % len(places)]]
        if action == "put":
            expected += put(world, row, 1 + amount % 2, amount)
        elif action == "run":
            world.advance(amount)
        elif action == "rotate":
            world.rotate(row, 4 * (amount % 4))
        elif action == "destroy":
            expected -= sum(count for _, count in world.items_inside(row))
            world.destroy(rows.pop(places[choice % len(places)]))
        assert total_items(world, list(rows.values())) == expected
    chains: Any = world.storage.tables["chains"]
    assert int(chains.count[chains.head >= 0].sum()) == expected


def tunnel(world: World, gap: int) -> tuple[int, int]:
    """An underground belt with `gap` tiles between its ends, and items all along its hidden part."""
    entrance = build(world, "underground-belt", 0.5, 0.5, EAST, underground_type="input")
    exit_ = build(world, "underground-belt", 1.5 + gap, 0.5, EAST, underground_type="output")
    for _ in range(40):
        put(world, entrance, 1, 120)
        put(world, entrance, 2, 120, "coal")
        world.advance(8)
    return entrance, exit_


def hidden(world: World, entrance: int) -> int:
    return len(line(world, entrance, 3)) + len(line(world, entrance, 4))


def visible(world: World, rows: tuple[int, ...]) -> int:
    """Items on the open halves of ends and on the ground."""
    on_ends = sum(len(line(world, row, number)) for row in rows for number in (1, 2))
    return on_ends + len(world.find_entities(0, types=["item-entity"]))


@pytest.mark.parametrize("place", [1.5, 2.5, 4.5])
def test_an_end_built_between_two_leaves_no_item_behind(place: float) -> None:
    world = World()
    entrance, exit_ = tunnel(world, 4)
    before = hidden(world, entrance) + visible(world, (entrance, exit_))
    assert hidden(world, entrance) >= 32
    between = build(world, "underground-belt", place, 0.5, EAST, underground_type="output")
    for ticks in (0, 300):
        world.advance(ticks)
        now = hidden(world, entrance) + visible(world, (entrance, exit_, between))
        assert now == before
    assert hidden(world, entrance) > 0


@pytest.mark.parametrize("which", [0, 1])
def test_a_turned_end_leaves_no_item_behind(which: int) -> None:
    world = World()
    ends = tunnel(world, 3)
    before = hidden(world, ends[0]) + visible(world, ends)
    assert hidden(world, ends[0]) >= 24
    world.rotate(ends[which], SOUTH)
    assert hidden(world, ends[0]) == 0
    assert visible(world, ends) == before
    world.rotate(ends[which], EAST)
    world.advance(200)
    assert hidden(world, ends[0]) + visible(world, ends) == before


@pytest.mark.parametrize(("tier", "reach"), [("", 5), ("fast-", 7), ("express-", 9)])
def test_underground_belts_connect_as_far_as_their_tier(tier: str, reach: int) -> None:
    for distance, arrived in ((reach, True), (reach + 1, False)):
        world = World()
        entrance = build(world, f"{tier}underground-belt", 0.5, 0.5, EAST, underground_type="input")
        exit_ = build(world, f"{tier}underground-belt", 0.5 + distance, 0.5, EAST, underground_type="output")
        put(world, entrance, 1, 100)
        world.advance(400)
        assert bool(positions(world, exit_, 1)) == arrived


def test_turns_take_the_measured_time_on_average() -> None:
    """A staircase of 16 right and 16 left turns: each lane is the inner one in half of them."""
    world = World()
    steps = [(x // 2 + 0.5 + x % 2, x // 2 + 0.5) for x in range(34)]
    rows = [build(world, "transport-belt", x, y, SOUTH if n % 2 else EAST) for n, (x, y) in enumerate(steps)]
    for lane in (1, 2):
        put(world, rows[0], lane, 8)
    arrived: dict[int, int] = {}
    for _ in range(1000):
        world.advance(1)
        for lane in (1, 2):
            if lane not in arrived and line(world, rows[33], lane):
                arrived[lane] = world.tick
    assert [arrived[lane] / 32 for lane in (1, 2)] == pytest.approx([(13.25 + 36.875) / 2] * 2, abs=0.1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("fast-", "", 7.5),
        ("", "fast-", 7.5),
        ("express-", "fast-", 15),
        ("express-", "", 7.5),
        ("fast-", "express-", 15),
    ],
)
def test_belts_of_two_tiers_carry_what_the_slower_one_can(first: str, second: str, expected: float) -> None:
    world = World()
    rows = [build(world, f"{first}transport-belt", 0.5 + x, 0.5, EAST) for x in range(4)]
    rows += [build(world, f"{second}transport-belt", 4.5 + x, 0.5, EAST) for x in range(4)]
    taken = 0
    for tick in range(1500):
        while put_back(world, rows[0], 1):
            continue
        world.advance(1)
        gone = len(take_off(world, rows[-1], 1))
        taken += gone if tick >= 300 else 0
    assert taken / 20 == pytest.approx(expected, rel=0.02)
