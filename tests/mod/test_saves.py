import json
from typing import Any

from harness.game.portable import canonical
from tests.mod.play import DOWN, Play, at

VOLATILE = (
    "id",
    "neighbours",
    "electrical_id",
    "fluidbox_id",
    "fluid_systems",
    "connected_to",
    "status",
    "warnings",
    "flow_rate",
)


def picture(play: Play) -> tuple[Any, Any, Any]:
    """What a save must bring back; numbers the engine gives out anew are left out."""
    entities = [{key: value for key, value in each.items() if key not in VOLATILE} for each in play("get_entities")]
    seen = play("observe")
    return sorted(json.dumps(each, sort_keys=True) for each in entities), seen["inventory"], play("production")


def factory(play: Play) -> None:
    play.reset({
        "burner-mining-drill": 1, "stone-furnace": 1, "coal": 50, "burner-inserter": 1, "wooden-chest": 1,
        "transport-belt": 20, "assembling-machine-1": 1, "iron-plate": 30,
    })  # fmt: skip
    ore = play("nearest", name="iron-ore")
    play("move_to", position=ore)
    drill = play("place_entity", name="burner-mining-drill", position=ore, direction=DOWN)
    play("insert_item", item="coal", target=drill, quantity=5)
    furnace = play(
        "place_entity_next_to", name="stone-furnace", reference_position=drill["drop_position"], direction=DOWN
    )
    play("insert_item", item="coal", target=furnace, quantity=5)
    play("insert_item", item="iron-plate", target=furnace, quantity=10)
    play("move_to", position=at(0, 0))
    play(
        "connect_entities",
        waypoints=[{"position": at(2.5, 2.5)}, {"position": at(8.5, 2.5)}],
        types=["transport-belt"],
    )
    belt = play("get_entity", name="transport-belt", position=at(2.5, 2.5))
    play("insert_item", item="coal", target=belt)
    machine = play("place_entity", name="assembling-machine-1", position=at(-4.5, 2.5))
    play("set_entity_recipe", entity=machine, recipe="iron-gear-wheel")
    play("insert_item", item="iron-plate", target=machine, quantity=6)
    play("sleep", seconds=7)


def test_a_save_brings_the_world_back(play: Play) -> None:
    factory(play)
    saved = json.loads(json.dumps(canonical(play("save"))))
    before = picture(play)
    play.reset({"wood": 1}, seed=3)
    play("restore", state=saved)
    after = picture(play)
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert after[2] == before[2]


def test_a_restored_world_goes_on_alike(play: Play) -> None:
    factory(play)
    saved = json.loads(json.dumps(canonical(play("save"))))
    play("restore", state=saved)
    play("step", ticks=1200)
    first = picture(play)
    play("restore", state=saved)
    play("step", ticks=1200)
    assert picture(play) == first


def test_research_survives(play: Play) -> None:
    play.reset(all_technologies=False)
    play("set_research", technology="automation")
    saved = json.loads(json.dumps(canonical(play("save"))))
    before = play("observe")["research"]
    play.reset()
    play("restore", state=saved)
    assert play("observe")["research"] == before
