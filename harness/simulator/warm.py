"""Compiles and caches every kernel, so that no server waits when it starts: `python -m harness.simulator.warm`.

A second run only loads the cache. What it calls is a small factory with something of everything, since a kernel is
compiled when it is first called.
"""

from __future__ import annotations

import logging
import sys
import time

from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.engine.world import World

_logger = logging.getLogger(__name__)


def main() -> None:
    """Compiles and says how long it took."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    _logger.info("compiling the simulator's kernels (about a minute the first time) ...")
    started = time.perf_counter()
    warm_up()
    _logger.info("the simulator's kernels are ready after %.1f s", time.perf_counter() - started)


def warm_up() -> None:
    """Plays a few ticks with every kind of thing the engine has."""
    world = World()
    surface = world.create_surface("warm-up", 96, 96)
    _burner_line(world, surface)
    _power(world, surface)
    walker = world.create_entity(surface, "character", 30, 30)
    world.insert(walker, "iron-plate", 20)
    world.begin_crafting(walker, "iron-gear-wheel", 1)
    world.set_walking(walker, True, 2)
    world.advance(90)
    world.set_walking(walker, False, 0)
    world.set_mining(walker, *world.position_of(walker))
    world.cancel_crafting(walker)
    world.find_free_place(surface, "stone-furnace", 0, 0, radius=20, precision=1)
    world.restore(Snapshot.from_bytes(world.snapshot().to_bytes(), world))
    world.state_hash()
    for row in world.find_entities(surface):
        if world.entities.serial[row] > 0:
            world.destroy(row)


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
    world.create_entity(surface, "inserter", -11.5, -26.5, direction=12)
    world.create_entity(surface, "storage-tank", -5.5, -20.5)


if __name__ == "__main__":
    main()
