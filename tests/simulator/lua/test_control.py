"""A character through `LuaControl`: what it reaches, runs, mines, crafts, wears, holds and picks up."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.world import World
from tests.simulator.engine.test_character import raw_worth
from tests.simulator.lua.conftest import Level


@pytest.fixture
def someone(level: Level) -> Level:
    level(
        "s = game.surfaces[1] who = s.create_entity{name = 'character', position = {0, 0}, force = 'player'} "
        "main = who.get_main_inventory()"
    )
    return level


def test_distances_are_the_prototypes_and_take_bonuses(someone: Level) -> None:
    code = """
    rcon.print(who.reach_distance .. ' ' .. who.build_distance .. ' ' .. who.resource_reach_distance .. ' '
      .. who.item_pickup_distance .. ' ' .. who.loot_pickup_distance .. ' ' .. who.drop_item_distance)
    local chest = s.create_entity{name = 'wooden-chest', position = {13.5, 0.5}, force = 'player'}
    local ore = s.create_entity{name = 'iron-ore', position = {3.5, 0.5}, amount = 5}
    rcon.print(tostring(who.can_reach_entity(chest)) .. tostring(who.can_reach_entity(ore))
      .. tostring(who.can_place_entity{name = 'stone-furnace', position = {11, 0}}))
    who.character_reach_distance_bonus = 5
    who.character_resource_reach_distance_bonus = 1
    who.character_build_distance_bonus = 3
    rcon.print(tostring(who.can_reach_entity(chest)) .. tostring(who.can_reach_entity(ore))
      .. tostring(who.can_place_entity{name = 'stone-furnace', position = {11, 0}}) .. who.reach_distance)
    """
    assert someone(code).split("\n") == ["10 10 2.7 1 2 10", "falsefalsefalse", "truetruetrue15"]


def test_bonuses_of_the_force_count_too(someone: Level) -> None:
    code = """
    local force = game.forces.player
    force.character_reach_distance_bonus = 2 who.character_reach_distance_bonus = 1
    force.character_inventory_slots_bonus = 10 who.character_inventory_slots_bonus = 5
    local trash = defines.inventory.character_trash
    rcon.print(who.reach_distance .. ' ' .. #main .. ' ' .. tostring(who.get_inventory(trash)))
    force.character_trash_slot_count = 30
    rcon.print(#who.get_inventory(trash))
    """
    assert someone(code) == "13 95 nil\n30"


def test_slots_follow_the_bonus(someone: Level) -> None:
    code = """
    who.character_inventory_slots_bonus = 10
    rcon.print(#main .. ' ' .. main.insert{name = 'coal', count = 10000})
    who.character_inventory_slots_bonus = 0
    rcon.print(#main .. ' ' .. main.get_item_count('coal'))
    main.remove{name = 'coal', count = 600}
    who.character_inventory_slots_bonus = 0
    rcon.print(#main .. ' ' .. main.get_item_count('coal'))
    """
    # 80 slots of 50, and 10 more; slots that still hold something stay.
    assert someone(code).split("\n") == ["90 4500", "90 4500", "80 3900"]


@pytest.mark.parametrize(
    ("bonus", "tile", "distance"),
    [(0, "grass-1", 38), (0.5, "grass-1", 57), (0, "concrete", 53), (-0.5, "grass-1", 19)],
)
def test_running_speed(someone: Level, bonus: float, tile: str, distance: int) -> None:
    # 0.15 tile a tick; concrete makes 1.4 times as fast. Cut to 1/256 tile.
    tiles = f"local t = {{}} for x = 0, 9 do t[#t + 1] = {{name = '{tile}', position = {{x, 0}}}} end s.set_tiles(t)"
    someone(f"{tiles} who.teleport{{0.5, 0.5}} who.character_running_speed_modifier = {bonus}")
    someone("who.walking_state = {walking = true, direction = defines.direction.east}")
    someone.world.advance(10)
    assert someone("rcon.print((who.position.x - 0.5) * 256)") == str(10 * distance)


def test_belts_carry_who_stands_on_them(someone: Level) -> None:
    someone("for x = 0, 5 do s.create_entity{name = 'transport-belt', position = {x, 0}, direction = 4} end")
    someone("who.teleport{0.5, 0.5}")
    someone.world.advance(32)
    assert someone("rcon.print(who.position.x .. ' ' .. who.position.y)") == "1.5 0.5"  # a tile in 32 ticks
    someone("who.walking_state = {walking = true, direction = 4}")
    someone.world.advance(2)
    assert someone("rcon.print((who.position.x - 1.5) * 256)") == str(2 * (38 + 8))
    someone("who.walking_state = {walking = true, direction = 12}")
    someone.world.advance(2)
    assert someone("rcon.print((who.position.x - 1.5) * 256)") == str(2 * (38 + 8) - 2 * (38 - 8))


def test_hands_work_faster_with_modifiers(someone: Level) -> None:
    someone("s.create_entity{name = 'iron-ore', position = {1.5, 0.5}, amount = 50}")
    someone("who.character_mining_speed_modifier = 1 who.mining_state = {mining = true, position = {1.5, 0.5}}")
    someone.world.advance(61)  # 60 ticks of work and one to begin, as 121 without the modifier
    assert someone("rcon.print(main.get_item_count('iron-ore'))") == "1"
    someone.world.advance(30)
    progress = float(someone("rcon.print(who.character_mining_progress)"))
    assert progress == pytest.approx(0.5, abs=0.02)
    someone("who.mining_state = {mining = false} main.insert{name = 'iron-plate', count = 4}")
    someone(
        "who.character_crafting_speed_modifier = 1 made = who.begin_crafting{recipe = 'iron-gear-wheel', count = 2}"
    )
    someone.world.advance(29)
    assert someone("rcon.print(made .. main.get_item_count('iron-gear-wheel'))") == "21"
    someone.world.advance(1)
    assert someone("rcon.print(main.get_item_count('iron-gear-wheel'))") == "2"


def test_the_crafting_queue_reads_and_cancels(someone: Level) -> None:
    code = """
    main.insert{name = 'iron-plate', count = 20}
    rcon.print(who.get_craftable_count('transport-belt') .. ' ' .. who.get_craftable_count('iron-plate'))
    rcon.print(who.begin_crafting{recipe = 'transport-belt', count = 4})
    for _, e in ipairs(who.crafting_queue) do
      rcon.print(e.index .. e.recipe .. e.count .. tostring(e.prerequisite))
    end
    rcon.print(main.get_item_count('iron-plate') .. ' ' .. who.crafting_queue_size)
    rcon.print(who.crafting_queue_progress)
    """
    # A belt takes a plate and a gear of two plates: twenty plates make six.
    assert someone(code).split("\n") == [
        "6 0",
        "4",
        "1iron-gear-wheel4true",
        "2transport-belt4false",
        "8 2",
        "0",
    ]
    someone.world.advance(15)
    assert float(someone("rcon.print(who.crafting_queue_progress)")) == pytest.approx(0.5, abs=0.04)
    code = """
    who.cancel_crafting{index = 2, count = 3}
    for _, e in ipairs(who.crafting_queue) do rcon.print(e.recipe .. e.count) end
    rcon.print(main.get_item_count('iron-plate'))
    """
    assert someone(code).split("\n") == ["iron-gear-wheel1", "transport-belt1", "17"]
    someone.world.advance(46)
    assert someone("rcon.print(main.get_item_count('transport-belt') .. who.crafting_queue_size)") == "20"
    assert "an index of 1 to 0" in someone.error("who.cancel_crafting{index = 1, count = 1}")


@given(
    recipe=st.sampled_from(["inserter", "electronic-circuit", "burner-mining-drill", "transport-belt"]),
    wishes=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    ticks=st.integers(0, 500),
    cuts=st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4)), max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_cancelling_parts_of_the_queue_loses_and_makes_nothing(
    recipe: str, wishes: list[int], ticks: int, cuts: list[tuple[int, int]]
) -> None:
    world = World()
    surface = world.create_surface("field", 100, 100)
    row = world.create_entity(surface, "character", 0, 0)
    world.set_researched("player", "electronics", True)
    for technology in ("automation-science-pack", "automation"):
        world.set_researched("player", technology, True)
    for name, count in (("iron-plate", 90), ("copper-plate", 31), ("stone", 20), ("copper-cable", 3)):
        world.insert(row, name, count)
    before = raw_worth(world.contents(world.inventory_of(row, CHEST)))
    for count in wishes:
        world.begin_crafting(row, recipe, count)
    world.advance(ticks)
    for place, count in cuts:
        queue = world.crafting_queue(row)
        if queue:
            world.cancel_crafting(row, 1 + place % len(queue), count)
    world.advance(5000)
    assert world.crafting_queue(row) == []
    assert raw_worth(world.contents(world.inventory_of(row, CHEST))) == before
    assert all(isinstance(value, Fraction) for value in before.values())


def test_guns_ammunition_and_armour_are_worn(someone: Level) -> None:
    code = """
    local guns, ammo = who.get_inventory(defines.inventory.character_guns), who.get_inventory(4)
    rcon.print(#guns .. #ammo .. #who.get_inventory(defines.inventory.character_armor))
    who.insert{name = 'firearm-magazine', count = 5}
    who.insert('pistol') who.insert{name = 'firearm-magazine', count = 10} who.insert('light-armor')
    rcon.print(guns[1].name .. ammo[1].count .. main.get_item_count('firearm-magazine')
      .. who.get_inventory(defines.inventory.character_armor)[1].name .. who.get_item_count('firearm-magazine'))
    """
    assert someone(code) == "331\npistol105light-armor15"


def test_the_cursor_holds_one_stack(someone: Level) -> None:
    code = """
    rcon.print(tostring(who.is_cursor_empty()) .. tostring(who.cursor_stack.valid_for_read))
    who.cursor_stack.set_stack{name = 'coal', count = 7}
    rcon.print(who.cursor_stack.count .. tostring(who.is_cursor_empty()) .. tostring(who.cursor_ghost))
    local box = game.create_inventory(9)
    who.mine{inventory = box, ignore_minable = true}
    rcon.print(box.get_item_count('coal'))
    """
    assert someone(code) == "truefalse\n7falsenil\n7"


def test_picking_up_and_loot(someone: Level) -> None:
    code = """
    s.spill_item_stack{position = {0.5, 0}, stack = {name = 'coal', count = 3}}
    s.spill_item_stack{position = {5, 0}, stack = {name = 'stone', count = 1}}
    s.spill_item_stack{position = {1.5, 0}, stack = {name = 'wood', count = 2}, enable_looted = true}
    """
    someone(code)
    someone.world.advance(10)
    assert someone("rcon.print(main.get_item_count('wood') .. main.get_item_count())") == "22"
    someone("who.picking_state = true")
    someone.world.advance(10)
    assert someone("rcon.print(main.get_item_count('coal') .. main.get_item_count('stone'))") == "30"
    someone("belt = s.create_entity{name = 'transport-belt', position = {0.5, 0.5}, direction = 4}")
    someone("belt.get_transport_line(1).insert_at(0.5, {name = 'iron-plate'})")
    someone.world.advance(5)
    assert someone("rcon.print(main.get_item_count('iron-plate') .. #belt.get_transport_line(1))") == "10"


def test_mining_at_once_and_by_selection(someone: Level) -> None:
    code = """
    local chest = s.create_entity{name = 'wooden-chest', position = {2, 0}, force = 'player'}
    chest.insert{name = 'coal', count = 9}
    rcon.print(tostring(who.mine_entity(chest)) .. tostring(chest.valid) .. main.get_item_count('coal'))
    local tree = s.create_entity{name = 'tree-01', position = {2.5, 2.5}}
    who.update_selected_entity{2.5, 2.5}
    rcon.print(who.selected.name)
    who.mining_state = {mining = true}
    """
    assert someone(code) == "truefalse9\ntree-01"
    someone.world.advance(68)  # 66 ticks of work
    assert someone("rcon.print(main.get_item_count('wood')) rcon.print(tostring(who.selected))") == "4\nnil"
    stats = "game.forces.player.get_item_production_statistics(s).input_counts"
    assert someone(f"rcon.print({stats}.wood) rcon.print(tostring({stats}['wooden-chest']))") == "4\nnil"


def test_colour_and_what_is_open_are_kept(someone: Level) -> None:
    code = """
    rcon.print(who.color.r .. ' ' .. who.color.a)
    who.color = {r = 255, g = 0, b = 51} rcon.print(who.color.r .. who.color.b .. who.color.a)
    who.color = {0.5, 0.25, 0, 0.5} rcon.print(who.color.g .. who.color.a)
    local chest = s.create_entity{name = 'wooden-chest', position = {2, 0}, force = 'player'}
    who.opened = chest rcon.print(who.opened.name) chest.destroy() rcon.print(tostring(who.opened))
    who.clear_items_inside() rcon.print(tostring(who.is_player()))
    """
    assert someone(code).split("\n") == ["0.869 0.5", "10.21", "0.250.5", "wooden-chest", "nil", "false"]
    assert "Entity is not a character" in someone.error(
        "return s.create_entity{name = 'wooden-chest', position = {2, 0}}.crafting_queue"
    )


def test_teleporting_goes_somewhere_or_as_far_as_is_said(someone: Level) -> None:
    code = """
    local function at(entity)
      rcon.print(entity.position.x .. ' ' .. entity.position.y .. ' ' .. entity.surface.name)
    end
    rcon.print(who.teleport{3, 4}) at(who) rcon.print(who.teleport(1, -1)) at(who) who.teleport(1) at(who)
    local other = game.create_surface('other', {width = 32, height = 32})
    script.on_event(defines.events.script_raised_teleported, function(e)
      rcon.print(e.entity.name .. e.old_position.x .. e.old_surface_index)
    end)
    rcon.print(who.teleport({0, 0}, other, true)) at(who)
    local chest = s.create_entity{name = 'wooden-chest', position = {0, 0}, force = 'player'}
    local wall = s.create_entity{name = 'stone-wall', position = {8, 8}, force = 'player'}
    rcon.print(tostring(chest.teleport{8, 8}) .. tostring(chest.teleport{5, 5})) at(chest)
    rcon.print(tostring(s.find_entity('wooden-chest', {5.5, 5.5}) == chest) .. s.count_entities_filtered{
      name = 'wooden-chest', area = {{-1, -1}, {1, 1}}})
    local belt = s.create_entity{name = 'transport-belt', position = {0, 0}, force = 'player'}
    rcon.print(tostring(belt.teleport{3, 3}) .. tostring(belt.teleport(belt.position)))
    """
    assert someone(code).split("\n") == [
        "true", "3 4 nauvis", "true", "4 3 nauvis", "5 3 nauvis", "character51", "true", "0 0 other",
        "falsetrue", "5.5 5.5 nauvis", "true0", "falsetrue",
    ]  # fmt: skip
