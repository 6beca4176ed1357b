"""The API is a subset of the documented one: names, reading and writing, arguments, and the shape of what comes back.

Declarations are held against the documentation, and so is what members really give in a world with one of everything.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.data import prototypes
from harness.simulator.lua import step
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.members import CLASSES
from tests.simulator.lua import documented
from tests.simulator.lua.conftest import Level

PLAIN = {"LuaMapSettings", "LuaMapSettings groups"}
"""Objects here that the game documents as tables: a script may write into them."""

UNREACHED = PLAIN | {"LuaPlayer", "LuaRenderObject"}
"""Classes no survey meets: nobody plays, nothing is drawn."""

OURS = {each.name: each for each in CLASSES if not each.name.startswith("LuaCustomTable")}
CASES = [
    pytest.param(api, name, id=f"{api.name}.{name}")
    for api in OURS.values()
    if api.name not in PLAIN
    for name in api.members
]


def test_every_class_is_documented() -> None:
    assert OURS.keys() - PLAIN <= documented.CLASSES.keys()


@pytest.mark.parametrize(("api", "name"), CASES)
def test_every_member_is_declared_as_documented(api: ApiClass, name: str) -> None:
    member, entry = api.members[name], documented.CLASSES[api.name].get(name)
    assert entry is not None, "there is no such member in the documentation"
    if isinstance(member, Read):
        assert not documented.is_method(entry)
        assert member.read is None or documented.fits_declaration(member.gives, entry["read"]), entry["read"]
        assert member.write is None or entry.get("write"), "the documentation says that it cannot be written"
        return
    forms = documented.forms(entry)
    assert documented.is_method(entry)
    assert any(documented.fits_declaration(member.gives, form["gives"]) for form in forms), forms
    (_fields_fit if member.fields else _arguments_fit)(member, forms)


def _fields_fit(member: Method, forms: list[dict[str, Any]]) -> None:
    keys = [key for form in forms for argument in form["args"] for key in (argument[1] if len(argument) > 1 else [])]
    for text in member.fields:
        key, _, kind = text.partition(":")
        assert key in keys or f"{key}?" in keys, f"{key} is no documented key"
        assert kind.endswith("?") or kind == "any" or key in keys, f"{key} may be left out by the documentation"


def _arguments_fit(member: Method, forms: list[dict[str, Any]]) -> None:
    assert len(member.takes) <= max(len(form["args"]) for form in forms)
    for position, kind in enumerate(member.takes):
        documented_here = [form["args"][position][0] for form in forms if position < len(form["args"])]
        required = any(not name.endswith("?") for name in documented_here)
        assert required or kind.endswith("?") or kind == "any", (
            f"{documented_here} may be left out by the documentation"
        )


HARMLESS = ("get_", "can_", "is_", "has_", "supports_", "count_", "find_")
ARGUMENTS = {
    "get_inventory": [str(index) for index in range(1, 12)],
    "get_transport_line": ["1", "2", "5"],
    "get_filter": ["1"],
    "get_inventory_name": ["1"],
    "get_fluid": ["1"],
    "get_capacity": ["1"],
    "get_connections": ["1"],
    "get_prototype": ["1"],
    "get_pipe_connections": ["1", "2"],
    "get_fluid_segment_id": ["1"],
    "get_fluid_segment_contents": ["1"],
    "get_fluid_segment_extent_bounding_box": ["1"],
    "get_locked_fluid": ["1"],
    "get_inventory_size": ["1", "2", "3"],
    "get_tile": ["0, 0", "{1.5, 2}"],
    "get_surface": ["1", "'nauvis'", "'nothing'"],
    "get_player": ["1"],
    "get_entity_by_unit_number": ["1", "999999"],
    "get_item_production_statistics": ["'nauvis'"],
    "get_fluid_production_statistics": ["'nauvis'"],
    "get_entity_build_count_statistics": ["'nauvis'"],
    "get_kill_count_statistics": ["'nauvis'"],
    "get_insertable_count": ["'coal'"],
    "get_item_count": ["", "'coal'", "{name = 'coal'}"],
    "get_input_count": ["'coal'"],
    "get_output_count": ["'coal'"],
    "get_flow_count": ["{name = 'coal', category = 'input', precision_index = 0, count = false}"],
    "can_insert": ["'coal'", "{name = 'coal', count = 3}"],
    "can_place_entity": ["{name = 'wooden-chest', position = {-40, -40}}"],
    "can_fast_replace": ["{name = 'fast-transport-belt', position = {-40, -40}}"],
    "can_insert_at": ["0.5"],
    "can_reach_entity": ["object"],
    "find_entity": ["'wooden-chest', {-40.5, -40.5}", "'nothing-here', {0, 0}"],
    "find_entities": ["", "{{-50, -50}, {50, 50}}"],
    "find_entities_filtered": ["{name = 'wooden-chest'}", "{position = {0, 0}, radius = 30, type = 'container'}"],
    "count_entities_filtered": ["{name = 'wooden-chest'}"],
    "find_tiles_filtered": ["{position = {0, 0}, radius = 3}"],
    "count_tiles_filtered": ["{area = {{0, 0}, {3, 3}}}"],
    "find_non_colliding_position": ["'wooden-chest', {0, 0}, 10, 0.5"],
    "find_non_colliding_position_in_box": ["'wooden-chest', {{0, 0}, {10, 10}}, 0.5"],
    "find_item_stack": ["'coal'"],
    "is_chunk_generated": ["{0, 0}"],
    "has_flag": ["'player-creation'"],
    "get_recipe_quality": [""],
}
"""How methods that need arguments are called; `object` is the object itself."""


@cache
def survey() -> dict[str, Any]:
    """What every attribute and every harmless method of every object gave: `notes`, `failures`, `counts`."""
    level = Level(max_instructions=10**10)
    level(_WORLD)
    for _ in range(30):
        step(level.scripts, 1)
    attributes = {
        api.name: [name for name, member in api.members.items() if isinstance(member, Read) and member.read]
        for api in OURS.values()
    }
    methods = {
        api.name: [
            name
            for name, member in api.members.items()
            if isinstance(member, Method)
            and name.startswith(HARMLESS)
            and (_needs_nothing(member) or name in ARGUMENTS)
        ]
        for api in OURS.values()
    }
    known = {"attributes": attributes, "methods": methods, "calls": ARGUMENTS}
    known["indexed"] = {api.name: True for api in OURS.values() if api.length is not None}
    for name, value in known.items():
        level(f"{name} = helpers.json_to_table([==[{json.dumps(value)}]==])")
    found: dict[str, Any] = json.loads(level((Path(__file__).parent / "survey.lua").read_text()))
    return found


def _needs_nothing(member: Method) -> bool:
    return not member.fields and all(kind.endswith("?") or kind == "any" for kind in member.takes)


_WORLD = """
game.forces.player.research_all_technologies()
local surface, number = game.surfaces[1], 0
for x = -60, -50 do for y = -60, -50 do surface.set_tiles{{name = 'water', position = {x, y}}} end end
local function place(name, position, more)
  local spec = {name = name, position = position, force = 'player', amount = 100}
  for key, value in pairs(more or {}) do spec[key] = value end
  local ok, entity = pcall(surface.create_entity, spec)
  return ok and entity or nil
end
for name in pairs(prototypes.entity) do
  number = number + 1
  local position = {(number % 20) * 16, math.floor(number / 20) * 16}
  local more = name == 'item-on-ground' and {stack = {name = 'coal', count = 3}} or nil
  local entity = place(name, position, more)
  if entity then
    for _, item in ipairs{'repair-pack', 'coal', 'iron-ore', 'iron-plate', 'water-barrel', 'firearm-magazine'} do
      pcall(entity.insert, {name = item, count = 4})
    end
    for _, recipe in ipairs{'iron-gear-wheel', 'plastic-bar', 'basic-oil-processing'} do
      pcall(entity.set_recipe, recipe)
    end
    if entity.type == 'pipe' or entity.type == 'transport-belt' then place(name, {position[1] + 1, position[2]}) end
    if entity.type == 'underground-belt' then place(name, {position[1], position[2] - 2}, {type = 'output'}) end
    if entity.type == 'storage-tank' then pcall(entity.insert_fluid, {name = 'water', amount = 50}) end
    if entity.type == 'transport-belt' then entity.get_transport_line(1).insert_at_back('coal') end
    if entity.type == 'inserter' then
      place('wooden-chest', entity.pickup_position).insert('coal') place('wooden-chest', entity.drop_position)
      pcall(entity.set_filter, 1, 'coal')
    end
  end
end
local pump = place('offshore-pump', {-49.5, -55.5}, {direction = 4})
rendering.draw_line{from = {0, 0}, to = {1, 1}, surface = surface, color = {r = 1}, width = 1}
game.create_inventory(4).insert('coal')
game.forces.player.technologies['automation'].researched = false
game.forces.player.add_research('automation')
local stats = game.forces.player.get_item_production_statistics('nauvis')
stats.on_flow('coal', 5) stats.on_flow('coal', -5)
"""


def test_what_members_give_has_the_documented_shape() -> None:
    wrong = []
    for key, values in survey()["notes"].items():
        class_name, _, name = key.partition(".")
        if class_name in PLAIN or key == "LuaGameScript.map_settings":
            continue
        entry = documented.CLASSES[class_name][name]
        shapes = [form["gives"] for form in documented.forms(entry)] if documented.is_method(entry) else [entry["read"]]
        for value in values:
            wrong += min((documented.problems(value, shape, key) for shape in shapes), key=len)
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_survey_reached_every_attribute_and_met_no_fault_of_ours() -> None:
    found = survey()
    members = {
        f"{api.name}.{name}"
        for api in OURS.values()
        if api.name not in UNREACHED
        for name, each in api.members.items()
        if isinstance(each, Read) and each.read
    }
    assert sorted(members - found["notes"].keys()) == []
    assert [text for text in found["failures"].values() if re.match(r"^[A-Z]\w*(Error|Exception)\b", text)] == []


LIBRARIES = {
    "script": "LuaBootstrap", "commands": "LuaCommandProcessor", "rcon": "LuaRCON", "helpers": "LuaHelpers",
    "settings": "LuaSettings", "remote": "LuaRemote", "rendering": "LuaRendering",
}  # fmt: skip


@pytest.mark.parametrize("name", LIBRARIES.values())
def test_members_of_global_objects_are_documented(level: Level, name: str) -> None:
    lines = level.scripts.scripts["level"].state.call_raw("library_members", name).split("\n")
    for line in lines:
        member, kind = line.split()
        entry = documented.CLASSES[name].get(member)
        assert entry is not None, f"{name}.{member} is not documented"
        assert (kind == "function") == documented.is_method(entry), line


def test_defines_are_documented() -> None:
    def names(values: dict[str, Any], path: str) -> Iterator[str]:
        for key, value in values.items():
            where = f"{path}.{key}".removeprefix(".")
            yield from names(value, where) if isinstance(value, dict) else [where]

    ours = set(names(prototypes.load()["defines"], "")) - {"default_icon_size"}  # documented, as an empty group
    inputs = {name for name in ours if re.fullmatch(r"events\.[a-z]+(-[a-z]+)+", name)}  # the base mod's own
    assert sorted(ours - inputs - set(documented.API["defines"])) == []


EVENTS = """
local seen = {}
local function described(value)
  if type(value) == "userdata" then return value.object_name end
  if type(value) ~= "table" then return type(value) end
  local fields = {}
  for key, item in pairs(value) do fields[tostring(key)] = described(item) end
  return fields
end
for name, id in pairs(defines.events) do
  script.on_event(id, function(event) storage.seen[name] = described(event) end)
end
storage.seen = seen
local surface = game.surfaces[1]
local function place(name, x, y, more)
  local spec = {name = name, position = {x, y}, force = "player"}
  for key, value in pairs(more or {}) do spec[key] = value end
  return surface.create_entity(spec)
end
place("wooden-chest", 0, 0, {raise_built = true}).destroy{raise_destroy = true}
place("wooden-chest", 0, 3).die("enemy")
local character = place("character", 5, 5)
place("wooden-chest", 7, 7).mine{raise_destroyed = true}
surface.request_path{bounding_box = {{-0.2, -0.2}, {0.2, 0.2}}, collision_mask = {layers = {player = true}},
  start = {20, 20}, goal = {24, 20}, force = "player", radius = 1}
script.raise_event(script.generate_event_name(), {mine = 1})
"""


def test_events_have_the_documented_fields(level: Level) -> None:
    level(EVENTS)
    for _ in range(3):
        step(level.scripts, 1)
    seen = json.loads(level("rcon.print(helpers.table_to_json(storage.seen))"))
    assert {"on_tick", "on_script_path_request_finished", "script_raised_built", "script_raised_destroy"} <= seen.keys()
    wrong = [
        text
        for name, fields in seen.items()
        for text in documented.problems(fields, documented.API["events"][name], name)
    ]
    assert wrong == []


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
