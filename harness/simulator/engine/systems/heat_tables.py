"""The tables of heat: buffers, which of them conduct, and reactors. `heat.py` and `reactors.py` have the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Float64, Int32, Int64, Table

NUM_HEAT_LINKS = 12
"""Heat connections a buffer can have; a reactor has the most."""

BITS = 32
"""Buffers a row of `Warmth`: as many as leave the sign of a 64-bit word alone."""


@dataclass(slots=True)
class HeatBuffers(Table):
    """What holds heat: reactors, heat pipes, heat exchangers. H: rows, free when `owner` is NONE; K = NUM_HEAT_LINKS.

    Attributes:
        owner: (H,) int32, entity row.
        temperature: (H,) float64, degrees.
        capacity: (H,) float64, joules a degree.
        max_temperature: (H,) float64, degrees; heat above is lost.
        min_gradient: (H,) float64, degrees of difference below which nothing flows.
        max_transfer: (H,) float64, joules a tick through one link.
        gained: (H,) float64, joules that came in this tick, while it is worked out; 0 between ticks.
        link: (H, K) int32, buffers it touches, each once, then NONE.
    """

    owner: Int32
    temperature: Float64
    capacity: Float64
    max_temperature: Float64
    min_gradient: Float64
    max_transfer: Float64
    gained: Float64
    link: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            temperature=np.zeros(capacity, np.float64),
            capacity=np.ones(capacity, np.float64),
            max_temperature=np.zeros(capacity, np.float64),
            min_gradient=np.zeros(capacity, np.float64),
            max_transfer=np.zeros(capacity, np.float64),
            gained=np.zeros(capacity, np.float64),
            link=np.full((capacity, NUM_HEAT_LINKS), NONE, np.int32),
        )


@dataclass(slots=True)
class Warmth(Table):
    """Which heat buffers may conduct in the next tick: those whose temperature changed. W: words of BITS buffers.

    Attributes:
        word: (W,) int64, bit b of row w stands for row `BITS * w + b` of `HeatBuffers`.
        changed: (W,) int64, the same for those that get heat this tick, while it is worked out; 0 between ticks.
    """

    word: Int64
    changed: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Everything rests."""
        return cls(word=np.zeros(capacity, np.int64), changed=np.zeros(capacity, np.int64))


@dataclass(slots=True)
class Reactors(Table):
    """Nuclear reactors. R: rows, free when `owner` is NONE.

    Attributes:
        owner: (R,) int32, entity row.
        heat: (R,) int32, row in `HeatBuffers`.
        power: (R,) float64, joules of fuel a tick.
        neighbour_bonus: (R,) float64, part of its power that each burning neighbour adds as heat.
        neighbour: (R, 4) int32, entity rows of reactors side by side with it, then NONE.
    """

    owner: Int32
    heat: Int32
    power: Float64
    neighbour_bonus: Float64
    neighbour: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            heat=np.full(capacity, NONE, np.int32),
            power=np.zeros(capacity, np.float64),
            neighbour_bonus=np.zeros(capacity, np.float64),
            neighbour=np.full((capacity, 4), NONE, np.int32),
        )
