"""Hard grounds for connections, one by one."""

import pytest

from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at
from tests.mod.scenes import (
    Tile,
    carries,
    column,
    connect,
    console,
    here,
    look_round,
    pour,
    put,
    row,
    segments,
    standing,
)

STOCK = {
    "transport-belt": 300, "fast-transport-belt": 50, "underground-belt": 20, "pipe": 200, "pipe-to-ground": 20,
    "small-electric-pole": 50, "medium-electric-pole": 20, "stone-wall": 50, "coal": 50, "wooden-chest": 5,
    "steam-engine": 3, "boiler": 3, "assembling-machine-1": 3, "inserter": 4, "oil-refinery": 2, "chemical-plant": 2,
    "storage-tank": 2,
}  # fmt: skip


@pytest.fixture
def stocked(play: Play) -> Play:
    play.reset(STOCK)
    return play


def pieces(result: dict[str, object], name: str) -> int:
    return [piece["name"] for piece in list(result["entities"])].count(name)  # type: ignore[call-overload]


def test_a_belt_turns_round_a_wall(stocked: Play) -> None:
    put(stocked, "stone-wall", [*column(4, -3, 8), *row(8, -3, 3), *row(-3, -3, 3)])
    result = connect(stocked, [(1, 2), (7, 2)], "transport-belt")
    # The pocket opens to the left of x = -3: to (-4, 2), up to the row above the wall and back to (7, 2).
    assert result["placed"] == 1 + 5 + 6 + 11 + 6
    assert carries(stocked, (1, 2), (7, 2))


def test_a_belt_goes_through_a_gap(stocked: Play) -> None:
    put(stocked, "stone-wall", [tile for tile in column(4, -40, 45) if tile != (4, 6)])
    result = connect(stocked, [(1, 2), (7, 2)], "transport-belt")
    assert result["placed"] == 7 + 2 * 4
    assert carries(stocked, (1, 2), (7, 2))


def test_a_belt_crosses_another_underground(stocked: Play) -> None:
    put(stocked, "transport-belt", column(4, -45, 50), direction=DOWN)
    look_round(stocked)
    refused = stocked.refused("connect_entities", waypoints=[here((1, 2)), here((7, 2))], types=["transport-belt"])
    assert refused["code"] == "blocked"
    assert "transport-belt at (4.5, 2.5)" in refused["message"]
    assert "underground" in refused["hint"]
    result = connect(stocked, [(1, 2), (7, 2)], "transport-belt", "underground-belt")
    assert pieces(result, "underground-belt") == 2
    assert carries(stocked, (1, 2), (7, 2))
    assert not any(
        belt["inventory"]["left"] or belt["inventory"]["right"]
        for belt in stocked("get_entities", names=["transport-belt"])
        if belt["position"]["x"] == 4.5
    )


def test_a_new_pair_does_not_come_between_another(stocked: Play) -> None:
    put(stocked, "underground-belt", [(2, 2)], direction=RIGHT, type="input")
    put(stocked, "underground-belt", [(7, 2)], direction=RIGHT, type="output")
    put(stocked, "stone-wall", [*column(4, -40, 1), *column(4, 3, 45), (4, 2)])
    connect(stocked, [(3, 5), (6, 5)], "transport-belt", "underground-belt")
    connect(stocked, [(3, 2), (6, 2)], "transport-belt", "underground-belt")
    ends = {
        end["position"]["x"]: end
        for end in stocked("get_entities", names=["underground-belt"], position=at(4, 2.5), radius=4)
        if end["position"]["y"] == 2.5
    }
    assert ends[2.5]["connected_to"] == ends[7.5]["id"]
    assert carries(stocked, (3, 2), (6, 2))


def test_straight_runs_go_underground_as_far_as_the_stock_allows(stocked: Play) -> None:
    result = connect(stocked, [(-10, 2), (20, 2)], "transport-belt", "underground-belt")
    # 29 tiles between the margins: four pairs six tiles long fill 24, five are left for a last pair.
    assert (pieces(result, "underground-belt"), pieces(result, "transport-belt")) == (10, 2)
    assert carries(stocked, (-10, 2), (20, 2))
    stocked.reset(STOCK | {"underground-belt": 5})
    result = connect(stocked, [(-10, 2), (20, 2)], "transport-belt", "underground-belt")
    assert (pieces(result, "underground-belt"), pieces(result, "transport-belt")) == (4, 31 - 2 * 6)
    stocked.reset(STOCK | {"underground-belt": 0})
    result = connect(stocked, [(-10, 2), (20, 2)], "transport-belt", "underground-belt")
    assert pieces(result, "transport-belt") == 31


def test_three_waypoints_are_one_line(stocked: Play) -> None:
    points: list[Tile] = [(0, 3), (6, 3), (6, -4), (0, -4)]
    dry = connect(stocked, points, "transport-belt", dry_run=True)
    result = connect(stocked, points, "transport-belt")
    assert dry["required"] == result["placed"] == len(list(result["entities"])) == 6 + 7 + 6 + 1
    assert carries(stocked, points[0], points[-1])


def test_a_later_leg_that_fails_takes_the_earlier_ones_with_it(stocked: Play) -> None:
    put(stocked, "stone-wall", [*row(-6, -2, 2), *row(-2, -2, 2), *column(-2, -5, -3), *column(2, -5, -3)])
    points = [here((0, 3)), here((6, 3)), here((0, -4))]
    look_round(stocked)
    refused = stocked.refused("connect_entities", waypoints=points, types=["transport-belt"])
    assert refused["message"].startswith("Failed to connect transport-belt from (6.5, 3.5) to (0.5, -3.5). ")
    assert "stone-wall" in refused["message"]


def test_groups_are_joined_end_to_start(stocked: Play) -> None:
    first = connect(stocked, [(0, 3), (4, 3)], "transport-belt")
    second = connect(stocked, [(9, -3), (9, -8)], "transport-belt")
    groups = [
        {"members": [{"name": one["name"], "position": one["position"]} for one in group["entities"]]}
        for group in (first, second)
    ]
    result = connect(stocked, groups, "transport-belt")
    assert result["placed"] == 5 + 5
    assert len(list(result["entities"])) == 5 + 6 + 10
    assert carries(stocked, (0, 3), (9, -8))
    assert connect(stocked, groups, "transport-belt")["placed"] == 0


def test_the_source_end_turns(stocked: Play) -> None:
    connect(stocked, [(0, 3), (4, 3)], "transport-belt")
    connect(stocked, [(4, 3), (4, 8)], "transport-belt")
    assert standing(stocked, "transport-belt", (4, 3))["direction"] == DOWN
    assert carries(stocked, (0, 3), (4, 8))


def test_the_way_keeps_out_of_what_others_drop(stocked: Play) -> None:
    put(stocked, "transport-belt", [(4, 1)], direction=DOWN)
    connect(stocked, [(1, 2), (7, 2)], "transport-belt")
    assert stocked("get_entity", name="transport-belt", position=at(4.5, 2.5))["position"] != at(4.5, 2.5)


def test_a_line_drawn_past_inserters_serves_them(stocked: Play) -> None:
    put(stocked, "inserter", [(2, 1), (4, 1), (6, 1)], direction=DOWN)
    put(stocked, "inserter", [(3, 3), (5, 3)], direction=DOWN)
    assert connect(stocked, [(1, 2), (7, 2)], "transport-belt")["placed"] == 7


def test_a_belt_goes_round_water(stocked: Play) -> None:
    water = stocked("nearest", name="water")
    patch = stocked("get_resource_patch", name="water", position=water, radius=60)["bounding_box"]
    ends: list[Tile] = [
        (int(patch["left_top"]["x"]) - 3, (int(patch["left_top"]["y"]) + int(patch["right_bottom"]["y"])) // 2),
        (int(patch["right_bottom"]["x"]) + 3, (int(patch["left_top"]["y"]) + int(patch["right_bottom"]["y"])) // 2),
    ]
    result = connect(stocked, ends, "transport-belt")
    assert result["placed"] > ends[1][0] - ends[0][0] + 1
    assert carries(stocked, ends[0], ends[1], 90)


def test_pipes_run_along_a_foreign_line(stocked: Play) -> None:
    put(stocked, "pipe", row(3, -4, 14))
    pour(stocked, (0, 3), "crude-oil", 100)
    before = segments(stocked)
    result = connect(stocked, [(0, 1), (10, 1)], "pipe")
    assert result["placed"] == 11
    connect(stocked, [(0, 7), (0, -2)], "pipe", "pipe-to-ground")
    after = segments(stocked)
    assert {place: after[place] for place in before} == before
    assert len(set(after.values())) == 3
    pour(stocked, (0, 1), "water", 50)
    stocked("sleep", seconds=1)
    assert standing(stocked, "pipe", (10, 1))["fluid"] == "water"
    assert standing(stocked, "pipe", (0, 3))["contents"] == pytest.approx(100)


def test_pipes_want_the_same_fluid(stocked: Play) -> None:
    put(stocked, "pipe", [(0, 0), (9, 0)])
    pour(stocked, (0, 0), "water", 10)
    pour(stocked, (9, 0), "steam", 10)
    refused = stocked.refused("connect_entities", waypoints=[here((0, 0)), here((9, 0))], types=["pipe"])
    assert refused["code"] == "fluid_mismatch"
    assert "water" in refused["message"]
    assert "steam" in refused["message"]


def test_one_pair_of_underground_pipes(stocked: Play) -> None:
    result = connect(stocked, [(0, 3), (10, 3)], "pipe-to-ground")
    assert [piece["name"] for piece in result["entities"]] == ["pipe-to-ground"] * 2
    assert len(set(segments(stocked).values())) == 1
    refused = stocked.refused("connect_entities", waypoints=[here((0, 7)), here((11, 7))], types=["pipe-to-ground"])
    assert "10 tiles" in refused["message"]


def test_recipes_say_which_ports_are_joined(stocked: Play) -> None:
    refinery = stocked.place("oil-refinery", 0.5, 10.5)
    plant = stocked.place("chemical-plant", 10.5, -2.5)
    types = ["pipe", "pipe-to-ground"]
    refused = stocked.refused("connect_entities", waypoints=[refinery, plant], types=types)
    assert refused["code"] == "no_recipe"
    refinery = stocked("set_entity_recipe", entity=refinery, recipe="advanced-oil-processing")
    plant = stocked("set_entity_recipe", entity=plant, recipe="heavy-oil-cracking")
    result = connect(stocked, [refinery, plant], *types)
    assert result["placed"]
    laid = {(piece["position"]["x"], piece["position"]["y"]) for piece in result["entities"]}
    (heavy,) = [(p["x"], p["y"]) for p in refinery["output_connection_points"] if p["type"] == "heavy-oil"]
    (inlet,) = [(p["x"], p["y"]) for p in plant["input_connection_points"] if p["type"] == "heavy-oil"]
    assert {heavy, inlet} <= laid
    others = {(p["x"], p["y"]) for p in refinery["output_connection_points"]} - {heavy}
    others |= {(p["x"], p["y"]) for p in plant["input_connection_points"]} - {inlet}
    assert not others & laid
    assert connect(stocked, [refinery, plant], *types)["placed"] == 0
    tank = stocked.place("storage-tank", -12.5, 5.5)
    connect(stocked, [here((-14, 10)), tank], "pipe")
    assert stocked.refused("connect_entities", waypoints=[tank, plant], types=["pipe"])["code"] in (
        "empty_source", "fluid_mismatch", "blocked",
    )  # fmt: skip


def test_poles_use_what_stands(stocked: Play) -> None:
    put(stocked, "small-electric-pole", [(8, 3), (14, 3), (20, 3)])
    result = connect(stocked, [(2, 3), (26, 3)], "small-electric-pole")
    assert result["placed"] == 2
    assert len({pole["electrical_id"] for pole in result["entities"]}) == 1
    assert len(list(result["entities"])) == 5


def test_poles_reach_over_a_wall(stocked: Play) -> None:
    put(stocked, "stone-wall", [(x, y) for x in range(4, 8) for y in range(-45, 50)])
    result = connect(stocked, [(1, 2), (14, 2)], "small-electric-pole")
    assert len({pole["electrical_id"] for pole in result["entities"]}) == 1
    assert result["placed"] <= 4


def test_poles_go_round_what_they_cannot_span(stocked: Play) -> None:
    put(stocked, "stone-wall", [(x, y) for x in range(4, 16) for y in range(-12, 13)])
    result = connect(stocked, [(1, 2), (20, 2)], "small-electric-pole")
    assert len({pole["electrical_id"] for pole in result["entities"]}) == 1


def test_poles_hop_out_of_a_pocket_in_what_they_cannot_span(stocked: Play) -> None:
    slab = [(x, y) for x in range(6, 15) for y in range(-7, 9)]
    pocket = [(3, y) for y in range(-2, 4)] + [(x, y) for x in range(4, 6) for y in (-2, 3)]
    put(stocked, "stone-wall", slab + pocket)
    result = connect(stocked, [(-2, 0), (24, 0)], "small-electric-pole")
    assert len({pole["electrical_id"] for pole in result["entities"]}) == 1
    assert result["placed"] <= 8


def test_machines_get_a_pole_beside_them(stocked: Play) -> None:
    engine = stocked.place("steam-engine", 0.5, 10.5)
    machine = stocked.place("assembling-machine-1", 30.5, 10.5)
    result = connect(stocked, [engine, machine], "medium-electric-pole")
    assert result["placed"] >= 3
    assert (
        stocked("get_entity", name="steam-engine", position=engine["position"])["electrical_id"]
        == stocked("get_entity", name="assembling-machine-1", position=machine["position"])["electrical_id"]
    )
    assert connect(stocked, [machine, engine], "small-electric-pole")["placed"] == 0


def test_the_walk_is_counted_and_not_run(stocked: Play) -> None:
    before = stocked("observe")
    assert stocked.ticks("connect_entities", waypoints=[here((0, 3)), here((5, 3))], types=["pipe"], dry_run=True) == 0
    dry = stocked("observe")
    connect(stocked, [(0, 3), (5, 3)], "pipe")
    after = stocked("observe")
    # 5 tiles at 0.15 tiles a tick, each rounded up: 7 ticks a tile; a build counts twice.
    assert dry["elapsed_ticks"] - before["elapsed_ticks"] == 5 * 7
    assert after["elapsed_ticks"] - dry["elapsed_ticks"] == 2 * 5 * 7
    assert after["ticks"] == before["ticks"]


def test_the_character_steps_off_the_line_and_else_stays(stocked: Play) -> None:
    connect(stocked, [(-5, 0), (5, 0)], "transport-belt")
    here_now = stocked("observe")["position"]
    assert abs(here_now["y"] - 0.5) > 0.5
    connect(stocked, [(-5, 9), (5, 9)], "transport-belt")
    assert stocked("observe")["position"] == here_now


@pytest.mark.parametrize("direction", [UP, RIGHT, DOWN, LEFT])
def test_inserters_are_ends_on_their_right_side(stocked: Play, direction: int) -> None:
    giver = stocked.place("inserter", -6.5, 3.5, direction)
    taker = stocked.place("inserter", 8.5, 3.5, direction)
    result = connect(stocked, [giver, taker], "transport-belt")
    places = [piece["position"] for piece in result["entities"]]
    assert giver["drop_position"] in places
    assert taker["pickup_position"] in places


def test_a_way_that_dives_does_not_cross_itself(stocked: Play) -> None:
    # The shortest way out would come by (1, 1) twice: to the left, and round again to go down ahead.
    free = {(2, 1), (1, 1), (0, 1), (0, 0), (1, 0), (0, -1), (1, -1)}
    put(stocked, "stone-wall", {(x, y) for x in range(-6, 9) for y in range(-7, 3)} - free)
    look_round(stocked)
    types = ("transport-belt", "underground-belt")
    asked = connect(stocked, [(2, 1), (1, 9)], *types, dry_run=True)["required"]
    result = connect(stocked, [(2, 1), (1, 9)], *types)
    assert result["placed"] == asked == len(result["entities"])
    assert carries(stocked, (2, 1), (1, 9))


def test_the_last_big_pole_has_its_place_kept(stocked: Play) -> None:
    stocked.reset(STOCK | {"big-electric-pole": 5})
    put(stocked, "small-electric-pole", [(9, 44)])
    ends = [here((9, 44)), {"position": at(49, 44)}]
    asked = connect(stocked, ends, "big-electric-pole", dry_run=True)["required"]
    result = connect(stocked, ends, "big-electric-pole")
    assert result["placed"] == asked
    assert {"x": 49, "y": 44} in [pole["position"] for pole in result["entities"]]


def test_a_splitter_is_joined_lane_by_lane(stocked: Play) -> None:
    console(stocked, "surface.create_entity{name = 'splitter', position = {10, 10.5}, force = 'player'}")
    splitter = {"name": "splitter", "position": at(10, 10.5)}
    connect(stocked, [(2, 20), splitter], "transport-belt")
    connect(stocked, [(18, 20), splitter], "transport-belt")
    refused = stocked.refused("connect_entities", waypoints=[here((18, 22)), splitter], types=["transport-belt"])
    assert refused["code"] == "no_open_end"
    assert "both inputs" in refused["message"].lower()
    connect(stocked, [splitter, (2, 2)], "transport-belt")
    connect(stocked, [splitter, (18, 2)], "transport-belt")
    for start in ((2, 20), (18, 20)):
        stocked("insert_item", item="coal", target=standing(stocked, "transport-belt", start), quantity=4)
    stocked("sleep", seconds=40)
    for end in ((2, 2), (18, 2)):
        lanes = standing(stocked, "transport-belt", end)["inventory"]
        assert lanes["left"] or lanes["right"]


def test_no_pole_more_than_the_target_needs(stocked: Play) -> None:
    put(stocked, "small-electric-pole", [(9, 24)])
    put(stocked, "assembling-machine-1", [(26, 24)])
    machine = {"name": "assembling-machine-1", "position": at(26.5, 24.5)}
    # Two wires of 7.5 tiles end at x = 23.5, 1.5 tiles from the machine and within the pole's 2.5.
    assert connect(stocked, [(9, 24), machine], "small-electric-pole")["placed"] == 2
    assert stocked("get_entity", **machine)["electrical_id"] is not None


def test_a_place_is_served_by_one_pole(stocked: Play) -> None:
    assert connect(stocked, [(40, 40), (40, 40)], "small-electric-pole")["placed"] == 1
    assert connect(stocked, [(0, 40), (6, 40), (0, 40)], "small-electric-pole")["placed"] == 2


def test_a_blocked_connection_names_what_must_not_be_touched(stocked: Play) -> None:
    put(stocked, "pipe", [(0, 10)])
    pour(stocked, (0, 10), "water", 50)
    put(stocked, "pipe", [(2, 10)])
    pour(stocked, (2, 10), "crude-oil", 50)
    put(stocked, "pipe", [(20, 10)])
    pour(stocked, (20, 10), "water", 50)
    refused = stocked.refused("connect_entities", waypoints=[here((20, 10)), here((1, 10))], types=["pipe"])
    assert refused["code"] == "blocked"
    assert "pipe at (2.5, 10.5)" in refused["message"]


def test_a_place_off_the_map_is_out_of_range(stocked: Play) -> None:
    far = {"position": at(1e8, 0)}
    refused = stocked.refused("connect_entities", waypoints=[here((0, 0)), far], types=["pipe"])
    assert "out of range" in refused["message"]
    assert "(1e+08, 0)" in refused["message"]
