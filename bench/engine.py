"""How fast the embedded server's engine is, called directly."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.simulator.engine.world import World

SOUTH = 8


def factory(num_lines: int) -> World:
    """Lines of coal-fed burner drill, burner inserter and stone furnace: five entities a line, all at work."""
    world = World()
    surface = world.create_surface("bench")
    for line in range(num_lines):
        x, y = 12.0 * (line % 25), 8.0 * (line // 25)
        for dx in (0, 1):
            for dy in (0, 1):
                world.create_entity(surface, "iron-ore", x + dx - 0.5, y + dy - 0.5, force="neutral", amount=100_000)
        drill = world.create_entity(surface, "burner-mining-drill", x, y, direction=SOUTH)
        chest = world.create_entity(surface, "wooden-chest", x + 0.5, y + 1.5)
        # An inserter's direction points at what it takes from: the chest, to its north.
        inserter = world.create_entity(surface, "burner-inserter", x + 0.5, y + 2.5, direction=0)
        furnace = world.create_entity(surface, "stone-furnace", x + 1.0, y + 4.0)
        for row in (drill, inserter, furnace):
            world.insert(row, "coal", 50)
        world.insert(chest, "iron-ore", 100)
    return world


def best_of(repeats: int, work: Callable[[], object]) -> float:
    """Seconds of the fastest of several runs."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    world = factory(250)
    entities = 4 * 250
    world.advance(600)
    seconds = best_of(5, lambda: world.advance(3600))
    taken = world.snapshot()
    blob = taken.to_bytes()
    return [
        ("machines, inserters and chests in the bench factory", f"{entities:,}"),
        ("game minute (3,600 ticks) of it", f"{seconds * 1e3:.1f} ms"),
        ("entity-tick", f"{seconds / 3600 / entities * 1e9:.1f} ns"),
        ("snapshot", f"{best_of(20, world.snapshot) * 1e3:.3f} ms"),
        ("restore", f"{best_of(20, lambda: world.restore(taken)) * 1e3:.3f} ms"),
        ("state hash", f"{best_of(20, world.state_hash) * 1e3:.3f} ms"),
        ("snapshot as bytes", f"{len(blob) / 1e3:,.0f} kB"),
    ]
