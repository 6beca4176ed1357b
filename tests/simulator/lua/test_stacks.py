"""Slots: red bars, scripts' own inventories, wear, and moving stacks about."""

import pytest

from tests.simulator.lua.conftest import Level


@pytest.fixture
def chest(level: Level) -> Level:
    level(
        "s = game.surfaces[1] chest = s.create_entity{name = 'wooden-chest', position = {0, 0}, force = 'player'} "
        "slots = chest.get_inventory(defines.inventory.chest)"
    )
    return level


def test_a_red_bar_shuts_slots_of_chests_only(chest: Level) -> None:
    code = """
    rcon.print(tostring(slots.supports_bar()) .. slots.get_bar())
    slots.set_bar(3) rcon.print(slots.get_bar() .. ' ' .. chest.insert{name = 'coal', count = 500})
    slots.set_bar() rcon.print(slots.get_bar() .. ' ' .. chest.insert{name = 'coal', count = 500})
    local stove = s.create_entity{name = 'stone-furnace', position = {5, 0}, force = 'player'}
    fuel = stove.get_fuel_inventory() rcon.print(fuel.supports_bar())
    """
    # A wooden chest has 16 slots: two of 50 coal before the bar; 17 means none is shut.
    assert chest(code).split("\n") == ["true17", "3 100", "17 500", "false"]
    assert "doesn't support bar" in chest.error("fuel.get_bar()")


def test_no_inventory_takes_filters(chest: Level) -> None:
    code = "rcon.print(tostring(slots.set_filter(1, 'coal')) .. tostring(slots.get_filter(1)) .. #slots)"
    assert chest(code) == "falsenil16"
    assert "Index out of bounds: 17" in chest.error("slots.get_filter(17)")


def test_scripts_inventories_are_resized(chest: Level) -> None:
    code = """
    local box = game.create_inventory(4)
    box.insert{name = 'coal', count = 200}
    box.resize(6) rcon.print(#box .. ' ' .. box.get_item_count())
    box.resize(3) rcon.print(#box .. ' ' .. box.get_item_count() .. ' ' .. box.get_item_quality_counts('coal').normal)
    """
    assert chest(code) == "6 200\n3 150 150"
    assert "can be resized" in chest.error("slots.resize(5)")


def test_magazines_and_tools_wear_from_the_first_on(chest: Level) -> None:
    # A firearm magazine has 10 rounds, a repair pack 300 points.
    code = """
    slots[1].set_stack{name = 'firearm-magazine', count = 2}
    rcon.print(slots[1].ammo) slots[1].drain_ammo(4) rcon.print(slots[1].ammo .. ' ' .. slots[1].count)
    slots[1].drain_ammo(6) rcon.print(slots[1].ammo .. ' ' .. slots[1].count)
    slots[1].ammo = 3 slots[1].add_ammo(20) rcon.print(slots[1].ammo)
    slots[2].set_stack('repair-pack') slots[2].durability = 12 rcon.print(slots[2].durability)
    slots[2].drain_durability(12) rcon.print(tostring(slots[2].valid_for_read))
    rcon.print(tostring(slots[1].is_ammo) .. tostring(slots[1].is_tool) .. tostring(slots[2].is_tool))
    """
    assert chest(code).split("\n") == ["10", "6 2", "10 1", "10", "12", "false", "truefalsefalse"]
    assert "is no ammo" in chest.error("slots[3].set_stack('coal') return slots[3].ammo")


def test_stacks_are_moved_and_swapped(chest: Level) -> None:
    code = """
    slots[1].set_stack{name = 'coal', count = 30} slots[2].set_stack{name = 'coal', count = 40}
    rcon.print(tostring(slots[2].transfer_stack(slots[1], 5)) .. slots[1].count .. ' ' .. slots[2].count)
    rcon.print(tostring(slots[2].transfer_stack(slots[1])) .. slots[1].count .. ' ' .. slots[2].count)
    rcon.print(tostring(slots[3].transfer_stack{name = 'stone', count = 7}) .. slots[3].name .. slots[3].count)
    rcon.print(tostring(slots[3].transfer_stack(slots[1])))
    rcon.print(tostring(slots[3].swap_stack(slots[1])) .. slots[3].name .. slots[3].count .. slots[1].name)
    """
    assert chest(code).split("\n") == ["true25 45", "false20 50", "truestone7", "false", "truecoal20stone"]
    assert "expected a LuaItemStack" in chest.error("slots[1].swap_stack{name = 'coal'}")
