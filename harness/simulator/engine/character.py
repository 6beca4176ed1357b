"""Characters: walking, mining by hand and crafting by hand, tick by tick; the Python side is `hands.py`.

Source: real-game readings (character): 38/256 tile a tick, 121 ticks for an ore by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.bonuses import character_slots
from harness.simulator.engine.inventories import CHEST, inventory_insert, inventory_room
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_RESOURCE, TICKS_PER_SECOND
from harness.simulator.engine.rows import drop_point_entity
from harness.simulator.engine.spatial import collides, move_point
from harness.simulator.engine.statistics import count_crafted, count_item_input, count_item_output
from harness.simulator.engine.systems.crafting import product_count
from harness.simulator.engine.tables import NONE
from harness.simulator.engine.triggers import count_mined

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("character",)

WALK_STRAIGHT = 38
WALK_DIAGONAL = 27
"""1/256 tile a tick: 0.15 tile cut to the grid, straight and along each axis of a diagonal."""

SLIDE_REACH = 179
"""How far aside it looks for a way round: `maximum_corner_sliding_distance` of the prototype, 0.7 tile."""

HALF_STEP = 19
LAST_STEPS = 8
"""A character whose way is blocked comes up by half a step, then by up to 8/256 tile. Source: factory-sim."""

MORE_TO_MINE = 1
"""`_mine_step` says the target cannot be mined by a kernel: `hands.finish_mining` does it between ticks."""


@kernel
def _step_x(direction: int) -> int:
    if direction in (2, 4, 6):
        return 1
    if direction in (10, 12, 14):
        return -1
    return 0


@kernel
def _step_y(direction: int) -> int:
    if direction in (6, 8, 10):
        return 1
    if direction in (14, 0, 2):
        return -1
    return 0


@kernel
def _is_free(state: State, entity: int, x: int, y: int) -> bool:
    proto, surface = int(state.entities.proto[entity]), int(state.entities.surface[entity])
    return collides(state, surface, proto, x, y, 0, entity, True) == 0


@kernel
def _advance(state: State, entity: int, step_x: int, step_y: int, length: int) -> bool:
    """Moves as far as it is free, up to `length` along both axes; false when not at all."""
    x, y = int(state.entities.x[entity]), int(state.entities.y[entity])
    if _is_free(state, entity, x + step_x * length, y + step_y * length):
        move_point(state, entity, x + step_x * length, y + step_y * length)
        return True
    return False


@kernel
def _slide(state: State, entity: int, step_x: int, step_y: int) -> bool:
    """Blocked straight on: steps aside towards the nearer side on which the way is free; false if there is none.

    Source: real-game readings (slides).
    """
    x, y = int(state.entities.x[entity]), int(state.entities.y[entity])
    for shift in range(1, SLIDE_REACH + 1):
        for side in (-1, 1):
            aside_x, aside_y = side * shift * abs(step_y), side * shift * abs(step_x)
            ahead_x, ahead_y = x + aside_x + step_x * WALK_STRAIGHT, y + aside_y + step_y * WALK_STRAIGHT
            if not _is_free(state, entity, ahead_x, ahead_y):
                continue
            step = side * min(shift, WALK_STRAIGHT)
            move_x, move_y = step * abs(step_y), step * abs(step_x)
            if _is_free(state, entity, x + move_x, y + move_y):
                move_point(state, entity, x + move_x, y + move_y)
                return True
    return False


@kernel
def _come_up(state: State, entity: int, step_x: int, step_y: int) -> None:
    """Closes in on what blocks the way."""
    if _advance(state, entity, step_x, step_y, HALF_STEP):
        return
    for length in range(LAST_STEPS, 0, -1):
        if _advance(state, entity, step_x, step_y, length):
            return


@kernel
def _walk(state: State, row: int, entity: int) -> None:
    direction = int(state.characters.walking_direction[row])
    state.entities.direction[entity] = direction
    step_x, step_y = _step_x(direction), _step_y(direction)
    if step_x != 0 and step_y != 0:
        if not _advance(state, entity, step_x, step_y, WALK_DIAGONAL) and not _advance(
            state, entity, step_x, 0, WALK_DIAGONAL
        ):
            _advance(state, entity, 0, step_y, WALK_DIAGONAL)
    elif not _advance(state, entity, step_x, step_y, WALK_STRAIGHT) and not _slide(state, entity, step_x, step_y):
        _come_up(state, entity, step_x, step_y)


@kernel
def mining_speed(state: State, entity: int) -> float:
    """Work a tick a character's hands do, in seconds at mining speed 1."""
    speed = state.prototypes.mining_speed[state.entities.proto[entity]]
    bonus = state.forces.mining_speed_bonus[state.entities.force[entity]]
    return float(speed * (1.0 + bonus) / TICKS_PER_SECOND)


@kernel
def _mine(state: State, row: int, entity: int) -> int:
    """One tick of mining by hand; MORE_TO_MINE when the target is done and is not an ore."""
    target = int(state.characters.mining_target[row])
    if target < 0 or state.entities.serial[target] != state.characters.mining_serial[row]:
        state.characters.mining_target[row] = NONE
        state.characters.mining_progress[row] = 0.0
        return 0
    proto = state.entities.proto[target]
    needed = state.prototypes.mining_time[proto]
    if state.characters.mining_progress[row] >= needed - 1e-9:
        state.characters.mining_progress[row] = 0.0
        if state.prototypes.kind[proto] != KIND_RESOURCE:
            state.characters.mining_done[row] = True
            return MORE_TO_MINE
        _take_ore(state, entity, target)
        return 0
    state.characters.mining_progress[row] += mining_speed(state, entity)
    return 0


@kernel
def _take_ore(state: State, entity: int, target: int) -> None:
    inventory = int(state.entities.inventories[entity, CHEST])
    proto = state.entities.proto[target]
    item = int(state.prototypes.mining_product[proto])
    if item < 0 or inventory_room(state, inventory, item) < 1:
        return
    inventory_insert(state, inventory, item, 1)
    count_item_input(state, entity, item, 1)
    count_mined(state, entity, proto)
    if not state.prototypes.infinite[proto]:
        state.entities.amount[target] -= 1
    if state.entities.amount[target] <= 0:
        drop_point_entity(state, target)


@kernel
def first_in_queue(state: State, row: int) -> int:
    """The queue entry a character works on, or NONE."""
    best = NONE
    for entry in range(len(state.craft_queue.owner)):
        if state.craft_queue.owner[entry] != row:
            continue
        if best < 0 or state.craft_queue.order[entry] < state.craft_queue.order[best]:
            best = entry
    return best


@kernel
def _craft(state: State, row: int, entity: int) -> None:
    """One tick of crafting by hand; products that do not fit wait."""
    entry = first_in_queue(state, row)
    if entry < 0:
        return
    recipe = int(state.craft_queue.recipe[entry])
    needed = state.recipes.seconds[recipe]
    bonus = state.forces.crafting_speed_bonus[state.entities.force[entity]]
    if state.characters.crafting_progress[row] < needed - 1e-9:
        state.characters.crafting_progress[row] += (1.0 + bonus) / TICKS_PER_SECOND
    if state.characters.crafting_progress[row] < needed - 1e-9 or not _products_fit(state, entity, recipe):
        return
    state.characters.crafting_progress[row] = 0.0
    _finish_craft(state, entity, entry, recipe)


@kernel
def _finish_craft(state: State, entity: int, entry: int, recipe: int) -> None:
    """Hands out the products of one craft; those of a prerequisite stay in the queue, but for its surplus."""
    for line in range(state.recipes.first_ingredient[recipe], state.recipes.first_product[recipe]):
        count_item_output(state, entity, int(state.recipe_lines.id[line]), int(state.recipe_lines.amount[line]))
    inventory = int(state.entities.inventories[entity, CHEST])
    state.craft_queue.count[entry] -= 1
    last = state.craft_queue.count[entry] <= 0
    for line in range(state.recipes.first_product[recipe], state.recipes.end[recipe]):
        item, count = int(state.recipe_lines.id[line]), product_count(state, line)
        count_crafted(state, entity, item, count)
        if state.craft_queue.prerequisite[entry]:
            count = int(state.craft_queue.surplus[entry]) if last else 0
        if count > 0:
            inventory_insert(state, inventory, item, count)
    if last:
        clear_entry(state, entry)


@kernel
def _products_fit(state: State, entity: int, recipe: int) -> bool:
    for line in range(state.recipes.first_product[recipe], state.recipes.end[recipe]):
        item, count = int(state.recipe_lines.id[line]), int(state.recipe_lines.amount_max[line])
        if inventory_room(state, int(state.entities.inventories[entity, CHEST]), item) < count:
            return False
    return True


@kernel
def clear_entry(state: State, entry: int) -> None:
    """Gives a queue entry back, with every field as in a new one."""
    state.craft_queue.owner[entry] = NONE
    state.craft_queue.order[entry] = 0
    state.craft_queue.recipe[entry] = NONE
    state.craft_queue.count[entry] = 0
    state.craft_queue.prerequisite[entry] = False
    state.craft_queue.surplus[entry] = 0


@kernel
def step(state: State) -> int:
    """One tick of every character; MORE_TO_MINE when `hands.finish_mining` has work to do."""
    more = 0
    for row in range(len(state.characters.owner)):
        entity = int(state.characters.owner[row])
        if entity < 0:
            continue
        if state.characters.walking[row]:
            _walk(state, row, entity)
        if state.characters.mining[row] and _mine(state, row, entity) == MORE_TO_MINE:
            more = MORE_TO_MINE
        _craft(state, row, entity)
    return more


def build(world: World, row: int) -> None:
    """Gives a character its row and its slots."""
    character = world.new_row("characters")
    world.characters.owner[character] = row
    world.entities.component[row] = character
    world.entities.inventories[row, CHEST] = world.new_slots(row, CHEST, character_slots(world, row))


def remove(world: World, row: int) -> None:
    """Takes a character's row and queue away."""
    character = int(world.entities.component[row])
    for entry in range(len(world.craft_queue)):
        if world.craft_queue.owner[entry] == character:
            world.free_row("craft_queue", entry)
    world.free_row("characters", character)
    world.entities.component[row] = NONE
