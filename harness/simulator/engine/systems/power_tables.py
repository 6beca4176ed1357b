"""The tables of electric energy: consumers, generators, networks, poles and wires. `power.py` has the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.data import prototypes
from harness.simulator.engine.tables import NONE, Float64, Int8, Int32, Int64, Table

PRIMARY = 0
"""Consumers served first."""
SECONDARY = 1
"""All other consumers."""
STORAGE = 2
"""Accumulators."""

STEAM = 0
SOLAR = 1
CONSTANT = 2


@dataclass(slots=True)
class Consumers(Table):
    """What asks for electric energy; accumulators are here too. C: rows; free when `owner` is NONE.

    Attributes:
        owner: (C,) int32, entity row.
        network: (C,) int32, row in `Networks`, NONE without a pole.
        priority: (C,) int8, PRIMARY, SECONDARY or STORAGE (accumulator).
        capacity: (C,) float64, joules the buffer holds.
        flow: (C,) float64, joules a tick the buffer can take at most, drain not counted.
        drain: (C,) float64, joules a tick taken always.
        satisfaction: (C,) float64, given / asked in the last tick, 0..1; 1 when nothing was asked.
        received: (C,) float64, joules given in the last tick, drain included.
    """

    owner: Int32
    network: Int32
    priority: Int8
    capacity: Float64
    flow: Float64
    drain: Float64
    satisfaction: Float64
    received: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            network=np.full(capacity, NONE, np.int32),
            priority=np.zeros(capacity, np.int8),
            capacity=np.zeros(capacity, np.float64),
            flow=np.zeros(capacity, np.float64),
            drain=np.zeros(capacity, np.float64),
            satisfaction=np.zeros(capacity, np.float64),
            received=np.zeros(capacity, np.float64),
        )


@dataclass(slots=True)
class Generators(Table):
    """What makes electric energy. G: rows; free when `owner` is NONE.

    Attributes:
        owner: (G,) int32, entity row.
        network: (G,) int32, row in `Networks`, NONE without a pole.
        priority: (G,) int8, 0 solar (used first), 1 all else.
        source: (G,) int8, STEAM, SOLAR or CONSTANT.
        box: (G,) int32, row in `FluidBoxes` it takes fluid from, or NONE.
        fluid_use: (G,) float64, fluid units a tick at most.
        heat: (G,) float64, joules one unit of fluid carries a degree, times effectivity.
        base_temperature: (G,) float64, temperature at which the fluid carries no energy.
        max_temperature: (G,) float64, degrees above this are wasted.
        min_temperature: (G,) float64, colder fluid is of no use.
        power: (G,) float64, joules a tick at most, for SOLAR and CONSTANT.
        available: (G,) float64, joules on offer this tick.
        produced: (G,) float64, joules made in the last tick (`LuaEntity.energy_generated_last_tick`).
    """

    owner: Int32
    network: Int32
    priority: Int8
    source: Int8
    box: Int32
    fluid_use: Float64
    heat: Float64
    base_temperature: Float64
    max_temperature: Float64
    min_temperature: Float64
    power: Float64
    available: Float64
    produced: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            network=np.full(capacity, NONE, np.int32),
            priority=np.zeros(capacity, np.int8),
            source=np.zeros(capacity, np.int8),
            box=np.full(capacity, NONE, np.int32),
            **{
                name: np.zeros(capacity, np.float64)
                for name in (
                    "fluid_use",
                    "heat",
                    "base_temperature",
                    "max_temperature",
                    "min_temperature",
                    "power",
                    "available",
                    "produced",
                )
            },
        )


@dataclass(slots=True)
class Networks(Table):
    """Electric networks: connected components of poles. N: rows, free when `id` is 0; P: entity prototype ids.

    All energies are of the last tick, in joules; `consumed` and `produced` are totals since the network began.

    Attributes:
        id: (N,) int64, stable number of the network (`LuaEntity.electric_network_id`).
        last_id: (N,) int64, highest id this row ever had; the next id is one above the highest of all rows.
        demand: (N, 3) float64, asked for, by priority; for STORAGE what accumulators would take.
        supply: (N, 3) float64, on offer: solar panels, generators, accumulators.
        satisfaction: (N, 2) float64, given / asked of PRIMARY and SECONDARY.
        use: (N, 3) float64, share of `supply` that was taken, 0..1.
        charge: (N,) float64, share of what accumulators would take that they got, 0..1.
        consumed: (N, P) float64, joules used, by prototype.
        produced: (N, P) float64, joules made, by prototype.
    """

    id: Int64
    last_id: Int64
    demand: Float64
    supply: Float64
    satisfaction: Float64
    use: Float64
    charge: Float64
    consumed: Float64
    produced: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        num_prototypes = len(prototypes.entities())
        return cls(
            id=np.zeros(capacity, np.int64),
            last_id=np.zeros(capacity, np.int64),
            demand=np.zeros((capacity, 3), np.float64),
            supply=np.zeros((capacity, 3), np.float64),
            satisfaction=np.ones((capacity, 2), np.float64),
            use=np.zeros((capacity, 3), np.float64),
            charge=np.zeros(capacity, np.float64),
            consumed=np.zeros((capacity, num_prototypes), np.float64),
            produced=np.zeros((capacity, num_prototypes), np.float64),
        )


@dataclass(slots=True)
class Poles(Table):
    """Electric poles. P: rows; free when `owner` is NONE.

    Attributes:
        owner: (P,) int32, entity row.
        network: (P,) int32, row in `Networks`.
        reach: (P,) int32, longest wire, 1/256 tile.
        supply: (P,) int32, half side of the supplied square, 1/256 tile.
    """

    owner: Int32
    network: Int32
    reach: Int32
    supply: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            network=np.full(capacity, NONE, np.int32),
            reach=np.zeros(capacity, np.int32),
            supply=np.zeros(capacity, np.int32),
        )


@dataclass(slots=True)
class Wires(Table):
    """Copper wires. W: rows; free when `owner` is NONE.

    Attributes:
        owner: (W,) int32, pole row of one end.
        other: (W,) int32, pole row of the other end.
    """

    owner: Int32
    other: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(owner=np.full(capacity, NONE, np.int32), other=np.full(capacity, NONE, np.int32))
