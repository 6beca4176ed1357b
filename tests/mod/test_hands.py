"""What the character does itself: walking, mining, crafting, handling items."""

import pytest

from harness.data import prototypes
from tests.mod.play import Play, at


def walk_to(play: Play, name: str) -> dict[str, float]:
    position: dict[str, float] = play("nearest", name=name)
    play("move_to", position=position)
    return position


def test_a_walk_takes_the_time_of_its_length(play: Play) -> None:
    ticks = play.ticks("move_to", position=at(5, 0))
    assert 25 <= ticks <= 40
    assert play("observe")["ticks"] == ticks
    assert play.ticks("move_to", position=at(5, 0)) == 0


def test_walking_goes_round_water(play: Play) -> None:
    water = play("nearest", name="water")
    ended = play("move_to", position=water)
    assert (ended["x"] - water["x"]) ** 2 + (ended["y"] - water["y"]) ** 2 < 4**2


def test_nearest_is_nearest(play: Play) -> None:
    ore = play("nearest", name="iron-ore")
    play("move_to", position=ore)
    again = play("nearest", name="iron-ore")
    here = play("observe")["position"]
    assert (again["x"] - here["x"]) ** 2 + (again["y"] - here["y"]) ** 2 <= 2
    assert play.refused("nearest", name="no-such-thing")["code"] == "not_found"


def test_mining_charges_for_each_unit_and_is_recorded(play: Play) -> None:
    ore = walk_to(play, "iron-ore")
    seconds = prototypes.entities()["iron-ore"]["minable"]["mining_time"]
    assert play.ticks("harvest_resource", position=ore, quantity=7) == 7 * seconds * 60
    assert play.held() == {"iron-ore": 7}
    statistics = play("production")
    assert statistics["produced"] == statistics["harvested"] == {"iron-ore": 7}


def test_a_tree_falls_whole(play: Play) -> None:
    tree = walk_to(play, "wood")
    got = play("harvest_resource", position=tree, quantity=1)
    assert got >= 1
    assert play.held() == {"wood": got}
    assert play("nearest", name="wood") != tree


def test_harvest_says_why_not(play: Play) -> None:
    ore = play("nearest", name="iron-ore")
    assert play.refused("harvest_resource", position=ore)["code"] == "out_of_reach"
    assert play.refused("harvest_resource", position=at(0, 0))["code"] == "not_found"
    well = walk_to(play, "crude-oil")
    play("move_to", position=at(well["x"] - 2.2, well["y"]))
    assert play.refused("harvest_resource", position=well)["code"] in ("not_available", "out_of_reach")


@pytest.mark.parametrize("quantity", [1, 3])
def test_crafting_with_intermediates_balances(play: Play, quantity: int) -> None:
    play.reset({"iron-plate": 50, "copper-plate": 20})
    play("craft_item", name="electronic-circuit", quantity=quantity)
    cables = 3 * quantity + (3 * quantity) % 2
    assert play.held() == {
        name: count
        for name, count in {
            "electronic-circuit": quantity,
            "iron-plate": 50 - quantity,
            "copper-plate": 20 - cables // 2,
            "copper-cable": cables - 3 * quantity,
        }.items()
        if count
    }
    statistics = play("production")
    assert statistics["produced"] == statistics["crafted"] == {"electronic-circuit": quantity, "copper-cable": cables}
    assert statistics["crafted_from"] == statistics["consumed"]
    assert statistics["consumed"] == {
        "iron-plate": quantity, "copper-plate": cables // 2, "copper-cable": 3 * quantity,
    }  # fmt: skip


def test_crafting_takes_the_recipes_time(play: Play) -> None:
    play.reset({"iron-plate": 6})
    assert play.ticks("craft_item", name="iron-gear-wheel", quantity=3) == 90
    assert play("observe")["elapsed_ticks"] == 90


def test_a_craft_that_cannot_end_changes_nothing(play: Play) -> None:
    play.reset({"iron-plate": 3, "copper-plate": 1})
    short = play.refused("craft_item", name="inserter")
    assert short["code"] == "missing_items"
    assert "copper-plate" in short["message"]
    assert play.refused("craft_item", name="iron-plate")["code"] == "not_available"
    assert play.refused("craft_item", name="coal")["code"] == "not_available"
    assert play.refused("craft_item", name="no-such-item")["code"] == "bad_argument"
    assert play.refused("craft_item", name="pipe", quantity=-1)["code"] == "bad_argument"


def test_a_craft_for_which_there_is_no_room_changes_nothing(play: Play) -> None:
    # Wood fills every slot but one, and two plates fewer do not free that one.
    slots = prototypes.entities()["character"]["inventory_size"]
    wood = (slots - 1) * prototypes.items()["wood"]["stack_size"]
    play.reset({"iron-plate": 100, "wood": wood}, all_technologies=False)
    assert play.refused("craft_item", name="iron-gear-wheel")["code"] == "inventory_full"
    assert play("craft_item", name="iron-gear-wheel", quantity=50) == 50


def test_locked_recipes_name_their_technology(play: Play) -> None:
    play.reset({"iron-plate": 10}, all_technologies=False)
    refused = play.refused("craft_item", name="pipe")
    assert refused["code"] == "locked"
    assert "steam-power" in refused["message"]


def test_crafting_by_hand_pulls_a_trigger(play: Play) -> None:
    trigger = prototypes.others("technology")["automation-science-pack"]["research_trigger"]
    assert (trigger["type"], trigger["item"]) == ("craft-item", "lab")
    play.reset(
        {"iron-plate": 100, "copper-plate": 50}, all_technologies=False, technologies=["steam-power", "electronics"]
    )
    assert "automation-science-pack" not in play("observe")["research"]["researched"]
    play("craft_item", name="lab")
    assert "automation-science-pack" in play("observe")["research"]["researched"]


def test_research_is_refused_with_a_reason(play: Play) -> None:
    assert play.refused("get_research_progress")["code"] == "no_research"
    assert play.refused("set_research", technology="automation")["code"] == "already_researched"
    play.reset(all_technologies=False)
    assert play.refused("set_research", technology="no-such-thing")["code"] == "not_available"
    assert play.refused("set_research", technology="logistics-3")["code"] == "missing_prerequisites"
    packs = play("set_research", technology="automation")
    assert packs == play("get_research_progress", technology="automation")
    unit = prototypes.others("technology")["automation"]["unit"]
    assert packs == [{"name": "automation-science-pack", "count": unit["count"], "type": "item"}]
    assert play("observe")["research"]["current"] == "automation"
