import pytest

from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Mod, ScriptError, Scripts, step
from tests.simulator.lua.conftest import Level


def run(level: Level, ticks: int) -> None:
    done = 0
    while done < ticks:
        done += step(level.scripts, ticks - done)


def mod(name: str, control: str, **files: str) -> Mod:
    sources = {"control.lua": control.encode()} | {
        f"{path.replace('_', '/')}.lua": text.encode() for path, text in files.items()
    }
    return Mod(name=name, version="1.0.0", required=(), optional=(), files=sources)


def test_nth_tick_and_on_tick_come_at_their_ticks(level: Level) -> None:
    level(
        """
        storage.log = {}
        script.on_nth_tick(3, function(event) table.insert(storage.log, "n" .. event.tick .. ":" .. event.nth_tick) end)
        script.on_event(defines.events.on_tick, function(event) table.insert(storage.log, "t" .. event.tick) end)
        """
    )
    run(level, 4)
    assert level("rcon.print(table.concat(storage.log, ' '))") == "t0 n0:3 t1 t2 t3 n3:3"
    level("script.on_event(defines.events.on_tick, nil) storage.log = {}")
    run(level, 6)
    assert level("rcon.print(table.concat(storage.log, ' '))") == "n6:3 n9:3"
    level("script.on_nth_tick(nil) storage.log = {}")
    run(level, 6)
    assert level("rcon.print(#storage.log)") == "0"


def test_the_last_registration_wins(level: Level) -> None:
    level("script.on_event(defines.events.on_tick, function() storage.a = true end)")
    level("script.on_event(defines.events.on_tick, function() storage.b = true end)")
    run(level, 1)
    assert level("rcon.print(tostring(storage.a) .. tostring(storage.b))") == "niltrue"


def test_a_failing_handler_stops_nobody_else(level: Level) -> None:
    level("script.on_event(defines.events.on_tick, function() storage.n = (storage.n or 0) + 1 error('boom') end)")
    run(level, 3)
    assert level("rcon.print(storage.n)") == "3"


def test_a_path_request_is_answered_by_the_next_tick(level: Level) -> None:
    level(
        """
        local s = game.create_surface('flat', {width = 100, height = 100})
        storage.c = s.create_entity{name = 'character', position = {0, 0}, force = 'player'}
        script.on_event(defines.events.on_script_path_request_finished, function(event) storage.found = event end)
        storage.id = s.request_path{bounding_box = {{-0.2, -0.2}, {0.2, 0.2}},
          collision_mask = {layers = {player = true}},
          start = {0, 0}, goal = {10, 0}, force = 'player', radius = 0.5, entity_to_ignore = storage.c}
        """
    )
    assert level("rcon.print(tostring(storage.found))") == "nil"
    run(level, 1)
    assert level("rcon.print(storage.found.id == storage.id and storage.found.tick)") == "0"
    assert level("rcon.print(storage.found.path[#storage.found.path].position.x >= 9.5)") == "true"


def test_mods_have_states_of_their_own_and_talk_by_remote() -> None:
    first = mod(
        "first",
        """
        local helper = require("lib.helper")
        value = 1
        script.on_init(function() storage.ready = true end)
        remote.add_interface("first", {add = function(a, b) return helper.add(a, b), {sum = a + b} end})
        commands.add_command("first", "adds", function(event) rcon.print(event.name .. ":"
          .. tostring(event.parameter)) end)
        """,
        lib_helper="return {add = function(a, b) return a + b end}",
    )
    second = mod("second", "value = (value or 10) + 1 sum, more = remote.call('first', 'add', 2, 3)")
    scripts = Scripts(Game(world=World(seed=1)), [first, second])
    scripts.run_code("first", "rcon.print(value .. tostring(storage.ready) .. script.mod_name)", "x")
    scripts.run_code("second", "rcon.print(value .. ' ' .. sum .. more.sum)", "x")
    scripts.run_code("level", "rcon.print(tostring(value) .. tostring(remote.interfaces.first.add))", "x")
    scripts.run_command("first", "hello world")
    assert scripts.take_reply().split("\n")[:-1] == ["1truefirst", "11 55", "niltrue", "first:hello world"]


def test_errors_of_mods_carry_file_and_line() -> None:
    scripts = Scripts(Game(world=World(seed=1)), [mod("m", "\n\nfunction f() game.nonsense() end")])
    with pytest.raises(ScriptError, match=r"^__m__/control\.lua:3: LuaGameScript doesn't contain key nonsense\.$"):
        scripts.run_code("m", "f()", "x")


def test_paths_that_would_hold_up_the_server_are_put_off_or_not_found(level: Level) -> None:
    ask = """
    storage.answers = {}
    script.on_event(defines.events.on_script_path_request_finished, function(event)
      storage.answers[#storage.answers + 1] = tostring(event.try_again_later) .. tostring(event.path ~= nil)
    end)
    local function ask(x, y)
      game.surfaces[1].request_path{start = {0.5, 0.5}, goal = {x, y}, force = 'player', radius = 1,
        bounding_box = {{-0.2, -0.2}, {0.2, 0.2}}, collision_mask = {layers = {player = true}}}
    end
    ask(200000, 200000) ask(10, 0)
    """
    level(ask)
    run(level, 2)
    assert level("rcon.print(table.concat(storage.answers, ' '))") == "falsefalse truefalse"
