"""Fluids and heat as scripts see them."""

import pytest

from tests.simulator.lua.conftest import Level

BUILD = """
function build(name, x, y, direction)
  return game.surfaces[1].create_entity{name = name, position = {x, y}, direction = direction or 0, force = 'player'}
end
function show(...)
  local list = {...}
  for index = 1, select('#', ...) do list[index] = serpent.line(list[index], {sortkeys = true, comment = false}) end
  rcon.print(table.concat(list, ' '))
end
"""


@pytest.fixture
def built(level: Level) -> Level:
    level(BUILD)
    return level


def test_contents_of_an_entity(built: Level) -> None:
    built("tank = build('storage-tank', 0.5, 0.5)")
    assert built("show(tank.insert_fluid{name = 'water', amount = 1000, temperature = 60})") == "1000"
    assert built("show(tank.get_fluid_count(), tank.get_fluid_count('water'))") == "1000 1000"
    assert built("show(tank.get_fluid_count('steam'))") == "0"
    assert built("show(tank.get_fluid_contents())") == "{water = 1000}"
    assert built("show(tank.remove_fluid{name = 'water', amount = 100, temperature = 15})") == "0"
    assert built("show(tank.remove_fluid{name = 'water', amount = 100, minimum_temperature = 50})") == "100"
    assert built("show(tank.fluidbox[1])") == '{amount = 900, name = "water", temperature = 60}'
    assert built("show(tank.get_fluid(1))") == '{amount = 900, name = "water", temperature = 60}'
    assert built("show(tank.set_fluid(1, {name = 'steam', amount = 5}))") == (
        '{amount = 5, name = "steam", temperature = 15}'
    )
    assert built("show(tank.fluids_count)") == "1"
    built("tank.clear_fluid_inside()")
    assert built("show(tank.fluidbox[1])") == "nil"
    assert "Unknown fluid" in built.error("tank.insert_fluid{name = 'lemonade', amount = 1}")
    assert "0 or more" in built.error("tank.insert_fluid{name = 'water', amount = -1}")


def test_box_of_a_pipe(built: Level) -> None:
    built("one, two = build('pipe', 0.5, 0.5), build('pipe', 1.5, 0.5) one.insert_fluid{name = 'water', amount = 60}")
    built("box = one.fluidbox")
    assert built("show(box.get_capacity(1), box.get_locked_fluid(1))") == '200 "water"'
    assert built("show(box.get_fluid_segment_contents(1))") == "{water = 60}"
    assert built("local b = box.get_fluid_segment_extent_bounding_box(1) show(b.left_top, b.right_bottom)") == (
        "{x = 0, y = 0} {x = 2, y = 1}"
    )
    assert built("local c = box.get_connections(1) show(#c, c[1].owner == two)") == "1 true"
    built("for _, each in pairs(box.get_pipe_connections(1)) do if each.target then link = each end end")
    assert built("show(link.target.owner == two)") == "true"
    assert built("show(link.target_fluidbox_index, link.target_pipe_connection_index)") == "1 4"
    assert built("show(box.flush(1, 'steam'))") == "{}"
    assert built("show(two.fluidbox.flush(1), box[1])") == "{water = 60} nil"


def test_filter_of_a_box(built: Level) -> None:
    built("tank = build('storage-tank', 0.5, 0.5) box = tank.fluidbox")
    assert built("show(box.get_filter(1), box.set_filter(1, {name = 'steam'}))") == "nil true"
    assert built("show(box.get_filter(1).name, box.get_locked_fluid(1))") == '"steam" "steam"'
    assert built("show(tank.insert_fluid{name = 'water', amount = 10})") == "0"
    built("tank.insert_fluid{name = 'steam', amount = 10}")
    assert built("show(box.set_filter(1, {name = 'water'}), box.get_filter(1).name)") == 'false "steam"'
    assert built("show(box.set_filter(1, {name = 'water', force = true}), box[1])") == "true nil"
    assert built("show(box.set_filter(1, nil), box.get_filter(1))") == "true nil"
    assert built("show(build('boiler', 8.5, 0).fluidbox.set_filter(1, {name = 'steam'}))") == "false"


def test_prototype_of_a_box(built: Level) -> None:
    built("plant = build('chemical-plant', 0.5, 0.5) plant.set_recipe('plastic-bar') box = plant.fluidbox")
    assert built("local p = box.get_prototype(1) show(#box, #p, p[2].index, p[2].production_type)") == '1 2 2 "input"'
    built("tank = build('storage-tank', 10.5, 0.5)")
    assert built("local p = tank.fluidbox.get_prototype(1) show(p.volume, p.entity.name, #p.pipe_connections)") == (
        '25000 "storage-tank" 4'
    )
    assert built("show(#prototypes.entity['oil-refinery'].fluidbox_prototypes)") == "5"
    assert built("show(prototypes.entity['boiler'].fluidbox_prototypes[1].filter.name)") == '"water"'


def test_pumps(built: Level) -> None:
    built("""local t = {}
             for x = -3, 3 do for y = -8, -5 do t[#t + 1] = {name = 'water', position = {x, y}} end end
             game.surfaces[1].set_tiles(t)
             pump = build('offshore-pump', 0.5, -3.5)""")
    assert built("show(pump.get_fluid_source_fluid(), pump.get_fluid_source_tile())") == '"water" {x = 0, y = -5}'
    assert built("show(pump.pumped_last_tick)") == "0"
    built.world.advance(3)
    assert built("show(pump.pumped_last_tick, pump.fluidbox[1].amount)") == "20 60"
    built.world.advance(10)
    assert built("show(pump.pumped_last_tick, pump.fluidbox[1].amount)") == "0 100"


def test_heat(built: Level) -> None:
    built("reactor, pipe = build('nuclear-reactor', 0.5, 0.5), build('heat-pipe', 0.5, 3.5)")
    assert built("show(reactor.temperature, #reactor.heat_neighbours, reactor.neighbour_bonus)") == "15 1 0"
    assert built("show(pipe.heat_neighbours[1] == reactor)") == "true"
    built("pipe.temperature = 2000")
    assert built("show(pipe.temperature)") == "1000"
    built.world.advance(60)
    assert 15 < float(built("rcon.print(reactor.temperature)")) < 115
    built("other = build('nuclear-reactor', 5.5, 0.5) other.insert{name = 'uranium-fuel-cell', count = 1}")
    built.world.advance(1)
    assert built("show(reactor.neighbour_bonus, other.neighbour_bonus)") == "1 0"
    assert built("show(other.burner.currently_burning.name.name)") == '"uranium-fuel-cell"'
    assert built("show(#other.burner.burnt_result_inventory, other.burner.fuel_categories)") == "1 {nuclear = true}"
    assert built("show(build('pipe', 20.5, 0.5).temperature)") == "nil"
    assert "not a reactor" in built.error("local it = pipe.neighbour_bonus")


def test_amounts_of_a_well(built: Level) -> None:
    built("well = build('crude-oil', 0.5, 0.5)")
    assert built("show(well.amount, well.initial_amount)") == "300000 300000"
    built("well.initial_amount = 600000 well.amount = 90000")
    assert built("show(well.amount, well.initial_amount)") == "90000 600000"
    built("ore = game.surfaces[1].create_entity{name = 'iron-ore', position = {5.5, 0.5}, amount = 7}")
    assert built("show(ore.amount, ore.initial_amount)") == "7 nil"
    assert "infinite" in built.error("ore.initial_amount = 5")
