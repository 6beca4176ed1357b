"""Burners: fuel goes from the fuel slot into the fire, joule by joule into the machine's buffer.

A burner machine works in two steps a tick, as measured: it spends one tick's energy out of its buffer, and then, if it
still has work, fills the buffer up to 16/15 of a tick's energy. So a new machine fills in its first tick and makes
progress in its second, and the last joules of a dying fuel are paid and progress in proportion.
Source: real-game readings (drills and furnaces).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import status
from harness.simulator.engine.inventories import (
    BURNT_RESULT,
    FUEL,
    inventory_first,
    inventory_insert,
    inventory_room,
    slot_remove,
)
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KINDS as ALL_KINDS
from harness.simulator.engine.statistics import count_item_output
from harness.simulator.engine.systems.power import power_draw, power_problem
from harness.simulator.engine.systems.waiting import wake_waiters
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ALL_KINDS

STATUS_WORKING = status.WORKING
STATUS_NO_FUEL = status.NO_FUEL

BUFFER_SIXTEENTHS = 16
BUFFER_FIFTEENTHS = 15
"""A burner machine's buffer is 16/15 of what it uses in a tick. Source: real-game readings (2,666.67 J, 1,600 J)."""


@kernel
def burner_draw(state: State, burner: int, joules: float) -> float:
    """Takes up to `joules` out of the fire, lighting new fuel as needed, and returns what it got."""
    got = 0.0
    entity = int(state.burners.owner[burner])
    while got < joules:
        if state.burners.remaining[burner] <= 0.0 and not burner_light(state, entity, burner):
            break
        part = min(joules - got, state.burners.remaining[burner])
        state.burners.remaining[burner] -= part
        got += part
        if state.burners.remaining[burner] <= 0.0:
            _leave_ash(state, entity, int(state.burners.burning[burner]))
            state.burners.burning[burner] = NONE
    return got


@kernel
def _leave_ash(state: State, entity: int, item: int) -> None:
    """Puts what is left of burnt fuel into its slot."""
    ash = int(state.items.burnt_result[item]) if item >= 0 else NONE
    slots = int(state.entities.inventories[entity, BURNT_RESULT])
    if ash >= 0 and slots >= 0:
        inventory_insert(state, slots, ash, 1)
        wake_waiters(state, entity)


@kernel
def _has_room_for_ash(state: State, entity: int, item: int) -> bool:
    ash, slots = int(state.items.burnt_result[item]), int(state.entities.inventories[entity, BURNT_RESULT])
    return ash < 0 or slots < 0 or inventory_room(state, slots, ash) > 0


@kernel
def burner_light(state: State, entity: int, burner: int) -> bool:
    """Moves one item of fuel into the fire; false when the slot is empty, or there is no room for its ash."""
    slot = inventory_first(state, int(state.entities.inventories[entity, FUEL]))
    if slot < 0:
        return False
    item = int(state.stacks.item_id[slot])
    if not _has_room_for_ash(state, entity, item):
        return False
    slot_remove(state, slot, 1)
    wake_waiters(state, entity)
    state.burners.burning[burner] = item
    effectivity = state.prototypes.effectivity[state.entities.proto[entity]]
    state.burners.remaining[burner] = state.items.fuel_value[item] * effectivity
    count_item_output(state, entity, item, 1)
    return True


@kernel
def burner_refill(state: State, entity: int) -> None:
    """Fills the machine's buffer from its fire."""
    full = state.prototypes.energy_usage[state.entities.proto[entity]] * BUFFER_SIXTEENTHS / BUFFER_FIFTEENTHS
    lacking = full - state.entities.energy[entity]
    if lacking > 0.0:
        state.entities.energy[entity] += burner_draw(state, int(state.entities.burner[entity]), lacking)


@kernel
def burner_has_fuel(state: State, entity: int) -> bool:
    """Whether anything burns or could be lit."""
    burner = state.entities.burner[entity]
    if state.burners.remaining[burner] > 0.0:
        return True
    return inventory_first(state, int(state.entities.inventories[entity, FUEL])) >= 0


def build(world: World, row: int) -> None:
    """Gives an entity that runs on fuel its burner and fuel slots, with the prototype's initial fuel in the fire."""
    proto = int(world.entities.proto[row])
    if not world.protos.prototypes.burner[proto]:
        return
    burner = world.new_row("burners")
    world.burners.owner[burner] = row
    world.entities.burner[row] = burner
    num_slots = int(world.protos.prototypes.fuel_slots[proto])
    world.entities.inventories[row, FUEL] = world.new_slots(row, FUEL, num_slots)
    source = world.protos.entity_data[proto]["energy_source"]
    if source.get("burnt_inventory_size"):
        world.entities.inventories[row, BURNT_RESULT] = world.new_slots(
            row, BURNT_RESULT, source["burnt_inventory_size"]
        )
    if "initial_fuel" in source:
        item = world.protos.item_names.ids[source["initial_fuel"]]
        world.burners.burning[burner] = item
        share = source.get("initial_fuel_percent", 0.25)
        world.burners.remaining[burner] = float(world.protos.items.fuel_value[item]) * share


def remove(world: World, row: int) -> None:
    """Takes the burner away; the fuel slots go with the entity's other inventories."""
    burner = int(world.entities.burner[row])
    if burner >= 0:
        world.free_row("burners", burner)
        world.entities.burner[row] = NONE


@kernel
def energy_status(state: State, entity: int) -> int:
    """What want of energy, fuel or electric, makes of a machine that could work otherwise."""
    if state.entities.burner[entity] >= 0:
        if state.entities.energy[entity] > 0.0 or burner_has_fuel(state, entity):
            return STATUS_WORKING
        return STATUS_NO_FUEL
    problem = power_problem(state, int(state.entities.electric[entity]))
    return problem if problem != 0 else STATUS_WORKING


@kernel
def energy_share(state: State, entity: int) -> float:
    """Spends one tick's energy of a machine and returns what part of it there was, from its buffer of either kind."""
    usage = state.prototypes.energy_usage[state.entities.proto[entity]]
    wanted = usage * state.machines.consumption[state.entities.machine[entity]]
    if state.entities.burner[entity] < 0:
        return power_draw(state, int(state.entities.electric[entity]), wanted) / wanted
    got = min(wanted, state.entities.energy[entity])
    state.entities.energy[entity] -= got
    return got / wanted


@kernel
def is_starved(state: State, entity: int) -> bool:
    """Whether a machine has no energy and gets none before somebody gives it fuel or a network."""
    if state.entities.energy[entity] > 0.0:
        return False
    if state.entities.burner[entity] >= 0:
        return not burner_has_fuel(state, entity)
    consumer = state.entities.electric[entity]
    return consumer >= 0 and state.consumers.network[consumer] < 0
