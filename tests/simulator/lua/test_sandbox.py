import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.lua.scripts import encode_plain
from harness.simulator.lua.snapshots import Snapshots
from harness.simulator.lua.state import ScriptState
from tests.simulator.lua.conftest import Level

KEYS = "for key in {}(t) do rcon.print(tostring(key)) end"


@pytest.fixture(scope="module")
def shared() -> Level:
    return Level()


@pytest.mark.parametrize(
    "name",
    [
        "io",
        "os",
        "package",
        "dofile",
        "loadfile",
        "collectgarbage",
        "coroutine",
        "python",
        "string.dump",
        "debug.sethook",
    ],
)
def test_dangerous_libraries_are_gone(shared: Level, name: str) -> None:
    assert shared(f"rcon.print(tostring({name}))") == "nil"


def test_bytecode_is_refused(shared: Level) -> None:
    assert "attempt to load a binary chunk" in shared(r'local _, why = load("\27Lua") rcon.print(why)')


def test_scripts_cannot_reach_python_objects(shared: Level) -> None:
    leaked = """
    local seen, found = {}, {}
    local function walk(value, path)
      if type(value) == "userdata" or seen[value] then
        if type(value) == "userdata" and not pcall(function() return value.object_name end) then
          found[#found + 1] = path
        end
        return
      end
      if type(value) ~= "table" then return end
      seen[value] = true
      for key, item in pairs(value) do walk(item, path .. "." .. tostring(key)) end
    end
    walk(_G, "_G")
    rcon.print(table.concat(found, ","))
    """
    assert shared(leaked) == ""


def test_pairs_has_one_order(shared: Level) -> None:
    table = "local t = {} t.zeta = 1 t[3] = 1 t[true] = 1 t.alpha = 1 t[2.5] = 1 t[-1] = 1 t[2] = 1 t[1] = 1 "
    expected = ["1", "2", "3", "-1", "2.5", "alpha", "zeta", "true"]
    assert shared(table + KEYS.format("pairs")).split("\n") == expected
    assert (
        shared(table + "local k = next(t) while k ~= nil do rcon.print(tostring(k)) k = next(t, k) end").split()
        == expected
    )


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.integers(-5, 12), st.text("abcxyz", min_size=1, max_size=4)), st.integers(), max_size=12
    )
)
def test_order_does_not_depend_on_insertion(shared: Level, values: dict[int | str, int]) -> None:
    keys = [f"{key}" if isinstance(key, int) else f'"{key}"' for key in values]
    orders = []
    for arrangement in (keys, keys[::-1]):
        fill = " ".join(f"t[{key}] = true" for key in arrangement)
        orders.append(shared(f"local t = {{}} {fill} {KEYS.format('pairs')}"))
    assert orders[0] == orders[1]
    assert len(orders[0].split()) == len(values)


def test_clearing_entries_while_iterating_is_allowed(shared: Level) -> None:
    assert (
        shared("local t = {b = 1, a = 2, c = 3} for k in pairs(t) do t[k] = nil end rcon.print(table_size(t))") == "0"
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("\n\nlocal x = nil + 1", '[string "..."]:3: attempt to perform arithmetic on a nil value'),
        ("local function f() error('deep') end f()", "local function f() error('deep') end f()\"]:1: deep"),
        ("error('plain', 0)", "plain"),
        ("error({message = 'in a table'})", "in a table"),
        ("rcon.print(", "unexpected symbol"),
        ("\ngame.nonsense()", ":2: LuaGameScript doesn't contain key nonsense."),
    ],
)
def test_errors_say_where(shared: Level, code: str, message: str) -> None:
    assert message in shared.error(code)


@pytest.mark.parametrize(
    "code",
    [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return f() end f()",
        "repeat local ok = xpcall(function() while true do end end, function() while true do end end) until false",
        "remote.add_interface('own', {f = function() end}) while true do remote.call('own', 'f') end",
        "local event = script.generate_event_name() script.on_event(event, function() end) "
        "while true do pcall(script.raise_event, event, {}) end",
    ],
)
def test_endless_loops_end(code: str) -> None:
    level = Level(max_instructions=3_000_000)
    assert "too many instructions" in level.error(code)
    assert level("rcon.print('alive')") == "alive"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("while true do local s = ('x'):rep(1e6) end", "too many instructions"),
        ("while true do pcall(string.rep, 'x', 1e9) end", "too many instructions"),
        ("local s = ('x'):rep(2e4) while true do s:find('(.-)y') end", "too many instructions"),
        ("(('a'):rep(30000)):find(('.-'):rep(30) .. 'b')", "too many instructions"),
        ("(('a'):rep(3000)):gsub('a*a*a*b', '')", "too many instructions"),
        ("for word in (('a'):rep(30000)):gmatch('a-a-a-b') do end", "too many instructions"),
        ("pcall(string.match, ('('):rep(1e5), '%b()%b()%b()')", "too many instructions"),
        ("setmetatable(_G, {__index = function(t, k) return t[k .. 'x'] end}) return nonsense", "C stack overflow"),
        (
            "local t = setmetatable({}, {__index = function() while true do end end}) return t.x",
            "too many instructions",
        ),
        ("table.sort({3, 2, 1}, function() while true do end end)", "too many instructions"),
        ("while true do local t = game.tick end", "too many instructions"),
        ("while true do pcall(game.surfaces[1].create_entity, {}) end", "too many instructions"),
    ],
)
def test_work_that_is_no_instruction_ends_too(code: str, message: str) -> None:
    level = Level(max_instructions=30_000_000)
    assert message in level.error(code)
    assert level("rcon.print('alive')") == "alive"


def test_what_nothing_counts_ends_by_the_clock() -> None:
    level = Level(max_instructions=10**9, max_seconds=0.5)
    assert "ran too long" in level.error("local a = ('x'):rep(1e8) while true do local b = a .. a end")
    assert level("rcon.print('alive')") == "alive"


def test_the_clock_of_a_call_ends_with_it() -> None:
    level = Level(max_seconds=0.05)
    snapshots = Snapshots(level.scripts, "none")
    level("storage.list = {} for i = 1, 2000 do storage.list[i] = {x = i} end")
    snapshots.save("a")
    began = time.process_time()
    while time.process_time() < began + 0.1:
        pass
    snapshots.restore("a")
    assert level("rcon.print(#storage.list)") == "2000"


def test_memory_is_bounded() -> None:
    level = Level(max_instructions=10**9)
    assert "not enough memory" in level.error("local t = {} for i = 1, 1e9 do t[i] = string.rep('x', 1e6) .. i end")
    assert level("rcon.print('alive')") == "alive"


ATOMS = ["a", "b", ".", "%a", "%d", "[ab]", "[^a]", "[a-c%d]", "%(", "[%]x]"]
pieces = st.one_of(
    st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from(["", "", "*", "+", "-", "?"])),
    st.sampled_from(["()", "%b()", "%f[%a]", "%f[^a]"]),
)
groups = st.lists(pieces, max_size=3).map("".join)
patterns = st.builds(
    lambda anchor, parts: anchor + "".join(parts),
    st.sampled_from(["", "", "^"]),
    st.lists(st.one_of(pieces, groups.map(lambda inner: f"({inner})"), st.just("(a*)b%1")), min_size=1, max_size=4),
)
NEVER = "~?" * 25
"""Behind a pattern it changes nothing, but makes it look expensive, so that it is matched in Lua."""


@settings(max_examples=300, deadline=None)
@given(patterns, st.text("ab1( )", max_size=10), st.integers(-12, 12))
def test_counted_patterns_match_as_the_library_does(shared: Level, pattern: str, text: str, init: int) -> None:
    code = f"""
    local function all(ok, ...)
      if not ok then return "error" end
      local values = {{...}}
      for index = 1, select("#", ...) do values[index] = tostring(values[index]) end
      return table.concat(values, ",")
    end
    local text, init = [==[{text}]==], {init}
    for _, p in ipairs {{[==[{pattern}]==], [==[{pattern}{NEVER}]==]}} do
      rcon.print(table.concat({{
        all(pcall(string.find, text, p, init)), all(pcall(string.match, text, p)),
        all(pcall(string.gsub, text, p, "<%0>")), all(pcall(string.gsub, text, p, "<%1>", 2)),
        all(pcall(string.gsub, text, p, function(...) return all(true, ...) end)),
        all(pcall(string.gsub, text, p, {{a = "X", [1] = "Y"}})),
        all(pcall(function()
          local words = {{}}
          for a, b, c in text:gmatch(p) do words[#words + 1] = all(true, a, b, c) end
          return table.concat(words, ";")
        end))}}, "|"))
    end
    """
    plain, counted = shared(code).split("\n")
    assert counted == plain


@pytest.mark.parametrize("pattern", ["a(", "(a))", "%", "[a", "%f", "%b", "%1", "(()", "%b("])
def test_malformed_patterns_fail_counted_or_not(shared: Level, pattern: str) -> None:
    long = f"return ('aab'):find([==[{NEVER}{pattern}]==])"
    short = f"return ('aab'):find([==[{pattern}]==])"
    for code in (long, short):
        assert shared(f"rcon.print(pcall(function() {code} end))") == "false"


# Measured on the game, version 2.0.60.
MEASURED_NUMBERS = {
    "0.1": "0.1",
    "1/3": "0.333333333333333303727386009995825588703155517578125",
    "0.25 - 5e-17": "0.2499999999999999555910790149937383830547332763671875",
    "1e-7": "1e-07",
    "2^53": "9007199254740992",
    "1e21": "1000000000000000000000",
    "-0.0": "-0",
    "5.0": "5",
    "1e300": "1e+300",
}


@pytest.mark.parametrize(("number", "text"), MEASURED_NUMBERS.items())
def test_json_numbers_are_the_games(shared: Level, number: str, text: str) -> None:
    assert shared(f"rcon.print(helpers.table_to_json{{{number}}})") == f"[{text}]"


def test_json_round_trip(shared: Level) -> None:
    text = r'{"a":[1,"two",{"b":"q\"\\\n\u0001"}],"c":{},"d":true,"é":"ü"}'.replace("é", "Ã©").replace("ü", "Ã¼")
    assert shared(f"rcon.print(helpers.table_to_json(helpers.json_to_table([==[{text}]==])))") == text


@pytest.mark.parametrize("text", ["", "{", "nope", "[1,", "NaN", "[" * 5000])
def test_what_is_no_json_is_nil(shared: Level, text: str) -> None:
    assert shared(f"rcon.print(tostring(helpers.json_to_table([==[{text}]==])))") == "nil"


def test_escaped_characters_arrive_as_utf8(shared: Level) -> None:
    assert shared(r'rcon.print(#helpers.json_to_table([==["\u00e9\ud83d\ude00"]==]))') == "6"


def test_what_cannot_be_json_is_an_error(shared: Level) -> None:
    assert "a function cannot be written as JSON" in shared.error("helpers.table_to_json{print}")
    assert "nested too deeply" in shared.error("local t = {} t.t = t helpers.table_to_json(t)")
    assert "LuaSurface" in shared.error("helpers.table_to_json{game.surfaces[1]}")


def test_serpent_prints_tables(shared: Level) -> None:
    assert (
        shared("rcon.print(serpent.line{1, {2}, b = 'x', a = 0.5, [true] = {}})")
        == '{1, {2}, a = 0.5, b = "x", [true] = {}}'
    )
    assert shared("rcon.print(serpent.block{a = {1}})") == "{\n  a = {\n    1\n  }\n}"
    assert shared("local ok, t = serpent.load(serpent.dump{a = {1, 2}}) rcon.print(t.a[2])") == "2"


def test_util_knows_products_and_copies(shared: Level) -> None:
    assert shared("rcon.print(util.product_amount{amount_min = 1, amount_max = 3, probability = 0.5})") == "1"
    assert (
        shared(
            "local a = {b = {}} a.a = a local c = util.table.deepcopy(a) rcon.print(c ~= a and c.a == c and c.b ~= a.b)"
        )
        == "true"
    )


def test_random_numbers_are_repeatable() -> None:
    code = "for i = 1, 5 do rcon.print(math.random(1, 1000)) end"
    first, second = Level(), Level()
    assert first(code) == second(code)
    assert first(code) != first(code)
    assert all(1 <= int(value) <= 6 for value in first("for i = 1, 200 do rcon.print(math.random(6)) end").split())


plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**40), 2**40),
        st.floats(allow_nan=False),
        st.text("ab;{}n\n", max_size=6),
    ),
    lambda inner: st.dictionaries(
        st.text("abc", min_size=1, max_size=3), inner.filter(lambda value: value is not None), max_size=4
    ),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(plain)
def test_storage_text_round_trip(shared: Level, value: object) -> None:
    state = shared.scripts.scripts["level"].state
    text = encode_plain(value)
    load(state, text)
    assert state.call("save_storage") == _canonical(value)


def load(state: ScriptState, text: str) -> None:
    state.call_raw("stage_storage", text)
    state.call_raw("adopt_storage")


def _canonical(value: object) -> str:
    """The text with keys in the order of `pairs`."""
    if isinstance(value, dict):
        return "{;" + "".join(encode_plain(key) + _canonical(value[key]) for key in sorted(value)) + "};"
    return encode_plain(value)


def test_storage_keeps_identity(shared: Level) -> None:
    state = shared.scripts.scripts["level"].state
    shared("storage = {a = {1}} storage.b = storage.a storage.self = storage storage.surface = game.surfaces[1]")
    load(state, state.call("save_storage"))
    assert shared("rcon.print(storage.a == storage.b and storage.self == storage and storage.surface.name)") == "nauvis"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("chest.health = 0/0", "number expected"),
        ("game.speed = 1/0", "number expected"),
        ("chest.insert{name = 'coal', count = 0/0}", "out of range or of the wrong type"),
        ("game.create_inventory(65535)", "out of range or of the wrong type"),
        ("s.find_tiles_filtered{area = {{-1e4, -1e4}, {1e4, 1e4}}}", "expected at most"),
        ("s.find_non_colliding_position('wooden-chest', {0, 0}, 1e5, 0.01)", "expected at most"),
    ],
)
def test_what_no_world_could_hold_is_refused_in_one_line(level: Level, code: str, problem: str) -> None:
    level("s = game.surfaces[1] chest = s.create_entity{name = 'wooden-chest', position = {0, 0}, force = 'player'}")
    assert problem in level.error(code)
    assert level("rcon.print(chest.health)") == "100"


def test_json_puts_keys_in_order_however_many_sorts_of_tables_there_are(level: Level) -> None:
    code = """
    local function show(value) rcon.print(helpers.table_to_json(value)) end
    local one, other = {}, {}
    for key in ("delta alpha charlie bravo"):gmatch("%a+") do one[key] = #key end
    for key in ("bravo charlie alpha delta"):gmatch("%a+") do other[key] = #key end
    show(one) show(other) show{} show{[2] = 1, b = {}, a = -0} show{a = {0, -0, 0.5}}
    local made = {}
    for number = 1, 5000 do made[number] = {["key" .. number] = number, a = number} end
    local text = helpers.table_to_json(made)
    local parts = {}
    for number = 1, 5000 do parts[number] = '{"a":' .. number .. ',"key' .. number .. '":' .. number .. "}" end
    assert(text == "[" .. table.concat(parts, ",") .. "]")
    show(one) show{["quote\\""] = 1}
    """
    ordered = '{"alpha":5,"bravo":5,"charlie":7,"delta":5}'
    assert level(code).split("\n") == [
        ordered,
        ordered,
        "{}",
        '{"2":1,"a":-0,"b":{}}',
        '{"a":[0,-0,0.5]}',
        ordered,
        '{"quote\\"":1}',
    ]


HUGE = [
    "s.create_entity{name = 'wooden-chest', position = {%s, 0}}",
    "s.create_entity{name = 'coal', position = {5.5, 5.5}, amount = %s}",
    "s.create_entity{name = 'item-on-ground', position = {5.5, 5.5}, stack = {name = 'coal', count = %s}}",
    "s.find_entities_filtered{position = {%s, 0}}",
    "s.find_entities{{0, 0}, {%s, 1}}",
    "s.can_place_entity{name = 'wooden-chest', position = {0, %s}}",
    "s.find_non_colliding_position('wooden-chest', {%s, 0}, 5, 1)",
    "s.get_tile(%s, 0)",
    "s.set_tiles{{name = 'grass-1', position = {%s, 0}}}",
    "s.request_to_generate_chunks({%s, 0}, 1)",
    "chest.insert{name = 'coal', count = %s}",
    "chest.get_inventory(%s)",
    "chest.get_inventory(1).set_bar(%s)",
    "chest.teleport{%s, 0}",
    "chest.direction = %s",
    "game.create_inventory(%s)",
    "game.tick_paused = true game.ticks_to_run = %s",
    "s.daytime = %s",
    "game.forces.player.character_inventory_slots_bonus = %s",
    "game.forces.player.inserter_stack_size_bonus = %s",
    "game.forces.player.get_item_production_statistics(s).set_input_count('coal', %s)",
    "game.forces.player.technologies['automation'].level = %s",
    "game.forces.player.rockets_launched = %s",
]


@pytest.mark.parametrize("number", ["1e300", "2^53", "-2^63"])
def test_numbers_beyond_the_world_are_the_scripts_fault(level: Level, number: str) -> None:
    """Refused in words of the game's API or taken, but never with words of what the server is made of."""
    level("s = game.surfaces[1] chest = s.create_entity{name = 'wooden-chest', position = {0, 0}, force = 'player'}")
    for code in HUGE:
        level(f"ok, problem = pcall(function() {code % number} end)")
        said = level("rcon.print(tostring(problem))")
        assert not any(word in said for word in ("Python", "Traceback", "allocate")), (code, said)
    assert level("rcon.print(chest.valid and chest.health)") == "100"
