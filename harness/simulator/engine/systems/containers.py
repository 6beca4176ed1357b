"""Chests and labs: entities that are nothing but slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import status
from harness.simulator.engine.inventories import CHEST, SOURCE
from harness.simulator.engine.systems.awake import wake_all

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

KINDS = ("container", "logistic-container", "cargo-landing-pad", "lab")


def build(world: World, row: int) -> None:
    """Gives a chest its slots, a lab one slot for each sort of science pack."""
    proto = int(world.entities.proto[row])
    if world.type_of(row) == "lab":
        num_slots = len(world.protos.entity_data[proto]["inputs"])
        world.entities.inventories[row, SOURCE] = world.new_slots(row, SOURCE, num_slots)
        world.entities.status[row] = status.NUMBERS["no_research_in_progress"]
        return
    num_slots = int(world.protos.prototypes.inventory_slots[proto])
    if num_slots:
        world.entities.inventories[row, CHEST] = world.new_slots(row, CHEST, num_slots)
    if world.type_of(row) == "cargo-landing-pad":
        wake_all(world.state)  # rockets that wait for a place to come back to


def remove(world: World, row: int) -> None:
    """Nothing of its own: slots go with the entity."""
    del world, row
