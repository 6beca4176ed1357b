"""The world as a whole: building, searching, tiles, inventories, snapshots."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import SimError
from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.engine.world import World


def field() -> tuple[World, int]:
    world = World()
    return world, world.create_surface("field", 200, 200)


def test_centres_snap_to_the_grid_by_size_and_direction() -> None:
    world, surface = field()
    assert world.position_of(world.create_entity(surface, "wooden-chest", 3.2, 4.9)) == (3.5, 4.5)
    assert world.position_of(world.create_entity(surface, "stone-furnace", 10.4, 10.6)) == (10, 11)
    assert world.position_of(world.create_entity(surface, "boiler", 20.5, 20.5, direction=0)) == (20.5, 21)
    assert world.position_of(world.create_entity(surface, "boiler", 30.5, 30.5, direction=4)) == (31, 30.5)


def test_buildings_do_not_overlap_but_may_touch() -> None:
    world, surface = field()
    world.create_entity(surface, "stone-furnace", 0, 0)
    assert not world.can_place(surface, "wooden-chest", 0.5, 0.5)
    assert not world.can_place(surface, "stone-furnace", 1, 1)
    assert world.can_place(surface, "stone-furnace", 2, 0)
    with pytest.raises(SimError, match="stone-furnace is in the way"):
        world.create_entity(surface, "wooden-chest", -0.5, -0.5)


def test_water_and_the_void_carry_nothing() -> None:
    world, surface = field()
    world.set_tiles(surface, [(x, y, "water") for x in range(5, 9) for y in range(5, 9)])
    assert not world.can_place(surface, "wooden-chest", 6.5, 6.5)
    assert not world.can_place(surface, "character", 6.5, 6.5)
    assert not world.can_place(surface, "wooden-chest", 150, 0), "beyond the surface's edge"
    assert world.get_tile(surface, 150, 0) == "out-of-map"
    assert world.find_tiles(surface, (4, 4, 10, 6), ["water"]) == [(5, 5), (6, 5), (7, 5), (8, 5)]


def test_an_offshore_pump_stands_on_a_shore() -> None:
    world, surface = field()
    world.set_tiles(surface, [(x, y, "water") for x in range(-8, 8) for y in range(-10, 0)])
    assert world.can_place(surface, "offshore-pump", 0.5, 0.5, 0)
    assert not world.can_place(surface, "offshore-pump", 0.5, 0.5, 8)
    assert not world.can_place(surface, "offshore-pump", 0.5, 5.5, 0)


def test_buildings_push_items_aside_and_lose_none() -> None:
    world, surface = field()
    world.create_entity(surface, "item-on-ground", 0.5, 0.5, stack=("coal", 1))
    furnace = world.create_entity(surface, "stone-furnace", 0, 0)
    (item,) = world.find_entities(surface, types=["item-entity"])
    left, top, right, bottom = world.bounding_box(furnace)
    assert not (left < world.entities.x[item] < right and top < world.entities.y[item] < bottom)


def test_handles_die_with_their_entity_even_if_the_row_is_used_again() -> None:
    world, surface = field()
    row = world.create_entity(surface, "wooden-chest", 0, 0)
    serial = int(world.entities.serial[row])
    world.destroy(row)
    assert not world.is_valid(row, serial)
    assert world.create_entity(surface, "iron-chest", 0, 0) == row
    assert not world.is_valid(row, serial)


def test_searches_by_place_name_type_and_force() -> None:
    world, surface = field()
    chest = world.create_entity(surface, "wooden-chest", 0.5, 0.5)
    furnace = world.create_entity(surface, "stone-furnace", 4, 0)
    ore = world.create_entity(surface, "iron-ore", 4.5, 0.5, amount=7)
    assert world.find_entities(surface, area=(0, 0, 1, 1)) == [chest]
    assert world.find_entities(surface, position=(4.2, 0.2)) == [furnace]
    assert world.find_entities(surface, position=(4.5, 0.5)) == [furnace, ore]
    assert world.find_entities(surface, position=(0, 0), radius=1) == [chest]
    assert world.find_entities(surface, names=["iron-ore", "wooden-chest"]) == [chest, ore]
    assert world.find_entities(surface, types=["furnace"]) == [furnace]
    assert world.find_entities(surface, types=["furnace"], invert=True) == [chest, ore]
    assert world.find_entities(surface, force="neutral") == [ore]
    assert world.find_entities(surface, limit=2) == [chest, furnace]
    assert world.find_entities(world.create_surface("other"), names=["wooden-chest"]) == []


def test_a_rotated_drill_keeps_its_tiles_and_finds_its_new_target() -> None:
    world, surface = field()
    world.create_entity(surface, "iron-ore", 0.5, 0.5, amount=9)
    drill = world.create_entity(surface, "burner-mining-drill", 0, 0, direction=0)
    chest = world.create_entity(surface, "wooden-chest", 0.5, 1.5)
    world.insert(drill, "coal", 5)
    world.rotate(drill, 8)
    world.advance(500)
    assert world.contents(world.inventory_of(chest, CHEST)) == {"iron-ore": 2}


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["coal", "iron-plate", "boiler", "steam-engine"]), st.integers(-70, 130)),
        max_size=30,
    )
)
@settings(max_examples=40, deadline=None)
def test_an_inventory_counts_right_whatever_is_put_in_and_out(moves: list[tuple[str, int]]) -> None:
    world, _ = field()
    inventory = world.create_inventory(4)
    expected: dict[str, int] = {}
    for name, count in moves:
        if count >= 0:
            room = world.room_in(inventory, name)
            assert world.insert_into(inventory, name, count) == min(room, count)
            expected[name] = expected.get(name, 0) + min(room, count)
        else:
            held = expected.get(name, 0)
            assert world.remove_from(inventory, name, -count) == min(held, -count)
            expected[name] = held - min(held, -count)
        assert world.contents(inventory) == {key: value for key, value in expected.items() if value}
    slots = sum(-(-value // int(world.protos.items.stack_size[world.item_id(key)])) for key, value in expected.items())
    assert slots <= 4


def busy_world() -> World:
    """A world in which something of everything goes on."""
    world, surface = field()
    for x in range(-4, 4):
        for y in range(-4, 4):
            world.create_entity(surface, "iron-ore", x + 0.5, y + 0.5, amount=20)
    for x in (-2, 0, 2):
        drill = world.create_entity(surface, "burner-mining-drill", x, 0, direction=8)
        furnace = world.create_entity(surface, "stone-furnace", x, 2)
        world.insert(drill, "coal", 3)
        world.insert(furnace, "coal", 2)
    walker = world.create_entity(surface, "character", 10, 10)
    world.insert(walker, "iron-plate", 20)
    world.begin_crafting(walker, "transport-belt", 3)
    world.set_walking(walker, True, 6)
    return world


@given(before=st.integers(0, 900), after=st.integers(1, 900))
@settings(max_examples=8, deadline=None)
def test_a_restored_world_goes_on_as_if_nothing_had_happened(before: int, after: int) -> None:
    world = busy_world()
    world.advance(before)
    taken = world.snapshot()
    world.advance(after)
    expected = world.state_hash()
    world.create_entity(1, "steel-chest", 30, 30)
    world.advance(100)
    world.restore(taken)
    world.advance(after)
    assert world.state_hash() == expected
    other = World()
    other.restore(Snapshot.from_bytes(taken.to_bytes(), other))
    other.advance(after)
    assert other.state_hash() == expected


def test_stepping_in_pieces_is_stepping_at_once() -> None:
    whole, pieces = busy_world(), busy_world()
    whole.advance(700)
    for _ in range(70):
        pieces.advance(10)
    assert whole.state_hash() == pieces.state_hash()


@pytest.mark.slow
@pytest.mark.parametrize("interpreted", [False, True])
def test_the_same_history_hashes_the_same_in_another_process(interpreted: bool) -> None:
    world = busy_world()
    world.advance(300)
    script = (
        "from tests.simulator.engine.test_world import busy_world\n"
        "world = busy_world(); world.advance(300); print(world.state_hash())"
    )
    env = {**os.environ, **({"NUMBA_DISABLE_JIT": "1"} if interpreted else {})}
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300, env=env
    )
    assert out.stdout.split()[-1] == world.state_hash()


def test_a_damaged_snapshot_is_refused_in_plain_words() -> None:
    world = busy_world()
    data = world.snapshot().to_bytes()
    for bad in (b"nonsense", data[:40], data[:-9]):
        with pytest.raises(SimError, match="snapshot"):
            Snapshot.from_bytes(bad, world)
