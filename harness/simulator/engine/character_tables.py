"""What a character is doing. `character.py` has the kernels.

Letters: H characters, Q rows of the hand-crafting queue, B bonuses in the order of `BONUSES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Int64, Table, UInt8

BONUSES = (
    "build_distance",
    "item_drop_distance",
    "reach_distance",
    "resource_reach_distance",
    "item_pickup_distance",
    "loot_pickup_distance",
    "inventory_slots",
    "trash_slot_count",
    "maximum_following_robot_count",
)
"""What scripts add to one character: `LuaControl.character_X_bonus`."""

PICKUP_DISTANCE = BONUSES.index("item_pickup_distance")
LOOT_DISTANCE = BONUSES.index("loot_pickup_distance")


@dataclass(slots=True)
class Characters(Table):
    """Characters, free when `owner` is NONE.

    Attributes:
        owner: (H,) int32, entity row.
        walking: (H,) bool, `walking_state.walking`.
        walking_direction: (H,) uint8, 0..15.
        mining: (H,) bool, `mining_state.mining`.
        mining_x: (H,) int32, 1/256 tile, `mining_state.position`.
        mining_y: (H,) int32.
        mining_target: (H,) int32, entity row, or NONE.
        mining_serial: (H,) int64, its serial.
        mining_progress: (H,) float64, seconds of work at speed 1 done on it.
        mining_done: (H,) bool, the target is mined to the end and waits to be taken down.
        crafting_progress: (H,) float64, seconds done of the first entry of the queue.
        crafting_modifier: (H,) float64, `character_crafting_speed_modifier`; so the next two.
        mining_modifier: (H,) float64.
        running_modifier: (H,) float64.
        bonuses: (H, B) int32.
        health_bonus: (H,) float64, `character_health_bonus`.
        picking: (H,) bool, `picking_state`: picks up what lies near.
        cursor: (H,) int32, inventory row of the one slot in its hand.
        selected: (H,) int32, entity row, or NONE; so `opened`.
        selected_serial: (H,) int64, its serial; so `opened_serial`.
        opened: (H,) int32.
        opened_serial: (H,) int64.
        tint: (H, 4) float64, `color`: red, green, blue, alpha; alpha below 0 when none was set.
        seen_surface: (H,) int32, where the ground was last made around it, NONE before the first time.
        seen_x: (H,) int32, chunk column of that place.
        seen_y: (H,) int32, chunk row of that place.
    """

    owner: Int32
    walking: Bool
    walking_direction: UInt8
    mining: Bool
    mining_x: Int32
    mining_y: Int32
    mining_target: Int32
    mining_serial: Int64
    mining_progress: Float64
    mining_done: Bool
    crafting_progress: Float64
    crafting_modifier: Float64
    mining_modifier: Float64
    running_modifier: Float64
    bonuses: Int32
    health_bonus: Float64
    picking: Bool
    cursor: Int32
    selected: Int32
    selected_serial: Int64
    opened: Int32
    opened_serial: Int64
    tint: Float64
    seen_surface: Int32
    seen_x: Int32
    seen_y: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            walking=np.zeros(capacity, np.bool_),
            walking_direction=np.zeros(capacity, np.uint8),
            mining=np.zeros(capacity, np.bool_),
            mining_x=np.zeros(capacity, np.int32),
            mining_y=np.zeros(capacity, np.int32),
            mining_target=np.full(capacity, NONE, np.int32),
            mining_serial=np.zeros(capacity, np.int64),
            mining_progress=np.zeros(capacity, np.float64),
            mining_done=np.zeros(capacity, np.bool_),
            crafting_progress=np.zeros(capacity, np.float64),
            crafting_modifier=np.zeros(capacity, np.float64),
            mining_modifier=np.zeros(capacity, np.float64),
            running_modifier=np.zeros(capacity, np.float64),
            bonuses=np.zeros((capacity, len(BONUSES)), np.int32),
            health_bonus=np.zeros(capacity, np.float64),
            picking=np.zeros(capacity, np.bool_),
            cursor=np.full(capacity, NONE, np.int32),
            selected=np.full(capacity, NONE, np.int32),
            selected_serial=np.zeros(capacity, np.int64),
            opened=np.full(capacity, NONE, np.int32),
            opened_serial=np.zeros(capacity, np.int64),
            tint=np.full((capacity, 4), -1.0, np.float64),
            seen_surface=np.full(capacity, NONE, np.int32),
            seen_x=np.zeros(capacity, np.int32),
            seen_y=np.zeros(capacity, np.int32),
        )


@dataclass(slots=True)
class CraftQueue(Table):
    """Entries of hand-crafting queues, free when `owner` is NONE. Of one character the lowest `order` is at work.

    Attributes:
        owner: (Q,) int32, row in `Characters`.
        order: (Q,) int64, rises with every entry.
        recipe: (Q,) int16.
        count: (Q,) int32, crafts left.
        prerequisite: (Q,) bool, made only as an ingredient of a later entry.
        surplus: (Q,) int32, products of a prerequisite beyond what later entries take.
        serves: (Q,) int64, `order` of the entry that takes a prerequisite's products, 0 for none.
    """

    owner: Int32
    order: Int64
    recipe: Int16
    count: Int32
    prerequisite: Bool
    surplus: Int32
    serves: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            order=np.zeros(capacity, np.int64),
            recipe=np.full(capacity, NONE, np.int16),
            count=np.zeros(capacity, np.int32),
            prerequisite=np.zeros(capacity, np.bool_),
            surplus=np.zeros(capacity, np.int32),
            serves=np.zeros(capacity, np.int64),
        )
