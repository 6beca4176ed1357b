"""The tables of belts: belt entities, their lanes, and the chains that connected lanes form.

`convey.py` moves what is on them, `belts.py` keeps them in step with what stands on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Int8, Int16, Int32, Int64, Table

NUM_BELT_LANES = 8
"""Columns of `Belts.lane`; column + 1 is the number in `defines.transport_line`."""

STRAIGHT = 0
LEFT = 1
RIGHT = 2

ITEM_GAP = 64
"""Least distance of two items on a lane; four items a straight lane."""

MAX_LANE_ITEMS = 8
"""Slots of a lane. A lane of a turn (295) holds five; items put before one that moves may overlap for a while."""

MOVING = 0
STILL = 1
LOST = 2
"""`Lanes.still`: an item moved or came, nothing moved, an item was taken off."""

ANCHOR = 0
"""The row of `Chains` that ties the ring of moving chains together; never a chain."""


@dataclass(slots=True)
class Lanes(Table):
    """Lanes of belt tiles. L: rows, free when `belt` is NONE.

    Attributes:
        belt: (L,) int32, row in `Belts`.
        length: (L,) int16, 1/256 tile.
        speed: (L,) int16, 1/256 tile a tick.
        next: (L,) int32, lane it continues into, or NONE.
        prev: (L,) int32, lane that continues into it, or NONE.
        side: (L, 2) int32, lanes it loads when it does not continue, or NONE: the lane of another belt from its side,
            or the two lanes behind a splitter, which take turns. Never together with `next`.
        entry: (L,) int16, position at which its items enter a lane of `side`.
        turn: (L,) int8, column of `side` that is next to get an item.
        arbiter: (L,) int32, lane whose `turn` and `went` count; the two lanes that enter a splitter on one side of
            travel share one, that of its left half.
        rival: (L,) int32, of a lane that enters a splitter the one that enters its other half, or NONE.
        went: (L,) int8, half of the splitter (0 left, 1 right) whose lane was last to pass an item on.
        feeders: (L, 2) int32, lanes that have this one in `side`, or NONE.
        chain: (L,) int32, row in `Chains`.
        rank: (L,) int32, lanes from the head of its chain, which is 0.
        ahead: (L,) int32, next lane downstream in its chain that holds items, or NONE; of no meaning without items.
        behind: (L,) int32, the same upstream.
        still: (L,) int8, MOVING, STILL or LOST: what happened in it since its chain last moved.
        next_fed: (L,) int32, next lane upstream in its chain with `feeders`, or NONE.
        watched: (L,) bool, whether inserters take from its belt.
        count: (L,) int16, items on it.
        item_id: (L, 8) int16, items, front first.
        pos: (L, 8) int16, their positions, rising.
        unique: (L, 8) int64, their numbers (`unique_id` of the game's detailed contents).
    """

    belt: Int32
    length: Int16
    speed: Int16
    next: Int32
    prev: Int32
    side: Int32
    entry: Int16
    turn: Int8
    arbiter: Int32
    rival: Int32
    went: Int8
    feeders: Int32
    chain: Int32
    rank: Int32
    ahead: Int32
    behind: Int32
    still: Int8
    next_fed: Int32
    watched: Bool
    count: Int16
    item_id: Int16
    pos: Int16
    unique: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            belt=np.full(capacity, NONE, np.int32),
            length=np.zeros(capacity, np.int16),
            speed=np.zeros(capacity, np.int16),
            next=np.full(capacity, NONE, np.int32),
            prev=np.full(capacity, NONE, np.int32),
            side=np.full((capacity, 2), NONE, np.int32),
            entry=np.zeros(capacity, np.int16),
            turn=np.zeros(capacity, np.int8),
            arbiter=np.full(capacity, NONE, np.int32),
            rival=np.full(capacity, NONE, np.int32),
            went=np.zeros(capacity, np.int8),
            feeders=np.full((capacity, 2), NONE, np.int32),
            chain=np.full(capacity, NONE, np.int32),
            rank=np.zeros(capacity, np.int32),
            ahead=np.full(capacity, NONE, np.int32),
            behind=np.full(capacity, NONE, np.int32),
            still=np.zeros(capacity, np.int8),
            next_fed=np.full(capacity, NONE, np.int32),
            watched=np.zeros(capacity, np.bool_),
            count=np.zeros(capacity, np.int16),
            item_id=np.full((capacity, MAX_LANE_ITEMS), NONE, np.int16),
            pos=np.zeros((capacity, MAX_LANE_ITEMS), np.int16),
            unique=np.zeros((capacity, MAX_LANE_ITEMS), np.int64),
        )


@dataclass(slots=True)
class Chains(Table):
    """Connected lanes, moved as one. H: rows, free when `head` is NONE; row ANCHOR is never one.

    Chains that move are tied into a ring through `older` and `newer`, last activated first.

    Attributes:
        head: (H,) int32, its lane furthest downstream; of a loop the lane before the seam.
        loop: (H,) bool, whether `head` leads back into the chain.
        count: (H,) int32, items on all its lanes.
        front: (H,) int32, its lane furthest downstream that holds items, or NONE.
        back: (H,) int32, the one furthest upstream.
        start: (H,) int32, lane with items at which its next move begins; what lies further on stands still. Or NONE.
        fed: (H,) int32, its first lane with `feeders`, or NONE.
        awake: (H,) bool, false when nothing on it can move.
        freed: (H,) bool, an item was taken off since its last move.
        linked: (H,) bool, whether it is in the ring.
        older: (H,) int32, next in the order of the tick.
        newer: (H,) int32, the one before.
        moved: (H,) int64, last pass in which it moved; in row ANCHOR the number of the current pass.
        activated: (H,) int64, pass in which it woke.
        awaited: (H,) bool, whether somebody may wait for it to move.
        heard: (H,) bool, whether an inserter sleeps until something is put on it.
    """

    head: Int32
    loop: Bool
    count: Int32
    front: Int32
    back: Int32
    start: Int32
    fed: Int32
    awake: Bool
    freed: Bool
    linked: Bool
    older: Int32
    newer: Int32
    moved: Int64
    activated: Int64
    awaited: Bool
    heard: Bool

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows; the ring is empty."""
        return cls(
            head=np.full(capacity, NONE, np.int32),
            loop=np.zeros(capacity, np.bool_),
            count=np.zeros(capacity, np.int32),
            front=np.full(capacity, NONE, np.int32),
            back=np.full(capacity, NONE, np.int32),
            start=np.full(capacity, NONE, np.int32),
            fed=np.full(capacity, NONE, np.int32),
            awake=np.zeros(capacity, np.bool_),
            freed=np.zeros(capacity, np.bool_),
            linked=np.zeros(capacity, np.bool_),
            older=np.full(capacity, ANCHOR, np.int32),
            newer=np.full(capacity, ANCHOR, np.int32),
            moved=np.zeros(capacity, np.int64),
            activated=np.zeros(capacity, np.int64),
            awaited=np.zeros(capacity, np.bool_),
            heard=np.zeros(capacity, np.bool_),
        )


@dataclass(slots=True)
class Belts(Table):
    """Transport belts, underground belts and splitters. B: rows, free when `owner` is NONE.

    Attributes:
        owner: (B,) int32, entity row.
        surface: (B,) int16.
        tile_x: (B, 2) int32, tiles it covers; both the same but for a splitter, whose left tile comes first.
        tile_y: (B, 2) int32.
        bend: (B,) int8, STRAIGHT, or LEFT or RIGHT for a turn.
        speed: (B,) int16, 1/256 tile a tick.
        input: (B,) bool, the end of an underground belt where items go in.
        reach: (B,) int16, tiles from one end of an underground belt to the other at most.
        partner: (B,) int32, row of the other end of an underground belt, or NONE.
        lane: (B, 8) int32, its lanes by `defines.transport_line`, NONE where it has none. Of an underground belt's
            hidden part this is the lane next to the end where items come out.
        taker: (B,) int32, first of the inserters that take from it, linked by `Inserters.next_taker`, or NONE.
        input_priority: (B,) int8, half of a splitter (0 left, 1 right) that goes first, or NONE.
        output_priority: (B,) int8, half that gets all it can take, or NONE.
        filter_item: (B,) int16, item that alone leaves by that half, or NONE.
    """

    owner: Int32
    surface: Int16
    tile_x: Int32
    tile_y: Int32
    bend: Int8
    speed: Int16
    input: Bool
    reach: Int16
    partner: Int32
    lane: Int32
    taker: Int32
    input_priority: Int8
    output_priority: Int8
    filter_item: Int16

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            surface=np.zeros(capacity, np.int16),
            tile_x=np.zeros((capacity, 2), np.int32),
            tile_y=np.zeros((capacity, 2), np.int32),
            bend=np.zeros(capacity, np.int8),
            speed=np.zeros(capacity, np.int16),
            input=np.zeros(capacity, np.bool_),
            reach=np.zeros(capacity, np.int16),
            partner=np.full(capacity, NONE, np.int32),
            lane=np.full((capacity, NUM_BELT_LANES), NONE, np.int32),
            taker=np.full(capacity, NONE, np.int32),
            input_priority=np.full(capacity, NONE, np.int8),
            output_priority=np.full(capacity, NONE, np.int8),
            filter_item=np.full(capacity, NONE, np.int16),
        )
