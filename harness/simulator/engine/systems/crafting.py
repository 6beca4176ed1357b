"""Crafting machines: furnaces, which choose their recipe by what lies in them, and assembling machines.

Ingredients leave the source when a craft begins; products appear when its progress reaches one, and what is over goes
to the next craft. A machine that finds its output full begins no new craft.
Source: real-game readings (furnaces); output rule and limits as in `recipes.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.errors import SimError
from harness.simulator.engine import status
from harness.simulator.engine.inventories import (
    RESULT,
    SOURCE,
    inventory_count,
    inventory_first,
    inventory_insert_over,
    inventory_remove,
)
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.modules import module_inventory, takes_module
from harness.simulator.engine.prototypes import KIND_FURNACE, TICKS_PER_SECOND
from harness.simulator.engine.recipes import crafting_speed, furnace_recipe, ingredient_limit
from harness.simulator.engine.rows import chance
from harness.simulator.engine.statistics import (
    count_crafted,
    count_fluid_crafted,
    count_fluid_output,
    count_item_output,
)
from harness.simulator.engine.systems.burners import burner_refill, energy_share, energy_status, is_starved
from harness.simulator.engine.systems.fluids import (
    entity_fluid_amount,
    entity_fluid_give,
    entity_fluid_room,
    entity_fluid_take,
    is_overextended,
)
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("furnace", "assembling-machine", "rocket-silo")

STATUS_NO_FUEL = status.NO_FUEL
STATUS_NO_RECIPE = status.NO_RECIPE
STATUS_NO_INGREDIENTS = status.NO_INGREDIENTS
STATUS_ITEM_SHORTAGE = status.ITEM_INGREDIENT_SHORTAGE
STATUS_FLUID_SHORTAGE = status.FLUID_INGREDIENT_SHORTAGE
STATUS_FULL_OUTPUT = status.FULL_OUTPUT
STATUS_OVEREXTENDED = status.PIPELINE_OVEREXTENDED
STATUS_DISABLED = status.DISABLED_BY_SCRIPT


@kernel
def _choose_recipe(state: State, crafter: int, entity: int) -> int:
    """The recipe the next craft would follow, or NONE."""
    if state.prototypes.kind[state.entities.proto[entity]] != KIND_FURNACE:
        return int(state.crafters.recipe[crafter])
    slot = inventory_first(state, int(state.entities.inventories[entity, SOURCE]))
    if slot < 0:
        return NONE
    return furnace_recipe(state, entity, int(state.stacks.item_id[slot]))


@kernel
def _shortage(state: State, entity: int, recipe: int) -> int:
    """0 if all ingredients of one craft are there, else the status that says what is missing."""
    source = int(state.entities.inventories[entity, SOURCE])
    for line in range(state.recipes.first_ingredient[recipe], state.recipes.first_product[recipe]):
        number, amount = int(state.recipe_lines.id[line]), state.recipe_lines.amount[line]
        if state.recipe_lines.is_fluid[line]:
            if entity_fluid_amount(state, entity, number) < amount:
                return STATUS_FLUID_SHORTAGE
        elif inventory_count(state, source, number) < amount:
            return STATUS_ITEM_SHORTAGE
    return 0


@kernel
def _output_is_full(state: State, entity: int, recipe: int) -> bool:
    """Whether a product has reached its limit: a stack, and for assembling machines no more than the overload.

    A rocket silo keeps the parts of one rocket.
    """
    silo = state.crafters.silo[state.entities.component[entity]]
    if silo >= 0:
        return bool(state.silos.parts[silo] >= state.silos.required[silo])
    result = int(state.entities.inventories[entity, RESULT])
    furnace = state.prototypes.kind[state.entities.proto[entity]] == KIND_FURNACE
    for line in range(state.recipes.first_product[recipe], state.recipes.end[recipe]):
        number, amount = int(state.recipe_lines.id[line]), state.recipe_lines.amount_max[line]
        if state.recipe_lines.is_fluid[line]:
            if entity_fluid_room(state, entity, number) < amount:
                return True
            continue
        slot = inventory_first(state, result)
        if furnace and slot >= 0 and state.stacks.item_id[slot] != number:
            return True
        limit = int(state.items.stack_size[number])
        if not furnace:
            limit = min(limit, int(amount) * ingredient_limit(state, entity, recipe))
        if inventory_count(state, result, number) >= max(limit, int(amount)):
            return True
    return False


@kernel
def _begin(state: State, crafter: int, entity: int, recipe: int) -> None:
    """Moves the ingredients of one craft into the machine."""
    source = int(state.entities.inventories[entity, SOURCE])
    for line in range(state.recipes.first_ingredient[recipe], state.recipes.first_product[recipe]):
        number, amount = int(state.recipe_lines.id[line]), state.recipe_lines.amount[line]
        if state.recipe_lines.is_fluid[line]:
            entity_fluid_take(state, entity, number, amount)
            count_fluid_output(state, entity, number, amount - state.recipe_lines.not_counted[line])
        else:
            inventory_remove(state, source, number, int(amount))
            count_item_output(state, entity, number, int(amount - state.recipe_lines.not_counted[line]))
    state.crafters.recipe[crafter] = recipe
    state.crafters.crafting[crafter] = True


@kernel
def product_count(state: State, line: int) -> int:
    """How many items a product line gives this time."""
    low, high = int(state.recipe_lines.amount[line]), int(state.recipe_lines.amount_max[line])
    count = low + chance(state, high - low + 1) if high > low else low
    probability = state.recipe_lines.probability[line]
    if probability < 1.0 and chance(state, 1 << 20) >= probability * (1 << 20):
        return 0
    return count


@kernel
def _give_products(state: State, crafter: int, entity: int, bonus: bool) -> None:
    """Puts the products of one craft into the machine's output; a bonus leaves out what only comes back."""
    recipe = int(state.crafters.recipe[crafter])
    result = int(state.entities.inventories[entity, RESULT])
    for line in range(state.recipes.first_product[recipe], state.recipes.end[recipe]):
        number = int(state.recipe_lines.id[line])
        left_out = state.recipe_lines.not_bonus[line] if bonus else 0.0
        not_counted = max(0.0, state.recipe_lines.not_counted[line] - left_out)
        if state.recipe_lines.is_fluid[line]:
            amount = max(0.0, state.recipe_lines.amount[line] - left_out)
            entity_fluid_give(state, entity, number, amount, float(state.recipe_lines.temperature[line]))
            count_fluid_crafted(state, entity, number, max(0.0, amount - not_counted))
            continue
        count = product_count(state, line) - int(left_out)
        if count > 0:
            if state.crafters.silo[crafter] < 0:
                inventory_insert_over(state, result, number, count)
            count_crafted(state, entity, number, max(0, count - int(not_counted)))
    state.crafters.products_finished[crafter] += 1
    if state.crafters.silo[crafter] >= 0:
        state.silos.parts[state.crafters.silo[crafter]] += 1


@kernel
def _add_bonus(state: State, crafter: int, entity: int, crafts: float) -> None:
    """Moves the bar of productivity on by a part of a craft; when it is full it gives products for free.

    Source: the wiki's page Productivity: the bar fills along with the craft's, at the rate of the bonus.
    """
    machine = int(state.entities.machine[entity])
    if state.machines.productivity[machine] <= 0.0:
        return
    if not state.recipes.allow_productivity[state.crafters.recipe[crafter]]:
        return
    state.machines.bonus_progress[machine] += state.machines.productivity[machine] * crafts
    while state.machines.bonus_progress[machine] >= 1.0:
        state.machines.bonus_progress[machine] -= 1.0
        _give_products(state, crafter, entity, True)


@kernel
def _can_begin(state: State, crafter: int, entity: int) -> int:
    """0 if a craft is under way or could begin now, else the status that says why not."""
    if state.crafters.crafting[crafter]:
        return 0
    recipe = _choose_recipe(state, crafter, entity)
    furnace = state.prototypes.kind[state.entities.proto[entity]] == KIND_FURNACE
    if recipe < 0:
        return STATUS_NO_INGREDIENTS if furnace else STATUS_NO_RECIPE
    problem = _shortage(state, entity, recipe)
    if problem != 0:
        return problem
    return STATUS_FULL_OUTPUT if _output_is_full(state, entity, recipe) else 0


@kernel
def _work(state: State, crafter: int, entity: int) -> None:
    """One tick of crafting with whatever energy there is; may finish several crafts."""
    share = energy_share(state, entity)
    if share <= 0.0:
        return
    if not state.crafters.crafting[crafter]:
        _begin(state, crafter, entity, _choose_recipe(state, crafter, entity))
    speed = crafting_speed(state, entity)
    seconds = state.recipes.seconds[state.crafters.recipe[crafter]]
    step = share * (speed * (1.0 / TICKS_PER_SECOND))
    state.crafters.worked[crafter] += step
    _add_bonus(state, crafter, entity, step / seconds)
    while state.crafters.crafting[crafter] and state.crafters.worked[crafter] >= seconds:
        state.crafters.worked[crafter] -= seconds
        _give_products(state, crafter, entity, False)
        state.crafters.crafting[crafter] = False
        if _can_begin(state, crafter, entity) == 0:
            _begin(state, crafter, entity, _choose_recipe(state, crafter, entity))
            seconds = state.recipes.seconds[state.crafters.recipe[crafter]]
        else:
            state.crafters.worked[crafter] = 0.0


@kernel
def step_crafter(state: State, crafter: int) -> bool:
    """One tick of a crafting machine; returns whether it must act again in the next tick."""
    entity = int(state.crafters.owner[crafter])
    if not state.entities.active[entity]:
        state.entities.status[entity] = STATUS_DISABLED
        return False
    if _can_begin(state, crafter, entity) == 0:
        _work(state, crafter, entity)
    problem = _can_begin(state, crafter, entity)
    if problem != 0 and energy_status(state, entity) == STATUS_NO_FUEL:
        problem = STATUS_NO_FUEL
    if problem in (STATUS_FLUID_SHORTAGE, STATUS_FULL_OUTPUT) and is_overextended(state, entity):
        problem = STATUS_OVEREXTENDED
    if problem != 0:
        state.entities.status[entity] = problem
        return False
    if state.entities.burner[entity] >= 0:
        burner_refill(state, entity)
    state.entities.status[entity] = energy_status(state, entity)
    return not is_starved(state, entity)


def build(world: World, row: int) -> None:
    """Gives a new machine its row and its source and result slots."""
    crafter = world.new_row("crafters")
    world.crafters.owner[crafter] = row
    world.entities.component[row] = crafter
    kind = int(world.protos.prototypes.kind[world.entities.proto[row]])
    if kind == KIND_FURNACE:
        world.entities.inventories[row, SOURCE] = world.new_slots(row, SOURCE, 1)
        world.entities.inventories[row, RESULT] = world.new_slots(row, RESULT, 1)
        world.entities.status[row] = status.NO_INGREDIENTS
        return
    world.entities.status[row] = status.NO_RECIPE
    fixed = world.protos.entity_data[world.entities.proto[row]].get("fixed_recipe")
    if fixed is not None:
        world.crafters.recipe[crafter] = world.protos.recipe_names.ids[fixed]
        _new_slots(world, row, int(world.crafters.recipe[crafter]))
        world.entities.status[row] = status.ITEM_INGREDIENT_SHORTAGE


def remove(world: World, row: int) -> None:
    """Takes a machine's row away."""
    world.free_row("crafters", int(world.entities.component[row]))
    world.entities.component[row] = NONE


def set_recipe(world: World, row: int, name: str | None) -> list[tuple[str, int]]:
    """Sets an assembling machine's recipe and returns the items (name, count) that no longer belong in it.

    Raises:
        SimError: no such recipe, or the machine cannot follow it.
    """
    crafter = int(world.entities.component[row])
    proto = int(world.entities.proto[row])
    recipe = NONE if name is None else world.protos.recipe_names.get(name)
    if name is not None:
        if recipe < 0:
            raise SimError(f"No such recipe: {name}")
        category = int(world.protos.recipes.category[recipe])
        if not (int(world.protos.prototypes.categories[proto]) >> category) & 1:
            machine = world.protos.entity_names.names[proto]
            raise SimError(f"Recipe {name} does not fit {machine}: its category is not one the machine crafts.")
    if recipe == world.crafters.recipe[crafter]:
        return []
    left = _give_back(world, row, crafter)
    world.crafters.recipe[crafter] = recipe
    world.crafters.worked[crafter] = 0.0
    world.machines.bonus_progress[world.entities.machine[row]] = 0.0
    left += _forbidden_modules(world, row)
    _new_slots(world, row, recipe)
    world.entities.status[row] = status.NO_RECIPE if recipe < 0 else status.ITEM_INGREDIENT_SHORTAGE
    world.touched(row)
    return _added_up(left)


def _added_up(items: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Each name once, in the order of first sight."""
    counts: dict[str, int] = {}
    for name, count in items:
        counts[name] = counts.get(name, 0) + count
    return list(counts.items())


def _give_back(world: World, row: int, crafter: int) -> list[tuple[str, int]]:
    """Everything in the machine: both inventories and the ingredients of a craft that was under way."""
    left: list[tuple[str, int]] = []
    for column in (SOURCE, RESULT):
        inventory = int(world.entities.inventories[row, column])
        if inventory >= 0:
            left += sorted(world.contents(inventory).items())
            world.free_slots(inventory)
            world.entities.inventories[row, column] = NONE
    left += items_in_craft(world, row)
    world.crafters.crafting[crafter] = False
    return left


def _forbidden_modules(world: World, row: int) -> list[tuple[str, int]]:
    """Takes out the modules that the recipe does not allow."""
    inventory = int(module_inventory(world.state, row))
    left: list[tuple[str, int]] = []
    for slot in range(int(world.inventories.num_slots[inventory]) if inventory >= 0 else 0):
        stack = world.get_slot(inventory, slot)
        if stack is not None and not takes_module(world.state, row, world.item_id(stack[0])):
            world.set_slot(inventory, slot, None)
            left.append(stack)
    return left


def items_in_craft(world: World, row: int) -> list[tuple[str, int]]:
    """The ingredients (name, count) of a craft that is under way; they come back when it is broken off."""
    crafter = int(world.entities.component[row])
    if not world.crafters.crafting[crafter]:
        return []
    facts, lines, names = world.protos.recipes, world.protos.recipe_lines, world.protos.item_names.names
    recipe = int(world.crafters.recipe[crafter])
    span = range(int(facts.first_ingredient[recipe]), int(facts.first_product[recipe]))
    return [(names[lines.id[line]], int(lines.amount[line])) for line in span if not lines.is_fluid[line]]


def _new_slots(world: World, row: int, recipe: int) -> None:
    if recipe < 0:
        return
    facts, lines = world.protos.recipes, world.protos.recipe_lines
    spans = (
        (SOURCE, int(facts.first_ingredient[recipe]), int(facts.first_product[recipe])),
        (RESULT, int(facts.first_product[recipe]), int(facts.end[recipe])),
    )
    for column, first, end in spans:
        num_slots = int(sum(not lines.is_fluid[line] for line in range(first, end)))
        if num_slots:
            world.entities.inventories[row, column] = world.new_slots(row, column, num_slots)


def progress_of(world: World, row: int) -> float:
    """Part of the craft under way that is done, 0..1."""
    crafter = int(world.entities.component[row])
    recipe = int(world.crafters.recipe[crafter])
    return 0.0 if recipe < 0 else float(world.crafters.worked[crafter] / world.protos.recipes.seconds[recipe])


def set_progress(world: World, row: int, value: float) -> None:
    """Writes what `progress_of` reads, within 0..1."""
    crafter = int(world.entities.component[row])
    recipe = int(world.crafters.recipe[crafter])
    if recipe >= 0:
        world.crafters.worked[crafter] = min(1.0, max(0.0, value)) * world.protos.recipes.seconds[recipe]
        world.wake(row)


def recipe_of(world: World, row: int) -> str | None:
    """The recipe a machine follows: what is set, or what a furnace smelts or smelted last."""
    recipe = int(world.crafters.recipe[int(world.entities.component[row])])
    return None if recipe < 0 else world.protos.recipe_names.names[recipe]
