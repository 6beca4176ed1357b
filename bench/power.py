"""Electric networks: what machines cost that idle, what machines cost that work, and labs at work.

Each scene stands in a world of its own, beside a grid of substations fed without limit. What is printed is the time of
a tick over that of a world with the substations alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from harness.simulator.engine import research
from harness.simulator.engine.inventories import RESULT, SOURCE
from harness.simulator.engine.world import World

SURFACE = 0
SPACING = 5
"""Tiles from one machine to the next; a substation stands in every third gap of every third row."""
TICKS = 3_000
REPEATS = 5
FORCE = 0


def measure() -> Iterator[tuple[str, str]]:
    """Rows of the table: what, and its result."""
    empty = _tick_s(_grid(1_000, _nothing))
    for title, count, build in (
        ("10,000 electric machines without a recipe", 10_000, _assembler),
        ("1,000 electric furnaces at work", 1_000, _furnace),
        ("1,000 labs at work", 1_000, _lab),
        ("1,000 solar panels by day", 1_000, _panel),
    ):
        cost = _tick_s(_grid(count, build)) - empty
        yield title, f"{cost * 1e6:.1f} us a tick, {cost / count * 1e9:.1f} ns each"


def _grid(count: int, build: Callable[[World, float, float], None]) -> World:
    world = World()
    side = int(count**0.5) + 1
    world.create_entity(SURFACE, "electric-energy-interface", -4, 0)
    for place in range(count):
        column, row = place % side, place // side
        x, y = SPACING * column + 0.5, SPACING * row + 0.5
        if column % 3 == 0 and row % 3 == 0:
            world.create_entity(SURFACE, "substation", x + 2.5, y + 2.5)
        build(world, x, y)
    research.research_all(world, FORCE, disabled_too=False)
    while research.add(world, FORCE, world.technology_id("mining-productivity-4")):
        pass
    world.advance(600)
    return world


def _tick_s(world: World) -> float:
    best = 1e9
    for _ in range(REPEATS):
        _empty_furnaces(world)
        start = time.perf_counter()
        world.advance(TICKS)
        best = min(best, time.perf_counter() - start)
    return best / TICKS


def _nothing(_world: World, _x: float, _y: float) -> None:
    """Builds nothing."""


def _assembler(world: World, x: float, y: float) -> None:
    world.create_entity(SURFACE, "assembling-machine-1", x, y)


def _furnace(world: World, x: float, y: float) -> None:
    row = world.create_entity(SURFACE, "electric-furnace", x, y)
    world.set_slot(world.inventory_of(row, SOURCE), 0, ("iron-ore", 10_000))


def _empty_furnaces(world: World) -> None:
    for row in world.find_entities(SURFACE, names=["electric-furnace"]):
        world.set_slot(world.inventory_of(row, RESULT), 0, None)


def _lab(world: World, x: float, y: float) -> None:
    row = world.create_entity(SURFACE, "lab", x, y)
    for name in sorted(world.protos.entity_data[world.entities.proto[row]]["inputs"]):
        world.insert(row, name, 200)


def _panel(world: World, x: float, y: float) -> None:
    world.create_entity(SURFACE, "solar-panel", x, y)
