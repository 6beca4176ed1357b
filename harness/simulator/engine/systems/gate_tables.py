"""What gates are doing. `gates.py` has the kernel.

Letter: G gates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Float64, Int8, Int32, Int64, Table


@dataclass(slots=True)
class Gates(Table):
    """Gates, free when `owner` is NONE.

    Attributes:
        owner: (G,) int32, entity row.
        opened: (G,) float64, 0 shut, 1 open; nothing in between lets anybody through.
        moving: (G,) int8, 1 opening, -1 shutting, 0 neither, in the last tick.
        linger: (G,) int32, ticks it still stays open now that nobody is near.
        asked_until: (G,) int64, tick up to which a script wants it open.
    """

    owner: Int32
    opened: Float64
    moving: Int8
    linger: Int32
    asked_until: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            opened=np.zeros(capacity, np.float64),
            moving=np.zeros(capacity, np.int8),
            linger=np.zeros(capacity, np.int32),
            asked_until=np.zeros(capacity, np.int64),
        )
