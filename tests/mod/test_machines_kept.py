"""What machines hold when they are turned, set to another recipe or taken down, and which items each kind takes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at

STOCK = {
    "assembling-machine-2": 2, "chemical-plant": 1, "iron-plate": 40, "copper-cable": 20, "speed-module": 4, "coal": 20,
    "lab": 1, "automation-science-pack": 5, "gun-turret": 1, "firearm-magazine": 20, "beacon": 1, "burner-inserter": 1,
    "electric-furnace": 1, "iron-ore": 10, "nuclear-reactor": 1, "uranium-fuel-cell": 3, "boiler": 1,
    "steel-furnace": 1,
    "solar-panel": 4, "small-electric-pole": 2, "electric-mining-drill": 1, "inserter": 1, "wooden-chest": 2,
}  # fmt: skip


@pytest.fixture
def stocked(play: Play) -> Play:
    play.reset(STOCK)
    return play


def powered_gears(play: Play) -> Any:
    machine = play("place_entity", name="assembling-machine-2", position=at(4.5, 4.5))
    play("place_entity", name="small-electric-pole", position=at(2.5, 2.5))
    for x in (-1.5, -4.5):
        play("place_entity", name="solar-panel", position=at(x, 4.5))
    play("place_entity", name="small-electric-pole", position=at(0.5, 2.5))
    play("set_entity_recipe", entity=machine, recipe="iron-gear-wheel")
    play("insert_item", item="iron-plate", target=machine, quantity=6)
    play("sleep", seconds=0.2)
    return play("get_entity", name="assembling-machine-2", position=machine["position"])


@pytest.mark.parametrize("direction", [UP, RIGHT, DOWN, LEFT])
def test_a_turned_machine_keeps_recipe_contents_and_work(stocked: Play, direction: int) -> None:
    machine = powered_gears(stocked)
    # Two plates are in the craft under way.
    assert machine["assembling_machine_input"] == {"iron-plate": 4}
    turned = stocked("rotate_entity", entity=machine, direction=direction)
    same = ("recipe", "assembling_machine_input", "assembling_machine_output", "position", "id")
    assert {key: turned.get(key) for key in same} == {key: machine.get(key) for key in same}
    assert turned["direction"] == direction
    stocked("sleep", seconds=10)
    assert stocked("inspect_inventory", entity=machine) == {"iron-gear-wheel": 3}


def test_taking_down_a_machine_at_work_brings_the_craft_back(stocked: Play) -> None:
    machine = powered_gears(stocked)
    stocked("pickup_entity", name=machine["name"], position=machine["position"])
    assert stocked.held()["iron-plate"] == STOCK["iron-plate"]


def test_a_new_recipe_hands_back_what_the_old_one_held(stocked: Play) -> None:
    machine = powered_gears(stocked)
    changed = stocked("set_entity_recipe", entity=machine, recipe="copper-cable")
    assert changed["recipe"]["name"] == "copper-cable"
    assert not changed["assembling_machine_input"]
    assert stocked.held()["iron-plate"] == STOCK["iron-plate"]


FILL = """
local character = game.get_surface(storage.surface).find_entities_filtered{type = "character"}[1]
for _, name in ipairs{"wood", "iron-plate"} do character.insert{name = name, count = 100000} end
"""


def test_a_full_inventory_keeps_a_recipe_and_lets_a_machine_move(stocked: Play) -> None:
    machine = powered_gears(stocked)
    stocked.wire.scripts.run_code("agent", FILL, "scene")
    error = stocked.refused("set_entity_recipe", entity=machine, recipe="copper-cable")
    assert error["code"] == "inventory_full"
    held = stocked.held()
    moved = stocked("shift_entity", entity=machine, direction=UP, distance=7)
    assert moved["recipe"]["name"] == "iron-gear-wheel"
    assert stocked.held() == held


@pytest.mark.parametrize("wrong", ["no-such-item", "water", "iron-gear-wheels"])
def test_a_filter_that_is_no_item_leaves_an_inserter_as_it_was(stocked: Play, wrong: str) -> None:
    inserter = stocked("place_entity", name="inserter", position=at(3.5, 0.5), direction=RIGHT)
    assert stocked.refused("set_entity_recipe", entity=inserter, recipe=wrong)["code"] == "bad_argument"


def test_an_inserter_gets_a_filter_and_swaps_its_sides(stocked: Play) -> None:
    inserter = stocked("place_entity", name="inserter", position=at(3.5, 0.5), direction=RIGHT)
    assert stocked("set_entity_recipe", entity=inserter, recipe="coal")["name"] == "inserter"
    chests = [stocked("place_entity", name="wooden-chest", position=at(x, 0.5)) for x in (2.5, 4.5)]
    turned = stocked("rotate_entity", entity=inserter, direction=LEFT)
    assert (turned["pickup_position"], turned["drop_position"]) == (chests[1]["position"], chests[0]["position"])
    assert turned["direction"] == LEFT


TAKES = [
    ("electric-furnace", "iron-ore", "furnace_source"), ("electric-furnace", "speed-module", None),
    ("steel-furnace", "coal", "fuel"), ("lab", "automation-science-pack", "lab_input"), ("boiler", "coal", "fuel"),
    ("lab", "speed-module", "lab_modules"), ("gun-turret", "firearm-magazine", "turret_ammo"),
    ("beacon", "speed-module", None), ("burner-inserter", "coal", "fuel"),
    ("nuclear-reactor", "uranium-fuel-cell", "fuel"),
    ("assembling-machine-2", "speed-module", "assembling_machine_modules"),
    ("electric-mining-drill", "speed-module", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "item", "field"), TAKES)
def test_each_kind_takes_what_it_should(stocked: Play, name: str, item: str, field: str | None) -> None:
    place = stocked("nearest", name="iron-ore") if "drill" in name else at(5, 5)
    stocked("move_to", position=place)
    entity = stocked("place_entity", name=name, position=place, exact=False)
    filled = stocked("insert_item", item=item, target=entity, quantity=1)
    if field:
        assert filled[field] == {item: 1}
    assert stocked.held().get(item, 0) == STOCK[item] - 1
    assert stocked("extract_item", item=item, source={"position": entity["position"], "name": name}) == 1
    assert stocked.held()[item] == STOCK[item]


@pytest.mark.parametrize(
    ("name", "item"),
    [("boiler", "uranium-fuel-cell"), ("nuclear-reactor", "coal"), ("electric-furnace", "coal"), ("lab", "coal"),
     ("gun-turret", "coal"), ("beacon", "coal"), ("burner-inserter", "iron-ore")],
)  # fmt: skip
def test_each_kind_refuses_what_it_should(stocked: Play, name: str, item: str) -> None:
    entity = stocked("place_entity", name=name, position=at(5, 5), exact=False)
    assert stocked.refused("insert_item", item=item, target=entity)["code"] == "not_accepted"
