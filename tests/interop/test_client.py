"""A client nobody here wrote plays on the embedded server as it is: it constructs, builds, researches and saves.

It runs against the wall clock at ten times the game's speed, as it would with the game. So amounts are bounds: from
below by what the rates of the machines give in the time that was slept, from above by what was put in.
"""

from __future__ import annotations

import pytest

from tests.interop.conftest import Play

pytestmark = [pytest.mark.slow, pytest.mark.interop]


def test_it_constructs_itself_twice_and_finds_its_world(play: Play) -> None:
    seen = play("construct")
    assert seen["clients"] == 2
    assert seen["inventory"] == {"coal": 50, "iron-plate": 20}
    assert set(seen["nearest"]) == {"IronOre", "CopperOre", "Coal", "Stone", "CrudeOil", "Water", "Wood"}
    assert all(abs(x) < 100 and abs(y) < 100 for x, y in seen["nearest"].values())
    assert seen["score"] == 0


def test_iron_is_smelted_with_coal_from_a_belt(play: Play) -> None:
    seen = play("smelting")
    assert seen["belts"] > 20
    assert seen["furnace_coal"] > 0, "the furnace has had coal from the belt alone"
    assert seen["furnace"] == "working"
    assert seen["plates"] - seen["plates_before"] >= 10, "a burner drill digs 15 ores a minute"
    assert seen["score"] > 0


def test_steam_drives_an_assembling_machine(play: Play) -> None:
    seen = play("power")
    assert seen["working"] == "working"
    assert seen["engine"] == "working"
    assert seen["gears"] == 20, "40 plates, two a gear, at one gear a second, taken out by an inserter"
    assert seen["plates_left"] == 0


def test_a_belt_carries_from_chest_to_chest(play: Play) -> None:
    seen = play("belt")
    assert seen["belts"] > 20
    assert seen["left"] == 0
    assert seen["arrived"] == 20


def test_a_lab_researches(play: Play) -> None:
    seen = play("research")
    assert seen["at_first"] == 10
    assert seen["between"] in range(4, 8), "a pack takes ten seconds"
    assert seen["lab"] == "working"
    assert seen["done"] == "true"


def test_a_state_is_saved_and_loaded(play: Play) -> None:
    seen = play("save_load")
    assert len(seen["before"]) == 10
    assert seen["cleared"] == 0
    assert seen["after"] == seen["before"]
    assert seen["chest"] == 7
    assert 5 <= seen["plates_smelted"] <= 10, "3.2 seconds a plate"
    assert seen["coal"] == 15
    assert seen["furnace_coal"] in (3, 4)


TOOLS = """
can_place_entity connect_entities craft_item extract_item get_connection_amount get_entities get_entity
get_prototype_recipe get_research_progress get_resource_patch harvest_resource insert_item inspect_inventory
launch_rocket move_to nearest nearest_buildable pickup_entity place_entity place_entity_next_to print
rotate_entity score send_message set_entity_recipe set_research sleep
""".split()


def test_every_tool_answers(play: Play) -> None:
    seen = play("tools")
    failed = {name: result["said"] for name, result in seen.items() if not result["ok"]}
    assert sorted([*seen]) == TOOLS
    assert not failed
