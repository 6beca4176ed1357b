"""What a tick costs with many machines: mixed factories at work, and machines that are all blocked.

A cell of the factory is 19 entities: an electric drill that feeds a belt, an inserter, a stone furnace, an inserter, a
chest; a chest, an inserter, an assembling machine that makes gears, an inserter, a chest; and its pole. Everything
works all the time. The blocked machines are of four sorts: without ingredients, with a full output, without fuel, and
drills in front of a full chest.
"""

from __future__ import annotations

from bench.engine import best_of
from harness.simulator.engine.world import World

CELL = 19
WIDTH, HEIGHT = 16.0, 8.0
SOUTH, EAST, WEST = 8, 4, 12
SIZES = ((1_000, 3_600), (10_000, 600), (50_000, 120))
"""Entities, and ticks that are measured."""

NUM_BLOCKED = 10_000


def cell(world: World, surface: int, x: float, y: float) -> None:
    """One cell, its top left corner at (x, y)."""
    world.create_entity(surface, "iron-ore", x + 1.5, y + 1.5, force="neutral", amount=1_000_000)
    world.create_entity(surface, "electric-mining-drill", x + 1.5, y + 1.5, direction=EAST)
    for step in range(6):
        world.create_entity(surface, "transport-belt", x + 3.5 + step, y + 1.5, direction=EAST)
    world.create_entity(surface, "inserter", x + 9.5, y + 1.5, direction=WEST)
    furnace = world.create_entity(surface, "stone-furnace", x + 11.0, y + 2.0)
    world.create_entity(surface, "inserter", x + 12.5, y + 1.5, direction=WEST)
    world.create_entity(surface, "steel-chest", x + 13.5, y + 1.5)
    world.insert(furnace, "coal", 50)
    source = world.create_entity(surface, "steel-chest", x + 0.5, y + 5.5)
    world.insert(source, "iron-plate", 4_800)
    world.create_entity(surface, "inserter", x + 1.5, y + 5.5, direction=WEST)
    world.create_entity(surface, "assembling-machine-2", x + 3.5, y + 5.5, recipe="iron-gear-wheel")
    world.create_entity(surface, "inserter", x + 5.5, y + 5.5, direction=WEST)
    world.create_entity(surface, "steel-chest", x + 6.5, y + 5.5)
    world.create_entity(surface, "substation", x + 8.0, y + 4.0)


def factory(num_entities: int) -> World:
    """Cells in rows of 40, on one electric network."""
    world = World()
    surface = world.create_surface("bench")
    for number in range(num_entities // CELL):
        cell(world, surface, WIDTH * (number % 40), HEIGHT * (number // 40))
    for number in range(max(1, num_entities // 2_000)):
        world.create_entity(surface, "electric-energy-interface", WIDTH * number + 8.0, -2.0)
    return world


def blocked(num_machines: int) -> World:
    """Machines none of which can do anything."""
    world = World()
    surface = world.create_surface("bench")
    for number in range(num_machines // 4):
        x, y = 16.0 * (number % 50), 4.0 * (number // 50)
        world.create_entity(surface, "assembling-machine-2", x + 1.5, y + 1.5, recipe="iron-gear-wheel")
        full = world.create_entity(surface, "stone-furnace", x + 4.0, y + 1.0)
        world.insert(full, "coal", 1)
        world.insert(full, "iron-ore", 1)
        world.insert_into(world.inventory_of(full, 3), "iron-plate", 100)
        cold = world.create_entity(surface, "stone-furnace", x + 6.0, y + 1.0)
        world.insert(cold, "iron-ore", 10)
        world.create_entity(surface, "coal", x + 8.5, y + 0.5, force="neutral", amount=1_000)
        drill = world.create_entity(surface, "burner-mining-drill", x + 9.0, y + 1.0, direction=SOUTH)
        world.insert(drill, "coal", 5)
        chest = world.create_entity(surface, "wooden-chest", x + 9.5, y + 2.5)
        world.insert(chest, "wood", 1_600)
    return world


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    rows = []
    for size, ticks in SIZES:
        world = factory(size)
        world.advance(1_200)
        seconds = best_of(3, lambda world=world, ticks=ticks: world.advance(ticks))  # type: ignore[misc]
        rows.append((f"{size:,} entities at work", f"{ticks / seconds:,.0f} ticks/s"))
    empty, still = World(), blocked(NUM_BLOCKED)
    still.advance(400)
    costs = [best_of(5, lambda world=world: world.advance(3_600)) / 3_600 for world in (empty, still)]  # type: ignore[misc]
    rows.append(("tick of an empty world", f"{costs[0] * 1e6:.2f} µs"))
    rows.append((f"tick of one with {NUM_BLOCKED:,} blocked machines", f"{costs[1] * 1e6:.2f} µs"))
    return rows
