"""Looking for things: the nearest, patches of a resource, free ground, entities."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import prototypes as data
from tests.mod.play import RIGHT, UP, Play, at
from tests.mod.scene import console, look


@pytest.fixture(scope="module")
def still() -> Play:
    """A lab of its own, for tests that only look and walk."""
    play = Play()
    play.reset()
    return play


def everything(play: Play, what: str) -> list[tuple[float, float]]:
    """All places of a kind on the map, in the engine's order."""
    search = {
        "water": "s.find_tiles_filtered{area = {{-256, -256}, {256, 256}}, name = 'water'}",
        "wood": "s.find_entities_filtered{type = 'tree'}",
    }.get(what, f"s.find_entities_filtered{{name = '{what}'}}")
    text = console(
        play,
        f"local t = {{}} for i, e in ipairs({search}) do t[i] = e.position.x .. ' ' .. e.position.y end "
        "rcon.print(table.concat(t, ';'))",
    )
    return [(float(x), float(y)) for x, y in (pair.split() for pair in text.split(";"))]


def make_country(play: Play) -> None:
    """Makes the ground that searches reach: it is made when it is first looked at, which is no change by a tool."""
    console(play, "s.count_tiles_filtered{area = {{-210, -210}, {210, 210}}, name = 'water'}")


# nearest


@settings(max_examples=60, deadline=None)
@given(
    place=st.tuples(st.integers(-280, 280), st.integers(-280, 280)),
    what=st.sampled_from(["iron-ore", "water", "wood", "crude-oil", "stone"]),
)
def test_nearest_is_the_nearest_of_all(still: Play, place: tuple[int, int], what: str) -> None:
    x, y = place[0] / 4, place[1] / 4
    console(still, f"c.teleport({{{x}, {y}}})")
    found = still("nearest", name=what)
    # `min` gives the first of several that are as near.
    assert (found["x"], found["y"]) == min(everything(still, what), key=lambda spot: math.dist(spot, (x, y)))


def test_nearest_of_two_as_near_is_the_first_built(play: Play) -> None:
    for x in (5.5, -5.5):
        console(play, f"put('wooden-chest', {x}, 0.5) c.teleport({{0, 0.5}})")
    assert play("nearest", name="wooden-chest") == at(5.5, 0.5)


def test_nearest_looks_past_corners(play: Play) -> None:
    # In the corner of a square of 4 tiles, 5.3 away; the other lies outside of that square, 5 away.
    console(play, "c.teleport{0, 0} put('wooden-chest', 3.5, 3.5) put('iron-chest', 0.5, 4.5)")
    console(play, "for x = 3, 3 do put('pipe', x + .5, -3.5) end put('pipe', -0.5, -4.5)")
    assert play("nearest", name="pipe") == at(-0.5, -4.5)


def test_nearest_knows_short_names_and_corners_of_water(play: Play) -> None:
    for short, name in {"iron": "iron-ore", "copper": "copper-ore", "uranium": "uranium-ore"}.items():
        assert play("nearest", name=short) == play("nearest", name=name)
    water = play("nearest", name="water")
    assert water["x"] == int(water["x"]) and water["y"] == int(water["y"])
    assert play.ticks("nearest", name="coal") == 0


@pytest.mark.parametrize("name", ["steam-engine", "iron-gear-wheel", "nonsense"])
def test_nearest_of_nothing(play: Play, name: str) -> None:
    make_country(play)
    refused = play.refused("nearest", name=name)
    assert refused["code"] == "not_found"
    assert refused["message"] == f"could not find nearest {name} on the surface"
    assert refused["hint"]


# get_resource_patch


def ore(play: Play, name: str, spots: list[tuple[float, float]], amount: int = 100) -> None:
    for x, y in spots:
        console(play, f"s.create_entity{{name = '{name}', position = {{{x}, {y}}}, amount = {amount}}}")


def test_a_patch_hangs_together_by_corners(play: Play) -> None:
    ore(play, "iron-ore", [(-9.5, 4.5), (-8.5, 5.5), (-7.5, 5.5)])
    ore(play, "iron-ore", [(-5.5, 5.5)])  # a tile of bare ground between
    ore(play, "coal", [(-6.5, 5.5)])
    patch = play("get_resource_patch", name="iron-ore", position=at(-9.5, 4.5), radius=5)
    assert patch == {
        "name": "iron-ore",
        "size": 300,
        "bounding_box": {"left_top": at(-10, 4), "right_bottom": at(-7, 6)},
    }


def test_the_box_covers_the_place_asked_about(play: Play) -> None:
    ore(play, "iron-ore", [(-9.5, 4.5)])
    patch = play("get_resource_patch", name="iron-ore", position=at(-6, 8), radius=10)
    assert patch["bounding_box"] == {"left_top": at(-10, 4), "right_bottom": at(-6, 8)}
    assert patch["size"] == 100


def test_a_patch_across_blocks_is_one(play: Play) -> None:
    spots = [(x + 0.5, -16.5 + (x % 2)) for x in range(-18, 18)]
    ore(play, "stone", spots, amount=7)
    patch = play("get_resource_patch", name="stone", position=at(-17.5, -16.5))
    assert patch["size"] == 7 * 36
    assert patch["bounding_box"] == {"left_top": at(-18, -17), "right_bottom": at(18, -15)}


def test_the_size_of_a_field_is_all_that_lies_in_it(play: Play) -> None:
    place = play("nearest", name="copper-ore")
    total = console(
        play, "local n = 0 for _, e in ipairs(s.find_entities_filtered{name = 'copper-ore'}) do n = n + e.amount end "
        "rcon.print(n)",
    )  # fmt: skip
    assert play("get_resource_patch", name="copper-ore", position=place)["size"] == int(total)


def test_water_and_wood(play: Play) -> None:
    console(play, "s.set_tiles{{name = 'water', position = {-8, 8}}, {name = 'water', position = {-7, 8}}}")
    patch = play("get_resource_patch", name="water", position=at(-8, 8), radius=3)
    assert patch["size"] == 2
    assert patch["bounding_box"] == {"left_top": at(-8.5, 7.5), "right_bottom": at(-5.5, 9.5)}
    console(play, "s.create_entity{name = 'tree-01', position = {8.5, 8.5}}")
    wood = data.entities()["tree-01"]["minable"]
    assert play("get_resource_patch", name="wood", position=at(8.5, 8.5), radius=2)["size"] == wood["count"]


@pytest.mark.parametrize("radius", [0, 10])
def test_no_patch(play: Play, radius: int) -> None:
    refused = play.refused("get_resource_patch", name="iron-ore", position=at(0, 0), radius=radius)
    assert refused["code"] == "not_found"
    assert refused["message"].startswith("could not get iron-ore at (0, 0)")
    assert "tiles away" in refused["found"]


def test_radius_nothing_means_the_very_place(play: Play) -> None:
    ore(play, "iron-ore", [(-9.5, 4.5)])
    assert play("get_resource_patch", name="iron-ore", position=at(-9.5, 4.5), radius=0)["size"] == 100
    assert play.refused("get_resource_patch", name="iron-ore", position=at(-7.5, 4.5), radius=0)["code"] == "not_found"


def test_a_radius_has_a_lower_bound_only(play: Play) -> None:
    for tool in ("get_resource_patch", "get_entities"):
        refused = play.refused(tool, name="water", position=at(0, 0), radius=-1)
        assert refused["code"] == "bad_argument"
        assert "radius" in refused["message"]
    assert not play("get_entities", radius=1e9)
    assert play("get_resource_patch", name="coal", position=at(0, 0), radius=1e9)["size"] > 0


# nearest_buildable


def corner(found: dict[str, Any]) -> tuple[float, float]:
    return found["left_top"]["x"], found["left_top"]["y"]


def test_free_ground_begins_at_the_centre(play: Play) -> None:
    found = play("nearest_buildable", name="stone-furnace", width=3, height=2, position=at(5, 5))
    assert found == {"left_top": at(5, 5), "right_bottom": at(8, 7)}
    found = play("nearest_buildable", name="stone-furnace", width=3, height=2, position=at(5.25, 5.75))
    assert found == {"left_top": at(5.25, 5.75), "right_bottom": at(8.25, 7.75)}


def test_the_spiral_goes_right_down_left_up(play: Play) -> None:
    visited = [(0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (2, -1)]
    for rank, (dx, dy) in enumerate(visited):
        found = play("nearest_buildable", name="stone-furnace", width=1, height=1, position=at(5, 5))
        assert corner(found) == (5 + dx, 5 + dy), rank
        console(play, f"put('pipe', {5.5 + dx}, {5.5 + dy})")


def test_water_trees_and_things_on_the_ground_block(play: Play) -> None:
    console(
        play,
        "s.set_tiles{{name = 'water', position = {5, 5}}} s.create_entity{name = 'tree-01', position = {6.5, 5.5}} "
        "s.create_entity{name = 'item-on-ground', position = {6.5, 6.5}, stack = {name = 'coal', count = 1}}",
    )
    assert corner(play("nearest_buildable", name="iron-chest", width=1, height=1, position=at(5, 5))) == (5, 6)


def test_the_character_and_ore_do_not_block(play: Play) -> None:
    ore(play, "iron-ore", [(0.5, 0.5)])
    console(play, "c.teleport{0.5, 0.5}")
    assert corner(play("nearest_buildable", name="iron-chest", width=1, height=1, position=at(0, 0))) == (0, 0)


def test_a_drill_wants_ore_under_the_whole_box(play: Play) -> None:
    ore(play, "coal", [(x + 0.5, y + 0.5) for x in range(8, 12) for y in range(3, 6)])
    found = play("nearest_buildable", name="electric-mining-drill", width=4, height=3, position=at(5, 5))
    assert corner(found) == (8, 3)
    make_country(play)
    refused = play.refused("nearest_buildable", name="electric-mining-drill", width=19, height=19, position=at(0, 0))
    assert refused["code"] == "no_space"
    assert "electric-mining-drill" in refused["message"] and "19x19" in refused["message"]
    assert "decrease or split the box" in refused["hint"]


def middle(box: dict[str, Any]) -> dict[str, float]:
    (left, top), far = corner(box), box["right_bottom"]
    return at((left + far["x"]) / 2, (top + far["y"]) / 2)


@pytest.mark.parametrize("size", [(3, 3), (4, 4), (3, 8), (11, 9)])
@pytest.mark.parametrize("centre", [(5, 5), (5.5, 5.5), (10.5, 8.5), (9.25, 8.75)])
def test_a_pumpjack_goes_to_the_middle_of_its_box(
    play: Play, size: tuple[int, int], centre: tuple[float, float]
) -> None:
    play.reset({"pumpjack": 1})
    ore(play, "crude-oil", [(10.5, 8.5)])
    box = play("nearest_buildable", name="pumpjack", width=size[0], height=size[1], position=at(*centre))
    left, top = corner(box)
    assert left < 10.5 < left + size[0] and top < 8.5 < top + size[1]
    play("move_to", position=at(6, 6))
    jack = play("place_entity", name="pumpjack", position=middle(box), direction=UP)
    assert jack["position"] == at(10.5, 8.5)


def test_a_well_that_is_built_over_is_passed(play: Play) -> None:
    ore(play, "crude-oil", [(5.5, 5.5), (15.5, 5.5)])
    console(play, "put('wooden-chest', 4.5, 6.5)")
    box = play("nearest_buildable", name="pumpjack", width=3, height=3, position=at(5.5, 5.5))
    assert corner(box)[0] < 15.5 < corner(box)[0] + 3


def test_a_wide_box_may_have_its_well_beside_the_middle(play: Play) -> None:
    console(play, "for _, e in ipairs(s.find_entities_filtered{name = 'crude-oil'}) do e.destroy() end")
    ore(play, "crude-oil", [(10.5, 8.5)])
    console(play, "for y = -20, 40 do put('stone-wall', 8.5, y + 0.5) end")
    left, top = corner(play("nearest_buildable", name="pumpjack", width=8, height=3, position=at(10, 8)))
    assert left == 9 and top <= 7 and top + 3 >= 10
    console(play, "put('stone-wall', 11.5, 8.5)")
    make_country(play)
    refused = play.refused("nearest_buildable", name="pumpjack", width=8, height=3, position=at(10, 8))
    assert refused["code"] == "no_space"


def test_a_far_place_is_within_thirty_tiles(play: Play) -> None:
    play.reset({})
    ore(play, "coal", [(30.5, 0.5)])
    console(play, "for _, e in ipairs(s.find_entities_filtered{type = 'resource'}) do "
            "if e.position.x ~= 30.5 or e.position.y ~= 0.5 then e.destroy() end end")  # fmt: skip
    assert corner(play("nearest_buildable", name="burner-mining-drill", width=1, height=1, position=at(0, 0))) == (
        30,
        0,
    )
    make_country(play)
    refused = play.refused("nearest_buildable", name="burner-mining-drill", width=1, height=1, position=at(-1, 0))
    assert refused["code"] == "no_space"


def test_a_box_beyond_measure_is_refused(play: Play) -> None:
    for size in (0, 2.5, 1e6):
        refused = play.refused("nearest_buildable", name="pipe", width=size, height=1, position=at(0, 0))
        assert refused["code"] == "bad_argument"


# get_entity, get_entities


def test_get_entity_is_the_nearest_within_a_tile(play: Play) -> None:
    console(play, "put('wooden-chest', 4.5, 4.5) put('wooden-chest', 5.5, 4.5)")
    for x, y, expected in ((4.4, 4.5, 4.5), (5.1, 4.6, 5.5), (6.4, 4.5, 5.5)):
        assert play("get_entity", name="wooden-chest", position=at(x, y))["position"]["x"] == expected
    assert play("get_entity", name="wooden-chest", position=at(7.5, 4.5)) is None
    assert play("get_entity", name="iron-chest", position=at(4.5, 4.5)) is None


def test_get_entity_sees_what_is_nobodys(play: Play) -> None:
    ore(play, "coal", [(4.5, 4.5)])
    assert play("get_entity", name="coal", position=at(4.5, 4.5))["name"] == "coal"


@pytest.mark.parametrize("name", ["rocket", "iron-plate", "belt-group"])
def test_get_entity_of_what_is_none(play: Play, name: str) -> None:
    assert play("get_entity", name=name, position=at(0, 0)) is None


def test_get_entities_are_ours_within_a_square(play: Play) -> None:
    console(play, "put('pipe', 4.5, 4.5) put('wooden-chest', 8.5, 8.5) put('pipe', 15.5, 0.5)")
    ore(play, "coal", [(5.5, 5.5)])
    near = play("get_entities", position=at(5, 5), radius=4)
    assert [one["name"] for one in near] == ["pipe", "wooden-chest"]
    assert [one["position"]["x"] for one in play("get_entities", names=["pipe"])] == [4.5, 15.5]
    assert play("get_entities", names=["lab"]) in ([], {})
    assert [one["name"] for one in play("get_entities")] == ["pipe", "wooden-chest", "pipe"]


def test_one_and_many_tell_the_same(play: Play) -> None:
    console(
        play,
        "put('stone-furnace', -8, 4).insert{name = 'coal', count = 3} put('inserter', -5.5, 4.5, 4) "
        "put('assembling-machine-2', -8.5, 8.5).set_recipe('iron-gear-wheel') put('pipe', -4.5, 8.5) "
        "put('boiler', -8.5, 13, 4) put('small-electric-pole', -5.5, 6.5) put('transport-belt', 5.5, 5.5)",
    )
    play("step", ticks=3)
    for one in play("get_entities"):
        alone = look(play, one["name"], one["position"]["x"], one["position"]["y"])
        assert alone == one | {"warnings": list(one["warnings"] or [])}


def test_placing_and_looking_tell_the_same(play: Play) -> None:
    play.reset({"burner-inserter": 1})
    placed = play("place_entity", name="burner-inserter", position=at(4.5, 0.5), direction=RIGHT)
    assert placed == play("get_entity", name="burner-inserter", position=at(4.5, 0.5))
    assert placed["direction"] == RIGHT != UP


# get_prototype_recipe


@pytest.mark.parametrize("name", ["iron-gear-wheel", "advanced-oil-processing", "uranium-processing", "water-barrel"])
def test_a_recipe_is_the_prototypes(play: Play, name: str) -> None:
    raw, recipe = data.others("recipe")[name], play("get_prototype_recipe", name=name)
    assert recipe["name"] == name
    for key, side in (("ingredients", "ingredients"), ("products", "results")):
        assert {(one["name"], one["amount"], one["type"]) for one in recipe[key]} == {
            (one["name"], one["amount"], one["type"]) for one in raw[side]
        }
    assert [one.get("probability", 1) for one in recipe["products"]] == pytest.approx(
        [one.get("probability", 1) for one in raw["results"]]
    )


def test_no_recipe(play: Play) -> None:
    refused = play.refused("get_prototype_recipe", name="nonsense")
    assert refused["code"] == "not_available"
    assert "RecipeName" in refused["hint"]
