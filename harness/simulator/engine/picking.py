"""What characters pick up: loot that lies near, and with `picking_state` anything on the ground and on belts. Kernels.

One thing a tick, nearest first; how many the game takes in a tick is not published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes as data
from harness.simulator.engine.character_tables import LOOT_DISTANCE, PICKUP_DISTANCE
from harness.simulator.engine.force_tables import OTHER_BONUSES
from harness.simulator.engine.inventories import CHEST, inventory_insert, inventory_room
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.marks import TO_BE_LOOTED
from harness.simulator.engine.prototypes import KIND_ITEM, KIND_UNDERGROUND
from harness.simulator.engine.rows import drop_point_entity
from harness.simulator.engine.spatial import building_at, first_point
from harness.simulator.engine.systems.belt_drop import lane_point
from harness.simulator.engine.systems.belt_tables import NUM_BELT_LANES
from harness.simulator.engine.systems.drop import is_belt
from harness.simulator.engine.systems.lanes import lane_take
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

PICKUP_REACH = float(data.entities()["character"]["item_pickup_distance"])
LOOT_REACH = float(data.entities()["character"]["loot_pickup_distance"])
"""Tiles, without bonuses."""

SHARED_PICKUP_DISTANCE = OTHER_BONUSES.index("character_item_pickup_distance_bonus")
SHARED_LOOT_DISTANCE = OTHER_BONUSES.index("character_loot_pickup_distance_bonus")


@kernel
def _away(state: State, entity: int, x: int, y: int) -> int:
    """Square of the distance from an entity's centre to a point, 1/256 tile."""
    away_x, away_y = int(state.entities.x[entity]) - x, int(state.entities.y[entity]) - y
    return away_x * away_x + away_y * away_y


@kernel
def _nearest_item(state: State, entity: int, reach: float, only_loot: bool) -> int:
    """The nearest item on the ground within `reach` tiles that the character has room for, or NONE."""
    surface, inventory = int(state.entities.surface[entity]), int(state.entities.inventories[entity, CHEST])
    x, y, limit = int(state.entities.x[entity]), int(state.entities.y[entity]), int(reach * UNIT)
    best, best_away = NONE, limit * limit
    for tile_y in range((y - limit) >> 8, ((y + limit) >> 8) + 1):
        for tile_x in range((x - limit) >> 8, ((x + limit) >> 8) + 1):
            other = first_point(state, surface, tile_x, tile_y)
            while other >= 0:
                wanted = state.prototypes.kind[state.entities.proto[other]] == KIND_ITEM
                if wanted and only_loot:
                    wanted = (state.entities.marks[other] & TO_BE_LOOTED) != 0
                if wanted:
                    away = _away(state, other, x, y)
                    nearer = away < best_away or (
                        away == best_away and (best < 0 or state.entities.serial[other] < state.entities.serial[best])
                    )
                    if nearer and inventory_room(state, inventory, int(state.entities.component[other])) > 0:
                        best, best_away = other, away
                other = int(state.entities.next_in_tile[other])
    return best


@kernel
def _take_item(state: State, entity: int, other: int) -> None:
    inventory, item = int(state.entities.inventories[entity, CHEST]), int(state.entities.component[other])
    state.entities.amount[other] -= inventory_insert(state, inventory, item, int(state.entities.amount[other]))
    if state.entities.amount[other] <= 0:
        drop_point_entity(state, other)


@kernel
def _take_from_belt(state: State, entity: int, reach: float) -> None:
    """Takes the nearest item off the belts within `reach` tiles."""
    surface, inventory = int(state.entities.surface[entity]), int(state.entities.inventories[entity, CHEST])
    x, y, limit = int(state.entities.x[entity]), int(state.entities.y[entity]), int(reach * UNIT)
    best_lane, best_index, best_away = NONE, 0, limit * limit
    for tile_y in range((y - limit) >> 8, ((y + limit) >> 8) + 1):
        for tile_x in range((x - limit) >> 8, ((x + limit) >> 8) + 1):
            under = building_at(state, surface, tile_x, tile_y)
            if not is_belt(state, under):
                continue
            belt = int(state.entities.component[under])
            hidden = state.prototypes.kind[state.entities.proto[under]] == KIND_UNDERGROUND
            for column in range(2 if hidden else NUM_BELT_LANES):
                lane = int(state.belts.lane[belt, column])
                if lane < 0:
                    continue
                for index in range(state.lanes.count[lane]):
                    place_x, place_y = lane_point(state, belt, column, int(state.lanes.pos[lane, index]))
                    away = _away(state, entity, place_x, place_y)
                    item = int(state.lanes.item_id[lane, index])
                    if away < best_away and inventory_room(state, inventory, item) > 0:
                        best_lane, best_index, best_away = lane, index, away
    if best_lane >= 0:
        inventory_insert(state, inventory, lane_take(state, best_lane, best_index), 1)


@kernel
def pick_up(state: State, row: int, entity: int) -> None:
    """One tick of picking up: loot by itself, anything else while the character wants to."""
    own, shared = state.characters.bonuses, state.forces.other_bonuses
    force = state.entities.force[entity]
    loot = _nearest_item(
        state, entity, LOOT_REACH + own[row, LOOT_DISTANCE] + shared[force, SHARED_LOOT_DISTANCE], True
    )
    if loot >= 0:
        _take_item(state, entity, loot)
    if not state.characters.picking[row]:
        return
    reach = PICKUP_REACH + own[row, PICKUP_DISTANCE] + shared[force, SHARED_PICKUP_DISTANCE]
    item = _nearest_item(state, entity, reach, False)
    if item >= 0:
        _take_item(state, entity, item)
    else:
        _take_from_belt(state, entity, reach)
