"""Characters: walking, mining by hand and crafting by hand, tick by tick; the Python side is `hands.py`.

What they pick up is `picking.py`.

Source: real-game readings (character): 38/256 tile a tick, 121 ticks for an ore by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine.bonuses import character_slots
from harness.simulator.engine.inventories import CHEST, inventory_insert, inventory_room
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.picking import pick_up
from harness.simulator.engine.prototypes import KIND_RESOURCE, TICKS_PER_SECOND
from harness.simulator.engine.rows import drop_point_entity
from harness.simulator.engine.spatial import building_at, collides, move_point, tile_at
from harness.simulator.engine.statistics import count_crafted, count_item_input, count_item_output
from harness.simulator.engine.systems.crafting import product_count
from harness.simulator.engine.systems.drop import is_belt
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.engine.triggers import count_mined

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("character",)

RUNNING_SPEED = float(data.entities()["character"]["running_speed"])
"""Tiles a tick; what it comes to is cut to the 1/256 grid: 38 straight on, 27 along each axis of a diagonal."""

DIAGONAL = 0.5**0.5

GUNS = 3
AMMUNITION = 4
ARMOR = 5
"""Columns of `Entities.inventories` that characters have besides their main slots, the game's numbers."""

GUN_SLOTS = 3
"""Slots for guns, and as many for their ammunition. Source: default of CharacterPrototype::guns_inventory_size."""

SLIDE_REACH = 179
"""How far aside it looks for a way round: `maximum_corner_sliding_distance` of the prototype, 0.7 tile."""

LAST_STEPS = 8
"""A character whose way is blocked comes up by half a step, then by up to 8/256 tile. Source: factory-sim."""

MORE_TO_MINE = 1
"""`_mine_step` says the target cannot be mined by a kernel: `hands.finish_mining` does it between ticks."""

NEW_GROUND = 2
"""Of `step`: `terrain.surround_characters` must make ground before the next tick."""

CHUNK_SHIFT = 13
"""Bits of a position within a chunk: 32 tiles of 256."""


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
def _slide(state: State, entity: int, step_x: int, step_y: int, stride: int) -> bool:
    """Blocked straight on: steps aside towards the nearer side on which the way is free; false if there is none.

    Source: real-game readings (slides).
    """
    x, y = int(state.entities.x[entity]), int(state.entities.y[entity])
    for shift in range(1, SLIDE_REACH + 1):
        for side in (-1, 1):
            aside_x, aside_y = side * shift * abs(step_y), side * shift * abs(step_x)
            ahead_x, ahead_y = x + aside_x + step_x * stride, y + aside_y + step_y * stride
            if not _is_free(state, entity, ahead_x, ahead_y):
                continue
            step = side * min(shift, stride)
            move_x, move_y = step * abs(step_y), step * abs(step_x)
            if _is_free(state, entity, x + move_x, y + move_y):
                move_point(state, entity, x + move_x, y + move_y)
                return True
    return False


@kernel
def _come_up(state: State, entity: int, step_x: int, step_y: int, stride: int) -> None:
    """Closes in on what blocks the way."""
    if _advance(state, entity, step_x, step_y, stride // 2):
        return
    for length in range(LAST_STEPS, 0, -1):
        if _advance(state, entity, step_x, step_y, length):
            return


@kernel
def running_speed(state: State, row: int, entity: int) -> float:
    """Tiles a tick a character runs where it stands."""
    bonus = state.forces.running_speed_bonus[state.entities.force[entity]]
    tile = tile_at(state, state.entities.surface[entity], state.entities.x[entity] >> 8, state.entities.y[entity] >> 8)
    ground = state.tiles.walking_speed[tile] if tile >= 0 else 1.0
    return float(RUNNING_SPEED * (1.0 + bonus) * (1.0 + state.characters.running_modifier[row]) * ground)


@kernel
def _walk(state: State, row: int, entity: int) -> None:
    direction = int(state.characters.walking_direction[row])
    state.entities.direction[entity] = direction
    step_x, step_y = _step_x(direction), _step_y(direction)
    speed = running_speed(state, row, entity) * UNIT
    if step_x != 0 and step_y != 0:
        stride = int(speed * DIAGONAL)
        if not _advance(state, entity, step_x, step_y, stride) and not _advance(state, entity, step_x, 0, stride):
            _advance(state, entity, 0, step_y, stride)
        return
    stride = int(speed)
    if not _advance(state, entity, step_x, step_y, stride) and not _slide(state, entity, step_x, step_y, stride):
        _come_up(state, entity, step_x, step_y, stride)


@kernel
def _carry(state: State, entity: int) -> None:
    """A belt takes along who stands on it."""
    surface = state.entities.surface[entity]
    under = building_at(state, surface, state.entities.x[entity] >> 8, state.entities.y[entity] >> 8)
    if not is_belt(state, under):
        return
    direction = int(state.entities.direction[under])
    length = int(state.belts.speed[state.entities.component[under]])
    _advance(state, entity, _step_x(direction), _step_y(direction), length)


@kernel
def mining_speed(state: State, entity: int) -> float:
    """Work a tick a character's hands do, in seconds at mining speed 1. Source: wiki, Mining."""
    speed = state.prototypes.mining_speed[state.entities.proto[entity]]
    bonus = state.forces.mining_speed_bonus[state.entities.force[entity]]
    own = state.characters.mining_modifier[state.entities.component[entity]]
    return float(speed * (1.0 + bonus) * (1.0 + own) / TICKS_PER_SECOND)


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
        own = state.characters.crafting_modifier[row]
        state.characters.crafting_progress[row] += (1.0 + bonus) * (1.0 + own) / TICKS_PER_SECOND
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
    state.craft_queue.serves[entry] = 0


@kernel
def step(state: State) -> int:
    """One tick of every character; not 0 when Python has work: something mined to take down, or ground to make."""
    more = 0
    for row in range(len(state.characters.owner)):
        entity = int(state.characters.owner[row])
        if entity < 0:
            continue
        _carry(state, entity)
        if state.characters.walking[row]:
            _walk(state, row, entity)
        pick_up(state, row, entity)
        if state.characters.mining[row] and _mine(state, row, entity) == MORE_TO_MINE:
            more = MORE_TO_MINE
        _craft(state, row, entity)
        if _is_in_new_chunk(state, row, entity):
            more = NEW_GROUND
    return more


@kernel
def _is_in_new_chunk(state: State, row: int, entity: int) -> bool:
    """Whether a character left the chunk around which `terrain.surround_characters` last made the ground."""
    if state.entities.surface[entity] != state.characters.seen_surface[row]:
        return True
    if state.entities.x[entity] >> CHUNK_SHIFT != state.characters.seen_x[row]:
        return True
    return bool(state.entities.y[entity] >> CHUNK_SHIFT != state.characters.seen_y[row])


def build(world: World, row: int) -> None:
    """Gives a character its row and its slots."""
    character = world.new_row("characters")
    world.characters.owner[character] = row
    world.entities.component[row] = character
    num_slots = character_slots(world, row)
    for column, size in ((CHEST, num_slots), (GUNS, GUN_SLOTS), (AMMUNITION, GUN_SLOTS), (ARMOR, 1)):
        world.entities.inventories[row, column] = world.new_slots(row, column, size)
    world.characters.cursor[character] = world.new_slots(row, 0, 1)


def remove(world: World, row: int) -> None:
    """Takes a character's row, hand and queue away."""
    character = int(world.entities.component[row])
    for entry in range(len(world.craft_queue)):
        if world.craft_queue.owner[entry] == character:
            world.free_row("craft_queue", entry)
    world.free_slots(int(world.characters.cursor[character]))
    world.free_row("characters", character)
    world.entities.component[row] = NONE
