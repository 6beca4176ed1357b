"""The tables of fluids: boxes, segments, which boxes flow, boilers and pumps. `fluids.py` has the kernels."""

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
CLOSED = 4

FLOW_IN = 1
FLOW_OUT = 2
FLOW_BOTH = 3

BITS = 32
"""Boxes a row of `Flowing`: as many as leave the sign of a 64-bit word alone."""


@dataclass(slots=True)
class FluidBoxes(Table):
    """Fluid boxes of entities. F: rows, free when `owner` is NONE. Ports are the columns, K = NUM_PORTS.

    A box that waits for a segment is on one of its two lists, each entry of which is the number `box * K + port`.

    Attributes:
        owner: (F,) int32, entity row. `state.entities.fluid_box[owner]` is its first box.
        next_box: (F,) int32, the next box of the same entity, or NONE.
        index: (F,) int8, 1-based place in `LuaEntity.fluidbox`.
        numbers: (F,) int16, bit n is set when it is made of the (n + 1)th of `fluid_boxes.prototype_boxes`.
        role: (F,) int8, PASS (member of a segment), INPUT, OUTPUT, PUMP, or CLOSED (takes nothing).
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
        waits_at: (F, K) int32, segment whose list the port is on, or NONE.
        next_waiter: (F, K) int32, next entry of that list, or NONE.
    """

    owner: Int32
    next_box: Int32
    index: Int8
    numbers: Int16
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
    waits_at: Int32
    next_waiter: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            next_box=np.full(capacity, NONE, np.int32),
            index=np.zeros(capacity, np.int8),
            numbers=np.zeros(capacity, np.int16),
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
            waits_at=np.full((capacity, NUM_PORTS), NONE, np.int32),
            next_waiter=np.full((capacity, NUM_PORTS), NONE, np.int32),
        )


@dataclass(slots=True)
class Segments(Table):
    """Shared contents of joined boxes. S: rows, free when `id` is 0.

    Attributes:
        id: (S,) int64, stable number of the segment (`LuaFluidBox.get_fluid_segment_id`).
        last_id: (S,) int64, highest id this row ever had; the next id is one above the highest of all rows.
        filter: (S,) int16, the only fluid id that a member, or a machine joined to one, takes, or NONE.
        capacity: (S,) float64, sum of the members' capacities.
        fluid: (S,) int16, fluid id or NONE when empty.
        amount: (S,) float64, units.
        temperature: (S,) float64, degrees, the mean by amount of all that came in.
        overextended: (S,) bool, longer than the game allows; nothing flows in or out.
        left: (S,) int32, first tile of the members' ports from the west.
        top: (S,) int32, first tile from the north.
        right: (S,) int32, last tile from the west.
        bottom: (S,) int32, last tile from the north.
        waiting_for_fluid: (S,) int32, first entry of the list of boxes that want fluid, or NONE.
        waiting_for_room: (S,) int32, first entry of the list of boxes that have fluid to give, or NONE.
    """

    id: Int64
    last_id: Int64
    filter: Int16
    capacity: Float64
    fluid: Int16
    amount: Float64
    temperature: Float64
    overextended: Bool
    left: Int32
    top: Int32
    right: Int32
    bottom: Int32
    waiting_for_fluid: Int32
    waiting_for_room: Int32

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
            left=np.zeros(capacity, np.int32),
            top=np.zeros(capacity, np.int32),
            right=np.zeros(capacity, np.int32),
            bottom=np.zeros(capacity, np.int32),
            waiting_for_fluid=np.full(capacity, NONE, np.int32),
            waiting_for_room=np.full(capacity, NONE, np.int32),
        )


@dataclass(slots=True)
class Flowing(Table):
    """Which boxes with contents of their own look for somewhere to give to or take from. W: words of BITS boxes.

    Attributes:
        word: (W,) int64, bit b of row w is set when row `BITS * w + b` of `FluidBoxes` is to be looked at.
    """

    word: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Everything stands still."""
        return cls(word=np.zeros(capacity, np.int64))


@dataclass(slots=True)
class Boilers(Table):
    """Boilers and heat exchangers. B: rows; free when `owner` is NONE.

    Attributes:
        owner: (B,) int32, entity row.
        input_box: (B,) int32, row in `FluidBoxes`.
        output_box: (B,) int32, row in `FluidBoxes`.
        output_fluid: (B,) int16, fluid id.
        power: (B,) float64, joules a tick at most.
        temperature: (B,) float64, degrees of what it makes.
        input_heat: (B,) float64, joules a unit and degree of what goes in.
        output_heat: (B,) float64, joules a unit and degree of what comes out.
        heat: (B,) int32, row in `HeatBuffers` it takes heat from, or NONE when it burns fuel.
        least_temperature: (B,) float64, degrees its heat buffer must be above.
    """

    owner: Int32
    input_box: Int32
    output_box: Int32
    output_fluid: Int16
    power: Float64
    temperature: Float64
    input_heat: Float64
    output_heat: Float64
    heat: Int32
    least_temperature: Float64

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
            heat=np.full(capacity, NONE, np.int32),
            least_temperature=np.zeros(capacity, np.float64),
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
        moved: (U,) float64, units in the last tick it did anything (`LuaEntity.pumped_last_tick`).
        moved_at: (U,) int64, that tick.
        scales: (U,) bool, slows down with the fill of the segment it draws from.
    """

    owner: Int32
    box: Int32
    source: Int16
    speed: Float64
    temperature: Float64
    energy: Float64
    moved: Float64
    moved_at: Int64
    scales: Bool

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
            moved=np.zeros(capacity, np.float64),
            moved_at=np.zeros(capacity, np.int64),
            scales=np.zeros(capacity, np.bool_),
        )
