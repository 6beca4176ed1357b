"""Questions about recipes that several kernels ask."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

OVERLOAD_FACTOR = 1.166
OVERLOAD_LEAST = 2
OVERLOAD_MOST = 100
"""Source: `dynamic_recipe_overload_factor` and its limits in the game's utility constants."""


@kernel
def ingredient_amount(state: State, recipe: int, item: int) -> int:
    """How many of an item one craft takes, 0 when it is no ingredient."""
    for line in range(state.recipes.first_ingredient[recipe], state.recipes.first_product[recipe]):
        if not state.recipe_lines.is_fluid[line] and state.recipe_lines.id[line] == item:
            return int(state.recipe_lines.amount[line])
    return 0


@kernel
def product_amount(state: State, recipe: int, item: int) -> int:
    """How many of an item one craft gives at most, 0 when it is no product."""
    for line in range(state.recipes.first_product[recipe], state.recipes.end[recipe]):
        if not state.recipe_lines.is_fluid[line] and state.recipe_lines.id[line] == item:
            return int(state.recipe_lines.amount_max[line])
    return 0


@kernel
def crafting_speed(state: State, entity: int) -> float:
    """A machine's speed, with modules and beacons."""
    speed = state.prototypes.crafting_speed[state.entities.proto[entity]]
    return float(speed * state.machines.speed[state.entities.machine[entity]])


@kernel
def ingredient_limit(state: State, entity: int, recipe: int) -> int:
    """How many crafts' worth of an ingredient automatic insertion fills a machine to.

    Source: comment in the game's utility constants: ceil(factor * speed / seconds) + 1, within 2..100.
    """
    speed = crafting_speed(state, entity)
    crafts = math.ceil(OVERLOAD_FACTOR * speed / state.recipes.seconds[recipe]) + 1
    return int(min(max(crafts, OVERLOAD_LEAST), OVERLOAD_MOST))


@kernel
def furnace_recipe(state: State, entity: int, item: int) -> int:
    """The enabled recipe a furnace makes of one item alone, or NONE."""
    proto, force = state.entities.proto[entity], state.entities.force[entity]
    categories = state.prototypes.categories[proto]
    recipe = int(state.items.first_sole_use[item])
    while recipe >= 0:
        if (categories >> state.recipes.category[recipe]) & 1 and state.forces.recipe_enabled[force, recipe]:
            return recipe
        recipe = int(state.recipes.next_sole_use[recipe])
    return NONE


@kernel
def is_free_of_other_craft(state: State, inventory: int, item: int) -> bool:
    """Whether a furnace's source is empty or holds this very item."""
    slot = state.inventories.start[inventory]
    return bool(state.stacks.count[slot] == 0 or state.stacks.item_id[slot] == item)
