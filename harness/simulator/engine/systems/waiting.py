"""Who acts when: the ring of working inserters, and the lists of those that sleep until an entity's contents change.

A sleeping inserter costs nothing. Whatever changes the contents of an entity calls `wake_waiters`; an inserter that is
woken joins the end of the order, so it acts in the next tick and before those that were awake.

Source: order and waking as measured in the game ("those that fell asleep first run first on the next tick").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.awake import wake_drills, wake_machine
from harness.simulator.engine.systems.inserter_tables import RING
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def ring_join(state: State, inserter: int) -> None:
    """Puts an inserter at the end of the order: it acts first from the next tick on."""
    inserters = state.inserters
    if inserters.linked[inserter]:
        return
    first = inserters.older[RING]
    inserters.older[inserter] = first
    inserters.newer[inserter] = RING
    inserters.newer[first] = inserter
    inserters.older[RING] = inserter
    inserters.linked[inserter] = True


@kernel
def ring_leave(state: State, inserter: int) -> None:
    """Takes an inserter out of the order."""
    inserters = state.inserters
    if not inserters.linked[inserter]:
        return
    inserters.older[inserters.newer[inserter]] = inserters.older[inserter]
    inserters.newer[inserters.older[inserter]] = inserters.newer[inserter]
    inserters.linked[inserter] = False


@kernel
def wait_for(state: State, inserter: int, side: int, entity: int) -> None:
    """Lists an inserter among those that wait for an entity; nothing happens for NONE."""
    if entity >= 0:
        state.inserters.waits_for[inserter, side] = entity
        state.inserters.next_waiter[inserter, side] = state.entities.waiters[entity]
        state.entities.waiters[entity] = 2 * inserter + side


@kernel
def _forget(state: State, inserter: int, side: int) -> None:
    """Takes an inserter off the list of the entity it waits for."""
    inserters = state.inserters
    entity = inserters.waits_for[inserter, side]
    if entity < 0:
        return
    mark = 2 * inserter + side
    after = inserters.next_waiter[inserter, side]
    waiter = state.entities.waiters[entity]
    if waiter == mark:
        state.entities.waiters[entity] = after
    else:
        while inserters.next_waiter[waiter // 2, waiter % 2] != mark:
            waiter = inserters.next_waiter[waiter // 2, waiter % 2]
        inserters.next_waiter[waiter // 2, waiter % 2] = after
    inserters.waits_for[inserter, side] = NONE
    inserters.next_waiter[inserter, side] = NONE


@kernel
def wake_inserter(state: State, inserter: int) -> None:
    """Makes one inserter look around again in the next tick."""
    _forget(state, inserter, 0)
    _forget(state, inserter, 1)
    ring_join(state, inserter)


@kernel
def wake_waiters(state: State, entity: int) -> None:
    """Wakes an entity, and inserters and drills that wait for it; to be called when its contents have changed."""
    while state.entities.waiters[entity] >= 0:
        wake_inserter(state, state.entities.waiters[entity] // 2)
    wake_machine(state, entity)
    wake_drills(state, entity)


@kernel
def contents_changed(state: State, inventory: int) -> None:
    """Wakes the entity an inventory belongs to, and whoever waits for it."""
    owner = state.inventories.owner[inventory]
    if owner >= 0:
        wake_waiters(state, owner)
