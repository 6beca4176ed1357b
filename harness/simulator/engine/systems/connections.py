"""The electric, fluid and heat sides of any entity, built, removed and turned in the right order.

The world calls these for every kind of entity that can have one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine.systems import boilers, crafting, generators, heat, pipes, poles, pumps, reactors
from harness.simulator.engine.systems.crafting import recipe_of
from harness.simulator.engine.systems.ports import place_of

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

KINDS = tuple(
    sorted(
        {
            prototype["type"]
            for prototype in data.entities().values()
            if prototype.get("energy_source", {}).get("type") == "electric"
            or prototype["type"] in poles.KINDS
            or any("fluid_box" in key or key == "heat_buffer" for key in prototype)
        }
    )
)
"""Entity types with a prototype that takes or gives electric energy, is a pole, or has a fluid box or a heat buffer."""

_MACHINES = {kind: system for system in (generators, pumps) for kind in system.KINDS}
_HEATED = {kind: system for system in (boilers, reactors) for kind in system.KINDS}


def mixed_by(
    world: World, row: int, direction: int, recipe: str | None, centre: tuple[int, int] | None = None
) -> tuple[str, str] | None:
    """Two fluids that would come together if an entity were turned or given a recipe, or None.

    `centre` is where it comes to stand by the turn, 1/256 tile, unless where it stands now.
    """
    if recipe is not None and recipe not in data.others("recipe"):
        return None
    place = place_of(world, row)._replace(direction=direction)
    if centre is not None:
        place = place._replace(x=centre[0], y=centre[1])
    return pipes.mixing(world, int(world.entities.proto[row]), place, recipe, row)


def build(world: World, row: int) -> None:
    """Connects a new entity: fluid boxes and heat, then its machine, then wires and supply."""
    kind = world.type_of(row)
    pipes.attach(world, row)
    buffer = heat.attach(world, row)
    if kind in _MACHINES:
        _MACHINES[kind].build(world, row)
    if kind in _HEATED:
        _HEATED[kind].build(world, row, buffer)
    if kind in poles.KINDS:
        poles.build(world, row)
    poles.attach(world, row)
    poles.refresh(world, row)


def remove(world: World, row: int) -> None:
    """Disconnects an entity that is about to go."""
    kind = world.type_of(row)
    if kind in poles.KINDS:
        poles.remove(world, row)
    if kind in _MACHINES:
        _MACHINES[kind].remove(world, row)
    if kind in _HEATED:
        _HEATED[kind].remove(world, row)
    poles.detach(world, row)
    pipes.detach(world, row)
    buffer = heat.buffer_of(world, row)
    if buffer >= 0:
        heat.detach(world, buffer)


def rotate(world: World, row: int) -> None:
    """Connects an entity anew after it was turned or moved, or, for a crafting machine, was given a recipe."""
    kind = world.type_of(row)
    pipes.reattach(world, row, recipe_of(world, row) if kind in crafting.KINDS else None)
    buffer = heat.buffer_of(world, row)
    if buffer >= 0:
        heat.relink(world, buffer)
    if kind in _MACHINES:
        _MACHINES[kind].rotate(world, row)
    if kind in boilers.KINDS:
        boilers.rotate(world, row)
    poles.refresh(world, row)
