"""Labs: science packs and energy become progress of what their force researches.

A pack is used up bit by bit: what is left of the first one of a stack is its durability (`Stacks.extra`), and stays in
the lab. All labs of a force work on the same technology; the lab that does its last bit notes that, and the others wait
for the next tick. Labs are machines (`machines.py`): their order, sleep, and what modules do to them are there.

Source: a unit takes `time / (1 + research bonus) / (1 + module speed)` seconds (wiki, page Lab); each pack has
durability 1, of which a unit takes as much as the technology asks for packs (prototype data).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import status
from harness.simulator.engine.happenings import TECHNOLOGY_RESEARCHED, note
from harness.simulator.engine.inventories import SOURCE, slot_remove
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototype_tables import MAX_PACKS
from harness.simulator.engine.statistics import count_item_output
from harness.simulator.engine.systems.burners import energy_share, energy_status, is_starved
from harness.simulator.engine.systems.waiting import wake_waiters
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

STATUS_DISABLED = status.DISABLED_BY_SCRIPT
STATUS_NO_RESEARCH = status.NUMBERS["no_research_in_progress"]
STATUS_MISSING_PACKS = status.NUMBERS["missing_science_packs"]

ROUNDING = 1e-9
"""A part of a pack, or of a technology, that is nothing: thousands of parts added up do not give exactly one."""


@kernel
def _pack_slot(state: State, entity: int, item: int) -> int:
    """The slot of a lab that holds a sort of science pack, or NONE; only a script puts one where it does not belong."""
    inventory = int(state.entities.inventories[entity, SOURCE])
    start = int(state.inventories.start[inventory])
    place = start + int(state.items.pack_place[item])
    if state.stacks.item_id[place] == item and state.stacks.count[place] > 0:
        return place
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if state.stacks.count[slot] > 0 and state.stacks.item_id[slot] == item:
            return slot
    return NONE


@kernel
def durability_left(state: State, slot: int) -> float:
    """What all items of a stack that is not empty have left of their durability."""
    whole = state.items.durability[state.stacks.item_id[slot]]
    first = state.stacks.extra[slot] if state.stacks.extra[slot] > 0.0 else whole
    return float(first + (state.stacks.count[slot] - 1) * whole)


@kernel
def _units_at_hand(state: State, entity: int, technology: int, most: float) -> float:
    """Units of a technology that the packs in a lab allow, at most `most`; 0 if a sort is missing."""
    least = most
    for place in range(MAX_PACKS):
        item = int(state.technologies.pack[technology, place])
        if item < 0:
            break
        slot = _pack_slot(state, entity, item)
        if slot < 0:
            return 0.0
        amount = state.technologies.pack_amount[technology, place]
        left = durability_left(state, slot)
        if left < least * amount:
            least = left / amount
    return least


@kernel
def _wear(state: State, entity: int, slot: int, amount: float) -> bool:
    """Takes durability out of a stack; items that have none left are gone. Returns whether some are left."""
    item = int(state.stacks.item_id[slot])
    whole = state.items.durability[item]
    left = (state.stacks.extra[slot] if state.stacks.extra[slot] > 0.0 else whole) - amount
    while left <= ROUNDING:
        slot_remove(state, slot, 1)
        state.stacks.extra[slot] = 0.0
        count_item_output(state, entity, item, 1)
        wake_waiters(state, entity)
        if state.stacks.count[slot] == 0:
            return False
        left += whole
    state.stacks.extra[slot] = left if left < whole - ROUNDING else 0.0
    return True


@kernel
def _research(state: State, entity: int, technology: int, units: float) -> bool:
    """Turns up to `units` units of packs into progress; returns whether there are packs for more.

    The technology that is done is noted.
    """
    force = int(state.entities.force[entity])
    machine = int(state.entities.machine[entity])
    gain = 1.0 + state.machines.productivity[machine] + state.forces.lab_productivity[force]
    count = state.forces.unit_count[force]
    left = (1.0 - state.forces.progress[force, technology]) * count / gain
    done = _units_at_hand(state, entity, technology, min(units, left))
    more = True
    for place in range(MAX_PACKS):
        item = int(state.technologies.pack[technology, place])
        if item < 0:
            break
        slot = _pack_slot(state, entity, item)
        more = _wear(state, entity, slot, done * state.technologies.pack_amount[technology, place]) and more
    state.forces.progress[force, technology] += done * gain / count
    if state.forces.progress[force, technology] >= 1.0 - ROUNDING:
        state.forces.progress[force, technology] = 1.0
        note(state, TECHNOLOGY_RESEARCHED, force, technology)
    return more


@kernel
def _has_packs(state: State, entity: int, technology: int) -> bool:
    """Whether every sort of pack that a technology asks for is in a lab."""
    for place in range(MAX_PACKS):
        item = int(state.technologies.pack[technology, place])
        if item < 0:
            break
        if _pack_slot(state, entity, item) < 0:
            return False
    return True


@kernel
def step_lab(state: State, entity: int) -> bool:
    """One tick of a lab; returns whether it must act again in the next tick."""
    force = int(state.entities.force[entity])
    technology = int(state.forces.queue[force, 0])
    if not state.entities.active[entity]:
        state.entities.status[entity] = STATUS_DISABLED
        return False
    if technology < 0 or not state.forces.research_enabled[force]:
        state.entities.status[entity] = STATUS_NO_RESEARCH
        return False
    if state.forces.progress[force, technology] >= 1.0:
        return True
    if not _has_packs(state, entity, technology):
        state.entities.status[entity] = STATUS_MISSING_PACKS
        return False
    share = energy_share(state, entity)
    if share > 0.0:
        speed = state.prototypes.researching_speed[state.entities.proto[entity]]
        speed *= (1.0 + state.forces.lab_speed_bonus[force]) * state.machines.speed[state.entities.machine[entity]]
        if not _research(state, entity, technology, share * speed / state.technologies.unit_ticks[technology]):
            state.entities.status[entity] = STATUS_MISSING_PACKS
            return False
    state.entities.status[entity] = energy_status(state, entity)
    return not is_starved(state, entity)
