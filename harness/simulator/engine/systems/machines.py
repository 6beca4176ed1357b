"""The order of machines in a tick: drills, furnaces and assembling machines together, last built first.

It matters where one feeds another: a furnace built before its drill uses an ore in the tick it arrives, one built after
it a tick later. Source: factory-sim.

Only machines that are awake are visited (`awake.py`). A machine keeps its row for life, except that all rows move
together, in order, when the table is full of holes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import (
    KIND_ASSEMBLER,
    KIND_BOILER,
    KIND_DRILL,
    KIND_FURNACE,
    KIND_LAB,
    KIND_OFFSHORE_PUMP,
    KIND_PUMP,
    KIND_REACTOR,
    KIND_ROCKET_SILO,
)
from harness.simulator.engine.systems.awake import highest_bit, sleep_row, wake_row
from harness.simulator.engine.systems.boilers import step_boiler
from harness.simulator.engine.systems.crafting import step_crafter
from harness.simulator.engine.systems.drills import step_drill
from harness.simulator.engine.systems.labs import step_lab
from harness.simulator.engine.systems.machine_tables import BITS, Awake, Machines
from harness.simulator.engine.systems.pumps import step_pump
from harness.simulator.engine.systems.reactors import step_reactor
from harness.simulator.engine.systems.silo_stages import step_launch
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = (
    "mining-drill",
    "furnace",
    "assembling-machine",
    "rocket-silo",
    "lab",
    "boiler",
    "pump",
    "offshore-pump",
    "reactor",
)
"""Entity types that have a row. A new one also needs a line in `_act`."""


@kernel
def _act(state: State, entity: int) -> bool:
    """One tick of a machine; returns whether it must act again in the next tick."""
    kind = state.prototypes.kind[state.entities.proto[entity]]
    if kind == KIND_DRILL:
        return step_drill(state, int(state.entities.component[entity]))
    if kind in (KIND_FURNACE, KIND_ASSEMBLER):
        return step_crafter(state, int(state.entities.component[entity]))
    if kind == KIND_ROCKET_SILO:
        return step_silo(state, entity)
    if kind == KIND_LAB:
        return step_lab(state, entity)
    if kind == KIND_BOILER:
        return step_boiler(state, int(state.entities.component[entity]))
    if kind in (KIND_PUMP, KIND_OFFSHORE_PUMP):
        return step_pump(state, int(state.entities.component[entity]))
    if kind == KIND_REACTOR:
        return step_reactor(state, int(state.entities.component[entity]))
    return False


@kernel
def step_silo(state: State, entity: int) -> bool:
    """One tick of a rocket silo: it crafts parts, and gets its rocket on the way."""
    crafter = int(state.entities.component[entity])
    crafts = step_crafter(state, crafter)
    if not state.entities.active[entity]:
        return False
    return step_launch(state, int(state.crafters.silo[crafter]), entity) or crafts


@kernel
def step(state: State) -> None:
    """One tick of every machine that is awake, the last built first."""
    for back in range(len(state.awake.word)):
        index = len(state.awake.word) - 1 - back
        still_to_come = (1 << BITS) - 1
        word = int(state.awake.word[index]) & still_to_come
        while word != 0:
            bit = highest_bit(word)
            row = BITS * index + bit
            if not _act(state, int(state.machines.entity[row])):
                sleep_row(state, row)
            still_to_come = (1 << bit) - 1
            word = int(state.awake.word[index]) & still_to_come


@kernel
def first_unused(state: State) -> int:
    """The row after the last machine."""
    row = len(state.machines.entity)
    while row > 0 and state.machines.entity[row - 1] < 0:
        row -= 1
    return row


def table(world: World) -> Machines:
    """The machines' table."""
    return cast(Machines, world.storage.tables["machines"])


def build(world: World, row: int) -> None:
    """Puts a new machine before all others; it is awake."""
    machine = int(first_unused(world.state))
    if machine == len(table(world)):
        machine = _make_room(world)
    table(world).entity[machine] = row
    world.entities.machine[row] = machine
    wake_row(world.state, machine)


def remove(world: World, row: int) -> None:
    """Leaves a hole where a machine was."""
    machine = int(world.entities.machine[row])
    sleep_row(world.state, machine)
    world.storage.free_row("machines", machine)
    world.entities.machine[row] = NONE


def _make_room(world: World) -> int:
    """Closes the holes of a full table, or makes it larger when they are few; returns the first unused row."""
    used = np.flatnonzero(table(world).entity >= 0)
    if len(used) > len(table(world)) * 3 // 4:
        world.storage.grow("machines", len(table(world)) + 1)
        world.storage.grow("awake", len(table(world)) // BITS)
    if len(used) == 0 or used[-1] + 1 > len(used):
        _close_holes(world, used)
    return len(used)


def _close_holes(world: World, used: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    machines, awake = table(world), cast(Awake, world.storage.tables["awake"])
    active = [bool(awake.word[row // BITS] >> (row % BITS) & 1) for row in used]
    kept = machines.records[used].copy()
    machines.records[:] = Machines.allocate(len(machines)).records
    machines.records[: len(used)] = kept
    awake.word[:] = 0
    world.entities.machine[kept["entity"]] = np.arange(len(used))
    for row, is_awake in enumerate(active):
        if is_awake:
            wake_row(world.state, row)
