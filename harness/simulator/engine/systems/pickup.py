"""What an inserter takes: the item it chases on a belt, goods of a machine or chest, items on the ground. Kernels only.

On a belt the lane nearer the inserter comes first (the left one when the belt runs along the arm or turns), on it the
item furthest upstream; the inserter sticks to its choice. When that item leaves the pickup belt while the hand is over
the belt's tile, the inserter stays still for a tick. It takes nothing that its target would not accept.

Source: rules measured with the game.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from harness.simulator.engine.inventories import (
    FUEL,
    SOURCE,
    accept_count,
    inventory_first,
    inventory_remove,
    is_fuel_for,
    output_inventory,
)
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_ITEM, KIND_LAB, KIND_SPLITTER
from harness.simulator.engine.rows import drop_point_entity
from harness.simulator.engine.spatial import first_point
from harness.simulator.engine.systems.arms import arm_move, length_to, turn_towards
from harness.simulator.engine.systems.belt_drop import HALF_UNITS, lane_point, step_x, step_y
from harness.simulator.engine.systems.belt_tables import NUM_BELT_LANES, STRAIGHT
from harness.simulator.engine.systems.drop import is_belt
from harness.simulator.engine.systems.inserter_tables import NUM_FILTERS
from harness.simulator.engine.systems.lanes import lane_take
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def _filtered_out(state: State, inserter: int, item: int) -> bool:
    """Whether the filters forbid an item; a white list without entries forbids all."""
    inserters = state.inserters
    if not inserters.use_filters[inserter]:
        return False
    for column in range(NUM_FILTERS):
        if inserters.filters[inserter, column] == item:
            return bool(inserters.blacklist[inserter])
    return not inserters.blacklist[inserter]


@kernel
def hand_size(state: State, inserter: int) -> int:
    """How many items an inserter may hold (`inserter_target_pickup_count`): one, and what research adds."""
    inserters = state.inserters
    force = state.entities.force[inserters.owner[inserter]]
    size = 1
    if inserters.bulk[inserter]:
        size += int(state.forces.bulk_inserter_capacity_bonus[force])
    else:
        size += int(state.forces.inserter_stack_size_bonus[force])
    limit = int(inserters.hand_limit[inserter])
    return max(1, min(size, limit) if limit > 0 else size)


@kernel
def take_limit(state: State, inserter: int, item: int) -> int:
    """How many of an item the inserter would put into its hand now, besides what it holds.

    What it holds counts as not yet there: a target that wants one more gets a whole hand, as far as it has room.
    Source: wiki page Inserters, on insertion limits.
    """
    inserters = state.inserters
    entity = inserters.owner[inserter]
    held = int(inserters.held_count[inserter])
    if (held > 0 and inserters.held_item[inserter] != item) or _filtered_out(state, inserter, item):
        return 0
    room = min(hand_size(state, inserter), int(state.items.stack_size[item])) - held
    target = int(inserters.target[inserter])
    if target < 0 or is_belt(state, target) or room <= 0:
        return room
    if accept_count(state, target, item, 1, True) > 0:
        return max(0, accept_count(state, target, item, room + held, False) - held)
    return 1 if held == 0 and needs_own_fuel(state, entity, item) else 0


@kernel
def needs_own_fuel(state: State, entity: int, item: int) -> bool:
    """Whether an inserter would burn this item and its own fuel slot is empty."""
    if not is_fuel_for(state, entity, item):
        return False
    return inventory_first(state, int(state.entities.inventories[entity, FUEL])) < 0


@kernel
def _hold(state: State, inserter: int, item: int, count: int) -> None:
    state.inserters.held_item[inserter] = item
    state.inserters.held_count[inserter] += count


@kernel
def pickup_inventory(state: State, source: int, target: int) -> int:
    """The inventory an inserter takes from, or NONE: of a lab its packs, if it hands them on to another lab."""
    kinds, entities = state.prototypes.kind, state.entities
    if target >= 0 and kinds[entities.proto[source]] == KIND_LAB and kinds[entities.proto[target]] == KIND_LAB:
        return int(entities.inventories[source, SOURCE])
    return output_inventory(state, source)


@kernel
def pick_from_entity(state: State, inserter: int, entity: int) -> bool:
    """Takes from the last slot of the source that holds something wanted; returns whether the hand got something."""
    source = state.inserters.source[inserter]
    inventory = pickup_inventory(state, int(source), int(state.inserters.target[inserter]))
    if inventory < 0:
        return False
    start = state.inventories.start[inventory]
    for back in range(state.inventories.num_slots[inventory]):
        slot = start + state.inventories.num_slots[inventory] - 1 - back
        if state.stacks.count[slot] == 0:
            continue
        item = int(state.stacks.item_id[slot])
        limit = take_limit(state, inserter, item)
        if limit > 0:
            _hold(state, inserter, item, inventory_remove(state, inventory, item, limit))
            return True
    return False


@kernel
def pick_from_ground(state: State, inserter: int, entity: int) -> bool:
    """Takes from the items on the pickup tile; returns whether the hand got something."""
    inserters, entities = state.inserters, state.entities
    tile_x = (entities.x[entity] + inserters.pickup_x[inserter]) >> 8
    tile_y = (entities.y[entity] + inserters.pickup_y[inserter]) >> 8
    pile = first_point(state, entities.surface[entity], tile_x, tile_y)
    while pile >= 0:
        if state.prototypes.kind[entities.proto[pile]] == KIND_ITEM:
            item = int(entities.component[pile])
            count = min(take_limit(state, inserter, item), int(entities.amount[pile]))
            if count > 0:
                _hold(state, inserter, item, count)
                entities.amount[pile] -= count
                if entities.amount[pile] == 0:
                    drop_point_entity(state, pile)
                return True
        pile = int(entities.next_in_tile[pile])
    return False


@kernel
def _chain_has_wanted(state: State, inserter: int, chain: int) -> bool:
    """Whether any lane of a chain holds an item the inserter would take."""
    if state.chains.count[chain] == 0:
        return False
    lanes, head = state.lanes, state.chains.head[chain]
    lane, refused = head, NONE
    while True:
        for index in range(lanes.count[lane]):
            item = int(lanes.item_id[lane, index])
            if item != refused:
                if take_limit(state, inserter, item) > 0:
                    return True
                refused = item
        lane = lanes.prev[lane]
        if lane < 0 or lane == head:
            return False


@kernel
def line_has_wanted(state: State, inserter: int, belt: int) -> bool:
    """Whether the lines a belt is part of carry anything the inserter would take."""
    for column in range(NUM_BELT_LANES):
        lane = state.belts.lane[belt, column]
        if lane >= 0 and _chain_has_wanted(state, inserter, int(state.lanes.chain[lane])):
            return True
    return False


@kernel
def _first_column(state: State, inserter: int, belt: int) -> int:
    """The lane (0 or 1) to look at first."""
    if state.belts.bend[belt] != STRAIGHT:
        return 0
    direction = state.entities.direction[state.belts.owner[belt]]
    away_x, away_y = state.inserters.pickup_x[inserter], state.inserters.pickup_y[inserter]
    rightward = -away_y * step_x(direction) + away_x * step_y(direction)
    return 1 if rightward > 0 else 0


@kernel
def _base_column(state: State, inserter: int, entity: int, belt: int) -> int:
    """The first column of the lanes it may take from: of a splitter the lanes that leave the pickup tile."""
    if state.prototypes.kind[state.entities.proto[state.belts.owner[belt]]] != KIND_SPLITTER:
        return 0
    tile_x = (state.entities.x[entity] + state.inserters.pickup_x[inserter]) >> 8
    tile_y = (state.entities.y[entity] + state.inserters.pickup_y[inserter]) >> 8
    return 4 if state.belts.tile_x[belt, 0] == tile_x and state.belts.tile_y[belt, 0] == tile_y else 6


@kernel
def _choose(state: State, inserter: int, belt: int, base: int) -> tuple[int, int]:
    """Column and index of the item to chase: the one it is after, else a new one; column NONE when there is none."""
    lanes, chase = state.lanes, state.inserters.chase[inserter]
    if chase != 0:
        for column in range(base, base + 2):
            lane = state.belts.lane[belt, column]
            for index in range(lanes.count[lane]):
                if lanes.unique[lane, index] == chase:
                    return column, index
        return NONE, NONE
    first, refused = _first_column(state, inserter, belt), NONE
    for other in range(2):
        column = base + (first + other) % 2
        lane = state.belts.lane[belt, column]
        for back in range(lanes.count[lane]):
            index = int(lanes.count[lane]) - 1 - back
            item = int(lanes.item_id[lane, index])
            if item != refused:
                if take_limit(state, inserter, item) > 0:
                    return column, index
                refused = item
    return NONE, NONE


@kernel
def _hand_over_pickup_tile(state: State, inserter: int) -> bool:
    inserters = state.inserters
    turn = 2.0 * math.pi * inserters.turn[inserter]
    x = UNIT * inserters.length[inserter] * math.sin(turn) - inserters.pickup_x[inserter]
    y = -UNIT * inserters.length[inserter] * math.cos(turn) - inserters.pickup_y[inserter]
    return abs(x) <= HALF_UNITS and abs(y) <= HALF_UNITS


@kernel
def chase_belt(state: State, inserter: int, entity: int) -> bool:
    """Goes after an item on the pickup belt; returns whether the tick is used up."""
    inserters = state.inserters
    belt = int(state.entities.component[inserters.source[inserter]])
    base = _base_column(state, inserter, entity, belt)
    column, index = _choose(state, inserter, belt, base)
    if column < 0 and inserters.chase[inserter] != 0:
        inserters.chase[inserter] = 0
        if _hand_over_pickup_tile(state, inserter):
            return True
        column, index = _choose(state, inserter, belt, base)
    if column < 0:
        return False
    lane = state.belts.lane[belt, column]
    inserters.chase[inserter] = state.lanes.unique[lane, index]
    x, y = lane_point(state, belt, column, int(state.lanes.pos[lane, index]))
    x, y = x - state.entities.x[entity], y - state.entities.y[entity]
    if arm_move(state, inserter, turn_towards(x, y), length_to(x, y)):
        _hold(state, inserter, lane_take(state, lane, index), 1)
        inserters.chase[inserter] = 0
    return True
