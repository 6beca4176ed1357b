"""The API is a subset of the documented one: every member has a namesake there, and what 2.0 took away is refused."""

import json
from pathlib import Path

import pytest

from harness.simulator.lua.members import CLASSES
from tests.simulator.lua.conftest import Level

DOCUMENTED = {
    name: set(members.split())
    for name, members in json.loads((Path(__file__).parents[2] / "data" / "runtime_api.json").read_text()).items()
    if name != "source"
}

PLAIN = {"LuaMapSettings", "LuaMapSettings groups", "belt_neighbours", "ItemIDAndQualityIDPair"}
"""What the game documents as a table or a concept, not as a class."""

CLASSES_BY_NAME = {each.name: each for each in CLASSES if not each.name.startswith("LuaCustomTable")}


def test_every_class_is_documented() -> None:
    assert CLASSES_BY_NAME.keys() - PLAIN == DOCUMENTED.keys()


@pytest.mark.parametrize("name", sorted(CLASSES_BY_NAME.keys() - PLAIN))
def test_every_member_is_documented(name: str) -> None:
    assert set(CLASSES_BY_NAME[name].members) <= DOCUMENTED[name]


@pytest.mark.parametrize(
    "code",
    [
        "game.item_prototypes", "game.entity_prototypes", "game.recipe_prototypes", "game.table_to_json",
        "game.json_to_table", "game.write_file", "game.active_mods", "game.connected_clients",
        "game.forces.player.item_production_statistics", "game.forces.player.fluid_production_statistics",
        "game.forces.player.research_queue_enabled", "game.surfaces[1].nonsense",
        "prototypes.item.coal.fuel_acceleration", "prototypes.entity.character.crafting_speed",
        "prototypes.entity['small-electric-pole'].supply_area_distance",
        "prototypes.entity['small-electric-pole'].max_wire_distance", "prototypes.entity.inserter.max_energy_usage",
        "pole.connect_neighbour", "pole.copper_connection_count",
        "pipe.fluidbox.get_fluid_system_id", "pipe.fluidbox.get_fluid_system_contents",
        "script.nonsense", "helpers.nonsense", "rcon.nonsense", "remote.nonsense", "commands.nonsense",
    ],
)  # fmt: skip
def test_what_is_not_in_the_documentation_is_refused(level: Level, code: str) -> None:
    make = "return game.surfaces[1].create_entity{{name = '{}', position = {{{}, 0}}, force = 'player'}}"
    level(f"function make_pole() {make.format('small-electric-pole', 0)} end")
    level(f"function make_pipe() {make.format('pipe', 3)} end")
    problem = level.error(f"local pole, pipe = make_pole(), make_pipe() local it = {code}")
    assert "doesn't contain key" in problem
