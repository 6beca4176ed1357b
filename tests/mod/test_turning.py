"""`rotate_entity` on the embedded engine: whatever turns stands as if it had been placed so, or nothing has changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.game.portable import canonical
from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at, refer

TURNING = (
    "splitter", "boiler", "steam-engine", "pump", "heat-exchanger", "flamethrower-turret", "arithmetic-combinator",
    "transport-belt", "inserter", "storage-tank", "burner-mining-drill", "chemical-plant", "oil-refinery",
)  # fmt: skip
STOCK = dict.fromkeys(TURNING, 2) | {"wooden-chest": 200, "transport-belt": 20, "coal": 20, "pipe": 20}
DIRECTIONS = (UP, RIGHT, DOWN, LEFT)


@pytest.fixture
def stocked(play: Play) -> Play:
    play.reset(STOCK, all_technologies=True)
    return play


def spot_of(play: Play, name: str) -> dict[str, float]:
    """A drill stands on ore only, everything else anywhere."""
    spot = play("nearest", name="iron-ore") if "drill" in name else at(20.5, 20.5)
    play("move_to", position={"x": spot["x"] - 6, "y": spot["y"]})
    return dict(spot)


def free_tiles(play: Play, entity: Any) -> set[tuple[int, int]]:
    """Where around an entity a chest could be put, of 9 x 9 tiles."""
    x, y = int(entity["position"]["x"]), int(entity["position"]["y"])
    found = set()
    for dx in range(-4, 5):
        for dy in range(-4, 5):
            place = at(x + dx + 0.5, y + dy + 0.5)
            if play("can_place_entity", name="wooden-chest", position=place):
                found.add((dx, dy))
    return found


def without_number(entity: Any) -> dict[str, Any]:
    return {key: value for key, value in entity.items() if key not in ("id", "connected_to")}


@pytest.mark.parametrize("name", TURNING)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sampled_from(DIRECTIONS), turns=st.lists(st.sampled_from(DIRECTIONS), min_size=1, max_size=4))
def test_what_was_turned_equals_what_is_placed_so(stocked: Play, name: str, first: int, turns: list[int]) -> None:
    stocked.reset(STOCK, all_technologies=True)
    placed = turned = stocked("place_entity", name=name, position=spot_of(stocked, name), direction=first)
    for direction in turns:
        turned = stocked("rotate_entity", entity=refer(turned), direction=direction)
        assert turned["direction"] == direction
    free = free_tiles(stocked, turned)
    assert without_number(stocked("get_entity", name=name, position=turned["position"])) == without_number(turned)
    back = stocked("rotate_entity", entity=refer(turned), direction=first)
    assert without_number(back) == without_number(placed), "turning it back brings it back"
    stocked("pickup_entity", name=name, position=back["position"])
    fresh = stocked("place_entity", name=name, position=turned["position"], direction=turns[-1])
    assert without_number(fresh) == without_number(turned)
    assert free_tiles(stocked, fresh) == free


def test_what_was_turned_comes_through_saves_and_blueprints(stocked: Play) -> None:
    places = {"splitter": at(20, 2.5), "boiler": at(24.5, 2), "pump": at(28.5, 2), "steam-engine": at(32.5, 2.5)}
    stocked("move_to", position=at(26, 7))
    for name, place in places.items():
        entity = stocked("place_entity", name=name, position=place, direction=UP)
        stocked("rotate_entity", entity=refer(entity), direction=LEFT)

    def stands() -> list[tuple[str, float, float, int]]:
        found = stocked("get_entities")
        return sorted((each["name"], each["position"]["x"], each["position"]["y"], each["direction"]) for each in found)

    before = stands()
    assert [each[0] for each in before] == sorted(places)
    saved = json.loads(json.dumps(canonical(stocked("save"))))
    stocked("restore", state=saved)
    assert stands() == before
    assert canonical(stocked("save")) == saved
    area = {"left_top": at(15, -5), "right_bottom": at(40, 6)}
    drawn = stocked("export_blueprint", area=area)["entities"]
    entries = [{"name": e["name"], **e["position"], "direction": e["direction"]} for e in drawn]
    stocked.reset(STOCK, all_technologies=True)
    corner = at(min(x for _, x, _, _ in before) - 0.5, 20)
    built = stocked("import_blueprint", entities=entries, position=corner)
    down = built[0]["position"]["y"] - drawn[0]["position"]["y"]
    aside = built[0]["position"]["x"] - drawn[0]["position"]["x"]
    assert stands() == sorted((name, x + aside, y + down, direction) for name, x, y, direction in before)


def test_belts_join_a_splitter_that_was_turned(stocked: Play) -> None:
    """The world that a quarter turn of a splitter once broke: a belt at its new side is built, paid and fed by it."""
    splitter = stocked("place_entity", name="splitter", position=at(-6, -6), direction=UP)
    turned = stocked("rotate_entity", entity=refer(splitter), direction=RIGHT)
    assert (turned["position"], turned["direction"]) == (at(-5.5, -5), RIGHT)
    belts = [
        stocked("place_entity", name="transport-belt", position=at(x, y), direction=RIGHT)
        for x in (-6.5, -4.5)
        for y in (-5.5, -4.5)
    ]
    assert stocked.held()["transport-belt"] == STOCK["transport-belt"] - len(belts)
    for belt in belts[:2]:
        stocked("insert_item", item="coal", target=refer(belt), quantity=1)
    stocked("sleep", seconds=3)
    after = [stocked("get_entity", name="transport-belt", position=belt["position"]) for belt in belts]
    held = [sum(sum(lane.values()) for lane in belt["inventory"].values()) for belt in after]
    assert held[:2] == [0, 0]
    assert sum(held[2:]) == 2


def test_a_turned_boiler_takes_water_at_its_new_sides_and_keeps_what_it_holds(stocked: Play) -> None:
    boiler = stocked("place_entity", name="boiler", position=at(6.5, 3), direction=UP)
    stocked("insert_item", item="coal", target=refer(boiler), quantity=5)
    turned = stocked("rotate_entity", entity=refer(boiler), direction=RIGHT)
    assert turned["fuel"] == {"coal": 5}
    fresh = stocked("place_entity", name="boiler", position=at(6, -3.5), direction=RIGHT)
    offsets = [
        sorted(
            (point["x"] - one["position"]["x"], point["y"] - one["position"]["y"]) for point in one["connection_points"]
        )
        for one in (turned, fresh)
    ]
    assert offsets[0] == offsets[1]


@pytest.mark.parametrize(("name", "side"), [("boiler", at(6.5, 4.5)), ("splitter", at(7.5, 4.5))])
def test_what_would_cover_something_else_is_not_turned(stocked: Play, name: str, side: dict[str, float]) -> None:
    entity = stocked("place_entity", name=name, position=at(6.5, 3), direction=UP)
    stocked("place_entity", name="wooden-chest", position=side)
    error = stocked.refused("rotate_entity", entity=refer(entity), direction=RIGHT)
    assert error["code"] == "blocked"
    assert "wooden-chest" in error["message"]
    assert error["hint"]


def test_the_character_steps_off_the_ground_that_is_to_be_covered(stocked: Play) -> None:
    entity = stocked("place_entity", name="steam-engine", position=at(4.5, 0.5), direction=UP)
    stocked("move_to", position=at(2.5, 0.5))
    turned = stocked("rotate_entity", entity=refer(entity), direction=RIGHT)
    assert turned["direction"] == RIGHT
    assert stocked("move_to", position=at(2.5, 4.5)) == at(2.5, 4.5), "it stands free and walks on"
