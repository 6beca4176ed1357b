"""The character: walking, mining and crafting by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.world import World
from tests.simulator.engine.rigs import rigs

RIGS = {rig["name"]: rig for rig in rigs("character.json")}


def lonely(x: float = 0, y: float = 0) -> tuple[World, int, int]:
    world = World()
    surface = world.create_surface("field", 400, 400)
    return world, surface, world.create_entity(surface, "character", x, y)


@pytest.mark.parametrize(("direction", "sign"), [(4, 1), (12, -1)])
def test_walking_covers_the_measured_distance(direction: int, sign: int) -> None:
    for ticks, distance in RIGS["walking"]["dx by ticks walked"].items():
        world, _, row = lonely()
        world.set_walking(row, True, direction)
        world.advance(int(ticks))
        assert world.position_of(row) == (sign * distance, 0)


@pytest.mark.parametrize("run", RIGS["slide-round-a-furnace"]["runs"], ids=lambda run: str(run["offset_256"]))
def test_slides_round_a_corner_as_measured(run: dict) -> None:
    world, surface, row = lonely(run["offset_256"] / 256, 6)
    world.create_entity(surface, "stone-furnace", 0, 0)
    world.set_walking(row, True, 0)
    for key in sorted((key for key in run if key.startswith("after_")), key=lambda key: int(key.split("_")[1])):
        world.advance(int(key.split("_")[1]) - world.tick)
        assert world.position_of(row) == tuple(run[key])


@given(offset=st.integers(-300, 300), start=st.integers(0, 37), direction=st.sampled_from([0, 4, 8, 12]))
@settings(max_examples=25, deadline=None)
def test_walks_into_a_furnace_as_the_reference_does(offset: int, start: int, direction: int) -> None:
    fsim = pytest.importorskip("fsim")
    away = 3 * 256 + start
    x, y = {0: (offset, away), 8: (offset, -away), 4: (-away, offset), 12: (away, offset)}[direction]
    sim = fsim.Sim(water=[])
    sim.reset({"character": {"position": [20 + x / 256, 20 + y / 256]}, "resources": []})
    fsim.lib.fsim_add_entity(sim.env, fsim.lib.K_FURNACE, 20 * 256, 20 * 256, 0)
    path = fsim.ffi.new("int32_t[]", 100)
    fsim.lib.fsim_walk_ticks(sim.env, direction, 50, path)
    world, surface, row = lonely(x / 256, y / 256)
    world.create_entity(surface, "stone-furnace", 0, 0)
    world.set_walking(row, True, direction)
    for tick in range(50):
        world.advance(1)
        got = (int(world.entities.x[row]) + 5120, int(world.entities.y[row]) + 5120)
        assert got == (path[2 * tick], path[2 * tick + 1]), tick


@given(
    walls=st.lists(
        st.tuples(st.integers(24, 27), st.integers(17, 23)), min_size=1, max_size=4, unique_by=lambda wall: wall[0]
    ),
    offset=st.integers(-300, 300).filter(lambda offset: offset % 256 != 128),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_walks_into_walls_as_the_reference_does(walls: list[tuple[int, int]], offset: int) -> None:
    """One wall a column, not met dead centre: which way round joined walls it slides is known to differ."""
    fsim = pytest.importorskip("fsim")
    start = (20 * 256, 20 * 256 + offset)
    sim = fsim.Sim(water=[])
    standing = [{"name": "stone-wall", "position": [x + 0.5, y + 0.5]} for x, y in walls]
    sim.reset({"character": {"position": [side / 256 for side in start]}, "resources": [], "entities": standing})
    path = fsim.ffi.new("int32_t[]", 140)
    fsim.lib.fsim_walk_ticks(sim.env, 4, 70, path)
    world, surface, row = lonely(start[0] / 256, start[1] / 256)
    for x, y in walls:
        world.create_entity(surface, "stone-wall", x + 0.5, y + 0.5)
    world.set_walking(row, True, 4)
    for tick in range(70):
        world.advance(1)
        assert (int(world.entities.x[row]), int(world.entities.y[row])) == (path[2 * tick], path[2 * tick + 1]), tick


def test_nobody_walks_between_pipes_that_are_joined() -> None:
    for second, passes in (("pipe", False), ("iron-chest", True)):
        world, surface, row = lonely(0, 0)
        world.create_entity(surface, "pipe", 3.5, -0.5)
        world.create_entity(surface, second, 3.5, 0.5 if second == "pipe" else 1.5)
        world.set_walking(row, True, 4)
        world.advance(40)
        assert (world.position_of(row)[0] > 5) == passes


def test_an_ore_takes_121_ticks_by_hand() -> None:
    world, surface, row = lonely()
    ore = world.create_entity(surface, "iron-ore", 1.5, 0.5, amount=3)
    serial = int(world.entities.serial[ore])
    world.set_mining(row, 1.5, 0.5)
    world.advance(120)
    assert world.contents(world.inventory_of(row, CHEST)) == {}
    world.advance(1)
    assert world.contents(world.inventory_of(row, CHEST)) == {"iron-ore": 1}
    assert world.entities.amount[ore] == 2
    world.advance(3 * 121)
    assert world.contents(world.inventory_of(row, CHEST)) == {"iron-ore": 3}
    assert not world.is_valid(ore, serial)


def test_mining_a_machine_brings_what_lay_in_it() -> None:
    world, surface, row = lonely()
    furnace = world.create_entity(surface, "stone-furnace", 2, 0)
    world.insert(furnace, "coal", 3)
    world.insert(furnace, "iron-ore", 7)
    world.set_mining(row, 2, 0)
    world.advance(40)
    # One coal burns and is gone; the ore that was being smelted comes back.
    assert world.contents(world.inventory_of(row, CHEST)) == {"stone-furnace": 1, "coal": 2, "iron-ore": 7}
    assert world.find_entities(surface, types=["furnace"]) == []


def test_mining_out_of_reach_does_nothing() -> None:
    world, surface, row = lonely()
    world.create_entity(surface, "iron-ore", 4.5, 0.5, amount=3)
    world.set_mining(row, 4.5, 0.5)
    world.advance(300)
    assert world.contents(world.inventory_of(row, CHEST)) == {}


def test_crafting_makes_intermediates_first_and_takes_the_right_time() -> None:
    world, _, row = lonely()
    world.insert(row, "iron-plate", 10)
    assert world.begin_crafting(row, "transport-belt", 2) == 2
    assert world.crafting_queue(row) == [("iron-gear-wheel", 2, True), ("transport-belt", 2, False)]
    assert world.contents(world.inventory_of(row, CHEST)) == {"iron-plate": 4}
    world.advance(4 * 30 - 1)
    assert world.contents(world.inventory_of(row, CHEST)) == {"iron-plate": 4, "transport-belt": 2}
    world.advance(1)
    assert world.contents(world.inventory_of(row, CHEST)) == {"iron-plate": 4, "transport-belt": 4}
    assert world.crafting_queue(row) == []


def test_crafting_refuses_what_hands_cannot_make() -> None:
    world, _, row = lonely()
    world.insert(row, "iron-ore", 10)
    world.insert(row, "iron-plate", 1)
    assert world.begin_crafting(row, "iron-plate", 1) == 0
    assert world.begin_crafting(row, "iron-gear-wheel", 5) == 0
    assert world.begin_crafting(row, "assembling-machine-1", 1) == 0


@given(
    stock=st.dictionaries(
        st.sampled_from(["iron-plate", "copper-plate", "iron-gear-wheel", "stone", "copper-cable"]), st.integers(1, 40)
    ),
    recipe=st.sampled_from(["transport-belt", "burner-mining-drill", "electronic-circuit", "inserter", "iron-chest"]),
    count=st.integers(1, 8),
    ticks=st.integers(0, 400),
)
@settings(max_examples=25, deadline=None)
def test_crafting_and_cancelling_lose_and_make_nothing(
    stock: dict[str, int], recipe: str, count: int, ticks: int
) -> None:
    world, _, row = lonely()
    for technology in ("electronics", "automation-science-pack"):
        world.set_researched("player", technology, True)
    for name, number in stock.items():
        world.insert(row, name, number)
    before = raw_worth(world.contents(world.inventory_of(row, CHEST)))
    assert world.begin_crafting(row, recipe, count) <= count
    world.advance(ticks)
    world.cancel_crafting(row)
    assert raw_worth(world.contents(world.inventory_of(row, CHEST))) == before


RAW = {
    "iron-plate": {"iron": 1},
    "copper-plate": {"copper": 1},
    "stone": {"stone": 1},
    "copper-cable": {"copper": Fraction(1, 2)},
    "iron-gear-wheel": {"iron": 2},
    "electronic-circuit": {"iron": 1, "copper": Fraction(3, 2)},
    "transport-belt": {"iron": Fraction(3, 2)},
    "stone-furnace": {"stone": 5},
    "burner-mining-drill": {"iron": 9, "stone": 5},
    "inserter": {"iron": 4, "copper": Fraction(3, 2)},
    "iron-chest": {"iron": 8},
}
"""Plates and stone in one of each, worked out from the recipes by hand."""


def raw_worth(contents: dict[str, int]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for name, count in contents.items():
        for raw, amount in RAW[name].items():
            total[raw] = total.get(raw, Fraction(0)) + amount * count
    return total
