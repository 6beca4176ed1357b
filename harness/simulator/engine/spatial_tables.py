"""Where things are: surfaces and their 32x32 chunks. `spatial.py` has the kernels.

Letters: C chunk rows, S surface rows, D directory slots. A cell is `(y & 31) * 32 + (x & 31)` of a tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Int16, Int32, Table, UInt8

CELLS = 1024
"""Tiles of a chunk."""


@dataclass(slots=True)
class Surfaces(Table):
    """Surfaces, free when `exists` is false.

    Attributes:
        exists: (S,) bool.
        width: (S,) int32, tiles, centred on the origin; 0 for no limit. Beyond it is void.
        height: (S,) int32.
        fill_tile: (S,) int16, tile of a new chunk without a generator.
        lab: (S,) bool, new chunks are the lab's chequered floor.
    """

    exists: Bool
    width: Int32
    height: Int32
    fill_tile: Int16
    lab: Bool

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            exists=np.zeros(capacity, np.bool_),
            width=np.zeros(capacity, np.int32),
            height=np.zeros(capacity, np.int32),
            fill_tile=np.zeros(capacity, np.int16),
            lab=np.zeros(capacity, np.bool_),
        )


@dataclass(slots=True)
class Chunks(Table):
    """Chunks, free when `surface` is NONE.

    Attributes:
        surface: (C,) int16, surface row.
        x: (C,) int32, chunk column: tile x >> 5.
        y: (C,) int32.
        tile: (C, 1024) uint8, tile id.
        building: (C, 1024) int32, the building that covers the tile, or NONE.
        first: (C, 1024) int32, first point entity of the tile (`Entities.next_in_tile` goes on), or NONE.
    """

    surface: Int16
    x: Int32
    y: Int32
    tile: UInt8
    building: Int32
    first: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            surface=np.full(capacity, NONE, np.int16),
            x=np.zeros(capacity, np.int32),
            y=np.zeros(capacity, np.int32),
            tile=np.zeros((capacity, CELLS), np.uint8),
            building=np.full((capacity, CELLS), NONE, np.int32),
            first=np.full((capacity, CELLS), NONE, np.int32),
        )


@dataclass(slots=True)
class Directory(Table):
    """Open-addressing hash table from (surface, chunk x, chunk y) to chunk row; a power of two of slots.

    Attributes:
        chunk: (D,) int32, chunk row, or NONE.
    """

    chunk: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Empty slots."""
        return cls(chunk=np.full(capacity, NONE, np.int32))
