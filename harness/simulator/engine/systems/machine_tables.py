"""The order of machines in a tick. `machines.py` has the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Int32, Table


@dataclass(slots=True)
class Machines(Table):
    """Machines in the order of the tick. M: rows, used from the first on.

    Attributes:
        entity: (M,) int32, entity row, NONE from the first unused row on.
    """

    entity: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """No machines."""
        return cls(entity=np.full(capacity, NONE, np.int32))
