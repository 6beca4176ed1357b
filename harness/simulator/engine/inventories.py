"""Item stacks: putting in, taking out, and how much an entity's machinery would take. Kernels only.

`accept_count`, `entity_insert` and `entity_take` speak of whole entities and route by item: fuel to the fuel slot,
ingredients to the source, science packs to the lab. `automated` means an inserter's hand, which stops at a few crafts'
worth; a drill, a player or a script is held only by the size of the slot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.modules import module_insert, module_inventory, module_room
from harness.simulator.engine.prototypes import (
    KIND_AMMO_TURRET,
    KIND_ARTILLERY_TURRET,
    KIND_ASSEMBLER,
    KIND_CHARACTER,
    KIND_CONTAINER,
    KIND_FURNACE,
    KIND_LAB,
    KIND_LANDING_PAD,
    KIND_LOGISTIC_CONTAINER,
    KIND_ROCKET_SILO,
)
from harness.simulator.engine.recipes import furnace_recipe, ingredient_amount, ingredient_limit, is_free_of_other_craft
from harness.simulator.engine.systems.waiting import contents_changed
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

CHEST = 1
FUEL = 1
SOURCE = 2
RESULT = 3
BURNT_RESULT = 6
TURRET_AMMO = 1
ROCKET = 9
"""Columns of `Entities.inventories`, the game's numbers; no entity has both a chest's slots and fuel."""

CHESTS = (KIND_CONTAINER, KIND_LOGISTIC_CONTAINER, KIND_LANDING_PAD)
STORES = (KIND_CONTAINER, KIND_LOGISTIC_CONTAINER, KIND_LANDING_PAD, KIND_CHARACTER)
CRAFTERS = (KIND_FURNACE, KIND_ASSEMBLER, KIND_ROCKET_SILO)
TURRETS = (KIND_AMMO_TURRET, KIND_ARTILLERY_TURRET)

AUTOMATED_FUEL_LIMIT = 5
"""Items of fuel an inserter fills a burner to. Source: measured run (real-game readings)."""


@kernel
def inventory_count(state: State, inventory: int, item: int) -> int:
    """How many of an item lie in an inventory."""
    total = 0
    start = int(state.inventories.start[inventory])
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if state.stacks.item_id[slot] == item:
            total += state.stacks.count[slot]
    return total


@kernel
def inventory_room(state: State, inventory: int, item: int) -> int:
    """How many of an item would fit, by stack size and the red bar."""
    if state.inventories.modules[inventory]:
        return module_room(state, inventory, item)
    room = 0
    start = int(state.inventories.start[inventory])
    stack_size = state.items.stack_size[item]
    for slot in range(start, start + state.inventories.bar[inventory]):
        if state.stacks.count[slot] == 0:
            room += stack_size
        elif state.stacks.item_id[slot] == item:
            room += max(0, stack_size - state.stacks.count[slot])
    return room


@kernel
def _fill(state: State, inventory: int, item: int, count: int, empty: bool) -> int:
    """Fills slots that hold the item (or empty ones) and returns how many went in."""
    left = count
    start = int(state.inventories.start[inventory])
    stack_size = state.items.stack_size[item]
    for slot in range(start, start + state.inventories.bar[inventory]):
        if left == 0:
            break
        held = int(state.stacks.count[slot])
        if (held == 0) != empty or (held > 0 and state.stacks.item_id[slot] != item):
            continue
        step = min(left, max(0, stack_size - held))
        if step > 0:
            state.stacks.item_id[slot] = item
            state.stacks.count[slot] = held + step
            left -= step
    return count - left


@kernel
def inventory_insert(state: State, inventory: int, item: int, count: int) -> int:
    """Puts in as many as fit, started stacks first, and returns how many."""
    if state.inventories.modules[inventory]:
        inserted = module_insert(state, inventory, item, count)
    else:
        inserted = _fill(state, inventory, item, count, False)
    if inserted < count and not state.inventories.modules[inventory]:
        inserted += _fill(state, inventory, item, count - inserted, True)
    if inserted > 0:
        contents_changed(state, inventory)
    return inserted


@kernel
def inventory_insert_over(state: State, inventory: int, item: int, count: int) -> None:
    """Puts all into the first slot that holds the item or is empty, beyond the stack size if need be."""
    start = int(state.inventories.start[inventory])
    empty = NONE
    contents_changed(state, inventory)
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if state.stacks.count[slot] == 0:
            if empty < 0:
                empty = slot
        elif state.stacks.item_id[slot] == item:
            state.stacks.count[slot] += count
            return
    if empty >= 0:
        state.stacks.item_id[empty] = item
        state.stacks.count[empty] = count


@kernel
def slot_remove(state: State, slot: int, count: int) -> int:
    """Takes up to `count` items from one slot and returns how many."""
    step = min(count, int(state.stacks.count[slot]))
    state.stacks.count[slot] -= step
    if state.stacks.count[slot] == 0:
        state.stacks.item_id[slot] = NONE
        state.stacks.extra[slot] = 0.0
    return step


@kernel
def inventory_remove(state: State, inventory: int, item: int, count: int) -> int:
    """Takes up to `count` of an item, last slots first as the game does, and returns how many."""
    left = count
    start = int(state.inventories.start[inventory])
    for back in range(state.inventories.num_slots[inventory]):
        slot = start + state.inventories.num_slots[inventory] - 1 - back
        if left > 0 and state.stacks.count[slot] > 0 and state.stacks.item_id[slot] == item:
            left -= slot_remove(state, slot, left)
    if left < count:
        contents_changed(state, inventory)
    return count - left


@kernel
def inventory_first(state: State, inventory: int) -> int:
    """The first slot (row in `Stacks`) that is not empty, or NONE."""
    start = int(state.inventories.start[inventory])
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if state.stacks.count[slot] > 0:
            return slot
    return NONE


@kernel
def is_chest(state: State, entity: int) -> bool:
    """Whether an entity row (or NONE) is a chest."""
    if entity < 0:
        return False
    return state.prototypes.kind[state.entities.proto[entity]] in CHESTS


@kernel
def chest_is_full(state: State, entity: int) -> bool:
    """Whether an entity row (or NONE) is a chest with no room for anything."""
    if not is_chest(state, entity):
        return False
    inventory = int(state.entities.inventories[entity, CHEST])
    start = state.inventories.start[inventory]
    for slot in range(start, start + state.inventories.bar[inventory]):
        count = state.stacks.count[slot]
        if count == 0 or count < state.items.stack_size[state.stacks.item_id[slot]]:
            return False
    return True


@kernel
def is_fuel_for(state: State, entity: int, item: int) -> bool:
    """Whether the entity burns this item."""
    if state.entities.burner[entity] < 0 or state.items.fuel_category[item] < 0:
        return False
    categories = state.prototypes.fuel_categories[state.entities.proto[entity]]
    return (categories >> state.items.fuel_category[item]) & 1 == 1


@kernel
def _fuel_room(state: State, entity: int, item: int, automated: bool) -> int:
    inventory = int(state.entities.inventories[entity, FUEL])
    room = inventory_room(state, inventory, item)
    if automated:
        room = min(room, max(0, AUTOMATED_FUEL_LIMIT - inventory_count(state, inventory, item)))
    return room


@kernel
def _source_room(state: State, entity: int, item: int, automated: bool) -> int:
    """Room for an ingredient in a furnace or an assembling machine, 0 when it is none."""
    inventory = int(state.entities.inventories[entity, SOURCE])
    component = int(state.entities.component[entity])
    if state.prototypes.kind[state.entities.proto[entity]] == KIND_FURNACE:
        recipe = furnace_recipe(state, entity, item)
        if recipe < 0 or not is_free_of_other_craft(state, inventory, item):
            return 0
    else:
        recipe = int(state.crafters.recipe[component])
    amount = ingredient_amount(state, recipe, item) if recipe >= 0 else 0
    if amount == 0 or inventory < 0:
        return 0
    limit = ingredient_limit(state, entity, recipe) * amount
    if not automated:
        limit = state.items.stack_size[item] + 2 * limit
    return max(0, limit - inventory_count(state, inventory, item))


@kernel
def accept_count(state: State, entity: int, item: int, count: int, automated: bool) -> int:
    """How many of `count` items the entity would take now.

    Source: fuel to 5 and ingredients to the recipe's limit for inserters; 54 iron ore in a stone furnace for the
    rest, which is the stack and twice the limit (real-game readings).
    """
    kind = state.prototypes.kind[state.entities.proto[entity]]
    if kind in STORES:
        return min(count, inventory_room(state, int(state.entities.inventories[entity, CHEST]), item))
    room = 0
    if kind == KIND_LAB:
        room = _lab_room(state, entity, item, count, automated)
    elif kind in CRAFTERS:
        room = _source_room(state, entity, item, automated)
    elif kind in TURRETS:
        room = _turret_room(state, entity, item, automated)
    if room == 0 and is_fuel_for(state, entity, item):
        room = _fuel_room(state, entity, item, automated)
    if room == 0 and kind == KIND_ROCKET_SILO and state.items.payload[item]:
        room = inventory_room(state, int(state.entities.inventories[entity, ROCKET]), item)
    if room == 0 and not automated and state.items.module[item] and module_inventory(state, entity) >= 0:
        room = module_room(state, module_inventory(state, entity), item)
    return min(count, room)


@kernel
def _turret_room(state: State, entity: int, item: int, automated: bool) -> int:
    """Room for magazines its gun takes; an inserter stops at the prototype's `automated_ammo_count`."""
    proto, category = state.entities.proto[entity], state.items.ammo_category[item]
    if category < 0 or category != state.prototypes.ammo_category[proto]:
        return 0
    inventory = int(state.entities.inventories[entity, TURRET_AMMO])
    room = inventory_room(state, inventory, item)
    if automated:
        room = min(room, max(0, int(state.prototypes.ammo_limit[proto]) - inventory_count(state, inventory, item)))
    return room


@kernel
def _lab_room(state: State, entity: int, item: int, count: int, automated: bool) -> int:
    if not state.items.science_pack[item]:
        return 0
    inventory = int(state.entities.inventories[entity, SOURCE])
    room = lab_slot_room(state, inventory, item)
    if automated:
        room = min(room, max(0, 2 - inventory_count(state, inventory, item)))
    return min(count, room)


@kernel
def lab_slot_room(state: State, inventory: int, item: int) -> int:
    """Room for one sort of science pack: a lab keeps one stack of each."""
    held = inventory_count(state, inventory, item)
    if held > 0:
        return max(0, state.items.stack_size[item] - held)
    return min(state.items.stack_size[item], inventory_room(state, inventory, item))


@kernel
def _insert_pack(state: State, inventory: int, item: int, count: int) -> int:
    """Puts science packs into their own slot of a lab; elsewhere if a script has put something else there."""
    slot = int(state.inventories.start[inventory]) + int(state.items.pack_place[item])
    if state.stacks.count[slot] > 0 and state.stacks.item_id[slot] != item:
        return inventory_insert(state, inventory, item, count)
    inserted = min(count, int(state.items.stack_size[item] - state.stacks.count[slot]))
    if inserted > 0:
        state.stacks.item_id[slot] = item
        state.stacks.count[slot] += inserted
        contents_changed(state, inventory)
    return inserted


@kernel
def entity_insert(state: State, entity: int, item: int, count: int, automated: bool) -> int:
    """Puts items where they belong in the entity and returns how many went in (`accept_count` of them)."""
    accepted = accept_count(state, entity, item, count, automated)
    if accepted <= 0:
        return 0
    kind = state.prototypes.kind[state.entities.proto[entity]]
    if kind in STORES:
        return inventory_insert(state, int(state.entities.inventories[entity, CHEST]), item, accepted)
    source = int(state.entities.inventories[entity, SOURCE])
    if kind in CRAFTERS and _source_room(state, entity, item, automated) > 0:
        inventory_insert_over(state, source, item, accepted)
        return accepted
    if state.items.module[item]:
        return inventory_insert(state, module_inventory(state, entity), item, accepted)
    if kind == KIND_ROCKET_SILO and state.items.payload[item]:
        return inventory_insert(state, int(state.entities.inventories[entity, ROCKET]), item, accepted)
    if kind == KIND_LAB:
        return _insert_pack(state, source, item, accepted)
    return inventory_insert(state, int(state.entities.inventories[entity, FUEL]), item, accepted)


@kernel
def output_inventory(state: State, entity: int) -> int:
    """The inventory an inserter takes from: a chest's slots, a machine's result, what a burner left; or NONE."""
    kind = state.prototypes.kind[state.entities.proto[entity]]
    if kind in CHESTS:
        return int(state.entities.inventories[entity, CHEST])
    if kind in CRAFTERS:
        return int(state.entities.inventories[entity, RESULT])
    return int(state.entities.inventories[entity, BURNT_RESULT])


@kernel
def entity_take(state: State, entity: int, item: int, count: int) -> int:
    """Takes up to `count` of an item from an entity's output, last slots first, and returns how many."""
    inventory = output_inventory(state, entity)
    if inventory < 0:
        return 0
    return inventory_remove(state, inventory, item, count)
