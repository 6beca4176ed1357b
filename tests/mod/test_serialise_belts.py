"""Belts as programs see them: where a piece is fed and leads, where lines begin and end, what is wrong."""

from __future__ import annotations

import pytest

from harness.api import entities as classes
from harness.api.wire import to_entity
from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at
from tests.mod.scene import console, look

LINE = "for x = -8, -4 do put('transport-belt', x + .5, 4.5, 4) end "
FILL = (
    "for x = -8, -4 do local b = s.find_entities_filtered{position = {x + .5, 4.5}}[1] for lane = 1, 2 do "
    "for place = 0, 0.75, 0.25 do b.get_transport_line(lane).insert_at(place, {name = 'coal'}) end end end "
)


@pytest.mark.parametrize(("direction", "dx", "dy"), [(UP, 0, -1), (RIGHT, 1, 0), (DOWN, 0, 1), (LEFT, -1, 0)])
def test_a_single_belt(play: Play, direction: int, dx: int, dy: int) -> None:
    console(play, f"put('transport-belt', -5.5, 4.5, {direction})")
    belt = look(play, "transport-belt", -5.5, 4.5)
    assert belt["direction"] == direction
    assert belt["input_position"] == at(-5.5 - dx, 4.5 - dy)
    assert belt["output_position"] == at(-5.5 + dx, 4.5 + dy)
    assert belt["is_source"] and belt["is_terminus"]
    assert belt["inventory"] == {"left": {}, "right": {}}
    assert belt["warnings"] == []
    assert type(to_entity(belt)) is classes.TransportBelt


def test_a_line_has_a_source_and_an_end(play: Play) -> None:
    console(play, LINE)
    flags = [(belt["is_source"], belt["is_terminus"]) for belt in play("get_entities")]
    assert flags == [(True, False), (False, False), (False, False), (False, False), (False, True)]
    middle = look(play, "transport-belt", -5.5, 4.5)
    assert (middle["input_position"], middle["output_position"]) == (at(-6.5, 4.5), at(-4.5, 4.5))


def test_lanes_are_left_and_right(play: Play) -> None:
    console(
        play,
        LINE + "local b = s.find_entities_filtered{position = {-5.5, 4.5}}[1] "
        "b.get_transport_line(1).insert_at_back{name = 'coal'} b.get_transport_line(2).insert_at_back{name = 'stone'}",
    )
    assert look(play, "transport-belt", -5.5, 4.5)["inventory"] == {"left": {"coal": 1}, "right": {"stone": 1}}


def test_a_corner_leads_round(play: Play) -> None:
    console(play, "put('transport-belt', -5.5, 4.5, 4) put('transport-belt', -4.5, 4.5, 8)")
    corner = look(play, "transport-belt", -4.5, 4.5)
    assert corner["input_position"] == at(-5.5, 4.5)
    assert corner["output_position"] == at(-4.5, 5.5)


def test_full_belts_say_so_and_the_last_one_is_blocked(play: Play) -> None:
    console(play, LINE + FILL)
    play("step", ticks=60)
    _, *others, last = play("get_entities")  # what moved up left room on the first
    assert [belt["warnings"] for belt in others] == [["full"]] * 3
    blocked, full = last["warnings"]
    assert blocked.startswith("transport belt blocked")
    assert full == "full"


@pytest.mark.parametrize("taker", ["put('assembling-machine-1', -1.5, 4.5)", "put('transport-belt', -2.5, 4.5, 12)"])
def test_a_belt_with_a_taker_ahead_is_not_blocked(play: Play, taker: str) -> None:
    console(play, LINE + FILL + taker)
    play("step", ticks=60)
    assert look(play, "transport-belt", -3.5, 4.5)["warnings"] in ([], ["full"])


def test_one_full_lane_is_no_full_belt(play: Play) -> None:
    console(play, LINE + FILL.replace("lane = 1, 2", "lane = 1, 1"))
    play("step", ticks=60)
    assert look(play, "transport-belt", -5.5, 4.5)["warnings"] == []


@pytest.mark.parametrize("name", ["underground-belt", "fast-underground-belt", "express-underground-belt"])
def test_underground_ends_know_each_other(play: Play, name: str) -> None:
    console(
        play,
        f"put('transport-belt', -9.5, 4.5, 4) put('{name}', -8.5, 4.5, 4, {{type = 'input'}}) "
        f"put('{name}', -4.5, 4.5, 4, {{type = 'output'}}) put('transport-belt', -3.5, 4.5, 4)",
    )
    entrance, way_out = look(play, name, -8.5, 4.5), look(play, name, -4.5, 4.5)
    assert (entrance["is_input"], way_out["is_input"]) == (True, False)
    assert (entrance["connected_to"], way_out["connected_to"]) == (way_out["id"], entrance["id"])
    assert (entrance["is_source"], entrance["is_terminus"]) == (False, False)
    assert (way_out["is_source"], way_out["is_terminus"]) == (False, False)
    assert entrance["input_position"] == at(-9.5, 4.5)
    assert way_out["output_position"] == at(-3.5, 4.5)
    assert type(to_entity(entrance)) is classes.UndergroundBelt


def test_underground_ends_alone(play: Play) -> None:
    console(
        play,
        "put('underground-belt', -8.5, 4.5, 4, {type = 'input'}) "
        "put('underground-belt', -5.5, 8.5, 4, {type = 'output'})",
    )
    entrance, way_out = look(play, "underground-belt", -8.5, 4.5), look(play, "underground-belt", -5.5, 8.5)
    assert (entrance["is_source"], entrance["is_terminus"]) == (True, True)
    assert (way_out["is_source"], way_out["is_terminus"]) == (True, True)
    assert "connected_to" not in entrance and "connected_to" not in way_out
