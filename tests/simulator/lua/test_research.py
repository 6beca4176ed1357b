"""Research, bonuses, daylight and wires as scripts see them."""

from __future__ import annotations

import pytest

from harness.simulator.lua import step
from tests.simulator.lua.conftest import Level


def test_the_queue_and_its_members(level: Level) -> None:
    level("f = game.forces.player f.technologies['automation-science-pack'].research_recursive()")
    assert level("rcon.print(f.add_research('automation')) rcon.print(f.add_research(f.technologies.logistics))") == (
        "true\ntrue"
    )
    assert level("rcon.print(f.current_research.name) rcon.print(#f.research_queue .. f.research_queue[2].name)") == (
        "automation\n2logistics"
    )
    level("f.research_progress = 0.25")
    assert level("rcon.print(f.technologies.automation.saved_progress)") == "0.25"
    level("f.research_queue = {'logistics', 'rocket-silo', f.technologies['stone-wall']}")
    assert level("for _, t in ipairs(f.research_queue) do rcon.print(t.name) end") == "logistics\nstone-wall"
    assert level("rcon.print(f.research_progress) rcon.print(f.technologies.automation.saved_progress)") == "0\n0.25"
    level("f.cancel_current_research()")
    assert level("rcon.print(f.current_research.name)") == "stone-wall"
    level("f.research_queue = nil")
    assert level("rcon.print(f.current_research) rcon.print(#f.research_queue)") == "nil\n0"
    assert "Unknown technology name: nonsense" in level.error("game.forces.player.add_research('nonsense')")
    assert "no current research" in level.error("game.forces.player.research_progress = 0.5")


def test_events_of_research(level: Level) -> None:
    level("""
    f = game.forces.player
    f.technologies['automation-science-pack'].research_recursive()
    seen = {}
    local function hear(name, text)
      script.on_event(defines.events[name], function(e) seen[#seen + 1] = name .. ' ' .. text(e) end)
    end
    local function name(t) return t and t.name or 'none' end
    hear('on_research_started', function(e) return e.research.name .. ' ' .. name(e.last_research) end)
    hear('on_research_finished', function(e) return e.research.name .. ' ' .. tostring(e.by_script) end)
    hear('on_research_cancelled', function(e) return e.force.name .. e.research.logistics end)
    hear('on_research_reversed', function(e) return e.research.name .. tostring(e.by_script) end)
    hear('on_research_queued', function(e) return e.research.name .. e.force.name end)
    hear('on_force_reset', function(e) return e.force.name end)
    hear('on_technology_effects_reset', function(e) return e.force.name end)
    f.add_research('automation') f.add_research('logistics')
    f.technologies.automation.researched = true
    f.cancel_current_research()
    f.technologies.automation.researched = false
    f.reset_technology_effects() f.reset()
    """)
    assert level("rcon.print(table.concat(seen, '\\n'))").splitlines() == [
        "on_research_queued automationplayer",
        "on_research_started automation none",
        "on_research_queued logisticsplayer",
        "on_research_finished automation true",
        "on_research_started logistics automation",
        "on_research_cancelled player1",
        "on_research_reversed automationtrue",
        "on_technology_effects_reset player",
        "on_force_reset player",
    ]


def test_a_handler_may_choose_what_comes_next(level: Level) -> None:
    level("""
    f = game.forces.player
    f.technologies['automation-science-pack'].research_recursive()
    script.on_event(defines.events.on_research_finished, function(e) e.research.force.add_research('stone-wall') end)
    f.add_research('automation')
    f.research_progress = 1
    """)
    assert level("rcon.print(f.technologies.automation.researched) rcon.print(f.current_research.name)") == (
        "true\nstone-wall"
    )


def test_a_trigger_is_told_in_the_tick_it_comes(level: Level) -> None:
    level("""
    heard = nil
    script.on_event(defines.events.on_research_finished, function(e) heard = e.research.name .. e.tick end)
    local s = game.surfaces[1]
    local furnace = s.create_entity{name = 'stone-furnace', position = {0, 0}, force = 'player'}
    furnace.insert('coal')
    game.forces.player.technologies.electronics.saved_progress = 0
    game.forces.player.get_item_production_statistics(s).clear()
    furnace.insert{name = 'copper-ore', count = 10}
    """)
    for _ in range(10 * 192 + 2):
        step(level.scripts, 1)
    assert level("rcon.print(heard)") == "electronics1922"


def test_technology_members(level: Level) -> None:
    level("t = game.forces.player.technologies['mining-productivity-4']")
    assert level("rcon.print(t.level .. ' ' .. t.research_unit_count .. ' ' .. t.research_unit_count_formula)") == (
        "4 2500 2500*(L - 3)"
    )
    assert level("t.level = 6 rcon.print(t.research_unit_count) rcon.print(t.prototype.research_unit_count)") == (
        "7500\n2500"
    )
    assert level("rcon.print(t.prototype.level .. ' ' .. t.prototype.max_level)") == "4 4294967295"
    assert level("for name, p in pairs(t.prerequisites) do rcon.print(name .. p.name) end") == (
        "mining-productivity-3mining-productivity-3\nspace-science-packspace-science-pack"
    )
    assert level(
        "rcon.print(game.forces.player.technologies.electronics.successors['automation-science-pack'].name)"
    ) == ("automation-science-pack")
    assert level("t.enabled = false t.visible_when_disabled = true rcon.print(t.enabled, t.visible_when_disabled)")
    assert "expected 4 to" in level.error("game.forces.player.technologies['mining-productivity-4'].level = 1")


def test_bonuses_are_read_and_written(level: Level) -> None:
    assert (
        level("""
    local f = game.forces.player
    f.laboratory_speed_modifier = 0.5 f.character_inventory_slots_bonus = 5 f.cliff_deconstruction_enabled = true
    f.set_ammo_damage_modifier('bullet', 0.3) f.set_gun_speed_modifier('bullet', 0.2)
    f.set_turret_attack_modifier('gun-turret', 0.1)
    rcon.print(f.laboratory_speed_modifier .. ' ' .. f.character_inventory_slots_bonus)
    rcon.print(f.cliff_deconstruction_enabled)
    rcon.print(f.get_ammo_damage_modifier('bullet') .. ' ' .. f.get_gun_speed_modifier('bullet'))
    rcon.print(f.get_turret_attack_modifier('gun-turret') .. ' ' .. f.get_ammo_damage_modifier('laser'))
    """)
        == "0.5 5\ntrue\n0.3 0.2\n0.1 0"
    )
    assert "expected true or false" in level.error("game.forces.player.vehicle_logistics = 3")
    assert "expected a number" in level.error("game.forces.player.laboratory_speed_modifier = 'fast'")
    assert "Unknown ammo category" in level.error("game.forces.player.get_gun_speed_modifier('arrows')")


def test_every_ammo_category_can_be_asked_for(level: Level) -> None:
    assert (
        level("""
    local f = game.forces.player
    f.set_ammo_damage_modifier('biological', 2)
    rcon.print(f.get_ammo_damage_modifier('biological'))
    """)
        == "2"
    )


def test_days_pass_and_stop(level: Level) -> None:
    level("s = game.surfaces[1] s.daytime = 0.2 s.freeze_daytime = false")
    for _ in range(252):
        step(level.scripts, 1)
    assert float(level("rcon.print(s.daytime)")) == pytest.approx(0.21)
    level("s.daytime = 0.5")
    assert level("rcon.print(s.darkness)") == "0.85"
    level("s.always_day = true")
    assert level("rcon.print(s.darkness)") == "0"
    level("s.always_day = false s.freeze_daytime = true s.daytime = 0.35")
    for _ in range(100):
        step(level.scripts, 1)
    assert level("rcon.print(s.daytime)") == "0.35"
    assert float(level("rcon.print(s.darkness)")) == pytest.approx(0.425)
    assert level("s.ticks_per_day = 100 s.dusk = 0.1 rcon.print(s.ticks_per_day .. ' ' .. s.dusk)") == "100 0.1"
    assert "dusk < evening" in level.error("game.surfaces[1].evening = 0.05")


def test_wires_by_script(level: Level) -> None:
    level("""
    local s = game.surfaces[1]
    function pole(x) return s.create_entity{name = 'small-electric-pole', position = {x, 0.5}, force = 'player'} end
    a, b, c = pole(0.5), pole(6.5), pole(20.5)
    A = a.get_wire_connector(defines.wire_connector_id.pole_copper, false)
    B = b.get_wire_connectors(false)[defines.wire_connector_id.pole_copper]
    C = c.get_wire_connector(defines.wire_connector_id.pole_copper, true)
    """)
    assert level(
        "rcon.print(A.is_connected_to(B)) rcon.print(A.connection_count .. A.connections[1].target.owner.name)"
    ) == ("true\n1small-electric-pole")
    assert level("rcon.print(A.network_id == b.electric_network_id) rcon.print(A.can_wire_reach(c))") == "true\nfalse"
    assert level(
        "rcon.print(A.disconnect_from(B)) rcon.print(A.disconnect_from(B)) rcon.print(B.connection_count)"
    ) == ("true\nfalse\n0")
    assert level("rcon.print(A.network_id == B.network_id)") == "false"
    assert level("rcon.print(B.connect_to(C)) rcon.print(B.connect_to(C, false)) rcon.print(A.connect_to(B))") == (
        "false\ntrue\ntrue"
    )
    assert level("rcon.print(A.have_common_neighbour(C)) rcon.print(A.network_id == C.network_id)") == "true\ntrue"
    assert level("rcon.print(B.disconnect_all()) rcon.print(B.disconnect_all()) rcon.print(#B.connections)") == (
        "true\nfalse\n0"
    )
    assert level("b.destroy() rcon.print(B.valid)") == "false"
    assert "was invalid" in level.error("A.connect_to(B)")


def test_electric_limits_and_statistics(level: Level) -> None:
    level("""
    s = game.surfaces[1]
    function make(name, x, y) return s.create_entity{name = name, position = {x, y}, force = 'player'} end
    pole, source = make('substation', 0, 0), make('electric-energy-interface', 2, 0)
    store, machine = make('accumulator', 4, 4), make('assembling-machine-1', -3.5, 3.5)
    panel = make('solar-panel', 3.5, -3.5)
    """)
    for _ in range(60):
        step(level.scripts, 1)
    assert level("rcon.print(machine.electric_drain * 60 .. ' ' .. machine.get_electric_input_flow_limit() * 60)") == (
        "2500 75000"
    )
    assert level(
        "rcon.print(store.get_electric_output_flow_limit() .. ' ' .. panel.get_electric_output_flow_limit())"
    ) == ("5000 1000")
    assert level("rcon.print(pole.electric_drain) rcon.print(panel.energy_generated_last_tick)") == "nil\n1000"
    assert (
        level("""
    local n = pole.electric_network_statistics
    rcon.print(n.get_input_count('accumulator') .. ' ' .. n.get_output_count('solar-panel'))
    rcon.print(n.storage_counts.accumulator)
    n.clear() rcon.print(next(n.input_counts))
    """)
        == "300000 60000\n300000\nnil"
    )


def test_a_radar_holds_energy_exactly_while_its_network_gives_some(level: Level) -> None:
    level("""
    s = game.surfaces[1]
    function make(name, x, y) return s.create_entity{name = name, position = {x, y}, force = 'player'} end
    pole, radar = make('substation', 0, 0), make('radar', 3.5, 3.5)
    """)
    step(level.scripts, 1)
    assert level("rcon.print(radar.energy)") == "0"
    level("source = make('electric-energy-interface', 2, 0)")
    step(level.scripts, 2)
    # 300 kW; a buffer holds the use of two ticks.
    assert level("rcon.print(radar.energy)") == "10000"
