"""The runtime API against the world: what scripts read is what the engine holds."""

import pytest

from tests.simulator.lua.conftest import Level

PLACE = """
local function place(name, x, y, direction, more)
  local spec = {name = name, position = {x, y}, direction = direction or 0, force = "player"}
  for key, value in pairs(more or {}) do spec[key] = value end
  return game.surfaces[1].create_entity(spec)
end
"""


@pytest.fixture
def built(level: Level) -> Level:
    """A level whose level script has `place` as a global function."""
    level(PLACE.replace("local function", "function"))
    return level


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("place('wooden-chest', 0, 0).nonsense()", "LuaEntity doesn't contain key nonsense."),
        ("place('wooden-chest', 0, 0).name = 'x'", "Can't write to LuaEntity::name: the attribute is read-only."),
        ("place('wooden-chest', 0, 0).nonsense = 1", "LuaEntity doesn't contain key nonsense."),
        (
            "local c = place('wooden-chest', 0, 0) c.destroy() return c.name",
            "LuaEntity API call when LuaEntity was invalid.",
        ),
        ("local c = place('wooden-chest', 0, 0) local f = c.insert c.destroy() f('coal')", "LuaEntity was invalid"),
        (
            "local c = place('wooden-chest', 0, 0) local i = c.get_inventory(1) c.destroy() return #i",
            "LuaInventory was invalid",
        ),
        ("place('wooden-chest', 0, 0).insert{name = 'nonsense'}", "Unknown item name: nonsense"),
        ("place('nonsense', 0, 0)", "Unknown entity name: nonsense"),
        ("place('wooden-chest', 0, 0).get_recipe()", "Entity is not a furnace"),
        ("game.surfaces[1].find_entities_filtered('x')", "expected a table, got string"),
        ("game.surfaces[1].get_tile('x')", "expected a position"),
        ("game.surfaces[1].find_entity('coal')", "expected a position"),
        ("game.speed = 0", "at least 0.01"),
        ("game.ticks_to_run = -1", "at least 0"),
        ("return prototypes.entity['none'].name", "attempt to index field 'none' (a nil value)"),
        ("pairs(game)", "table expected"),
        (
            "local p = prototypes.entity['pipe'] p.type = p.type .. 'x'",
            "Can't write to LuaEntityPrototype::type: the attribute is read-only.",
        ),
    ],
)
def test_wrong_use_is_refused_in_the_games_words(built: Level, code: str, message: str) -> None:
    assert message in built.error(code)


def test_api_objects_are_userdata(built: Level) -> None:
    assert built("rcon.print(type(game)) rcon.print(type(place('wooden-chest', 0, 0)))") == "userdata\nuserdata"
    assert "got userdata" in built.error("rawget(game, 'tick')")


def test_handles_of_one_entity_are_equal(built: Level) -> None:
    code = """
    local a, b = place('wooden-chest', 0, 0), game.surfaces[1].find_entity('wooden-chest', {0.5, 0.5})
    local seen = {[a] = true}
    rcon.print(a == b) rcon.print(seen[b] == true) rcon.print(a == place('wooden-chest', 3, 0)) rcon.print(a.valid)
    """
    assert built(code) == "true\ntrue\nfalse\ntrue"


def test_entity_facts(built: Level) -> None:
    code = """
    local d = place('burner-mining-drill', 4, 4, defines.direction.east)
    rcon.print(helpers.table_to_json{d.name, d.type, d.position, d.direction, d.force.name, d.surface.name,
      d.bounding_box,
      d.drop_position, d.health, d.prototype.mining_speed, d.unit_number, d.status == defines.entity_status.no_fuel})
    """
    assert built(code) == (
        '["burner-mining-drill","mining-drill",{"x":4,"y":4},4,"player","nauvis",'
        '{"left_top":{"x":3.30078125,"y":3.30078125},"right_bottom":{"x":4.69921875,"y":4.69921875}},'
        '{"x":5.296875,"y":3.5},150,0.25,1,true]'
    )


def test_create_entity_gives_nil_where_there_is_no_room(built: Level) -> None:
    assert built("place('wooden-chest', 0, 0) rcon.print(tostring(place('stone-furnace', 0, 0)))") == "nil"
    assert built("rcon.print(game.surfaces[1].can_place_entity{name = 'stone-furnace', position = {0, 0}})") == "false"
    assert built("rcon.print(game.surfaces[1].can_place_entity{name = 'stone-furnace', position = {5, 5}})") == "true"


def test_inventories_and_stacks(built: Level) -> None:
    code = """
    local chest = place('wooden-chest', 0, 0)
    local inventory = chest.get_inventory(defines.inventory.chest)
    rcon.print(chest.insert{name = 'coal', count = 120} .. ' ' .. inventory.insert('iron-plate') .. ' ' .. #inventory)
    rcon.print(inventory[1].name .. inventory[1].count .. ' ' .. inventory[3].count .. ' '
      .. tostring(inventory[9].valid_for_read))
    rcon.print(inventory.remove{name = 'coal', count = 100} .. ' ' .. inventory.get_item_count('coal'))
    rcon.print(helpers.table_to_json(inventory.get_contents()))
    inventory[5].set_stack{name = 'stone', count = 7}
    rcon.print(inventory.get_insertable_count('coal') .. ' ' .. inventory.count_empty_stacks())
    rcon.print(tostring(inventory.is_empty()) .. chest.get_item_count() .. inventory[5].prototype.stack_size)
    inventory.clear() rcon.print(inventory.is_empty())
    local scratch = game.create_inventory(2)
    rcon.print(scratch.insert{name = 'coal', count = 500} .. tostring(scratch.is_full()))
    scratch.destroy() rcon.print(scratch.valid)
    rcon.print(tostring(chest.get_inventory(defines.inventory.furnace_result)))
    """
    assert built(code).split("\n") == [
        "120 1 16",
        "coal50 20 false",
        "100 20",
        '[{"count":20,"name":"coal","quality":"normal"},{"count":1,"name":"iron-plate","quality":"normal"}]',
        "680 13",
        "false2850",
        "true",
        "100true",
        "false",
        "nil",
    ]
    assert "Index out of bounds" in built.error("return place('wooden-chest', 9, 9).get_inventory(1)[17]")


def test_finding(built: Level) -> None:
    code = """
    local s = game.surfaces[1]
    for i = 0, 4 do place('wooden-chest', 10 + i, 0) end
    place('stone-furnace', 12, 3) s.create_entity{name = 'iron-ore', position = {10.5, 5.5}, amount = 77}
    local function count(filter) rcon.print(s.count_entities_filtered(filter)) end
    count{name = 'wooden-chest'} count{type = {'container', 'furnace'}} count{area = {{10, 0}, {12, 1}}}
    count{position = {12, 0.5}, radius = 1.1, name = 'wooden-chest'}
    count{force = 'player', invert = true, type = 'container'}
    count{force = {'player', 'neutral'}} count{name = 'wooden-chest', limit = 2} count{collision_mask = 'resource'}
    local found = s.find_entities_filtered{area = {left_top = {x = 10, y = 0}, right_bottom = {x = 20, y = 1}}}
    rcon.print(#found .. found[1].position.x .. found[5].position.x)
    rcon.print(s.find_entities_filtered{type = 'resource'}[1].amount)
    """
    assert built(code).split() == ["5", "6", "2", "2", "1", "7", "2", "1", "510.514.5", "77"]


def test_tiles(built: Level) -> None:
    code = """
    local s = game.create_surface('lab', {width = 64, height = 64})
    s.set_tiles{{name = 'water', position = {1, 2}}, {name = 'water', position = {x = 2, y = 2}}}
    rcon.print(s.get_tile(1, 2).name .. ' ' .. s.get_tile({1.9, 2.5}).name .. ' ' .. s.get_tile(0, 0).name)
    rcon.print(s.count_tiles_filtered{name = 'water'; area = {{-5, -5}, {5, 5}}})
    local tile = s.find_tiles_filtered{name = 'water', position = {0, 2}, radius = 2}[1]
    rcon.print(tile.position.x .. tile.name .. tostring(tile.collides_with('water_tile')) .. tile.prototype.name)
    rcon.print(s.count_tiles_filtered{collision_mask = 'water_tile', area = {{-5, -5}, {5, 5}}})
    rcon.print(game.surfaces.lab.index .. game.get_surface(2).name .. tostring(game.get_surface('nope')))
    """
    assert built(code).split("\n") == ["water water grass-1", "2", "1watertruewater", "2", "2labnil"]


def test_forces_research_and_recipes(built: Level) -> None:
    code = """
    local f = game.forces.player
    rcon.print(f.recipes['iron-gear-wheel'].enabled) rcon.print(f.recipes['assembling-machine-1'].enabled)
    f.technologies.automation.researched = true
    rcon.print(f.recipes['assembling-machine-1'].enabled)
    rcon.print(f.recipes['iron-gear-wheel'].ingredients[1].amount .. f.recipes['iron-gear-wheel'].category)
    rcon.print(f.technologies.automation.prototype.effects[1].recipe)
    rcon.print(f.technologies.automation.prerequisites['automation-science-pack'].name)
    rcon.print(tostring(f.add_research('logistics')) .. tostring(f.current_research))
    f.technologies['automation-science-pack'].researched = true
    rcon.print(tostring(f.add_research('logistics')) .. f.current_research.name)
    f.research_progress = 0.5 rcon.print(f.research_progress)
    f.cancel_current_research() rcon.print(tostring(f.current_research))
    f.research_all_technologies() rcon.print(f.technologies['rocket-silo'].researched)
    f.reset() rcon.print(f.technologies['rocket-silo'].researched)
    """
    lines = built(code).split("\n")
    assert lines == [
        "true", "false", "true", "2crafting", "assembling-machine-1", "automation-science-pack",
        "falsenil", "truelogistics", "0.5", "nil", "true", "false",
    ]  # fmt: skip


def test_statistics(built: Level) -> None:
    code = """
    local s = game.forces.player.get_item_production_statistics(game.surfaces[1])
    s.on_flow('iron-plate', 5) s.on_flow('iron-plate', -2) s.on_flow('coal', 1)
    rcon.print(helpers.table_to_json(s.input_counts) .. helpers.table_to_json(s.output_counts)
      .. s.get_input_count('coal'))
    s.clear() rcon.print(helpers.table_to_json(s.input_counts))
    local fluids = game.forces.player.get_fluid_production_statistics('nauvis')
    fluids.on_flow('water', 2.5) rcon.print(fluids.input_counts.water)
    """
    assert built(code).split("\n") == ['{"coal":1,"iron-plate":5}{"iron-plate":2}1', "{}", "2.5"]


def test_prototypes(built: Level) -> None:
    code = """
    local p = prototypes.entity['burner-mining-drill']
    rcon.print(helpers.table_to_json{p.tile_width, p.mining_drill_radius == 0.99, p.mineable_properties.products,
      p.resource_categories,
      p.collision_box, tostring(p.electric_energy_source_prototype), p.burner_prototype.fuel_inventory_size})
    rcon.print(prototypes.item.coal.fuel_value .. prototypes.item.coal.stack_size .. tostring(prototypes.item.nope))
    rcon.print(helpers.table_to_json(prototypes.recipe['copper-cable'].products))
    local names = {} for name, each in pairs(prototypes.fluid) do names[#names + 1] = name assert(each.name == name) end
    rcon.print(names[1] .. #names .. tostring(#names == #prototypes.fluid))
    rcon.print(prototypes.technology['steam-power'].research_trigger.item.name)
    """
    lines = built(code).split("\n")
    assert lines[0] == (
        '[2,true,[{"amount":1,"name":"burner-mining-drill","probability":1,"type":"item"}],{"basic-solid":true},'
        '{"left_top":{"x":-0.69921875,"y":-0.69921875},"right_bottom":{"x":0.69921875,"y":0.69921875}},"nil",1]'
    )
    assert lines[1] == "400000050nil"
    assert lines[2] == '[{"amount":2,"name":"copper-cable","probability":1,"type":"item"}]'
    assert lines[4] == "iron-plate"


def test_what_a_script_does_to_a_table_of_a_prototype_is_its_own_affair(built: Level) -> None:
    code = """
    local items = prototypes.entity["pipe"].items_to_place_this
    items[1].name = "other"
    rcon.print(prototypes.entity["pipe"].items_to_place_this[1].name)
    """
    assert built(code) == "pipe"


def test_forces_are_found_by_object_and_by_name_alone_and_in_lists(built: Level) -> None:
    code = """
    place("wooden-chest", 0, 0)
    game.surfaces[1].create_entity{name = "wooden-chest", position = {2, 0}, force = game.forces.neutral}
    for _, force in ipairs{game.forces.player, "neutral", {game.forces.player, "neutral"}, {2, game.forces.neutral}} do
      rcon.print(game.surfaces[1].count_entities_filtered{name = "wooden-chest", force = force})
    end
    """
    assert built(code).split() == ["1", "1", "2", "1"]


def test_belt_neighbours_come_and_go(built: Level) -> None:
    code = """
    local middle = place("transport-belt", 0.5, 0.5, 4)
    local function show()
      local near = middle.belt_neighbours
      rcon.print(#near.inputs .. " " .. #near.outputs)
    end
    show()
    local behind, beside = place("transport-belt", -0.5, 0.5, 4), place("transport-belt", 0.5, -0.5, 8)
    local ahead = place("splitter", 1.5, 1, 4)
    show()
    assert(middle.belt_neighbours.inputs[1] == behind and middle.belt_neighbours.inputs[2] == beside)
    assert(middle.belt_neighbours.outputs[1] == ahead)
    behind.destroy()
    show()
    """
    assert built(code).split("\n") == ["0 0", "2 1", "1 1"]


def test_belts_and_lines(built: Level) -> None:
    code = """
    local a, b = place('transport-belt', 0, 0, 4), place('transport-belt', 1, 0, 4)
    rcon.print(a.belt_neighbours.outputs[1] == b and b.belt_neighbours.inputs[1] == a and #a.belt_neighbours.inputs)
    local line = a.get_transport_line(1)
    rcon.print(tostring(line.insert_at_back{name = 'coal'}) .. tostring(line.insert_at(0.25, {name = 'coal'})))
    rcon.print(line.get_item_count() .. helpers.table_to_json(line.get_contents()))
    for _, item in ipairs(line.get_detailed_contents()) do rcon.print(item.position * 256 .. item.stack.name) end
    rcon.print(line.remove_item{name = 'coal', count = 1} .. ' ' .. #line .. ' ' .. line.line_length)
    """
    assert built(code).split("\n") == [
        "0", "truetrue", '2[{"count":2,"name":"coal","quality":"normal"}]', "56coal", "248coal", "1 1 1",
    ]  # fmt: skip
    full = """
    local l, n = place('transport-belt', 5, 5).get_transport_line(2), 0
    while l.insert_at_back('stone') do n = n + 1 end
    """
    assert built(f"{full} rcon.print(n .. tostring(l.can_insert_at_back()))") == "1false"


def test_inserters(built: Level) -> None:
    code = """
    local i = place('burner-inserter', 2, 0, 4)
    local from, to = place('wooden-chest', 3, 0), place('wooden-chest', 1, 0)
    rcon.print(i.pickup_position.x .. ' ' .. i.drop_position.x
      .. tostring(i.pickup_target == from and i.drop_target == to))
    rcon.print(tostring(i.held_stack.valid_for_read) .. tostring(i.use_filters))
    i.set_filter(1, 'coal') i.use_filters = true
    rcon.print(i.get_filter(1).name .. tostring(i.use_filters) .. tostring(i.get_filter(2)))
    rcon.print(i.burner.currently_burning.name.name .. i.burner.remaining_burning_fuel)
    i.held_stack.set_stack{name = 'coal', count = 1} rcon.print(i.held_stack.name .. i.held_stack.count)
    """
    assert built(code).split("\n") == [
        "3.5 1.30078125true", "falsefalse", "coaltruenil", "wood500000", "coal1",
    ]  # fmt: skip


def test_fluids_and_power(built: Level) -> None:
    code = """
    local a, b = place('pipe', 0, 0), place('pipe', 1, 0)
    local fluids = a.fluidbox
    rcon.print(#fluids .. tostring(fluids.get_fluid_segment_id(1) == b.fluidbox.get_fluid_segment_id(1))
      .. tostring(fluids[1]))
    fluids[1] = {name = 'water', amount = 50}
    rcon.print(fluids[1].name .. fluids[1].amount .. ' ' .. b.fluidbox.get_fluid_segment_contents(1).water
      .. ' ' .. fluids.get_capacity(1))
    local joined = 0
    for _, port in ipairs(fluids.get_pipe_connections(1)) do
      if port.target then joined = joined + 1 rcon.print(port.target.owner.position.x .. port.target_position.x) end
    end
    local pole, far = place('small-electric-pole', 0, 3), place('small-electric-pole', 40, 3)
    local lamp = place('assembling-machine-1', 0, 6)
    rcon.print(tostring(pole.electric_network_id == lamp.electric_network_id)
      .. tostring(far.electric_network_id == pole.electric_network_id))
    rcon.print(helpers.table_to_json(pole.electric_network_statistics.input_counts)
      .. tostring(lamp.is_connected_to_electric_network()))
    """
    assert built(code).split("\n") == ["1truenil", "water25 50 200", "1.51.5", "truefalse", "{}true"]


def test_crafting_machines(built: Level) -> None:
    code = """
    game.forces.player.research_all_technologies()
    local m = place('assembling-machine-1', 0, 0)
    rcon.print(tostring(m.get_recipe())) m.set_recipe('iron-gear-wheel')
    rcon.print(m.get_recipe().name .. m.insert{name = 'iron-plate', count = 10} .. m.crafting_progress)
    local taken = m.set_recipe('copper-cable') rcon.print(taken[1].name .. taken[1].count)
    local f = place('stone-furnace', 5, 0)
    rcon.print(f.insert{name = 'coal', count = 3} .. f.insert{name = 'iron-ore', count = 5}
      .. f.get_inventory(defines.inventory.fuel)[1].count)
    rcon.print(f.get_inventory(defines.inventory.furnace_source).get_item_count('iron-ore'))
    rcon.print(tostring(f.can_insert('wooden-chest')) .. f.remove_item{name = 'coal', count = 2})
    """
    assert built(code).split("\n") == ["nil", "iron-gear-wheel100", "iron-plate10", "353", "5", "false2"]


def test_characters(built: Level) -> None:
    code = """
    local c = place('character', 0.5, 0.5)
    rcon.print(c.insert{name = 'iron-plate', count = 200} .. ' ' .. #c.get_main_inventory() .. ' '
      .. c.reach_distance .. c.resource_reach_distance)
    rcon.print(c.begin_crafting{count = 2, recipe = 'iron-gear-wheel'} .. c.crafting_queue_size
      .. c.get_item_count('iron-plate'))
    c.walking_state = {walking = true, direction = defines.direction.east}
    rcon.print(helpers.table_to_json(c.walking_state))
    rcon.print(tostring(c.teleport{5, 5}) .. c.position.x)
    local other = game.create_surface('other')
    rcon.print(tostring(c.teleport({7, 7}, 'other')) .. c.surface.name
      .. other.count_entities_filtered{name = 'character'})
    rcon.print(game.surfaces[1].count_entities_filtered{name = 'character'})
    """
    assert built(code).split("\n") == [
        "200 80 102.7", "21196", '{"direction":4,"walking":true}', "true5",
        "trueother1", "0",
    ]  # fmt: skip


def test_mining_by_script(built: Level) -> None:
    code = """
    local c = place('character', 0.5, 0.5)
    local ore = game.surfaces[1].create_entity{name = 'iron-ore', position = {2.5, 0.5}, amount = 2}
    local tree = game.surfaces[1].create_entity{name = 'tree-01', position = {4.5, 0.5}}
    rcon.print(tostring(ore.mine{inventory = c.get_main_inventory()}) .. ore.amount .. c.get_item_count('iron-ore'))
    rcon.print(tostring(ore.mine{inventory = c.get_main_inventory()}) .. tostring(ore.valid))
    rcon.print(tostring(tree.mine{inventory = c.get_main_inventory()}) .. c.get_item_count('wood'))
    local chest = place('wooden-chest', 6, 0) chest.insert('coal')
    rcon.print(tostring(chest.mine{inventory = c.get_main_inventory()}) .. c.get_item_count('wooden-chest')
      .. c.get_item_count('coal'))
    """
    assert built(code).split("\n") == ["true11", "truefalse", "true4", "true11"]


def test_ground_items(built: Level) -> None:
    code = """
    local item = game.surfaces[1].create_entity{name = 'item-on-ground', position = {3.5, 3.5},
      stack = {name = 'coal', count = 4}}
    rcon.print(item.type .. item.stack.name .. item.stack.count) item.stack.count = 3 rcon.print(item.stack.count)
    rcon.print(#game.surfaces[1].spill_item_stack{position = {8, 8}, stack = {name = 'stone', count = 3}})
    """
    assert built(code).split("\n") == ["item-entitycoal4", "3", "3"]


def test_boxes_tiles_flags_and_bars_of_an_entity(built: Level) -> None:
    code = """
    local engine = place('steam-engine', 10.5, 0.5, defines.direction.east)
    local box = engine.selection_box
    rcon.print(box.left_top.x .. ' ' .. box.left_top.y .. ' ' .. box.right_bottom.x .. ' ' .. box.right_bottom.y)
    rcon.print(engine.tile_width .. engine.tile_height .. tostring(engine.has_flag('player-creation'))
      .. tostring(engine.has_flag('placeable-off-grid')) .. tostring(engine.is_entity_with_owner))
    local chest = place('iron-chest', 0, 0)
    chest.set_inventory_bar(1, 5)
    rcon.print(chest.get_inventory_bar(1) .. tostring(chest.inventory_supports_bar(1)))
    local who = place('character', 5, 5)
    who.character_health_bonus = 50 game.forces.player.character_health_bonus = 25 who.health = 1000
    rcon.print(who.max_health .. ' ' .. who.health)
    """
    # Selection box of a steam engine: 1.5 by 2.5 tiles each way, lying down when it faces east.
    assert built(code).split("\n") == ["8 -1 13 2", "53truefalsetrue", "5true", "325 325"]


def test_a_recipe_of_another_trade_is_refused_before_its_fluids_are_looked_at(built: Level) -> None:
    built("game.forces.player.research_all_technologies() maker = place('assembling-machine-2', 0.5, 0.5)")
    assert "does not fit assembling-machine-2" in built.error("maker.set_recipe('basic-oil-processing')")
