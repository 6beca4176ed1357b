"""The tables of fluids: boxes, segments, boilers and pumps. `fluids.py` has the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int8, Int16, Int32, Int64, Table

NUM_PORTS = 4
"""Pipe connections a box can have; no prototype has more."""

PASS = 0
INPUT = 1
OUTPUT = 2
PUMP = 3

FLOW_IN = 1
FLOW_OUT = 2
FLOW_BOTH = 3


@dataclass(slots=True)
class FluidBoxes(Table):
    """Fluid boxes of entities. F: rows, free when `owner` is NONE. Ports are the columns, K = NUM_PORTS.

    Attributes:
        owner: (F,) int32, entity row. `state.entities.fluid_box[owner]` is its first box.
        next_box: (F,) int32, the next box of the same entity, or NONE.
        index: (F,) int8, 1-based place in `LuaEntity.fluidbox`.
        role: (F,) int8, PASS (member of a segment), INPUT, OUTPUT or PUMP.
        filter: (F,) int16, the only fluid id it takes, or NONE.
        capacity: (F,) float64, units.
        segment: (F,) int32, row in `Segments` if PASS, else NONE.
        fluid: (F,) int16, own content's fluid id or NONE; meaningless if PASS.
        amount: (F,) float64, own content, units.
        temperature: (F,) float64, own content, degrees.
        port_x: (F, K) int32, tile the port is in.
        port_y: (F, K) int32, tile the port is in.
        port_direction: (F, K) int8, 16-way side the port opens to.
        port_flow: (F, K) int8, FLOW_IN, FLOW_OUT or FLOW_BOTH; 0 where there is no port.
        port_reach: (F, K) int16, tiles an underground port reaches; 0 for a normal port.
        port_link: (F, K) int32, box row at the other side, or NONE.
    """

    owner: Int32
    next_box: Int32
    index: Int8
    role: Int8
    filter: Int16
    capacity: Float64
    segment: Int32
    fluid: Int16
    amount: Float64
    temperature: Float64
    port_x: Int32
    port_y: Int32
    port_direction: Int8
    port_flow: Int8
    port_reach: Int16
    port_link: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            next_box=np.full(capacity, NONE, np.int32),
            index=np.zeros(capacity, np.int8),
            role=np.zeros(capacity, np.int8),
            filter=np.full(capacity, NONE, np.int16),
            capacity=np.zeros(capacity, np.float64),
            segment=np.full(capacity, NONE, np.int32),
            fluid=np.full(capacity, NONE, np.int16),
            amount=np.zeros(capacity, np.float64),
            temperature=np.zeros(capacity, np.float64),
            port_x=np.zeros((capacity, NUM_PORTS), np.int32),
            port_y=np.zeros((capacity, NUM_PORTS), np.int32),
            port_direction=np.zeros((capacity, NUM_PORTS), np.int8),
            port_flow=np.zeros((capacity, NUM_PORTS), np.int8),
            port_reach=np.zeros((capacity, NUM_PORTS), np.int16),
            port_link=np.full((capacity, NUM_PORTS), NONE, np.int32),
        )


@dataclass(slots=True)
class Segments(Table):
    """Shared contents of joined boxes. S: rows, free when `id` is 0.

    Attributes:
        id: (S,) int64, stable number of the segment (`LuaFluidBox.get_fluid_segment_id`).
        last_id: (S,) int64, highest id this row ever had; the next id is one above the highest of all rows.
        filter: (S,) int16, the only fluid id any member takes, or NONE.
        capacity: (S,) float64, sum of the members' capacities.
        fluid: (S,) int16, fluid id or NONE when empty.
        amount: (S,) float64, units.
        temperature: (S,) float64, degrees, the mean by amount of all that came in.
        overextended: (S,) bool, longer than the game allows; nothing flows in or out.
    """

    id: Int64
    last_id: Int64
    filter: Int16
    capacity: Float64
    fluid: Int16
    amount: Float64
    temperature: Float64
    overextended: Bool

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            id=np.zeros(capacity, np.int64),
            last_id=np.zeros(capacity, np.int64),
            filter=np.full(capacity, NONE, np.int16),
            capacity=np.zeros(capacity, np.float64),
            fluid=np.full(capacity, NONE, np.int16),
            amount=np.zeros(capacity, np.float64),
            temperature=np.zeros(capacity, np.float64),
            overextended=np.zeros(capacity, np.bool_),
        )


@dataclass(slots=True)
class Boilers(Table):
    """Boilers. B: rows; free when `owner` is NONE.

    Attributes:
        owner: (B,) int32, entity row.
        input_box: (B,) int32, row in `FluidBoxes`.
        output_box: (B,) int32, row in `FluidBoxes`.
        output_fluid: (B,) int16, fluid id.
        power: (B,) float64, joules a tick at most.
        temperature: (B,) float64, degrees of what it makes.
        input_heat: (B,) float64, joules a unit and degree of what goes in.
        output_heat: (B,) float64, joules a unit and degree of what comes out.
    """

    owner: Int32
    input_box: Int32
    output_box: Int32
    output_fluid: Int16
    power: Float64
    temperature: Float64
    input_heat: Float64
    output_heat: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            input_box=np.full(capacity, NONE, np.int32),
            output_box=np.full(capacity, NONE, np.int32),
            output_fluid=np.full(capacity, NONE, np.int16),
            power=np.zeros(capacity, np.float64),
            temperature=np.zeros(capacity, np.float64),
            input_heat=np.zeros(capacity, np.float64),
            output_heat=np.zeros(capacity, np.float64),
        )


@dataclass(slots=True)
class Pumps(Table):
    """Offshore pumps and pumps. U: rows; free when `owner` is NONE.

    Attributes:
        owner: (U,) int32, entity row.
        box: (U,) int32, row in `FluidBoxes`.
        source: (U,) int16, fluid id an offshore pump draws, NONE for a pump between segments.
        speed: (U,) float64, units a tick.
        temperature: (U,) float64, degrees of what an offshore pump draws.
        energy: (U,) float64, joules a tick at work.
    """

    owner: Int32
    box: Int32
    source: Int16
    speed: Float64
    temperature: Float64
    energy: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            box=np.full(capacity, NONE, np.int32),
            source=np.full(capacity, NONE, np.int16),
            speed=np.zeros(capacity, np.float64),
            temperature=np.zeros(capacity, np.float64),
            energy=np.zeros(capacity, np.float64),
        )
