"""Scenes of pipes, steam and wires that several tests build on, and a clock that runs only their phases."""

from __future__ import annotations

from dataclasses import dataclass

from harness.simulator.engine import status
from harness.simulator.engine.systems import fluids, heat, machines, power
from harness.simulator.engine.world import World

SURFACE = 0


def run(world: World, ticks: int) -> None:
    """The phases of a tick from machines to power, in the world's order."""
    for _ in range(ticks):
        machines.step(world.state)
        fluids.step(world.state)
        heat.step(world.state)
        power.step(world.state)


def status_of(world: World, row: int) -> str:
    """The status' name in `defines.entity_status`."""
    return status.NAMES[int(world.entities.status[row])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Entity rows of a small power plant."""

    pump: int
    boiler: int
    engines: tuple[int, ...]
    pole: int


def power_plant(world: World, *, engines: int = 2) -> Plant:
    """An offshore pump, a boiler and engines in a row eastwards along y = -1.5, with poles south of the engines."""
    world.set_tiles(SURFACE, [(x, y, "water") for x in range(-3, 4) for y in range(-8, -4)])
    pump = world.create_entity(SURFACE, "offshore-pump", 0.5, -3.5)
    boiler = world.create_entity(SURFACE, "boiler", 1, -1.5, direction=4)
    rows = [world.create_entity(SURFACE, "steam-engine", 4.5 + 5 * i, -1.5, direction=4) for i in range(engines)]
    poles = [world.create_entity(SURFACE, "medium-electric-pole", 4.5 + 5 * i, 1.5) for i in range(max(1, engines))]
    return Plant(pump=pump, boiler=boiler, engines=tuple(rows), pole=poles[0])


def heavy_load(world: World) -> int:
    """A roboport by the plant's first pole: it asks for 5 MW and more until its buffer is full, some 20 seconds."""
    return world.create_entity(SURFACE, "roboport", 4, 5)


def fluid_used(world: World, name: str) -> float:
    """Units of a fluid the player's force used up so far."""
    return _fluid_count(world, "fluid_output", name)


def fluid_made(world: World, name: str) -> float:
    """Units of a fluid the player's force made so far."""
    return _fluid_count(world, "fluid_input", name)


def _fluid_count(world: World, column: str, name: str) -> float:
    counts = getattr(world.storage.tables["statistics"], column)
    return float(counts[0, world.protos.fluid_names.ids[name]])
