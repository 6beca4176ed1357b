"""Who acts when: the order of inserters, and the lists of those that sleep until an entity changes.

Each working inserter has a place in the order; the last place acts first. A bit says whether it acts at all:

- One that waits for a machine or chest gives up its place (`leave_order`). Woken, it takes a new one at the end, so it
  acts in the next tick and before those that were awake.
- One that waits for a belt, or for fuel, keeps its place and rests there (`rest`). Woken, it acts as if it had looked
  all the time: in the same tick if its turn is still to come.

An inserter that does not act costs nothing. Whatever changes the contents of an entity calls `wake_waiters`; so does a
line of belts that stood still when it moves (`chains.py`).

Source: order and waking as measured in the game ("those that fell asleep first run first on the next tick").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.clock import NEXT_PLACE
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_INSERTER
from harness.simulator.engine.systems.awake import wake_all, wake_drills, wake_machine
from harness.simulator.engine.systems.machine_tables import BITS
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def join_order(state: State, inserter: int) -> None:
    """Makes an inserter act: at its place, or at a new one at the end of the order."""
    inserters = state.inserters
    place = int(inserters.place[inserter])
    if place < 0:
        place = int(state.clock[NEXT_PLACE])
        state.clock[NEXT_PLACE] = place + 1
        inserters.place[inserter] = place
        state.places.inserter[place] = inserter
    state.acting.word[place // BITS] |= 1 << (place % BITS)


@kernel
def rest(state: State, inserter: int) -> None:
    """Lets an inserter rest at its place until it joins again."""
    place = int(state.inserters.place[inserter])
    if place >= 0:
        state.acting.word[place // BITS] &= ~(1 << (place % BITS))


@kernel
def leave_order(state: State, inserter: int) -> None:
    """Takes an inserter out of the order."""
    rest(state, inserter)
    place = int(state.inserters.place[inserter])
    if place >= 0:
        state.places.inserter[place] = NONE
        state.inserters.place[inserter] = NONE


@kernel
def close_gaps(state: State) -> None:
    """Moves all together, in order, when there might be too few places for all that may join in a tick."""
    used = int(state.clock[NEXT_PLACE])
    if used + len(state.inserters.owner) <= len(state.places.inserter):
        return
    kept = 0
    for place in range(used):
        inserter = int(state.places.inserter[place])
        acts = (state.acting.word[place // BITS] >> (place % BITS)) & 1
        state.acting.word[place // BITS] &= ~(1 << (place % BITS))
        state.places.inserter[place] = NONE
        if inserter >= 0:
            state.places.inserter[kept] = inserter
            state.inserters.place[inserter] = kept
            state.acting.word[kept // BITS] |= acts << (kept % BITS)
            kept += 1
    state.clock[NEXT_PLACE] = kept


@kernel
def wait_for(state: State, inserter: int, side: int, entity: int) -> None:
    """Lists an inserter among those that wait for an entity; nothing happens for NONE."""
    if entity >= 0 and state.inserters.waits_for[inserter, side] != entity:
        _forget(state, inserter, side)
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
    join_order(state, inserter)


@kernel
def _wake_resting(state: State, inserter: int) -> None:
    """Makes an inserter act that has a place; one without waits for more than its own fuel."""
    if inserter >= 0 and state.inserters.place[inserter] >= 0:
        join_order(state, inserter)


@kernel
def wake_waiters(state: State, entity: int) -> None:
    """Wakes an entity, and inserters and drills that wait for it; to be called when its contents have changed."""
    while state.entities.waiters[entity] >= 0:
        wake_inserter(state, state.entities.waiters[entity] // 2)
    wake_machine(state, entity)
    wake_drills(state, entity)
    if state.prototypes.kind[state.entities.proto[entity]] == KIND_INSERTER:
        _wake_resting(state, int(state.entities.component[entity]))


@kernel
def contents_changed(state: State, inventory: int) -> None:
    """Wakes the entity an inventory belongs to, and whoever waits for it."""
    owner = state.inventories.owner[inventory]
    if owner >= 0:
        wake_waiters(state, owner)


@kernel
def wake_everyone(state: State) -> None:
    """Makes every machine and inserter look around again: something about a whole force changed."""
    wake_all(state)
    for inserter in range(len(state.inserters.owner)):
        if state.inserters.owner[inserter] >= 0:
            wake_inserter(state, inserter)
