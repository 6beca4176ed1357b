"""The runtime API, class by class, as tables of members. `CLASSES` is all of it, `ROOTS` the global objects."""

from harness.simulator.lua.members import (
    belts,
    burner,
    entity,
    fluid_prototypes,
    fluids,
    force,
    game,
    inventory,
    prototypes,
    stacks,
    statistics,
    surface,
    technology,
    wires,
)
from harness.simulator.lua.members.rendering import RENDER_OBJECT

CLASSES = [
    *game.CLASSES,
    *surface.CLASSES,
    *entity.CLASSES,
    *inventory.CLASSES,
    *stacks.CLASSES,
    *belts.CLASSES,
    *fluids.CLASSES,
    *fluid_prototypes.CLASSES,
    *burner.CLASSES,
    *force.CLASSES,
    *technology.CLASSES,
    *wires.CLASSES,
    *statistics.CLASSES,
    *prototypes.CLASSES,
    RENDER_OBJECT,
]
"""Every class a script can meet."""

ROOTS = {"game": ("LuaGameScript", ("game",)), "prototypes": ("LuaPrototypes", ("prototypes",))}
"""Global objects: class and handle."""

__all__ = ["CLASSES", "ROOTS"]
