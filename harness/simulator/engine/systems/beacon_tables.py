"""Beacons. `effects.py` has what they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Int32, Table


@dataclass(slots=True)
class Beacons(Table):
    """Beacons. B: rows, free when `owner` is NONE.

    Attributes:
        owner: (B,) int32, entity row.
        live: (B,) bool, whether it had power in the last tick, and its modules therefore act on others.
    """

    owner: Int32
    live: Bool

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(owner=np.full(capacity, NONE, np.int32), live=np.zeros(capacity, np.bool_))
