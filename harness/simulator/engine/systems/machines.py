"""The order of machines in a tick: drills, furnaces and assembling machines together, last built first.

It matters where one feeds another: a furnace built before its drill uses an ore in the tick it arrives, one built after
it a tick later. Source: factory-sim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_DRILL
from harness.simulator.engine.systems.crafting import step_crafter
from harness.simulator.engine.systems.drills import step_drill
from harness.simulator.engine.systems.machine_tables import Machines
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("mining-drill", "furnace", "assembling-machine")


@kernel
def step(state: State) -> None:
    """One tick of every machine."""
    for row in range(len(state.machines.entity)):
        entity = int(state.machines.entity[row])
        if entity < 0:
            return
        if state.prototypes.kind[state.entities.proto[entity]] == KIND_DRILL:
            step_drill(state, int(state.entities.component[entity]))
        else:
            step_crafter(state, int(state.entities.component[entity]))


def build(world: World, row: int) -> None:
    """Puts a new machine before all others."""
    machines = cast(Machines, world.storage.tables["machines"])
    used = int(np.count_nonzero(machines.entity >= 0))
    world.storage.grow("machines", used + 1)
    machines.entity[1 : used + 1] = machines.entity[:used].copy()
    machines.entity[0] = row


def remove(world: World, row: int) -> None:
    """Takes a machine out of the order."""
    machines = cast(Machines, world.storage.tables["machines"])
    left = machines.entity[(machines.entity >= 0) & (machines.entity != row)].copy()
    machines.entity[:] = NONE
    machines.entity[: len(left)] = left
