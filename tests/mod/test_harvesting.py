"""Mining by hand: what is taken first, how often, for how long, and when it ends."""

import pytest

from harness.data import prototypes
from tests.mod.play import Play, at

SCENE = """
local surface = game.get_surface(storage.surface)
for _, thing in ipairs(helpers.json_to_table('%s')) do
  surface.create_entity{name = thing[1], position = {thing[2], thing[3]}, force = "neutral", amount = thing[4]}
end
"""


def scene(play: Play, *things: str) -> None:
    """Puts `name x y amount` on the open ground in the middle."""
    rows = [[name, float(x), float(y), int(amount)] for name, x, y, amount in (thing.split() for thing in things)]
    play.wire.scripts.run_code("agent", SCENE % str(rows).replace("'", '"'), "scene")


def ticks_of(name: str) -> int:
    return round(prototypes.entities()[name]["minable"]["mining_time"] * 60)


def test_ore_is_taken_in_turn_round_and_round(play: Play) -> None:
    scene(play, "stone 0.5 1.5 2", "stone 1.5 1.5 5", "iron-ore 0.5 2.5 9")
    assert play.ticks("harvest_resource", position=at(0.5, 1.5), quantity=5) == 5 * ticks_of("stone")
    assert play.held() == {"stone": 5}
    left = {entity["name"]: entity for entity in (play("get_resource_patch", name="stone", position=at(1.5, 1.5)),)}
    assert left["stone"]["size"] == 2


def test_when_its_own_kind_runs_out_other_ore_follows(play: Play) -> None:
    scene(play, "stone 0.5 1.5 2", "iron-ore 0.5 2.5 9")
    assert play("harvest_resource", position=at(0.5, 1.5), quantity=4) == 4
    assert play.held() == {"stone": 2, "iron-ore": 2}


def test_less_than_asked_for_when_everything_runs_out(play: Play) -> None:
    scene(play, "stone 0.5 1.5 3")
    assert play("harvest_resource", position=at(0.5, 1.5), quantity=8, radius=3) == 3
    assert play.refused("harvest_resource", position=at(0.5, 1.5))["code"] == "not_found"


def test_a_rock_gives_all_it_has_at_once(play: Play) -> None:
    scene(play, "big-rock 1.5 1.5 1")
    (product,) = prototypes.entities()["big-rock"]["minable"].get("results") or [
        {"amount": prototypes.entities()["big-rock"]["minable"]["count"]}
    ]
    assert play.ticks("harvest_resource", position=at(1.5, 1.5), quantity=1) == ticks_of("big-rock")
    assert play.held() == {"stone": product["amount"]}
    assert play("production")["harvested"] == {"stone": product["amount"]}


def test_trees_are_felled_whole_and_as_many_as_needed(play: Play) -> None:
    scene(play, "tree-01 1.5 1.5 1", "tree-01 -0.5 2.5 1", "tree-01 2.5 -0.5 1")
    wood = prototypes.entities()["tree-01"]["minable"]["count"]
    ticks = play.ticks("harvest_resource", position=at(1.5, 1.5), quantity=wood + 1)
    assert ticks == 2 * ticks_of("tree-01")
    assert play.held() == {"wood": 2 * wood}


def test_a_full_inventory_ends_it_with_what_fitted(play: Play) -> None:
    scene(play, "stone 0.5 1.5 90")
    slots = prototypes.entities()["character"]["inventory_size"]
    size = prototypes.items()["stone"]["stack_size"]
    play("reset", inventory={"wood": (slots - 1) * prototypes.items()["wood"]["stack_size"]}, all_technologies=False)
    scene(play, "stone 0.5 1.5 90")
    assert play("harvest_resource", position=at(0.5, 1.5), quantity=90, radius=2) == size
    assert play.refused("harvest_resource", position=at(0.5, 1.5))["code"] == "inventory_full"


@pytest.mark.parametrize("name", ["crude-oil", "uranium-ore"])
def test_hands_do_not_mine_what_takes_a_machine(play: Play, name: str) -> None:
    scene(play, f"{name} 0.5 2.5 500", "tree-01 1.5 1.5 1")
    refused = play.refused("harvest_resource", position=at(0.5, 2.5))
    assert refused["code"] == "not_available"
    assert name in refused["message"]
