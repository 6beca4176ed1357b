"""Inserters: speed, energy, what they take and refuse, sleep, and what never changes."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import prototypes
from harness.simulator.engine.world import World
from tests.simulator.engine.logistics import held, inserter_table, line, put, total_items
from tests.simulator.engine.plants import heavy_load, power_plant

NORTH, EAST, SOUTH, WEST = 0, 4, 8, 12
CHEST = 1


def build(world: World, name: str, x: float, y: float, direction: int = 0, **options: Any) -> int:
    return world.create_entity(0, name, x, y, direction=direction, **options)


def chest_to_chest(world: World, name: str, reach: int = 1) -> tuple[int, int, int]:
    source = build(world, "wooden-chest", 0.5, 0.5 - reach)
    inserter = build(world, name, 0.5, 0.5, NORTH)
    target = build(world, "wooden-chest", 0.5, 0.5 + reach)
    return source, inserter, target


def count(world: World, chest: int, item: str) -> int:
    return world.count_in(world.inventory_of(chest, CHEST), item)


def feed_power(world: World, inserter: int, joules: float = 1e5) -> None:
    world.entities.energy[inserter] = joules


@pytest.mark.parametrize(
    ("name", "reach", "half_swings"),
    [("inserter", 1, (35, 35)), ("long-handed-inserter", 2, (24, 25)), ("fast-inserter", 1, (12, 12)),
     ("bulk-inserter", 1, (12, 12))],
)  # fmt: skip
def test_a_half_swing_takes_the_ticks_of_the_law(name: str, reach: int, half_swings: tuple[int, int]) -> None:
    world = World()
    source, inserter, _ = chest_to_chest(world, name, reach)
    world.insert(source, "iron-plate", 100)
    changes, before = [], ""
    for _ in range(400):
        feed_power(world, inserter)
        world.advance(1)
        if held(world, inserter) != before:
            before = held(world, inserter)
            changes.append(world.tick)
    gaps = [later - earlier for earlier, later in itertools.pairwise(changes)]
    assert len(gaps) >= 8
    assert all(half_swings[0] <= gap <= half_swings[1] for gap in gaps), gaps


def test_an_electric_inserter_pays_for_what_its_arm_moves() -> None:
    world = World()
    source, inserter, _ = chest_to_chest(world, "inserter")
    world.insert(source, "iron-plate", 10)
    spent, drops = 0.0, 0
    for _ in range(600):
        feed_power(world, inserter, 1e5)
        busy = held(world, inserter) != ""
        world.advance(1)
        spent += 1e5 - float(world.entities.energy[inserter])
        if busy and held(world, inserter) == "":
            drops += 1
            if drops == 1:
                spent = 0.0
            if drops == 4:
                break
    prototype = prototypes.entities()["inserter"]
    a_cycle = prototypes.parse_energy(prototype["energy_per_rotation"]) * (70 * prototype["rotation_speed"] + 0.35)
    assert spent / 3 == pytest.approx(a_cycle, rel=1e-6)


def test_a_power_plant_drives_an_inserter_at_full_speed_and_less_power_slows_it() -> None:
    world = World()
    plant = power_plant(world)
    world.insert(plant.boiler, "coal", 20)
    source = build(world, "wooden-chest", 5.5, 2.5)
    inserter = build(world, "fast-inserter", 6.5, 2.5, WEST)
    target = build(world, "wooden-chest", 7.5, 2.5)
    world.insert(source, "iron-plate", 1500)
    world.advance(600)
    before = count(world, target, "iron-plate")
    world.advance(240)
    assert count(world, target, "iron-plate") == before + 10
    assert world.status_of(inserter) == "working"
    heavy_load(world)
    world.advance(60)
    assert world.status_of(inserter) == "low_power"
    before = count(world, target, "iron-plate")
    world.advance(240)
    assert 0 < count(world, target, "iron-plate") - before < 10


def test_without_power_an_electric_inserter_stands_still() -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, "inserter")
    world.insert(source, "iron-plate", 10)
    world.advance(300)
    assert count(world, target, "iron-plate") == 0
    assert world.status_of(inserter) == "not_plugged_in_electric_network"


def test_two_sleeping_inserters_wake_when_their_chest_gets_an_item_and_the_older_sleeper_takes_it() -> None:
    world = World()
    source = build(world, "wooden-chest", 0.5, 0.5)
    first = build(world, "burner-inserter", 1.5, 0.5, WEST)
    second = build(world, "burner-inserter", -0.5, 0.5, EAST)
    targets = [build(world, "wooden-chest", 2.5, 0.5), build(world, "wooden-chest", -1.5, 0.5)]
    world.advance(50)
    table = inserter_table(world)
    assert table.place[world.entities.component[first]] < 0
    assert table.place[world.entities.component[second]] < 0
    world.insert(source, "iron-plate", 1)
    world.advance(1)
    # both arrived in one tick, and in that tick the last built acted, and slept, first
    assert (held(world, first), held(world, second)) == ("", "iron-plate")
    world.advance(100)
    assert [count(world, chest, "iron-plate") for chest in targets] == [0, 1]


def test_it_takes_nothing_its_target_would_refuse() -> None:
    world = World()
    source = build(world, "wooden-chest", 0.5, -1.5)
    inserter = build(world, "burner-inserter", 0.5, -0.5, NORTH)
    furnace = build(world, "stone-furnace", 1, 1)
    for item in ("iron-plate", "iron-gear-wheel", "copper-ore"):
        world.insert(source, item, 20)
    world.advance(400)
    assert world.item_count(furnace, "copper-ore") == 2
    assert count(world, source, "copper-ore") == 18
    assert count(world, source, "iron-gear-wheel") == 20
    assert held(world, inserter) == ""


def test_filters_say_what_it_takes_or_leaves() -> None:
    for blacklist, taken in ((False, "copper-plate"), (True, "iron-plate")):
        world = World()
        source, inserter, target = chest_to_chest(world, "burner-inserter")
        row = world.entities.component[inserter]
        inserter_table(world).use_filters[row] = True
        inserter_table(world).filters[row, 0] = world.item_id("copper-plate")
        inserter_table(world).blacklist[row] = blacklist
        world.insert(source, "iron-plate", 3)
        world.insert(source, "copper-plate", 3)
        world.advance(400)
        assert world.contents(world.inventory_of(target, CHEST)) == {taken: 3}


def test_it_lays_an_item_on_bare_ground_and_another_takes_it_up() -> None:
    world = World()
    source = build(world, "wooden-chest", 0.5, -0.5)
    first = build(world, "burner-inserter", 0.5, 0.5, NORTH)
    world.insert(source, "iron-plate", 2)
    world.advance(200)
    assert len(world.find_entities(0, types=["item-entity"])) == 1
    assert held(world, first) == "iron-plate"
    assert world.status_of(first) == "waiting_for_space_in_destination"
    second = build(world, "burner-inserter", 0.5, 2.5, NORTH)
    target = build(world, "wooden-chest", 0.5, 3.5)
    world.advance(300)
    assert count(world, target, "iron-plate") == 2
    assert held(world, second) == ""


def test_a_chest_put_where_it_drops_is_found_and_one_taken_away_is_missed() -> None:
    world = World()
    source = build(world, "wooden-chest", 0.5, -0.5)
    build(world, "burner-inserter", 0.5, 0.5, NORTH)
    target = build(world, "wooden-chest", 0.5, 1.5)
    world.advance(60)
    world.destroy(target)
    belt = build(world, "transport-belt", 0.5, 1.5, EAST)
    world.insert(source, "iron-plate", 1)
    world.advance(60)
    assert line(world, belt, 2) == [("iron-plate", 0)]


def test_a_rotated_inserter_works_the_other_way() -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, "burner-inserter")
    world.insert(target, "iron-plate", 1)
    world.advance(50)
    world.rotate(inserter, SOUTH)
    world.advance(150)
    assert count(world, source, "iron-plate") == 1


def test_a_burner_inserter_feeds_itself_from_the_fuel_it_carries() -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, "burner-inserter")
    world.insert(source, "coal", 50)
    world.advance(6000)
    assert count(world, target, "coal") > 60 or count(world, source, "coal") == 0
    assert world.status_of(inserter) in ("working", "waiting_for_source_items")
    assert total_items(world, [source, target, inserter]) < 50


def test_it_stops_without_fuel_and_goes_on_with_it() -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, "burner-inserter")
    world.insert(source, "iron-plate", 100)
    world.advance(1500)
    assert world.status_of(inserter) == "no_fuel"
    before = count(world, target, "iron-plate")
    world.insert(inserter, "wood", 1)
    world.advance(200)
    assert count(world, target, "iron-plate") >= before + 2


def test_a_snapshot_in_the_middle_of_a_swing_goes_on_as_the_world_did() -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, "burner-inserter")
    belt = build(world, "transport-belt", 1.5, 0.5, NORTH)
    put(world, belt, 1, 200)
    world.insert(source, "iron-plate", 5)
    world.advance(23)
    taken = world.snapshot()
    world.advance(100)
    there = world.state_hash()
    world.restore(taken)
    world.advance(100)
    assert world.state_hash() == there
    assert inserter != target


places = st.tuples(st.integers(0, 5), st.integers(0, 5))
kinds = st.sampled_from(["transport-belt", "burner-inserter", "wooden-chest", "fast-transport-belt"])
layouts = st.dictionaries(
    places, st.tuples(kinds, st.sampled_from([NORTH, EAST, SOUTH, WEST])), min_size=4, max_size=24
)


@settings(max_examples=20, deadline=None)
@given(layouts, st.integers(0, 3), st.lists(st.tuples(st.integers(0, 99), st.integers(1, 120)), max_size=8))
def test_items_are_neither_made_nor_lost(layout: Any, fuel: int, steps: Any) -> None:
    world = World()
    rows = [build(world, kind, x + 0.5, y + 0.5, d) for (x, y), (kind, d) in sorted(layout.items())]
    expected = 0
    for row in rows:
        if world.name_of(row) == "wooden-chest":
            expected += world.insert(row, "iron-plate", 7)
        elif world.name_of(row) == "burner-inserter":
            expected += world.insert(row, "coal", fuel)
        else:
            expected += put(world, row, 1, 100) + put(world, row, 2, 100, "copper-plate")
    for choice, ticks in steps:
        world.advance(ticks)
        assert total_items(world, rows) == expected - burnt(world, rows, fuel)
        if rows and choice % 3 == 0:
            gone = rows.pop(choice % len(rows))
            if world.name_of(gone) == "burner-inserter":
                rows.append(gone)
                world.rotate(gone, 4 * (choice % 4))
                continue
            expected -= sum(number for _, number in world.items_inside(gone))
            world.destroy(gone)
    assert total_items(world, rows) == expected - burnt(world, rows, fuel)


def burnt(world: World, rows: list[int], fuel: int) -> int:
    """Fuel that left the slots of these inserters for their fires."""
    inserters = [row for row in rows if world.name_of(row) == "burner-inserter"]
    return sum(fuel - world.count_in(world.inventory_of(row, CHEST), "coal") for row in inserters)


def acting(world: World) -> int:
    """How many inserters act in the next tick."""
    return sum(int(word).bit_count() for word in world.storage.tables["acting"].records["word"])


def test_labs_hand_packs_on_to_labs_and_to_nothing_else() -> None:
    world = World()
    first = build(world, "lab", 1.5, 1.5)
    build(world, "burner-inserter", 3.5, 1.5, WEST)
    second = build(world, "lab", 5.5, 1.5)
    build(world, "burner-inserter", 7.5, 1.5, WEST)
    chest = build(world, "wooden-chest", 8.5, 1.5)
    world.insert(first, "automation-science-pack", 5)
    world.advance(400)
    assert (
        world.item_count(first, "automation-science-pack"),
        world.item_count(second, "automation-science-pack"),
    ) == (3, 2)
    assert world.item_count(chest, "automation-science-pack") == 0


def test_an_inserter_that_waits_for_a_belt_rests_and_takes_what_comes() -> None:
    world = World()
    belts = [build(world, "transport-belt", x + 0.5, 0.5, EAST) for x in range(8)]
    build(world, "burner-inserter", 6.5, 1.5, NORTH)
    chest = build(world, "wooden-chest", 6.5, 2.5)
    world.advance(100)
    assert acting(world) == 0
    put(world, belts[0], 1, 100)
    world.advance(400)
    assert count(world, chest, "iron-plate") == 1
    world.advance(100)
    assert acting(world) == 0


def test_an_inserter_that_waits_for_room_on_a_full_belt_rests_until_the_belt_moves() -> None:
    world = World()
    source = build(world, "wooden-chest", 0.5, -1.5)
    inserter = build(world, "burner-inserter", 0.5, -0.5, NORTH)
    belt = build(world, "transport-belt", 0.5, 0.5, EAST)
    world.insert(source, "iron-plate", 20)
    world.insert(inserter, "coal", 5)
    world.advance(1000)
    assert held(world, inserter) == "iron-plate"
    assert acting(world) == 0
    assert len(line(world, belt, 2)) == 3
    build(world, "transport-belt", 1.5, 0.5, EAST)
    world.advance(400)
    assert count(world, source, "iron-plate") < 16


def test_an_inserter_out_of_fuel_rests_until_it_gets_some() -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, "burner-inserter")
    world.insert(source, "iron-plate", 50)
    world.advance(2000)
    moved = count(world, target, "iron-plate")
    assert world.status_of(inserter) == "no_fuel"
    assert acting(world) == 0
    world.insert(inserter, "coal", 1)
    world.advance(200)
    assert count(world, target, "iron-plate") > moved


def test_a_sleeping_inserter_shows_that_its_network_is_gone() -> None:
    world = World()
    _, inserter, _ = chest_to_chest(world, "inserter")
    for _ in range(20):
        feed_power(world, inserter)
        world.advance(1)
    assert acting(world) == 0
    assert world.status_of(inserter) == "not_plugged_in_electric_network"


@pytest.mark.parametrize(("name", "bonus", "size"), [("bulk-inserter", 1, 2), ("fast-inserter", 2, 3)])
def test_a_larger_hand_moves_as_many_more_in_the_same_time(name: str, bonus: int, size: int) -> None:
    world = World()
    source, inserter, target = chest_to_chest(world, name)
    world.forces.bulk_inserter_capacity_bonus[0] = bonus
    world.forces.inserter_stack_size_bonus[0] = bonus
    world.insert(source, "iron-plate", 400)
    for _ in range(24 * 20):
        feed_power(world, inserter)
        world.advance(1)
    assert count(world, target, "iron-plate") == pytest.approx(20 * size, abs=size)


def test_a_hand_of_three_takes_eight_ticks_longer_to_unload_on_a_belt() -> None:
    """Source: the extra ticks that JanSharp's inserter library gives: 8 for three items on the slowest belt."""
    world = World()
    source = build(world, "wooden-chest", 0.5, -1.5)
    inserter = build(world, "fast-inserter", 0.5, -0.5, NORTH)
    for x in range(20):
        build(world, "transport-belt", x + 0.5, 0.5, EAST)
    world.forces.inserter_stack_size_bonus[0] = 2
    world.insert(source, "iron-plate", 400)
    picked, before = [], ""
    for _ in range(400):
        feed_power(world, inserter)
        world.advance(1)
        if held(world, inserter) and not before:
            picked.append(world.tick)
        before = held(world, inserter)
    gaps = [later - earlier for earlier, later in itertools.pairwise(picked)]
    assert gaps[2:] == pytest.approx([32] * len(gaps[2:]), abs=2)


def test_inserters_may_be_built_anew_any_number_of_times_between_two_ticks() -> None:
    world = World(seed=0)
    for _ in range(1_000):
        world.destroy(world.create_entity(0, "burner-inserter", 0.5, 0.5, direction=0))
    row = world.create_entity(0, "burner-inserter", 0.5, 0.5, direction=0)
    world.insert(row, "coal", 1)
    source = world.create_entity(0, "wooden-chest", 0.5, -0.5)
    target = world.create_entity(0, "wooden-chest", 0.5, 1.5)
    world.insert(source, "coal", 3)
    world.advance(600)
    assert total_items(world, [target]) == 3
