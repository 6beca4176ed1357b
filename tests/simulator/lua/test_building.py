"""What scripts build, replace, damage, kill, mine and spill, and the events that tell of it."""

import pytest

from tests.simulator.lua.conftest import Level

SETUP = """
s = game.surfaces[1]
function place(name, x, y, more)
  local spec = {name = name, position = {x, y}, force = 'player'}
  for key, value in pairs(more or {}) do spec[key] = value end
  return s.create_entity(spec)
end
function counts(of)
  local list = {}
  for _, item in ipairs(of.get_contents()) do list[#list + 1] = item.name .. '=' .. item.count end
  table.sort(list)
  return table.concat(list, ' ')
end
function ground()
  local found = {}
  for _, item in ipairs(s.find_entities_filtered{name = 'item-on-ground'}) do
    found[item.stack.name] = (found[item.stack.name] or 0) + item.stack.count
  end
  local list = {}
  for name, count in pairs(found) do list[#list + 1] = name .. '=' .. count end
  table.sort(list)
  return table.concat(list, ' ')
end
"""


@pytest.fixture
def built(level: Level) -> Level:
    level(SETUP)
    return level


def listen(level: Level, *events: str) -> None:
    for event in events:
        level(
            f"script.on_event(defines.events.{event}, function(e) heard = '{event}:' .. e.entity.name "
            "rcon.print(heard .. (e.force and ' ' .. e.force.name or '') .. (e.final_damage_amount and "
            "(' ' .. e.final_damage_amount .. ' ' .. e.final_health) or '')) end)"
        )


def test_events_of_scripts_are_raised_when_asked_for(built: Level) -> None:
    listen(built, "script_raised_built", "script_raised_destroy")
    assert built("a = place('wooden-chest', 0, 0) b = place('wooden-chest', 2, 0, {raise_built = true})") == (
        "script_raised_built:wooden-chest"
    )
    assert built("rcon.print(a.destroy()) rcon.print(b.destroy{raise_destroy = true}) rcon.print(b.valid)") == (
        "true\nscript_raised_destroy:wooden-chest\ntrue\nfalse"
    )


def test_a_wall_takes_what_its_resistance_leaves_and_dies_of_it(built: Level) -> None:
    # Stone wall: 350 health, physical 3 / 20 %, so of 10 points (10 - 3) * 0.8 remain.
    listen(built, "on_entity_damaged", "on_entity_died")
    built("wall = place('stone-wall', 0, 0)")
    code = "rcon.print(string.format('%.4f %.4f', wall.damage(10, 'enemy', 'physical'), wall.health))"
    lines = built(code).split("\n")
    assert lines[0].startswith("on_entity_damaged:stone-wall enemy 5.6")
    assert lines[1] == "5.6000 344.4000"
    # Less than the flat part: 1 / (2 + 3 - 2) of a point, of which 80 % remain.
    script = "local dealt = wall.damage(2, 'enemy', 'physical') rcon.print(string.format('%.6f', dealt))"
    assert built(script).split("\n")[1] == f"{0.8 / 3:.6f}"
    lines = built("wall.damage(1e6, 'enemy', 'poison') rcon.print(wall.valid)").split("\n")
    assert lines[1:] == ["on_entity_died:stone-wall enemy", "false"]


def test_what_is_indestructible_takes_no_damage(built: Level) -> None:
    code = """
    local chest = place('wooden-chest', 0, 0)
    chest.destructible = false
    rcon.print(chest.damage(1e6, 'enemy') .. ' ' .. chest.health .. ' ' .. chest.get_health_ratio())
    rcon.print(tostring(chest.die()) .. tostring(chest.valid))
    """
    assert built(code) == "0 100 1\ntruefalse"
    assert "Unknown damage type" in built.error("place('wooden-chest', 0, 0).damage(1, 'enemy', 'boredom')")
    ore = "s.create_entity{name = 'iron-ore', position = {9, 9}, amount = 5}"
    assert "with health" in built.error(f"{ore}.damage(1, 'enemy')")


def test_mining_into_an_inventory_that_is_too_small(built: Level) -> None:
    built("chest = place('wooden-chest', 0, 0) chest.insert{name = 'coal', count = 75} box = game.create_inventory(1)")
    assert built("rcon.print(chest.mine{inventory = box}) rcon.print(chest.valid) rcon.print(#box.get_contents())") == (
        "false\ntrue\n0"
    )
    assert built("chest.minable_flag = false rcon.print(chest.mine{inventory = box, force = true})") == "false"
    listen(built, "script_raised_destroy")
    code = "chest.minable_flag = true rcon.print(chest.mine{inventory = box, force = true}) rcon.print(chest.valid)"
    assert built(code) == "script_raised_destroy:wooden-chest\ntrue\nfalse"
    assert built("rcon.print(counts(box)) rcon.print(ground())") == "wooden-chest=1\ncoal=75"
    quiet = "local c = place('iron-chest', 9, 0) rcon.print(c.mine{raise_destroyed = false}) rcon.print(c.valid)"
    assert built(quiet) == "true\nfalse"


def test_a_belt_is_bettered_with_everything_on_it(built: Level) -> None:
    code = """
    local belt = place('transport-belt', 0, 0, {direction = 4})
    local line = belt.get_transport_line(1)
    line.insert_at(0.25, {name = 'coal'}) line.insert_at(0.75, {name = 'stone'})
    for _, item in ipairs(line.get_detailed_contents()) do rcon.print(item.stack.name .. item.position) end
    rcon.print(s.can_fast_replace{name = 'fast-transport-belt', position = {0, 0}, direction = 4, force = 'player'})
    rcon.print(s.can_fast_replace{name = 'transport-belt', position = {0, 0}, direction = 4, force = 'player'})
    rcon.print(s.can_fast_replace{name = 'transport-belt', position = {0, 0}, direction = 8, force = 'player'})
    rcon.print(s.can_fast_replace{name = 'wooden-chest', position = {0, 0}, force = 'player'})
    local better = place('fast-transport-belt', 0, 0, {direction = 4, fast_replace = true})
    rcon.print(tostring(belt.valid) .. better.name .. better.direction)
    for _, item in ipairs(better.get_transport_line(1).get_detailed_contents()) do
      rcon.print(item.stack.name .. item.position)
    end
    rcon.print(ground())
    """
    assert built(code) == (
        "coal0.21875\nstone0.71875\ntrue\nfalse\ntrue\nfalse\n"
        "falsefast-transport-belt4\ncoal0.21875\nstone0.71875\ntransport-belt=1"
    )


def test_replaced_chests_and_machines_keep_what_they_hold(built: Level) -> None:
    code = """
    local chest = place('steel-chest', 0, 0)
    chest.insert{name = 'coal', count = 20 * 50} chest.get_inventory(1).set_bar(31)
    local who = place('character', 3, 0)
    local small = place('wooden-chest', 0, 0, {fast_replace = true, character = who})
    rcon.print(counts(small.get_inventory(1)) .. ' ' .. counts(who.get_main_inventory()) .. ' ' .. ground())
    game.forces.player.research_all_technologies()
    local maker = place('assembling-machine-1', 10.5, 10.5, {recipe = 'iron-gear-wheel'})
    maker.insert{name = 'iron-plate', count = 10}
    local better = place('assembling-machine-2', 10.5, 10.5, {fast_replace = true, spill = false})
    rcon.print(better.get_recipe().name .. better.get_item_count('iron-plate') .. tostring(maker.valid))
    local arm = place('inserter', 20, 0)
    arm.use_filters = true arm.set_filter(1, 'coal') arm.held_stack.set_stack{name = 'stone', count = 1}
    local fast = place('fast-inserter', 20, 0, {fast_replace = true, spill = false})
    local fork = place('splitter', 25, 0) fork.splitter_input_priority = 'left'
    rcon.print(place('fast-splitter', 25, 0, {fast_replace = true, spill = false}).splitter_input_priority)
    rcon.print(fast.get_filter(1).name .. fast.held_stack.name .. tostring(fast.use_filters))
    local stove = place('stone-furnace', 30, 0)
    stove.insert{name = 'coal', count = 3} stove.insert{name = 'iron-ore', count = 4}
    stove.burner.currently_burning = prototypes.item.wood stove.burner.remaining_burning_fuel = 1000
    local steel = place('steel-furnace', 30, 0, {fast_replace = true, spill = false})
    rcon.print(counts(steel.get_fuel_inventory()) .. steel.get_item_count('iron-ore')
      .. steel.burner.currently_burning.name.name .. steel.burner.remaining_burning_fuel)
    """
    assert built(code).split("\n") == [
        "coal=800 coal=200 steel-chest=1 ",
        "iron-gear-wheel10false",
        "left",
        "coalstonetrue",
        "coal=34wood1000",
    ]


def test_settings_are_copied_and_entities_cloned(built: Level) -> None:
    code = """
    game.forces.player.research_all_technologies()
    local one = place('assembling-machine-1', 0.5, 0.5, {recipe = 'iron-gear-wheel'})
    local two = place('assembling-machine-1', 10.5, 0.5, {recipe = 'copper-cable'})
    two.insert{name = 'copper-plate', count = 5}
    local out = two.copy_settings(one)
    rcon.print(two.get_recipe().name .. out[1].name .. out[1].count)
    local chest = place('iron-chest', 20, 0) chest.insert{name = 'coal', count = 60}
    script.on_event(defines.events.on_entity_cloned, function(e)
      rcon.print(e.source.name .. e.destination.position.x)
    end)
    local copy = chest.clone{position = {25, 0}}
    rcon.print(copy.get_item_count('coal') .. ' ' .. chest.get_item_count('coal') .. copy.force.name)
    rcon.print(tostring(chest.clone{position = {25, 0}}))
    """
    assert built(code).split("\n") == ["iron-gear-wheelcopper-plate5", "iron-chest25.5", "60 60player", "nil"]


def test_items_are_spilled_one_to_a_spot_and_onto_belts(built: Level) -> None:
    code = """
    local lying = s.spill_item_stack{position = {0.5, 0.5}, stack = {name = 'coal', count = 12}}
    rcon.print(#lying .. ' ' .. lying[1].stack.count .. ' ' .. lying[1].position.x .. ' ' .. ground())
    local heap = s.spill_item_stack{position = {30, 0}, stack = {name = 'stone', count = 12}, drop_full_stack = true}
    rcon.print(#heap .. ' ' .. heap[1].stack.count .. tostring(heap[1].to_be_looted))
    local belt = place('transport-belt', 50.5, 0.5)
    s.spill_item_stack{position = {50.5, 0.5}, stack = {name = 'wood', count = 2}}
    rcon.print(belt.get_transport_line(1).get_item_count() + belt.get_transport_line(2).get_item_count())
    local near = s.spill_item_stack{
      position = {70, 0}, stack = {name = 'coal', count = 500}, max_radius = 1, use_start_position_on_failure = false}
    local far = 0
    for _, item in ipairs(near) do
      far = math.max(far, (item.position.x - 70) ^ 2 + item.position.y ^ 2)
    end
    rcon.print(tostring(#near < 100 and #near > 20 and far <= 1))
    """
    assert built(code).split("\n") == ["12 1 0.5 coal=12", "1 12false", "2", "true"]
    assert "expected a position" in built.error("s.spill_item_stack({0, 0}, {name = 'coal', count = 1})")


def test_characters_in_the_way_are_moved_when_asked_for(built: Level) -> None:
    code = """
    local who = place('character', 0, 0)
    rcon.print(tostring(place('stone-furnace', 0, 0)))
    rcon.print(place('stone-furnace', 0, 0, {move_stuck_players = true}).name)
    local p = who.position
    rcon.print(tostring(math.max(math.abs(p.x), math.abs(p.y)) > 0.89 and p.x ^ 2 + p.y ^ 2 < 4))
    """
    assert built(code) == "nil\nstone-furnace\ntrue"


def test_filters_of_searches(built: Level) -> None:
    code = """
    place('wooden-chest', 0, 0).insert('coal') place('iron-chest', 2, 0)
    place('transport-belt', 4, 0, {direction = 4}) place('transport-belt', 6, 0, {direction = 8})
    place('transport-belt', 8, 0)
    local function count(filter) rcon.print(s.count_entities_filtered(filter) .. #s.find_entities_filtered(filter)) end
    count{has_item_inside = 'coal'} count{direction = {4, 8}} count{direction = 8} count{name = {}}
    count{collision_mask = {object = true, player = true}, limit = 3} count{collision_mask = {'resource'}}
    count{position = {0.5, 0.5}, radius = 0} count{position = {0.5, 0.5}, filter = 'bogus'}
    count{ghost_name = 'wooden-chest'} count{to_be_deconstructed = true} count{force = {}}
    count{name = prototypes.entity['iron-chest']}
    """
    assert built(code).split() == ["11", "22", "11", "00", "33", "00", "11", "11", "00", "00", "00", "11"]
    assert "Unknown entity name: nonsense" in built.error("s.find_entities_filtered{name = 'nonsense'}")


def test_looking_for_room(built: Level) -> None:
    code = """
    place('stone-furnace', 0, 0)
    local function at(p) rcon.print(p and p.x .. ' ' .. p.y or 'none') end
    at(s.find_non_colliding_position('stone-furnace', {0, 0}, 5, 1))
    at(s.find_non_colliding_position('stone-furnace', {0, 0}, 1, 0.5))
    at(s.find_non_colliding_position('wooden-chest', {9.2, 9.7}, 5, 1, true))
    at(s.find_non_colliding_position_in_box('stone-furnace', {{-1, 0}, {4, 1}}, 1))
    at(s.find_non_colliding_position_in_box('stone-furnace', {{-1, -1}, {1, 1}}, 0.5))
    rcon.print(tostring(s.entity_prototype_collides('pipe', {0, 0}, false)) .. tostring(
      s.entity_prototype_collides('pipe', {5, 5}, false)))
    s.create_entity{name = 'coal', position = {20, 20}, amount = 7}
    s.create_entity{name = 'coal', position = {21, 20}, amount = 5}
    rcon.print(s.get_resource_counts().coal)
    """
    # Two furnaces of 1.4 tiles: their centres are at least 1.4 apart, along one axis.
    assert built(code).split("\n") == ["0 -2", "none", "9.5 9.5", "2 0", "none", "truefalse", "12"]
