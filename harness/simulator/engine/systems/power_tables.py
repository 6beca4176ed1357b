"""The tables of electric energy: consumers, panels, generators, networks, poles, wires. `power.py` has the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.data import prototypes
from harness.simulator.engine.tables import NONE, Bool, Float64, Int8, Int16, Int32, Int64, Table

PRIMARY = 0
"""Consumers served first."""
SECONDARY = 1
"""All other consumers."""
STORAGE = 2
"""Accumulators."""

STEAM = 0
CONSTANT = 1
"""Where a generator's energy comes from."""


@dataclass(slots=True)
class Consumers(Table):
    """What asks for electric energy; accumulators are here too. C: rows; free when `owner` is NONE.

    Only rows that are listed are looked at in a tick: those whose buffer is not full. What a consumer takes whatever
    happens (`drain`) is asked for by its network as a whole.

    Attributes:
        owner: (C,) int32, entity row.
        network: (C,) int32, row in `Networks`, NONE without a pole.
        priority: (C,) int8, PRIMARY, SECONDARY or STORAGE (accumulator).
        capacity: (C,) float64, joules the buffer holds.
        flow: (C,) float64, joules a tick the buffer can take at most, drain not counted.
        asked: (C,) float64, joules a listed row asks for in this tick.
        drain: (C,) float64, joules a tick taken always.
        is_listed: (C,) bool, whether the row is in `Listed`.
        next_storage: (C,) int32, the next accumulator of the same network, or NONE.
    """

    owner: Int32
    network: Int32
    priority: Int8
    capacity: Float64
    flow: Float64
    asked: Float64
    drain: Float64
    is_listed: Bool
    next_storage: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            network=np.full(capacity, NONE, np.int32),
            priority=np.zeros(capacity, np.int8),
            capacity=np.zeros(capacity, np.float64),
            flow=np.zeros(capacity, np.float64),
            asked=np.zeros(capacity, np.float64),
            drain=np.zeros(capacity, np.float64),
            is_listed=np.zeros(capacity, np.bool_),
            next_storage=np.full(capacity, NONE, np.int32),
        )


@dataclass(slots=True)
class Listed(Table):
    """Consumers whose buffers are not full, in the order in which they were listed; as long as `Consumers`.

    Attributes:
        consumer: (C,) int32, row in `Consumers`; the first `clock[LISTED_CONSUMERS]` count, the others are NONE.
    """

    consumer: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Nobody is listed."""
        return cls(consumer=np.full(capacity, NONE, np.int32))


@dataclass(slots=True)
class Panels(Table):
    """Solar panels; their network knows what they give together. S: rows; free when `owner` is NONE.

    Attributes:
        owner: (S,) int32, entity row.
        network: (S,) int32, row in `Networks`, NONE without a pole.
    """

    owner: Int32
    network: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(owner=np.full(capacity, NONE, np.int32), network=np.full(capacity, NONE, np.int32))


@dataclass(slots=True)
class Generators(Table):
    """What makes electric energy. G: rows; free when `owner` is NONE.

    Attributes:
        owner: (G,) int32, entity row.
        network: (G,) int32, row in `Networks`, NONE without a pole.
        source: (G,) int8, STEAM or CONSTANT.
        box: (G,) int32, row in `FluidBoxes` it takes fluid from, or NONE.
        fluid_use: (G,) float64, fluid units a tick at most.
        heat: (G,) float64, joules one unit of fluid carries a degree, times effectivity.
        base_temperature: (G,) float64, temperature at which the fluid carries no energy.
        max_temperature: (G,) float64, degrees above this are wasted.
        min_temperature: (G,) float64, colder fluid is of no use.
        power: (G,) float64, joules a tick at most, for CONSTANT.
        available: (G,) float64, joules on offer this tick.
        produced: (G,) float64, joules made in the last tick (`LuaEntity.energy_generated_last_tick`).
    """

    owner: Int32
    network: Int32
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

    All energies are of the last tick, in joules. What members take or give alike, drain, lamps and panels, is counted
    for the network as a whole: `*_ticks` add up how much of it there was, until somebody comes or goes. So what a
    prototype used since the network began is `consumed` and its members' part of those, see `networks.py`.

    Attributes:
        id: (N,) int64, stable number of the network (`LuaEntity.electric_network_id`).
        last_id: (N,) int64, highest id this row ever had; the next id is one above the highest of all rows.
        surface: (N,) int16, where its poles stand.
        members: (N, P) int32, consumers and panels by prototype.
        drain: (N, 2) float64, what PRIMARY and SECONDARY members take in any tick.
        lamps: (N,) float64, what all lamps take in a tick of full dark.
        solar: (N,) float64, what all panels give in a tick of full light.
        first_storage: (N,) int32, consumer row of an accumulator, the first of a list, or NONE.
        storage_known: (N,) bool, whether what accumulators would take and give is in `demand` and `supply`.
        demand: (N, 3) float64, asked for, by priority; for STORAGE what accumulators would take.
        supply: (N, 3) float64, on offer: solar panels, generators, accumulators.
        satisfaction: (N, 2) float64, given / asked of PRIMARY and SECONDARY.
        use: (N, 3) float64, share of `supply` that was taken, 0..1.
        charge: (N,) float64, share of what accumulators would take that they got, 0..1.
        drain_ticks: (N, 2) float64, satisfaction added up over ticks.
        lamp_ticks: (N,) float64, the same times the part of the lamps that were lit.
        solar_ticks: (N,) float64, light times use added up over ticks.
        consumed: (N, P) float64, joules used, by prototype, but for what the ticks above stand for.
        produced: (N, P) float64, joules made, likewise.
    """

    id: Int64
    last_id: Int64
    surface: Int16
    members: Int32
    drain: Float64
    lamps: Float64
    solar: Float64
    first_storage: Int32
    storage_known: Bool
    demand: Float64
    supply: Float64
    satisfaction: Float64
    use: Float64
    charge: Float64
    drain_ticks: Float64
    lamp_ticks: Float64
    solar_ticks: Float64
    consumed: Float64
    produced: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        num_prototypes = len(prototypes.entities())
        per_network = {name: np.zeros(capacity) for name in ("lamps", "solar", "charge", "lamp_ticks", "solar_ticks")}
        return cls(
            id=np.zeros(capacity, np.int64),
            last_id=np.zeros(capacity, np.int64),
            surface=np.zeros(capacity, np.int16),
            members=np.zeros((capacity, num_prototypes), np.int32),
            drain=np.zeros((capacity, 2), np.float64),
            first_storage=np.full(capacity, NONE, np.int32),
            storage_known=np.zeros(capacity, np.bool_),
            demand=np.zeros((capacity, 3), np.float64),
            supply=np.zeros((capacity, 3), np.float64),
            satisfaction=np.ones((capacity, 2), np.float64),
            use=np.zeros((capacity, 3), np.float64),
            drain_ticks=np.zeros((capacity, 2), np.float64),
            consumed=np.zeros((capacity, num_prototypes), np.float64),
            produced=np.zeros((capacity, num_prototypes), np.float64),
            **per_network,
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
