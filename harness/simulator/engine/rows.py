"""Entity rows that kernels take and give back, and chance: what must work without growing a table. Kernels only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.clock import ENTITY_HINT, FREE_ENTITIES, NEXT_SERIAL, RANDOM
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_RESOURCE
from harness.simulator.engine.spatial import link_point, unlink_point
from harness.simulator.engine.systems.awake import wake_drills
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def take_entity_row(state: State) -> int:
    """The lowest free entity row with a new serial, or NONE when the table is full."""
    row = state.clock[ENTITY_HINT]
    while row < len(state.entities.serial):
        if state.entities.serial[row] == 0:
            state.entities.serial[row] = state.clock[NEXT_SERIAL]
            state.clock[NEXT_SERIAL] += 1
            state.clock[ENTITY_HINT] = row + 1
            state.clock[FREE_ENTITIES] -= 1
            return int(row)
        row += 1
    return NONE


@kernel
def free_entity_row(state: State, entity: int) -> None:
    """Gives an entity row back, with every field as in a new one."""
    entities = state.entities
    entities.serial[entity] = 0
    entities.unit_number[entity] = 0
    entities.proto[entity] = NONE
    entities.surface[entity] = 0
    entities.force[entity] = 0
    entities.direction[entity] = 0
    entities.x[entity] = 0
    entities.y[entity] = 0
    entities.health[entity] = 0.0
    entities.status[entity] = 0
    entities.active[entity] = True
    entities.marks[entity] = 0
    entities.component[entity] = NONE
    entities.burner[entity] = NONE
    entities.electric[entity] = NONE
    entities.machine[entity] = NONE
    entities.waiters[entity] = NONE
    entities.waiting_drills[entity] = NONE
    entities.inventories[entity, :] = NONE
    entities.energy[entity] = 0.0
    entities.amount[entity] = 0
    entities.next_in_tile[entity] = NONE
    state.clock[FREE_ENTITIES] += 1
    if entity < state.clock[ENTITY_HINT]:
        state.clock[ENTITY_HINT] = entity


@kernel
def new_point_entity(state: State, proto: int, surface: int, force: int, x: int, y: int, amount: int) -> int:
    """A point entity at a place that exists and is free, or NONE when the table is full."""
    entity = take_entity_row(state)
    if entity < 0:
        return NONE
    state.entities.proto[entity] = proto
    state.entities.surface[entity] = surface
    state.entities.force[entity] = force
    state.entities.x[entity] = x
    state.entities.y[entity] = y
    state.entities.amount[entity] = amount
    if state.prototypes.infinite[proto]:
        state.entities.component[entity] = amount
    state.entities.health[entity] = state.prototypes.max_health[proto]
    link_point(state, entity)
    return entity


@kernel
def drop_point_entity(state: State, entity: int) -> None:
    """Removes a point entity; drills that mine it look for another, those it was in the way of try again."""
    unlink_point(state, entity)
    wake_drills(state, entity)
    if state.prototypes.kind[state.entities.proto[entity]] == KIND_RESOURCE:
        for row in range(len(state.drills.owner)):
            if state.drills.resource[row] == entity:
                state.drills.resource[row] = NONE
    free_entity_row(state, entity)


@kernel
def chance(state: State, below: int) -> int:
    """A number of 0..below-1 from the world's own generator.

    Source: the ANSI C example generator, 31 bits; the low bits, which repeat, are not used.
    """
    state.clock[RANDOM] = (state.clock[RANDOM] * 1103515245 + 12345) & 0x7FFFFFFF
    return int((state.clock[RANDOM] >> 8) % below)
