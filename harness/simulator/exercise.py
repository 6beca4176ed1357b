"""A small world with something of everything the engine has: playing it calls every kernel that Python calls."""

from __future__ import annotations

from harness.simulator.engine.pathfinder import find_path, walker
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.engine.world import World
from harness.simulator.mapgen import MapGenerator


def exercise() -> None:
    """Builds it, plays it, saves and restores it, and takes it down."""
    world = World(1, {"nauvis": MapGenerator(1)})
    world.get_tile(0, 0, 0)
    surface = world.create_surface("exercise", 96, 96)
    _burner_line(world, surface)
    _power(world, surface)
    _character(world, surface)
    world.find_free_place(surface, "stone-furnace", 0, 0, radius=20, precision=1)
    around = walker((-0.2, -0.2, 0.2, 0.2), ["player"])
    find_path(world, surface, (20.0, 20.0), (9.0, 12.0), radius=0.5, walker=around)
    world.restore(Snapshot.from_bytes(world.snapshot().to_bytes(), world))
    world.state_hash()
    for row in world.find_entities(surface):
        if world.entities.serial[row] > 0:
            world.destroy(row)


def _character(world: World, surface: int) -> None:
    """Crafts, walks and mines."""
    walker = world.create_entity(surface, "character", 30, 30)
    world.insert(walker, "iron-plate", 20)
    world.begin_crafting(walker, "iron-gear-wheel", 1)
    world.set_walking(walker, True, 2)
    world.advance(90)
    world.set_walking(walker, False, 0)
    world.set_mining(walker, *world.position_of(walker))
    world.cancel_crafting(walker)


def _burner_line(world: World, surface: int) -> None:
    """Ore to a drill, a belt, an inserter, a furnace and a chest."""
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        world.create_entity(surface, "iron-ore", x + 0.5, y + 0.5, amount=3)
    drill = world.create_entity(surface, "burner-mining-drill", 1, 1, direction=8)
    world.insert(drill, "coal", 2)
    for x in range(6):
        world.create_entity(surface, "transport-belt", x + 0.5, 2.5, direction=4)
    inserter = world.create_entity(surface, "burner-inserter", 4.5, 3.5, direction=0)
    world.insert(inserter, "coal", 1)
    furnace = world.create_entity(surface, "stone-furnace", 5, 5)
    world.insert(furnace, "coal", 1)
    world.create_entity(surface, "item-on-ground", 8.5, 8.5, stack=("coal", 1))
    world.create_entity(surface, "underground-belt", 10.5, 2.5, direction=4)
    world.create_entity(surface, "underground-belt", 13.5, 2.5, direction=4, underground_type="output")
    world.rotate(drill, 0)


def _power(world: World, surface: int) -> None:
    """Water, steam, wires, and machines that live on them."""
    world.set_tiles(surface, [(x, y, "water") for x in range(-30, -20) for y in range(-30, -20)])
    world.create_entity(surface, "offshore-pump", -19.5, -25.5, direction=12)
    world.create_entity(surface, "pipe", -18.5, -25.5)
    boiler = world.create_entity(surface, "boiler", -16.5, -25, direction=0)
    world.insert(boiler, "coal", 2)
    world.create_entity(surface, "steam-engine", -16.5, -29.5, direction=0)
    world.create_entity(surface, "medium-electric-pole", -12.5, -28.5)
    machine = world.create_entity(surface, "assembling-machine-2", -9.5, -27.5, recipe="iron-gear-wheel")
    world.insert(machine, "iron-plate", 8)
    world.insert(machine, "speed-module", 1)
    world.create_entity(surface, "beacon", -9.5, -31.5)
    world.create_entity(surface, "inserter", -11.5, -26.5, direction=12)
    world.create_entity(surface, "storage-tank", -5.5, -20.5)
