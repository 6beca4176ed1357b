"""What acting tools do at the edges of what they take: nothing, far too much, or the wrong thing."""

from __future__ import annotations

import pytest

from harness.game import ToolFailure
from tests.mod.play import DOWN, LEFT, RIGHT, Play, at
from tests.mod.scene import console


@pytest.mark.parametrize("goal", [at(20000, 0), at(1e5, 1e5)])
def test_a_goal_beyond_everything_is_refused_at_once(play: Play, goal: dict[str, float]) -> None:
    error = play.refused("move_to", position=goal)
    assert error["code"] == "no_path"
    assert "2000 tiles" in error["message"]


def test_a_walk_that_fails_is_charged_to_nobody(play: Play) -> None:
    before = play("observe")
    with pytest.raises(ToolFailure, match="could not get path"):
        play("move_to", position=at(1500, 0))
    assert play("observe")["elapsed_ticks"] == before["elapsed_ticks"]
    walked = play.ticks("move_to", position=at(5, 0))
    assert play("observe")["elapsed_ticks"] - before["elapsed_ticks"] == walked


def test_nothing_to_craft_or_insert_does_nothing(play: Play) -> None:
    play.reset({"wooden-chest": 1, "coal": 3})
    chest = play.place("wooden-chest", 4.5, 4.5)
    held = play.held()
    assert play("craft_item", name="iron-gear-wheel", quantity=0) == 0
    target = {"name": "wooden-chest", "position": chest["position"]}
    assert not play("insert_item", item="coal", target=target, quantity=0)["inventory"]
    assert play.held() == held


def test_rails_are_known_by_their_item(play: Play) -> None:
    play.reset({"rail": 2})
    rail = play.place("rail", 4, 4)
    assert play("get_entity", name="rail", position=rail["position"])["name"] == "straight-rail"
    assert len(play("get_entities", names=["rail"])) == 1
    assert play("pickup_entity", name="rail", position=rail["position"])
    assert play.held() == {"rail": 2}


def test_one_end_brings_the_other(play: Play) -> None:
    play.reset({"underground-belt": 4})
    play("place_entity", name="underground-belt", position=at(3.5, 3.5), direction=RIGHT)
    play("place_entity", name="underground-belt", position=at(6.5, 3.5), direction=RIGHT)
    assert play("pickup_entity", name="underground-belt", position=at(6.5, 3.5), partner=True)
    assert play.held() == {"underground-belt": 4}
    assert not play("get_entities", names=["underground-belt"])


def test_a_recipe_is_kept_where_its_ingredients_have_no_room(play: Play) -> None:
    play.reset({"assembling-machine-1": 1, "iron-plate": 4}, all_technologies=True)
    machine = play.place("assembling-machine-1", 4.5, 4.5)
    target = {"name": "assembling-machine-1", "position": machine["position"]}
    play("set_entity_recipe", entity=target, recipe="iron-gear-wheel")
    play("insert_item", item="iron-plate", target=target, quantity=4)
    console(play, "c.get_main_inventory().insert{name = 'coal', count = 100000}")
    error = play.refused("set_entity_recipe", entity=target, recipe="pipe")
    assert error["code"] == "inventory_full"
    assert "iron-plate 4" in error["message"]


def test_a_furnace_says_that_it_chooses_itself(play: Play) -> None:
    play.reset({"stone-furnace": 1})
    furnace = play.place("stone-furnace", 4, 4)
    target = {"name": "stone-furnace", "position": furnace["position"]}
    error = play.refused("set_entity_recipe", entity=target, recipe="iron-plate")
    assert "stone-furnace" in error["message"]
    assert "put in" in error["message"]


def test_a_turret_says_what_it_takes(play: Play) -> None:
    play.reset({"gun-turret": 1, "coal": 2})
    turret = play.place("gun-turret", 4, 4)
    target = {"name": "gun-turret", "position": turret["position"]}
    error = play.refused("insert_item", item="coal", target=target, quantity=1)
    assert "firearm-magazine" in error["message"]


def test_what_a_deed_unlocks_names_the_deed(play: Play) -> None:
    console(
        play,
        "local f, name = game.forces.player, 'automation-science-pack' "
        "f.technologies[name].researched = false f.recipes[name].enabled = false",
    )
    error = play.refused("craft_item", name="automation-science-pack", quantity=1)
    assert error["code"] == "locked"
    assert "make 1 lab" in error["hint"]


def test_a_drill_stays_on_its_ore(play: Play) -> None:
    play.reset({"burner-mining-drill": 1})
    ore = play("nearest", name="iron-ore")
    play("move_to", position=ore)
    drill = play("place_entity", name="burner-mining-drill", position=ore)
    console(
        play,
        f"for _, e in ipairs(s.find_entities_filtered{{type = 'resource'}}) do "
        f"if e.position.x > {drill['position']['x']} then e.destroy() end end",
    )
    target = {"name": "burner-mining-drill", "position": drill["position"]}
    play("shift_entity", entity=target, direction=LEFT, distance=1)
    target["position"] = at(drill["position"]["x"] - 1, drill["position"]["y"])
    play("shift_entity", entity=target, direction=RIGHT, distance=1)
    target["position"] = drill["position"]
    error = play.refused("shift_entity", entity=target, direction=RIGHT, distance=1)
    assert "nothing to mine" in error["message"]


def test_water_stops_a_building_on_its_own_ground(play: Play) -> None:
    play.reset({"stone-furnace": 1})
    furnace = play.place("stone-furnace", 4, 4)
    console(play, "s.set_tiles{{name = 'water', position = {3, 5}}, {name = 'water', position = {4, 5}}}")
    target = {"name": "stone-furnace", "position": furnace["position"]}
    error = play.refused("shift_entity", entity=target, direction=DOWN, distance=1)
    assert "water" in error["message"]
