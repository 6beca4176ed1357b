"""A tick: the list of phases, in order.

Belts move first, then inserters, then machines (drills, furnaces, boilers, pumps, reactors ...), then fluids flow and
heat is conducted; electric power comes last, so a machine draws on what its network gave in the tick before. Belts
before inserters before machines is the game's order (real-game readings).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import character
from harness.simulator.engine.clock import FREE_ENTITIES, HAPPENED, TICK
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems import convey, effects, fluids, gates, heat, inserters, machines, power

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

move_belts = convey.step
swing_inserters = inserters.step
run_machines = machines.step
exchange_fluids = fluids.step
conduct_heat = heat.step
share_power = power.step
act_beacons = effects.step
move_gates = gates.step
act_characters = character.step


@kernel
def run(state: State, ticks: int) -> int:
    """Runs up to `ticks` ticks and returns how many; fewer when Python must act before the next one.

    That is when the entity table is too full for every drill and inserter to lay an item, when a character has mined
    something to the end that only Python can take down, or when something was noted in `Happenings`.
    """
    for done in range(ticks):
        if state.clock[FREE_ENTITIES] < len(state.drills.owner) + len(state.inserters.owner):
            return done
        state.clock[TICK] += 1
        move_belts(state)
        swing_inserters(state)
        run_machines(state)
        exchange_fluids(state)
        conduct_heat(state)
        share_power(state)
        act_beacons(state)
        move_gates(state)
        if act_characters(state) != 0 or state.clock[HAPPENED] > 0:
            return done + 1
    return ticks
