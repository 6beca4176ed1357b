"""What a script reads of prototypes, reach and numbers, against readings of the game: every one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.simulator.engine.rigs import rigs
from tests.simulator.lua.conftest import Level

(MEASURED,) = rigs("prototypes.json")
REACH = "entity reach (distance from the character to the nearest point of the target's box)"
DOUBLES = "table_to_json of doubles"

# How a script reads what the data names, of `p`, the prototype.
READINGS = {
    "energy_usage_per_tick": "p.energy_usage",
    "max_energy_usage_per_tick": "p.get_max_energy_usage()",
    "effectivity": "p.burner_prototype.effectivity",
    "fuel_slots": "p.burner_prototype.fuel_inventory_size",
    "mining_radius": "p.mining_drill_radius",
    "mining_speed": "p.mining_speed",
    "collision": "p.collision_box.right_bottom.x",
    "mining_time": "p.mineable_properties.mining_time",
    "crafting_speed": "p.get_crafting_speed()",
    "running_speed": "p.running_speed",
    "rotation_speed": "p.get_inserter_rotation_speed()",
    "extension_speed": "p.get_inserter_extension_speed()",
    "chases_belt_items": "p.inserter_chases_belt_items",
    "belt_speed": "p.belt_speed",
    "slots": "p.get_inventory_size(defines.inventory.chest)",
}

# Points as they are on the map, relative to an entity that faces north at a tile's corner or centre.
POINTS = {"drop_vector_north": "drop_position", "pickup_north": "pickup_position", "drop_north": "drop_position"}


def leaves() -> Iterator[tuple[str, str, Any]]:
    """Entity, name and value of every reading of a prototype."""
    for entity, values in MEASURED["entities"].items():
        for name, value in values.items():
            yield entity, name, value


def returned(level: Level, code: str) -> Any:
    answer = json.loads(level(f"rcon.print(helpers.table_to_json({{(function() {code} end)()}}))"))
    return answer[0] if answer else None


@pytest.mark.parametrize(("entity", "name", "value"), list(leaves()))
def test_a_script_reads_what_was_read_in_the_game(level: Level, entity: str, name: str, value: Any) -> None:
    if name in POINTS:
        code = f"local e = game.surfaces[1].create_entity{{name = '{entity}', position = {{8, 8}}, direction = 0}}; "
        code += f"return {{e.{POINTS[name]}.x - e.position.x, e.{POINTS[name]}.y - e.position.y}}"
        assert returned(level, code) == value
    else:
        got = returned(level, f"local p = prototypes.entity['{entity}']; return {READINGS[name]}")
        assert got == pytest.approx(value, rel=1e-12)


def test_fuel_is_worth_what_it_is_in_the_game(level: Level) -> None:
    for item, joules in MEASURED["fuel_value"].items():
        assert returned(level, f"return prototypes.item['{item}'].fuel_value") == joules


def test_a_character_reaches_and_carries_what_it_does_in_the_game(level: Level) -> None:
    level("game.surfaces[1].create_entity{name = 'character', position = {0, 0}}")
    person = "local e = game.surfaces[1].find_entities_filtered{name = 'character'}[1]; return "
    reads = {
        "build": "e.build_distance",
        "pickup": "e.item_pickup_distance",
        "reach": "e.reach_distance",
        "resource": "e.resource_reach_distance",
    }
    assert {name: returned(level, person + read) for name, read in reads.items()} == MEASURED["character_reach"]
    assert returned(level, person + "#e.get_main_inventory()") == MEASURED["character_main_slots"]


def _reaches(level: Level, name: str, box: float, distance: float) -> bool:
    """Whether a character reaches an entity whose box is so far east of it."""
    return bool(
        returned(
            level,
            "local s = game.surfaces[1]; for _, e in pairs(s.find_entities()) do e.destroy() end "
            f"local e = s.create_entity{{name = '{name}', position = {{20, 20}}, amount = 5}} "
            f"local at = {{e.position.x - {box + distance}, e.position.y}} "
            "return s.create_entity{name = 'character', position = at}.can_reach_entity(e)",
        )
    )


@pytest.mark.parametrize("name", ["burner-mining-drill", "stone-furnace", "iron-ore"])
def test_reach_ends_where_it_does_in_the_game(level: Level, name: str) -> None:
    kind = "ore" if name == "iron-ore" else "drill, furnace"
    near, far = MEASURED[REACH][f"{kind} last true / first false"]
    box = MEASURED["entities"][name]["collision"]
    assert _reaches(level, name, box, near)
    assert not _reaches(level, name, box, far)


@pytest.mark.parametrize(("number", "text"), list(MEASURED[DOUBLES].items()))
def test_numbers_are_written_as_the_game_writes_them(level: Level, number: str, text: str) -> None:
    assert level(f"rcon.print(helpers.table_to_json({{a = {number}}}))") == f'{{"a":{text}}}'


def test_every_reading_has_its_test() -> None:
    kinds: dict[str, Callable[[], object]] = {
        "character_main_slots": test_a_character_reaches_and_carries_what_it_does_in_the_game,
        "character_reach": test_a_character_reaches_and_carries_what_it_does_in_the_game,
        "entities": test_a_script_reads_what_was_read_in_the_game,
        "fuel_value": test_fuel_is_worth_what_it_is_in_the_game,
        REACH: test_reach_ends_where_it_does_in_the_game,
        DOUBLES: test_numbers_are_written_as_the_game_writes_them,
    }
    assert MEASURED.keys() - {"name", "source"} == kinds.keys()
    assert {name for _, name, _ in leaves()} == READINGS.keys() | POINTS.keys()
    assert len(MEASURED[REACH]) == 2
