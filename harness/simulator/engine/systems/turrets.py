"""Turrets: their ammunition, and what they report. There is nobody to shoot at, so they never spend any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import status
from harness.simulator.engine.inventories import TURRET_AMMO, inventory_first
from harness.simulator.engine.systems.fluids import box_amount
from harness.simulator.engine.systems.power import power_problem

if TYPE_CHECKING:
    from harness.simulator.engine.stores import Stores
    from harness.simulator.engine.world import World

KINDS = ("ammo-turret", "artillery-turret")
"""Turrets that are loaded with items."""

ALL_KINDS = (*KINDS, "electric-turret", "fluid-turret")

NO_AMMO = "no_ammo"
NORMAL = "normal"


def build(world: World, row: int) -> None:
    """Gives a turret its slots for ammunition."""
    num_slots = int(world.protos.prototypes.inventory_slots[world.entities.proto[row]])
    world.entities.inventories[row, TURRET_AMMO] = world.new_slots(row, TURRET_AMMO, num_slots)


def remove(world: World, row: int) -> None:
    """Nothing of its own: slots go with the entity."""
    del world, row


def status_of(world: Stores, row: int) -> str:
    """What a turret of any sort reports: whether it could shoot."""
    kind, state = world.type_of(row), world.storage.state
    if kind in KINDS:
        empty = int(inventory_first(state, int(world.entities.inventories[row, TURRET_AMMO]))) < 0
        return NO_AMMO if empty else NORMAL
    if kind == "fluid-turret":
        box = int(world.entities.fluid_box[row])
        return NORMAL if box >= 0 and box_amount(state, box) > 0 else NO_AMMO
    problem = int(power_problem(state, int(world.entities.electric[row])))
    return status.NAMES[problem] if problem else NORMAL
