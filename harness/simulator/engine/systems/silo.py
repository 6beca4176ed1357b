"""Rocket silos as Python sees them: their rows, the rocket that stands in one, launching it, and what it brings back.

A launch needs a cargo landing pad of the same force on the surface, where what a satellite earns arrives. The game
sends it down in a cargo pod; here it lies in the pad when the rocket has finished its way up. What the pad has no room
for is lost.
Source: documentation of `LuaEntity.launch_rocket` and of `can_launch_without_landing_pads`; the wiki's pages Rocket
silo and Space science pack for the base game of 2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from harness.simulator.engine.inventories import ROCKET
from harness.simulator.engine.statistics import count_item_input
from harness.simulator.engine.systems.silo_stages import READY, STARTING
from harness.simulator.engine.systems.silo_tables import Silos
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

KINDS = ("rocket-silo",)
PAD = "cargo-landing-pad"


def table(world: World) -> Silos:
    """The silos' table."""
    return cast(Silos, world.storage.tables["silos"])


def silo_of(world: World, row: int) -> int:
    """The silo's row in `Silos`."""
    return int(world.crafters.silo[world.entities.component[row]])


def build(world: World, row: int) -> None:
    """Gives a silo its row and its rocket's hold."""
    silo = world.new_row("silos")
    silos, data = table(world), world.protos.entity_data[world.entities.proto[row]]
    rocket: dict[str, Any] = world.protos.entity_data[world.protos.entity_names.ids[data["rocket_entity"]]]
    silos.owner[silo] = row
    silos.required[silo] = data["rocket_parts_required"]
    silos.blinking[silo] = 1 / data["light_blinking_speed"]
    silos.doors[silo] = 1 / data["door_opening_speed"]
    silos.rising[silo] = 1 / rocket["rising_speed"]
    silos.quick_start[silo] = data["rocket_quick_relaunch_start_offset"]
    silos.engine[silo] = 1 / rocket["engine_starting_speed"]
    silos.first_speed[silo] = rocket["flying_speed"]
    silos.acceleration[silo] = rocket["flying_acceleration"]
    world.crafters.silo[world.entities.component[row]] = silo
    world.entities.inventories[row, ROCKET] = world.new_slots(
        row, ROCKET, data["to_be_inserted_to_rocket_inventory_size"]
    )


def remove(world: World, row: int) -> None:
    """Takes a silo's row away, and its rocket, wherever that is."""
    silo, silos = silo_of(world, row), table(world)
    rockets = (int(silos.rocket[silo]), int(silos.airborne[silo]))
    world.free_row("silos", silo)
    for rocket in rockets:
        if rocket >= 0:
            world.destroy(rocket)


def make_rocket(world: World, row: int) -> None:
    """Puts the rocket into a silo that has turned its parts into one."""
    name = str(world.protos.entity_data[world.entities.proto[row]]["rocket_entity"])
    x, y = world.position_of(row)
    rocket = world.create_entity(int(world.entities.surface[row]), name, x, y, force=world.force_of(row))
    table(world).rocket[silo_of(world, row)] = rocket


def landing_pads(world: World, row: int) -> list[int]:
    """Cargo landing pads of the silo's force on its surface, oldest first."""
    return world.find_entities(int(world.entities.surface[row]), types=[PAD], force=world.force_of(row))


def launch(world: World, row: int) -> bool:
    """Orders a launch; false if the rocket is not ready or there is nowhere for it to come back to."""
    silo, silos = silo_of(world, row), table(world)
    if silos.stage[silo] != READY or not landing_pads(world, row):
        return False
    stack = world.get_slot(int(world.entities.inventories[row, ROCKET]), 0)
    if stack is not None:
        silos.cargo[silo], silos.num_cargo[silo] = world.item_id(stack[0]), stack[1]
        world.set_slot(int(world.entities.inventories[row, ROCKET]), 0, None)
    silos.stage[silo], silos.elapsed[silo] = STARTING, 0.0
    world.wake(row)
    world.announce("rocket_launch_ordered", silo=row, rocket=int(silos.rocket[silo]))
    return True


def arrive(world: World, row: int) -> None:
    """What happens when a rocket has finished its way up: it is counted, and its cargo turns into what it earns."""
    silo, silos, force = silo_of(world, row), table(world), int(world.entities.force[row])
    item, count, rocket = int(silos.cargo[silo]), int(silos.num_cargo[silo]), int(silos.airborne[silo])
    silos.cargo[silo], silos.num_cargo[silo], silos.airborne[silo] = NONE, 0, NONE
    world.forces.rockets_launched[force] += 1
    if item >= 0:
        for product in world.protos.item_data[item].get("rocket_launch_products", ()):
            _deliver(world, row, product["name"], int(product["amount"]) * count)
        world.item_sent_to_orbit(force, item, count)
    world.announce("rocket_launched", silo=row, rocket=rocket)
    world.destroy(rocket)


def _deliver(world: World, row: int, name: str, count: int) -> None:
    for pad in landing_pads(world, row):
        put = world.insert(pad, name, count)
        count_item_input(world.state, row, world.item_id(name), put)
        count -= put
        if count == 0:
            return


def set_parts(world: World, row: int, parts: int) -> None:
    """Writes `LuaEntity.rocket_parts`."""
    table(world).parts[silo_of(world, row)] = int(np.clip(parts, 0, table(world).required[silo_of(world, row)]))
    world.wake(row)
