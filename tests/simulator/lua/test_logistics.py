"""What scripts read and write of belts, splitters and inserters."""

import pytest

from tests.simulator.lua.conftest import Level

PLACE = """
function place(name, x, y, direction)
  local spec = {name = name, position = {x, y}, direction = direction or 0, force = "player"}
  return game.surfaces[1].create_entity(spec)
end
"""


@pytest.fixture
def built(level: Level) -> Level:
    """A level with a global function `place`."""
    level(PLACE)
    return level


def test_a_splitter_s_priorities_and_filter(built: Level) -> None:
    code = """
    local s = place('splitter', 1, 0.5, 4)
    rcon.print(s.splitter_input_priority .. s.splitter_output_priority .. tostring(s.splitter_filter))
    s.splitter_input_priority, s.splitter_output_priority, s.splitter_filter = 'left', 'right', 'coal'
    rcon.print(s.splitter_input_priority .. s.splitter_output_priority .. s.splitter_filter.name)
    s.splitter_filter = {name = 'stone', quality = 'normal', comparator = '='}
    rcon.print(s.splitter_filter.name .. s.splitter_filter.quality .. s.splitter_filter.comparator)
    s.splitter_filter = nil rcon.print(tostring(s.splitter_filter))
    """
    assert built(code).split("\n") == ["nonenonenil", "leftrightcoal", "stonenormal=", "nil"]


def test_a_splitter_whose_filter_goes_lets_on_what_stood(built: Level) -> None:
    code = """
    s = place('splitter', 1.5, 1, 4)
    out = place('transport-belt', 2.5, 1.5, 4)
    s.splitter_output_priority, s.splitter_filter = 'right', 'coal'
    for line = 1, 4 do for at = 0, 1 do s.get_transport_line(line).insert_at(at * 0.25, 'stone') end end
    """
    arrived = "rcon.print(#out.get_transport_line(1) + #out.get_transport_line(2))"
    built(code)
    built.world.advance(120)
    assert built(arrived) == "0"
    built("s.splitter_filter = nil")
    built.world.advance(120)
    assert built(arrived) == "4"


def test_an_inserter_s_hand(built: Level) -> None:
    code = """
    one, bulk = place('inserter', 1, 0), place('bulk-inserter', 3, 0)
    function counts() return one.inserter_target_pickup_count .. ' ' .. bulk.inserter_target_pickup_count end
    """
    built(code)
    assert built("rcon.print(counts())") == "1 1"
    forces = built.world.forces
    forces.inserter_stack_size_bonus[0], forces.bulk_inserter_capacity_bonus[0] = 2, 11
    assert built("rcon.print(counts())") == "3 12"
    assert built("bulk.inserter_stack_size_override = 5 rcon.print(counts())") == "3 5"
    assert built("one.inserter_stack_size_override = 5 rcon.print(counts())") == "3 5"
    assert built("bulk.inserter_stack_size_override = 0 rcon.print(counts())") == "3 12"


def test_filters_count_once_they_are_used(built: Level) -> None:
    code = """
    local i = place('inserter', 1, 0)
    rcon.print(tostring(i.use_filters) .. i.filter_slot_count .. i.inserter_filter_mode)
    i.set_filter(5, {name = 'coal', quality = 'normal', comparator = '='})
    rcon.print(tostring(i.use_filters) .. i.get_filter(5).name .. tostring(i.get_filter(1)))
    i.use_filters, i.inserter_filter_mode = true, 'blacklist'
    rcon.print(tostring(i.use_filters) .. i.inserter_filter_mode)
    i.set_filter(5) rcon.print(tostring(i.get_filter(5)))
    """
    assert built(code).split("\n") == ["false5whitelist", "falsecoalnil", "trueblacklist", "nil"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("place('transport-belt', 0, 0).splitter_filter = 'coal'", "Entity is not a splitter"),
        ("place('splitter', 1, 0.5, 4).splitter_input_priority = 'up'", "expected left, none or right, got 'up'"),
        ("place('splitter', 1, 0.5, 4).splitter_filter = 'nonsense'", "Unknown item name: nonsense"),
        ("place('inserter', 0, 0).set_filter(6, 'coal')", "expected a slot of 1 to 5, got 6"),
        ("place('inserter', 0, 0).inserter_stack_size_override = -1", "expected 0 to 255, got -1"),
        ("place('inserter', 0, 0).inserter_target_pickup_count = 3", "the attribute is read-only"),
        ("place('wooden-chest', 0, 0).set_filter(1, 'coal')", "Entity is not a inserter"),
    ],
)
def test_wrong_use_is_refused(built: Level, code: str, message: str) -> None:
    assert message in built.error(code)


def test_an_underground_end_that_leads_nowhere_has_empty_lines_below(built: Level) -> None:
    code = """
    local e = place('underground-belt', 0.5, 0.5)
    for number = 1, e.get_max_transport_line_index() do
      local line = e.get_transport_line(number)
      rcon.print(#line .. ' ' .. #line.get_contents() .. ' ' .. tostring(line.can_insert_at_back()))
    end
    local below = e.get_transport_line(3)
    rcon.print(tostring(below.insert_at_back('coal')) .. tostring(below.insert_at(0, 'coal')))
    rcon.print(below.remove_item('coal')) below.clear()
    """
    assert built(code).split("\n") == ["0 0 true", "0 0 true", "0 0 false", "0 0 false", "falsefalse", "0"]
