"""What a furnace or assembling machine is doing. `crafting.py` has the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Int64, Table


@dataclass(slots=True)
class Crafters(Table):
    """Crafting machines. C: rows, free when `owner` is NONE.

    Attributes:
        owner: (C,) int32, entity row.
        recipe: (C,) int16, recipe that is set (assembling machines) or was last begun (furnaces), or NONE.
        crafting: (C,) bool, ingredients are in the machine and the craft is not done.
        worked: (C,) float64, seconds at speed 1 done of the craft: summed as the game sums them, so that crafts end
            in the same tick (`LuaEntity.crafting_progress` is this over the recipe's seconds).
        products_finished: (C,) int64.
        silo: (C,) int32, row in `Silos` of a rocket silo, or NONE.
    """

    owner: Int32
    recipe: Int16
    crafting: Bool
    worked: Float64
    products_finished: Int64
    silo: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            recipe=np.full(capacity, NONE, np.int16),
            crafting=np.zeros(capacity, np.bool_),
            worked=np.zeros(capacity, np.float64),
            products_finished=np.zeros(capacity, np.int64),
            silo=np.full(capacity, NONE, np.int32),
        )
