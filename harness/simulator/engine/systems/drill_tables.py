"""What a mining drill is doing. `drills.py` has the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Table


@dataclass(slots=True)
class Drills(Table):
    """Mining drills. D: rows, free when `owner` is NONE.

    Attributes:
        owner: (D,) int32, entity row.
        target: (D,) int32, building the drop point lies on, or NONE for the ground.
        target_known: (D,) bool, whether the drill has put something into this target before.
        resource: (D,) int32, resource entity being mined, or NONE.
        cursor: (D,) int32, position of its tile in the area, row by row.
        mined_here: (D,) int32, items taken from this tile since the drill turned to it.
        progress: (D,) float64, part of an item mined, 0..1 (`LuaEntity.mining_progress`).
        pending: (D,) int16, mined item that waits for its place, or NONE.
        num_pending: (D,) int16, how many of it wait: two when productivity gave one for free.
        waits_for: (D,) int32, entity it waits for to take the item or to get out of its way, or NONE.
        next_waiter: (D,) int32, of the list of drills that wait for the same entity, or NONE.
    """

    owner: Int32
    target: Int32
    target_known: Bool
    resource: Int32
    cursor: Int32
    mined_here: Int32
    progress: Float64
    pending: Int16
    num_pending: Int16
    waits_for: Int32
    next_waiter: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            target=np.full(capacity, NONE, np.int32),
            target_known=np.zeros(capacity, np.bool_),
            resource=np.full(capacity, NONE, np.int32),
            cursor=np.zeros(capacity, np.int32),
            mined_here=np.zeros(capacity, np.int32),
            progress=np.zeros(capacity, np.float64),
            pending=np.full(capacity, NONE, np.int16),
            num_pending=np.zeros(capacity, np.int16),
            waits_for=np.full(capacity, NONE, np.int32),
            next_waiter=np.full(capacity, NONE, np.int32),
        )
