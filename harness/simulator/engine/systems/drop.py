"""Where a mined item goes: a machine or chest, a belt, or the bare ground. Kernels only.

Whatever hands out items by itself (drills; later loaders) asks here, so that belts and the ground are treated alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.inventories import accept_count, entity_insert
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_BELT, KIND_SPLITTER, KIND_UNDERGROUND, protos
from harness.simulator.engine.rows import new_point_entity
from harness.simulator.engine.spatial import collides
from harness.simulator.engine.systems.belt_drop import belt_insert_at_drop_point
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

BELT_KINDS = (KIND_BELT, KIND_UNDERGROUND, KIND_SPLITTER)
NEUTRAL = 2
ITEM_ON_GROUND: int = protos().entity_names.ids["item-on-ground"]


@kernel
def is_belt(state: State, entity: int) -> bool:
    """Whether an entity is a belt of any kind."""
    return entity >= 0 and state.prototypes.kind[state.entities.proto[entity]] in BELT_KINDS


@kernel
def ground_is_free(state: State, surface: int, x: int, y: int) -> bool:
    """Whether an item can lie at a place."""
    return collides(state, surface, ITEM_ON_GROUND, x, y, 0, NONE, False) == 0


@kernel
def ground_obstacle(state: State, surface: int, x: int, y: int) -> int:
    """The entity that keeps an item from lying at a place, or NONE: nothing, or the ground itself."""
    return max(NONE, collides(state, surface, ITEM_ON_GROUND, x, y, 0, NONE, False) - 2)


@kernel
def lay_item(state: State, surface: int, x: int, y: int, item: int, count: int) -> int:
    """Lays a stack on the ground if the place is free; the new entity's row, or NONE."""
    if not ground_is_free(state, surface, x, y):
        return NONE
    entity = new_point_entity(state, ITEM_ON_GROUND, surface, NEUTRAL, x, y, count)
    if entity >= 0:
        state.entities.component[entity] = item
    return entity


@kernel
def has_room(state: State, target: int, surface: int, x: int, y: int, item: int) -> bool:
    """Whether a machine, chest or the ground would take an item now; a belt is asked by trying."""
    if target < 0:
        return ground_is_free(state, surface, x, y)
    return is_belt(state, target) or accept_count(state, target, item, 1, False) > 0


@kernel
def drop_item(state: State, target: int, surface: int, x: int, y: int, item: int) -> bool:
    """Puts one item into the target at a point (1/256 tile), or on the ground when there is none."""
    if target < 0:
        return lay_item(state, surface, x, y, item, 1) >= 0
    if is_belt(state, target):
        return belt_insert_at_drop_point(state, int(state.entities.component[target]), x, y, item)
    return entity_insert(state, target, item, 1, False) == 1
