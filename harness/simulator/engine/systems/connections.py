"""The electric and fluid sides of any entity, built, removed and turned in the right order.

The world calls these for every kind of entity that can have either side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine.systems import boilers, crafting, generators, pipes, poles, pumps
from harness.simulator.engine.systems.crafting import recipe_of

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

KINDS = tuple(
    sorted(
        {
            prototype["type"]
            for prototype in data.entities().values()
            if prototype.get("energy_source", {}).get("type") == "electric"
            or prototype["type"] in poles.KINDS
            or any("fluid_box" in key for key in prototype)
        }
    )
)
"""Entity types with a prototype that takes or gives electric energy, is a pole, or has a fluid box."""

_MACHINES = {kind: system for system in (boilers, generators, pumps) for kind in system.KINDS}


def build(world: World, row: int) -> None:
    """Connects a new entity: fluid boxes, then its machine, then wires and supply."""
    kind = _kind(world, row)
    pipes.attach(world, row)
    if kind in _MACHINES:
        _MACHINES[kind].build(world, row)
    if kind in poles.KINDS:
        poles.build(world, row)
    poles.attach(world, row)
    poles.refresh(world, row)


def remove(world: World, row: int) -> None:
    """Disconnects an entity that is about to go."""
    kind = _kind(world, row)
    if kind in poles.KINDS:
        poles.remove(world, row)
    if kind in _MACHINES:
        _MACHINES[kind].remove(world, row)
    poles.detach(world, row)
    pipes.detach(world, row)


def rotate(world: World, row: int) -> None:
    """Connects an entity anew after it was turned or moved, or, for a crafting machine, was given a recipe."""
    kind = _kind(world, row)
    pipes.reattach(world, row, recipe_of(world, row) if kind in crafting.KINDS else None)
    if kind in _MACHINES:
        _MACHINES[kind].rotate(world, row)
    poles.refresh(world, row)


def _kind(world: World, row: int) -> str:
    return str(world.protos.entity_data[world.entities.proto[row]]["type"])
