"""The tables of inserters. `inserters.py` has what they do in a tick, `arms.py` how they move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.tables import NONE, Bool, Float64, Int16, Int32, Int64, Table

Float32 = npt.NDArray[np.float32]

NUM_FILTERS = 5

SOURCE = 0
TARGET = 1


@dataclass(slots=True)
class Inserters(Table):
    """Inserters. N: rows, free when `owner` is NONE.

    Orientations are turns clockwise from north, 0..1, single precision as the game keeps them; lengths are tiles.

    Attributes:
        owner: (N,) int32, entity row.
        place: (N,) int32, row in `Places`, NONE when it has left the order.
        waits_for: (N, 2) int32, entities it sleeps for (SOURCE, TARGET), or NONE.
        next_waiter: (N, 2) int32, of the list of those that wait for the same entity: 2 * row + side, or NONE.
        pickup_x: (N,) int32, pickup point from its centre, 1/256 tile.
        pickup_y: (N,) int32.
        drop_x: (N,) int32.
        drop_y: (N,) int32.
        taken_belt: (N,) int32, row in `Belts` that it takes from, or NONE.
        next_taker: (N,) int32, next of the inserters that take from the same belt, or NONE.
        source: (N,) int32, building at the pickup point, or NONE.
        target: (N,) int32, building at the drop point, or NONE.
        pickup_turn: (N,) float32.
        drop_turn: (N,) float32.
        pickup_length: (N,) float64.
        drop_length: (N,) float64.
        turn: (N,) float32, orientation of the arm.
        length: (N,) float64, extension of the arm.
        turn_speed: (N,) float32, turns a tick.
        length_speed: (N,) float64, tiles a tick.
        turn_joules: (N,) float64, for a whole turn.
        length_joules: (N,) float64, for a tile.
        buffer: (N,) float64, joules the buffer of a burner inserter holds.
        bulk: (N,) bool, whether its hand grows with the force's bonus for bulk inserters.
        hand_limit: (N,) int16, most items it may hold whatever the bonus, 0 for no limit.
        use_filters: (N,) bool, whether `filters` count.
        filters: (N, 5) int16, items, or NONE.
        blacklist: (N,) bool, whether the filters name what it must not take.
        held_item: (N,) int16, or NONE.
        held_count: (N,) int16.
        chase: (N,) int64, number of the belt item it is after, 0 for none.
    """

    owner: Int32
    place: Int32
    waits_for: Int32
    next_waiter: Int32
    pickup_x: Int32
    pickup_y: Int32
    drop_x: Int32
    drop_y: Int32
    taken_belt: Int32
    next_taker: Int32
    source: Int32
    target: Int32
    pickup_turn: Float32
    drop_turn: Float32
    pickup_length: Float64
    drop_length: Float64
    turn: Float32
    length: Float64
    turn_speed: Float32
    length_speed: Float64
    turn_joules: Float64
    length_joules: Float64
    buffer: Float64
    bulk: Bool
    hand_limit: Int16
    use_filters: Bool
    filters: Int16
    blacklist: Bool
    held_item: Int16
    held_count: Int16
    chase: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows; nobody is in the order."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            place=np.full(capacity, NONE, np.int32),
            waits_for=np.full((capacity, 2), NONE, np.int32),
            next_waiter=np.full((capacity, 2), NONE, np.int32),
            pickup_x=np.zeros(capacity, np.int32),
            pickup_y=np.zeros(capacity, np.int32),
            drop_x=np.zeros(capacity, np.int32),
            drop_y=np.zeros(capacity, np.int32),
            taken_belt=np.full(capacity, NONE, np.int32),
            next_taker=np.full(capacity, NONE, np.int32),
            source=np.full(capacity, NONE, np.int32),
            target=np.full(capacity, NONE, np.int32),
            pickup_turn=np.zeros(capacity, np.float32),
            drop_turn=np.zeros(capacity, np.float32),
            pickup_length=np.zeros(capacity, np.float64),
            drop_length=np.zeros(capacity, np.float64),
            turn=np.zeros(capacity, np.float32),
            length=np.zeros(capacity, np.float64),
            turn_speed=np.zeros(capacity, np.float32),
            length_speed=np.zeros(capacity, np.float64),
            turn_joules=np.zeros(capacity, np.float64),
            length_joules=np.zeros(capacity, np.float64),
            buffer=np.zeros(capacity, np.float64),
            bulk=np.zeros(capacity, np.bool_),
            hand_limit=np.zeros(capacity, np.int16),
            use_filters=np.zeros(capacity, np.bool_),
            filters=np.full((capacity, NUM_FILTERS), NONE, np.int16),
            blacklist=np.zeros(capacity, np.bool_),
            held_item=np.full(capacity, NONE, np.int16),
            held_count=np.zeros(capacity, np.int16),
            chase=np.zeros(capacity, np.int64),
        )


@dataclass(slots=True)
class Places(Table):
    """The order of inserters; a tick goes from the last place to the first. P: places.

    Whether the inserter at a place
    acts is a bit of `acting`, a table of the same kind as `awake` for machines.

    Attributes:
        inserter: (P,) int32, row in `Inserters`, NONE where one has left.
    """

    inserter: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Empty places."""
        return cls(inserter=np.full(capacity, NONE, np.int32))
