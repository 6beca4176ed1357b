"""Blueprints on the world: what is read of it, what is built, and that a refusal leaves everything as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at

STOCK = {
    "assembling-machine-2": 4, "underground-belt": 8, "splitter": 4, "fast-inserter": 4, "wooden-chest": 4,
    "small-electric-pole": 8, "pipe-to-ground": 4, "speed-module": 3, "transport-belt": 20, "boiler": 2,
    "storage-tank": 2, "stone-furnace": 2, "oil-refinery": 2, "electric-mining-drill": 2, "steam-engine": 2,
}  # fmt: skip
EVERYTHING: list[dict[str, Any]] = [
    {"name": "assembling-machine-2", "x": 1.5, "y": 1.5, "recipe": "iron-gear-wheel",
     "items": [{"name": "speed-module", "count": 2}]},
    {"name": "underground-belt", "x": 5.5, "y": 0.5, "direction": RIGHT, "type": "input"},
    {"name": "underground-belt", "x": 8.5, "y": 0.5, "direction": RIGHT, "type": "output"},
    {"name": "splitter", "x": 6.0, "y": 3.5, "filter": "iron-plate", "input_priority": "left",
     "output_priority": "right"},
    {"name": "fast-inserter", "x": 3.5, "y": 1.5, "direction": LEFT, "use_filters": True, "stack_size": 1,
     "filters": [{"index": 2, "name": "coal"}], "filter_mode": "blacklist"},
    {"name": "wooden-chest", "x": 4.5, "y": 1.5, "bar": 3},
    {"name": "small-electric-pole", "x": 10.5, "y": 0.5},
    {"name": "small-electric-pole", "x": 10.5, "y": 4.5},
    {"name": "small-electric-pole", "x": 14.5, "y": 4.5},
    {"name": "pipe-to-ground", "x": 12.5, "y": 5.5, "direction": RIGHT},
]  # fmt: skip
CORNER = at(20, 20)


def box(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    return {"left_top": at(left, top), "right_bottom": at(right, bottom)}


def export(play: Play, *corners: float) -> list[dict[str, Any]]:
    return list(play("export_blueprint", area=box(*corners))["entities"])


def settings(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What belongs to each entity wherever it stands, in an order of its own."""
    kept = [{key: value for key, value in each.items() if key not in ("position", "direction")} for each in entities]
    return sorted(kept, key=str)


def test_what_is_built_is_read_back_as_it_was_asked_for(play: Play) -> None:
    play.reset(STOCK)
    built = play("import_blueprint", entities=EVERYTHING, wires=[[7, 8], [8, 9]], position=CORNER)
    assert [each["name"] for each in built] == [each["name"] for each in EVERYTHING]
    assert built[0]["position"] == at(21.5, 21.5)
    found = play("export_blueprint", area=box(20, 20, 36, 27))
    told = {each["name"]: each for each in found["entities"]}
    plain = {"quality": "normal", "comparator": "="}
    assert told["assembling-machine-2"]["recipe"] == "iron-gear-wheel"
    module_slots = [{"inventory": 4, "stack": slot, "count": 1} for slot in (0, 1)]
    assert told["assembling-machine-2"]["items"] == [
        {"id": {"name": "speed-module"}, "items": {"in_inventory": module_slots}}
    ]
    assert told["splitter"]["filter"] == {"name": "iron-plate", **plain}
    assert (told["splitter"]["input_priority"], told["splitter"]["output_priority"]) == ("left", "right")
    assert told["fast-inserter"]["filters"] == [{"index": 2, "name": "coal", **plain}]
    assert told["fast-inserter"]["use_filters"] is True
    assert told["fast-inserter"]["filter_mode"] == "blacklist"
    assert told["fast-inserter"]["override_stack_size"] == 1
    assert told["fast-inserter"]["direction"] == LEFT
    assert told["wooden-chest"]["bar"] == 3
    ends = [each["type"] for each in found["entities"] if each["name"] == "underground-belt"]
    assert ends == ["input", "output"]
    poles = [rank for rank, each in enumerate(found["entities"], 1) if each["name"] == "small-electric-pole"]
    assert found["wires"] == [[poles[0], poles[1]], [poles[1], poles[2]]]
    held = play.held()
    assert held["speed-module"] == 1
    assert held["underground-belt"] == 6


def test_the_wires_are_the_blueprints_not_those_the_poles_would_make(play: Play) -> None:
    play.reset(STOCK)
    poles = [{"name": "small-electric-pole", "x": x + 0.5, "y": 0.5} for x in (0, 4, 8)]
    play("import_blueprint", entities=poles, wires=[[1, 2]], position=CORNER)
    found = play("export_blueprint", area=box(20, 20, 30, 21))
    assert found["wires"] == [[1, 2]]


@pytest.mark.parametrize("turn", [UP, RIGHT, DOWN, LEFT])
def test_a_turned_blueprint_turned_back_is_the_first(play: Play, turn: int) -> None:
    play.reset(STOCK)
    play("import_blueprint", entities=EVERYTHING, wires=[[7, 8], [8, 9]], position=CORNER, direction=turn)
    turned = export(play, 15, 15, 40, 40)
    entries = [_entry(each) for each in turned]
    play.reset(STOCK)
    play("import_blueprint", entities=entries, position=CORNER, direction=(16 - turn) % 16)
    again = export(play, 15, 15, 40, 40)
    play.reset(STOCK)
    play("import_blueprint", entities=EVERYTHING, position=CORNER)
    first = export(play, 15, 15, 40, 40)
    assert again == first
    assert settings(turned) == settings(first)


def _entry(described: dict[str, Any]) -> dict[str, Any]:
    """What was read, in the form in which it is built from."""
    entry = {key: value for key, value in described.items() if key not in ("position", "items", "override_stack_size")}
    entry |= {"x": described["position"]["x"], "y": described["position"]["y"]}
    if "override_stack_size" in described:
        entry["stack_size"] = described["override_stack_size"]
    if "filter" in described:
        entry["filter"] = described["filter"]["name"]
    if "items" in described:
        entry["items"] = [
            {"name": item["id"]["name"], "count": len(item["items"]["in_inventory"])} for item in described["items"]
        ]
    return entry


@pytest.mark.parametrize("turn", [UP, RIGHT, DOWN, LEFT])
@pytest.mark.parametrize("name", ["boiler", "storage-tank", "oil-refinery", "steam-engine"])
def test_large_machines_keep_their_corner_whichever_way_they_are_turned(play: Play, name: str, turn: int) -> None:
    play.reset(STOCK)
    entries = [{"name": name, "x": 0, "y": 0, "direction": 0}]
    size = play("import_blueprint", entities=entries, position=CORNER)[0]["tile_dimensions"]
    play.reset(STOCK)
    (built,) = play("import_blueprint", entities=entries, position=CORNER, direction=turn)
    width, height = size["tile_width"], size["tile_height"]
    if turn in (RIGHT, LEFT):
        width, height = height, width
    assert built["position"] == at(20 + width / 2, 20 + height / 2)


def test_modules_are_put_in_as_far_as_they_are_held(play: Play) -> None:
    play.reset({"assembling-machine-2": 1, "speed-module": 1})
    (machine,) = play("import_blueprint", entities=EVERYTHING[:1], position=CORNER)
    assert machine["assembling_machine_modules"] == {"speed-module": 1}
    assert play.held() == {}


def test_the_character_steps_off_the_ground_to_be_built_on(play: Play) -> None:
    play.reset({"wooden-chest": 9})
    here = play("observe")["position"]
    chests = [{"name": "wooden-chest", "x": x + 0.5, "y": y + 0.5} for x in range(3) for y in range(3)]
    corner = at(here["x"] - 1, here["y"] - 1)
    assert len(play("import_blueprint", entities=chests, position=corner)) == 9


def test_the_walk_is_charged(play: Play) -> None:
    play.reset({"wooden-chest": 2})
    chests = [{"name": "wooden-chest", "x": x + 0.5, "y": 0.5} for x in (0, 15)]
    assert play.ticks("import_blueprint", entities=chests, position=CORNER) == 100  # 15 tiles at 0.15 a tick


def refusals() -> list[tuple[str, str, dict[str, Any]]]:
    chest = {"name": "wooden-chest", "x": 0.5, "y": 0.5}
    return [
        ("missing_items", "gate", {"entities": [{"name": "gate", "x": 0.5, "y": 0.5}]}),
        ("missing_items", "wooden-chest", {"entities": [{**chest, "x": x + 0.5} for x in range(5)]}),
        ("blocked", "wooden-chest", {"entities": [{**chest, "x": 4.5}, chest], "position": at(-2, 10)}),
        ("bad_argument", "own", {"entities": [chest, chest]}),
        ("bad_argument", "grid", {"entities": [chest, {**chest, "x": 2.25}]}),
        ("bad_argument", "direction", {"entities": [{**chest, "direction": 2}]}),
        ("bad_argument", "iron-ore", {"entities": [{**chest, "name": "iron-ore"}]}),
        ("bad_argument", "no-such", {"entities": [{**chest, "name": "no-such"}]}),
        ("bad_argument", "splitter", {"entities": [{**chest, "filter": "coal"}]}),
        ("bad_argument", "filters", {"entities": [
            {"name": "fast-inserter", "x": 0.5, "y": 0.5, "filters": [{"index": 6, "name": "coal"}]}]}),
        ("bad_argument", "wires", {"entities": [chest], "wires": [[1, 1]]}),
        ("bad_argument", "wires", {"entities": [chest], "wires": [7]}),
        ("bad_argument", "entities", {"entities": []}),
        ("bad_argument", "entities", {"entities": "all"}),
        ("bad_argument", "entities", {"entities": [1]}),
        ("not_available", "recipe", {"entities": [{"name": "assembling-machine-2", "x": 0.5, "y": 0.5,
                                                   "recipe": "steel-plate"}]}),
        ("not_available", "recipe", {"entities": [{**chest, "recipe": "iron-gear-wheel"}]}),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(len(refusals())))
def test_a_refusal_names_its_cause_and_changes_nothing(play: Play, number: int) -> None:
    code, named, args = refusals()[number]
    play.reset(STOCK)
    play.place("wooden-chest", -1.5, 10.5)
    error = play.refused("import_blueprint", **{"position": CORNER, **args})
    assert error["code"] == code, error
    assert named in error["message"], error


def test_a_locked_recipe_is_refused(play: Play) -> None:
    play.reset({"assembling-machine-2": 1}, all_technologies=False)
    machine = {"name": "assembling-machine-2", "x": 0.5, "y": 0.5, "recipe": "low-density-structure"}
    assert play.refused("import_blueprint", entities=[machine], position=CORNER)["code"] == "locked"


def test_only_ones_own_is_copied_and_nothing_is_told(play: Play) -> None:
    play.reset(STOCK)
    assert play.refused("export_blueprint", area=box(20, 20, 30, 30))["code"] == "not_found"
    assert play.refused("export_blueprint", area=box(10, 10, 0, 0))["code"] == "bad_argument"
    assert play.refused("export_blueprint", entities=[{"name": "boiler", "position": at(0, 0)}])["code"] == "not_found"
    here = play("observe")["position"]
    around = box(here["x"] - 2, here["y"] - 2, here["x"] + 2, here["y"] + 2)
    assert play.refused("export_blueprint", area=around)["code"] == "not_found"


def test_more_poles_than_can_be_wired_in_time_are_refused(play: Play) -> None:
    play.reset({"small-electric-pole": 201})
    poles = [{"name": "small-electric-pole", "x": x + 0.5, "y": 0.5} for x in range(201)]
    error = play.refused("import_blueprint", entities=poles, position=CORNER)
    assert (error["code"], error["expected"], error["found"]) == ("bad_argument", 200, 201)


def test_entities_named_twice_are_copied_once(play: Play) -> None:
    play.reset(STOCK)
    chest = play.place("wooden-chest", 5.5, 5.5)
    reference = {"name": chest["name"], "position": chest["position"]}
    found = play("export_blueprint", entities=[reference, reference])
    assert found["entities"] == [{"name": "wooden-chest", "position": at(5.5, 5.5)}]
