"""Where things are: surfaces and their 32x32 chunks. `spatial.py` has the kernels.

Letters: C chunk rows, S surface rows, D directory slots. A cell is `(y & 31) * 32 + (x & 31)` of a tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Int64, Table, UInt8

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
        always_day: (S,) bool, the sun never sets.
        freeze_daytime: (S,) bool, it is always `day_begun`.
        day_begun: (S,) float64, what time of day it was (0..1, 0 is noon) at `day_begun_tick`.
        day_begun_tick: (S,) int64.
        ticks_per_day: (S,) int64.
        dusk: (S,) float64, when light begins to fall; so on in order `evening`, `morning`, `dawn`.
        evening: (S,) float64.
        morning: (S,) float64.
        dawn: (S,) float64.
        solar_multiplier: (S,) float64, what panels give of their power in full light.
    """

    exists: Bool
    width: Int32
    height: Int32
    fill_tile: Int16
    lab: Bool
    always_day: Bool
    freeze_daytime: Bool
    day_begun: Float64
    day_begun_tick: Int64
    ticks_per_day: Int64
    dusk: Float64
    evening: Float64
    morning: Float64
    dawn: Float64
    solar_multiplier: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            exists=np.zeros(capacity, np.bool_),
            width=np.zeros(capacity, np.int32),
            height=np.zeros(capacity, np.int32),
            fill_tile=np.zeros(capacity, np.int16),
            lab=np.zeros(capacity, np.bool_),
            always_day=np.zeros(capacity, np.bool_),
            freeze_daytime=np.zeros(capacity, np.bool_),
            day_begun=np.zeros(capacity, np.float64),
            day_begun_tick=np.zeros(capacity, np.int64),
            ticks_per_day=np.full(capacity, 25200, np.int64),
            dusk=np.full(capacity, 0.25),
            evening=np.full(capacity, 0.45),
            morning=np.full(capacity, 0.55),
            dawn=np.full(capacity, 0.75),
            solar_multiplier=np.ones(capacity, np.float64),
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
