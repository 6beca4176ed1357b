"""Which machines act: one bit for each row of `Machines`, so that a machine that waits costs nothing.

A machine sleeps when another tick would change nothing about it: blocked, out of fuel, without a recipe, or stopped.
Whatever may end that wakes it. Waking too often is harmless, a waking that is forgotten is a machine that stands still:

- `wake_machine(state, entity)`: its contents, fluids, energy, recipe, `active` or network changed, or a script wrote
  anything about it. `wake_waiters` of `waiting.py` does it for contents.
- `wake_drills(state, entity)`: drills that wait for room in a building or for an item to go; also by `wake_waiters`.
- `wake_all(state)`: something about the whole force changed, e.g. which recipes are enabled.

Machines run from the highest row down, so one that is woken by a machine that ran before it acts in the same tick, just
as if it had never slept. Nothing here knows what a machine does; kernels only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.machine_tables import BITS
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def wake_row(state: State, row: int) -> None:
    """Makes a row of `Machines` act."""
    state.awake.word[row // BITS] |= 1 << (row % BITS)


@kernel
def sleep_row(state: State, row: int) -> None:
    """Lets a row of `Machines` rest until somebody wakes it."""
    state.awake.word[row // BITS] &= ~(1 << (row % BITS))


@kernel
def wake_machine(state: State, entity: int) -> None:
    """Makes an entity look around again: in this tick if its turn is still to come. Others than machines: nothing."""
    row = int(state.entities.machine[entity])
    if row >= 0:
        wake_row(state, row)


@kernel
def wake_all(state: State) -> None:
    """Makes every machine look around again."""
    for row in range(len(state.machines.entity)):
        if state.machines.entity[row] >= 0:
            wake_row(state, row)


@kernel
def highest_bit(word: int) -> int:
    """The position of the highest bit that is set, of a word of BITS bits that is not 0."""
    bit = 0
    if word >> 16:
        word >>= 16
        bit += 16
    if word >> 8:
        word >>= 8
        bit += 8
    if word >> 4:
        word >>= 4
        bit += 4
    if word >> 2:
        word >>= 2
        bit += 2
    return bit + (word >> 1)


@kernel
def drill_waits(state: State, drill: int, entity: int) -> None:
    """Lists a drill (row in `Drills`) among those that wait for an entity to change or go."""
    drills = state.drills
    if drills.waits_for[drill] == entity:
        return
    stop_waiting(state, drill)
    drills.waits_for[drill] = entity
    drills.next_waiter[drill] = state.entities.waiting_drills[entity]
    state.entities.waiting_drills[entity] = drill


@kernel
def stop_waiting(state: State, drill: int) -> None:
    """Takes a drill off the list it is on."""
    drills = state.drills
    entity = drills.waits_for[drill]
    if entity < 0:
        return
    other, after = state.entities.waiting_drills[entity], drills.next_waiter[drill]
    if other == drill:
        state.entities.waiting_drills[entity] = after
    else:
        while drills.next_waiter[other] != drill:
            other = drills.next_waiter[other]
        drills.next_waiter[other] = after
    drills.waits_for[drill] = NONE
    drills.next_waiter[drill] = NONE


@kernel
def wake_drills(state: State, entity: int) -> None:
    """Wakes all drills that wait for an entity."""
    drills = state.drills
    drill = state.entities.waiting_drills[entity]
    while drill >= 0:
        after = drills.next_waiter[drill]
        drills.waits_for[drill] = NONE
        drills.next_waiter[drill] = NONE
        wake_machine(state, int(drills.owner[drill]))
        drill = after
    state.entities.waiting_drills[entity] = NONE
