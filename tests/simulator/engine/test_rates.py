"""Rates the prototypes' figures imply, held against the mechanics of the game: machines, power, hands."""

from __future__ import annotations

import pytest

from harness.simulator.engine import power_views
from harness.simulator.engine.inventories import CHEST, RESULT
from harness.simulator.engine.world import World


def machine_with(name: str, recipe: str, stock: dict[str, int]) -> tuple[World, int]:
    """A machine under a substation with power to spare; all it may need is researched."""
    world = World()
    world.create_entity(0, "substation", 0, 0)
    world.create_entity(0, "electric-energy-interface", 7, 7)
    for technology in ("automation", "automation-2", "electronics", "automation-science-pack"):
        world.set_researched("player", technology, True)
    row = world.create_entity(0, name, 4.5, 4.5, recipe=recipe)
    for item, count in stock.items():
        world.insert(row, item, count)
    return world, row


def made(world: World, row: int, recipe: str) -> int:
    return world.contents(world.inventory_of(row, RESULT)).get(recipe, 0)


@pytest.mark.parametrize(
    ("name", "recipe", "stock", "ticks"),
    [
        ("assembling-machine-1", "iron-gear-wheel", {"iron-plate": 8}, 60),
        ("assembling-machine-2", "iron-gear-wheel", {"iron-plate": 8}, 40),
        ("assembling-machine-1", "copper-cable", {"copper-plate": 6}, 60),
        ("assembling-machine-1", "electronic-circuit", {"iron-plate": 4, "copper-cable": 12}, 60),
        ("assembling-machine-1", "automation-science-pack", {"copper-plate": 4, "iron-gear-wheel": 4}, 600),
        ("assembling-machine-2", "automation-science-pack", {"copper-plate": 4, "iron-gear-wheel": 4}, 400),
    ],
)
def test_an_assembling_machine_keeps_the_recipes_time(
    name: str, recipe: str, stock: dict[str, int], ticks: int
) -> None:
    world, row = machine_with(name, recipe, stock)
    finished: list[int] = []
    before = 0
    while len(finished) < 2:
        world.advance(1)
        assert world.tick < 3 * ticks
        if made(world, row, recipe) > before:
            before = made(world, row, recipe)
            finished.append(world.tick)
    assert finished[0] == pytest.approx(ticks, abs=3)
    assert finished[1] - finished[0] == pytest.approx(ticks, abs=1)


@pytest.mark.parametrize(
    ("name", "joules_per_tick"), [("assembling-machine-1", 77_500 / 60), ("assembling-machine-2", 155_000 / 60)]
)
def test_a_working_assembling_machine_draws_its_use_and_its_drain(name: str, joules_per_tick: float) -> None:
    world, row = machine_with(name, "automation-science-pack", {"copper-plate": 4, "iron-gear-wheel": 4})
    world.advance(30)
    view = power_views.network(world, row)
    assert view is not None
    before = view.consumed[name]
    world.advance(60)
    after = power_views.network(world, row)
    assert after is not None
    assert (after.consumed[name] - before) / 60 == pytest.approx(joules_per_tick, rel=0.01)


@pytest.mark.parametrize(
    ("recipe", "count", "stock", "ticks"),
    [
        ("lab", 1, {"iron-plate": 36, "copper-plate": 15}, 1290),
        ("burner-mining-drill", 1, {"iron-plate": 9, "stone": 5}, 240),
        ("iron-gear-wheel", 10, {"iron-plate": 20}, 300),
    ],
)
def test_hands_craft_from_raw_plates_in_the_recipes_time(
    recipe: str, count: int, stock: dict[str, int], ticks: int
) -> None:
    world = World()
    row = world.create_entity(0, "character", 0.5, 0.5)
    for technology in ("electronics", "automation-science-pack"):
        world.set_researched("player", technology, True)
    for item, amount in stock.items():
        world.insert(row, item, amount)
    assert world.begin_crafting(row, recipe, count) == count
    inventory = world.inventory_of(row, CHEST)
    while world.contents(inventory).get(recipe, 0) < count:
        world.advance(1)
        assert world.tick <= ticks + 2
    assert world.tick == pytest.approx(ticks, abs=2)
    assert world.contents(inventory) == {recipe: count}, "nothing is left over"


@pytest.mark.parametrize(
    ("name", "ticks", "gives"),
    [
        ("tree-01", 66, {"wood": (4, 4)}),
        ("huge-rock", 360, {"stone": (24, 50), "coal": (24, 50)}),
        ("big-rock", 240, {"stone": (20, 20)}),
    ],
)
def test_hands_fell_trees_and_break_rocks(name: str, ticks: int, gives: dict[str, tuple[int, int]]) -> None:
    world = World()
    row = world.create_entity(0, "character", 0.5, 0.5)
    target = world.create_entity(0, name, 3.5, 0.5)
    serial = int(world.entities.serial[target])
    world.set_mining(row, 3.5, 0.5)
    while world.is_valid(target, serial):
        world.advance(1)
        assert world.tick <= ticks + 2
    assert world.tick == pytest.approx(ticks, abs=2)
    got = world.contents(world.inventory_of(row, CHEST))
    assert got.keys() == gives.keys()
    assert all(low <= got[item] <= high for item, (low, high) in gives.items())


@pytest.mark.parametrize(("name", "slots"), [("wooden-chest", 16), ("iron-chest", 32), ("steel-chest", 48)])
def test_chests_hold_their_slots(name: str, slots: int) -> None:
    world = World()
    chest = world.create_entity(0, name, 0.5, 0.5)
    assert world.insert(chest, "iron-plate", 10_000) == 100 * slots


def test_a_character_holds_eighty_stacks() -> None:
    world = World()
    assert world.insert(world.create_entity(0, "character", 0.5, 0.5), "coal", 10_000) == 4000
