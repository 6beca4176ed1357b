"""Machines in the order of the tick, what modules and research do to them, and which are awake. See `machines.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Float64, Int32, Int64, Table

BITS = 32
"""Rows of `Machines` a row of `Awake`: as many as leave the sign of a 64-bit word alone."""


@dataclass(slots=True)
class Machines(Table):
    """Machines, the oldest first; a tick goes from the last row to the first. M: rows, with holes where one went.

    The effects are those of modules, beacons and research together, worked out when one of them changes.

    Attributes:
        entity: (M,) int32, entity row, NONE in a hole and in unused rows.
        speed: (M,) float64, factor of the prototype's speed.
        consumption: (M,) float64, factor of the energy it uses while it works.
        productivity: (M,) float64, products for free, a part of what it makes.
        bonus_progress: (M,) float64, part of the next free products, 0..1 (`LuaEntity.bonus_progress`).
    """

    entity: Int32
    speed: Float64
    consumption: Float64
    productivity: Float64
    bonus_progress: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """No machines."""
        return cls(
            entity=np.full(capacity, NONE, np.int32),
            speed=np.ones(capacity, np.float64),
            consumption=np.ones(capacity, np.float64),
            productivity=np.zeros(capacity, np.float64),
            bonus_progress=np.zeros(capacity, np.float64),
        )


@dataclass(slots=True)
class Awake(Table):
    """Which machines act in the next tick; in table `acting` the same of places of inserters. W: words of BITS rows.

    Attributes:
        word: (W,) int64, bit b of row w is set when row `BITS * w + b` of `Machines` is awake.
    """

    word: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Nobody is awake."""
        return cls(word=np.zeros(capacity, np.int64))
