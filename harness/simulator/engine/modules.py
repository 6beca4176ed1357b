"""Module slots: which modules an entity takes, one a slot. Kernels only; what modules do is `systems/effects.py`.

An entity takes a module when every effect of it that is of use is one the entity may have, and the recipe that is set
does not forbid it. So a beacon, which has no quality, takes speed modules, which cost some.
Source: documentation of the prototypes' `allowed_effects` and of the recipes' `allow_productivity`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototype_tables import CONSUMPTION, EFFECTS, POLLUTION, PRODUCTIVITY
from harness.simulator.engine.prototypes import KIND_ASSEMBLER, KIND_ROCKET_SILO
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

NUM_EFFECTS = len(EFFECTS)


@kernel
def takes_module(state: State, entity: int, item: int) -> bool:
    """Whether an entity takes an item as a module, room or not."""
    if not state.items.module[item]:
        return False
    proto = state.entities.proto[entity]
    for effect in range(NUM_EFFECTS):
        amount = state.items.effect[item, effect]
        useful = amount < 0 if effect in (CONSUMPTION, POLLUTION) else amount > 0
        if useful and (state.prototypes.effects[proto] >> effect) & 1 == 0:
            return False
    if state.prototypes.kind[proto] in (KIND_ASSEMBLER, KIND_ROCKET_SILO):
        recipe = state.crafters.recipe[state.entities.component[entity]]
        if recipe >= 0 and state.items.effect[item, PRODUCTIVITY] > 0:
            return bool(state.recipes.allow_productivity[recipe])
    return True


@kernel
def module_inventory(state: State, entity: int) -> int:
    """The inventory of an entity's module slots, or NONE."""
    column = state.prototypes.module_inventory[state.entities.proto[entity]]
    return int(state.entities.inventories[entity, column]) if column >= 0 else NONE


@kernel
def module_room(state: State, inventory: int, item: int) -> int:
    """How many of an item would go into module slots."""
    if not takes_module(state, int(state.inventories.owner[inventory]), item):
        return 0
    room = 0
    start = int(state.inventories.start[inventory])
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if state.stacks.count[slot] == 0:
            room += 1
    return room


@kernel
def module_insert(state: State, inventory: int, item: int, count: int) -> int:
    """Puts modules into empty slots, first ones first, and returns how many."""
    left = min(count, module_room(state, inventory, item))
    put = left
    start = int(state.inventories.start[inventory])
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if left > 0 and state.stacks.count[slot] == 0:
            state.stacks.item_id[slot] = item
            state.stacks.count[slot] = 1
            left -= 1
    return put
