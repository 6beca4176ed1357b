"""What a character is doing. `character.py` has the kernels.

Letters: H characters, Q rows of the hand-crafting queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Int64, Table, UInt8


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
    """

    owner: Int32
    order: Int64
    recipe: Int16
    count: Int32
    prerequisite: Bool
    surplus: Int32

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
        )
