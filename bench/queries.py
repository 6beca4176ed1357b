"""How fast searches are over a map of 10,000 buildings and 40,000 ores, called directly and through a script."""

from __future__ import annotations

import time

from bench.engine import best_of
from harness.simulator.engine.world import World
from harness.simulator.lua import LEVEL, Game, Scripts

NAMES = ("wooden-chest", "transport-belt", "pipe", "inserter")
SIDE = 100
ORE_SIDE = 200


def country() -> tuple[World, int, float]:
    """The map, its surface, and the seconds it took to build one building."""
    world = World()
    surface = world.create_surface("bench")
    for number, name in enumerate(NAMES):  # compiles what building needs
        world.destroy(world.create_entity(surface, name, number + 0.5, 0.5))
    started = time.perf_counter()
    for x in range(SIDE):
        for y in range(SIDE):
            world.create_entity(surface, NAMES[(x + y) % len(NAMES)], x + 0.5, y + 0.5)
    seconds = (time.perf_counter() - started) / SIDE**2
    for x in range(ORE_SIDE):
        for y in range(ORE_SIDE):
            world.create_entity(surface, "iron-ore", x - ORE_SIDE - 0.5, y + 0.5, amount=100)
    return world, surface, seconds


SEARCHES = {
    "10x10 tiles, by name": "s.find_entities_filtered{area = {{40, 40}, {50, 50}}, name = 'wooden-chest'}",
    "the whole map, by name, ten of them": "s.find_entities_filtered{name = 'wooden-chest', limit = 10}",
    "100x100 tiles, counted by name": "s.count_entities_filtered{area = {{0, 0}, {100, 100}}, name = 'wooden-chest'}",
    "one position": "s.find_entities_filtered{position = {50.5, 50.5}}",
    "radius of 20, ores": "s.find_entities_filtered{position = {-100, 100}, radius = 20, name = 'iron-ore'}",
    "water within 100 tiles, none there": "s.find_tiles_filtered{position = {0, 0}, radius = 100, name = 'water'}",
}


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    world, surface, built = country()
    scripts = Scripts(Game(world=world, seed=1), [])
    rows = [("building one of 10,000", f"{built * 1e6:.0f} us")]
    area = (0.0, 0.0, 100.0, 100.0)
    direct = best_of(20, lambda: world.find_entities(surface, area=area, names=["wooden-chest"]))
    rows.append(("2,500 of 10,000 by area and name, engine", f"{direct * 1e3:.3f} ms"))
    for what, code in SEARCHES.items():
        script = f"local s = game.surfaces['bench'] for _ = 1, 100 do local found = {code} end"
        scripts.run_code(LEVEL, script, "bench")
        seconds = best_of(3, lambda script=script: scripts.run_code(LEVEL, script, "bench")) / 100  # type: ignore[misc]
        rows.append((f"{what}, script", f"{seconds * 1e3:.3f} ms"))
    return rows
