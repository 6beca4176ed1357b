"""Walls, gates, turrets, and what is of nature: cliffs, fish, rocks."""

import pytest

from harness.simulator.engine.inventories import CHEST
from harness.simulator.engine.world import World

EAST, WEST = 4, 12


@pytest.fixture
def field() -> tuple[World, int]:
    world = World()
    return world, world.create_surface("field", 200, 200)


def wall_off(world: World, surface: int, gate: bool) -> int:
    """A wall from north to south at x = 6.5, with a gate in the middle if asked for; the middle's row."""
    middle = 0
    for y in range(-6, 7):
        name = "gate" if gate and y == 0 else "stone-wall"
        row = world.create_entity(surface, name, 6.5, y + 0.5)
        middle = row if y == 0 else middle
    return middle


def test_a_wall_stops_who_walks_and_a_gate_lets_its_own_force_through(field: tuple[World, int]) -> None:
    world, surface = field
    walker = world.create_entity(surface, "character", 0.5, 0.5)
    wall = wall_off(world, surface, gate=False)
    world.set_walking(walker, True, EAST)
    world.advance(100)
    assert world.position_of(walker)[0] < 6.5 - 0.29 - 0.2
    world.destroy(wall)
    world.create_entity(surface, "gate", 6.5, 0.5)
    world.set_walking(walker, False, EAST)
    world.advance(20)  # 15 ticks to open
    world.set_walking(walker, True, EAST)
    world.advance(60)
    assert world.position_of(walker)[0] > 9


def test_a_running_character_is_not_held_up_by_a_gate_but_a_stranger_is(field: tuple[World, int]) -> None:
    for force, passes in (("player", True), ("enemy", False)):
        world = World()
        surface = world.create_surface("field", 200, 200)
        wall_off(world, surface, gate=True)
        walker = world.create_entity(surface, "character", -4.5, 0.5, force=force)
        world.set_walking(walker, True, EAST)
        world.advance(101)
        # 101 ticks of 38/256 tile if nothing holds it up.
        assert (world.position_of(walker)[0] == -4.5 + 101 * 38 / 256) == passes


def test_a_gate_takes_as_long_as_its_prototype_says(field: tuple[World, int]) -> None:
    world, surface = field
    gate = wall_off(world, surface, gate=True)
    walker = world.create_entity(surface, "character", 5.5, 0.5)
    opened = world.storage.tables["gates"].records["opened"]
    component = int(world.entities.component[gate])
    world.advance(15)  # 0.0666666 a tick is a hair short of open after 15
    assert opened[component] == pytest.approx(15 * 0.0666666)
    world.advance(1)
    assert opened[component] == 1
    world.teleport(walker, -20, 0)
    world.advance(5)  # timeout_to_close
    assert opened[component] == 1
    world.advance(8)
    assert opened[component] == pytest.approx(1 - 8 * 0.0666666)


def test_turrets_take_their_ammunition_and_report_when_they_have_none(field: tuple[World, int]) -> None:
    world, surface = field
    turret = world.create_entity(surface, "gun-turret", 0, 0)
    assert world.status_of(turret) == "no_ammo"
    assert world.insert(turret, "coal", 5) == 0
    assert world.insert(turret, "shotgun-shell", 5) == 0
    assert world.insert(turret, "firearm-magazine", 150) == 100  # one stack
    assert world.status_of(turret) == "normal"
    assert world.contents(world.inventory_of(turret, 1)) == {"firearm-magazine": 100}
    laser = world.create_entity(surface, "laser-turret", 5, 0)
    assert world.status_of(laser) == "not_plugged_in_electric_network"
    flames = world.create_entity(surface, "flamethrower-turret", 10, 0.5)
    assert world.status_of(flames) == "no_ammo"


def test_an_inserter_loads_a_gun_turret_with_ten_magazines(field: tuple[World, int]) -> None:
    world, surface = field
    chest = world.create_entity(surface, "wooden-chest", 0.5, 0.5)
    world.insert(chest, "firearm-magazine", 50)
    arm = world.create_entity(surface, "burner-inserter", 0.5, 1.5, direction=0)
    world.insert(arm, "coal", 5)
    turret = world.create_entity(surface, "gun-turret", 1, 3)
    world.advance(1500)
    assert world.contents(world.inventory_of(turret, 1)) == {"firearm-magazine": 10}


@pytest.mark.parametrize(
    ("name", "ticks", "low", "high"),
    [
        ("big-rock", 240, {"stone": 20}, {"stone": 20}),
        ("huge-rock", 360, {"stone": 24, "coal": 24}, {"stone": 50, "coal": 50}),
        ("big-sand-rock", 240, {"stone": 19}, {"stone": 25}),
        ("fish", 48, {"raw-fish": 5}, {"raw-fish": 5}),
        ("dry-tree", 60, {"wood": 4}, {"wood": 4}),
    ],
)
def test_nature_gives_what_it_should(
    field: tuple[World, int], name: str, ticks: int, low: dict[str, int], high: dict[str, int]
) -> None:
    world, surface = field
    if name == "fish":
        world.set_tiles(surface, [(x, y, "water") for x in (2, 3, 4) for y in (-2, -1, 0)])
    miner = world.create_entity(surface, "character", 0, 0)
    target = world.create_entity(surface, name, 3, -0.5)
    serial = int(world.entities.serial[target])
    world.set_mining(miner, 3, -0.5)
    world.advance(ticks - 1)
    assert world.is_valid(target, serial)
    world.advance(3)
    assert not world.is_valid(target, serial)
    got = world.contents(world.inventory_of(miner, CHEST))
    assert got.keys() == low.keys()
    assert all(low[item] <= got[item] <= high[item] for item in low)


def test_cliffs_stand_in_the_way_and_cannot_be_mined(field: tuple[World, int]) -> None:
    world, surface = field
    cliff = world.create_entity(surface, "cliff", 4, 0.5, force="neutral")
    assert world.find_entities(surface, types=["cliff"]) == [cliff]
    assert not world.can_place(surface, "stone-furnace", 4, 0.5)
    assert not world.mine(cliff, world.create_inventory(10))
    walker = world.create_entity(surface, "character", 0.5, 0.5)
    world.set_walking(walker, True, EAST)
    world.advance(100)
    assert world.position_of(walker)[1] != 0.5  # it had to go round
