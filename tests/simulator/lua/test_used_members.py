"""Members that scripts of this field use, a line of the list each: global environment, events, game, prototypes, parts.

What belongs to surfaces, entities, inventories and forces has tests of its own beside this one.
"""

from pathlib import Path

import pytest
import yaml

from harness.simulator.lua import step
from tests.simulator.lua.conftest import Level

PLACE = """
function place(name, x, y, more)
  local spec = {name = name, position = {x, y}, force = "player"}
  for key, value in pairs(more or {}) do spec[key] = value end
  return game.surfaces[1].create_entity(spec)
end
function show(value) rcon.print(type(value) == "table" and helpers.table_to_json(value) or tostring(value)) end
"""


@pytest.fixture(scope="module")
def level() -> Level:
    made = Level()
    made(PLACE)
    return made


ROWS = yaml.safe_load((Path(__file__).parents[2] / "data" / "used_members.yaml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(row["code"], row["prints"], id=f"{section}: {row['row']}")
    for section, rows in ROWS.items()
    for row in rows
]


@pytest.mark.parametrize(("code", "prints"), CASES)
def test_members_do_what_scripts_use_them_for(level: Level, code: str, prints: str) -> None:
    assert level(code).replace("\n", " ") == prints


def run(level: Level, ticks: int) -> None:
    done = 0
    while done < ticks:
        done += step(level.scripts, ticks - done)


def test_events_of_one_tick_come_in_one_order() -> None:
    level = Level()
    level(
        """
        storage.log = {}
        local function note(what) return function() table.insert(storage.log, what) end end
        script.on_nth_tick(2, note("second")) script.on_nth_tick({1, 4}, note("first and fourth"))
        script.on_event({defines.events.on_tick, defines.events.on_script_path_request_finished}, note("tick"))
        """
    )
    run(level, 1)
    assert (
        level("rcon.print(table.concat(storage.log, ' | '))") == "tick | first and fourth | second | first and fourth"
    )


def test_errors_in_handlers_name_the_script_and_stop_nobody(caplog: pytest.LogCaptureFixture) -> None:
    level = Level()
    level("script.on_nth_tick(1, function() local x = nil + 1 end)")
    level("script.on_event(defines.events.on_tick, function() storage.n = (storage.n or 0) + 1 end)")
    run(level, 3)
    assert level("rcon.print(storage.n)") == "3"
    assert "Error while running event handler of level: " in caplog.text
    assert "attempt to perform arithmetic on a nil value" in caplog.text
    level("script.on_nth_tick(1, nil)")
    caplog.clear()
    run(level, 2)
    assert caplog.text == ""


def test_a_path_is_told_by_an_event_with_the_documented_fields() -> None:
    level = Level()
    level(
        """
        script.on_event(defines.events.on_script_path_request_finished, function(event) storage.found = event end)
        storage.id = game.surfaces[1].request_path{
          bounding_box = {{-0.2, -0.2}, {0.2, 0.2}}, start = {0, 0}, goal = {6, 0}, radius = 1,
          collision_mask = {layers = {player = true, object = true}}, force = "player", can_open_gates = false,
          path_resolution_modifier = 0, pathfind_flags = {cache = false, prefer_straight_paths = true}}
        """
    )
    run(level, 2)
    assert level("rcon.print(storage.found.id == storage.id and not storage.found.try_again_later)") == "true"
    assert (
        level("local w = storage.found.path[1] rcon.print(w.position.x ~= nil and w.needs_destroy_to_reach)") == "false"
    )
