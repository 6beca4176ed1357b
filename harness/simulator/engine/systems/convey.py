"""How items move along belts in a tick.

A chain moves from its downstream end on, so an item always sees where the one ahead has come to. It first moves what it
loads from the side, and wakes what stood still behind it. Of a turn or splitter this knows only lanes and lengths.

Neighbouring belts count as one line from the tick they are connected. The game merges them after a delay that hangs on
the tile in a way nobody has found; only ties of two items that reach one lane in one tick depend on it.

Source: readings of the game, `tests/data/real_game/belts-inserters.json`, and rules measured with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.belt_tables import ANCHOR, ITEM_GAP, LOST, MAX_LANE_ITEMS, MOVING, STILL
from harness.simulator.engine.systems.chains import chain_unlink, chain_wake
from harness.simulator.engine.systems.lanes import lane_place, lane_put, slot_in, slot_out
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def _outlets(state: State, lane: int) -> tuple[int, int]:
    """The columns of `side` that the item in front may leave by, in order; NONE for none.

    A splitter gives each side of travel out in turns, whatever the items are, unless one half has priority. With a
    filter the half with priority gets what it names and nothing else, the other half all the rest.
    """
    lanes, belts = state.lanes, state.belts
    if lanes.side[lane, 1] < 0:
        return 0, NONE
    belt = lanes.belt[lane]
    first = int(belts.output_priority[belt])
    if first < 0:
        first = int(lanes.turn[lanes.arbiter[lane]])
    elif belts.filter_item[belt] >= 0:
        return (first if lanes.item_id[lane, 0] == belts.filter_item[belt] else 1 - first), NONE
    return first, 1 - first


@kernel
def _leave_by(state: State, lane: int, column: int, travel: int) -> bool:
    """Moves the item in front onto one lane of `side`; returns whether that took it."""
    lanes = state.lanes
    target = int(lanes.side[lane, column]) if column >= 0 else NONE
    if target < 0:
        return False
    item, unique = int(lanes.item_id[lane, 0]), int(lanes.unique[lane, 0])
    if not lane_put(state, target, item, unique, int(lanes.entry[lane]), travel):
        return False
    slot_out(state, lane, 0)
    state.chains.count[lanes.chain[lane]] -= 1
    lanes.turn[lanes.arbiter[lane]] = 1 - column
    lanes.went[lanes.arbiter[lane]] = _half(state, lane)
    return True


@kernel
def _leave(state: State, lane: int, travel: int) -> bool:
    """Moves the item in front onto a lane of `side`; returns whether one took it."""
    first, second = _outlets(state, lane)
    return _leave_by(state, lane, first, travel) or _leave_by(state, lane, second, travel)


@kernel
def _half(state: State, lane: int) -> int:
    """Which half of a splitter a lane enters: 0 the left, 1 the right."""
    return 0 if state.lanes.arbiter[lane] == lane else 1


@kernel
def _is_due(state: State, lane: int) -> bool:
    """Whether the item in front of a lane that ends would leave it now."""
    return state.lanes.count[lane] > 0 and state.lanes.pos[lane, 0] < state.lanes.speed[lane]


@kernel
def _gives_way(state: State, lane: int) -> bool:
    """Whether the lane that enters the other half of a splitter goes before this one.

    It does if both have an item due, it has priority or did not go last, and there is room for what it has.
    """
    lanes = state.lanes
    rival = int(lanes.rival[lane])
    if rival < 0 or not _is_due(state, lane) or not _is_due(state, rival):
        return False
    first = int(state.belts.input_priority[lanes.belt[lane]])
    if first < 0:
        first = 1 - int(lanes.went[lanes.arbiter[lane]])
    if first != _half(state, rival):
        return False
    for column in _outlets(state, rival):
        if column >= 0 and lane_place(state, int(lanes.side[rival, column]), int(lanes.entry[rival]))[0] >= 0:
            return True
    return False


@kernel
def _move_front(state: State, lane: int, onward: int) -> int:
    """Moves the item in front; returns where it is seen from this lane, below 0 when it left."""
    lanes = state.lanes
    pos = int(lanes.pos[lane, 0])
    target = pos - int(lanes.speed[lane])
    if onward >= 0:
        count = int(lanes.count[onward])
        if count > 0:
            ahead = int(lanes.pos[onward, count - 1]) - int(lanes.length[onward])
            target = max(target, min(pos, ahead + ITEM_GAP))
        if target < 0 and count < MAX_LANE_ITEMS:
            item, unique = int(lanes.item_id[lane, 0]), int(lanes.unique[lane, 0])
            slot_in(state, onward, count, item, unique, target + int(lanes.length[onward]))
            slot_out(state, lane, 0)
            return target
    elif target < 0 and _leave(state, lane, -target):
        return -2 * ITEM_GAP
    target = max(target, 0)
    lanes.pos[lane, 0] = target
    return target


@kernel
def _move_lane(state: State, lane: int, onward: int) -> bool:
    """Moves every item of a lane that holds some, front first; returns whether one moved."""
    lanes = state.lanes
    count = int(lanes.count[lane])
    speed = int(lanes.speed[lane])
    pos = int(lanes.pos[lane, 0])
    ahead = _move_front(state, lane, onward)
    moved = ahead != pos
    for index in range(int(lanes.count[lane]) - count + 1, int(lanes.count[lane])):
        pos = int(lanes.pos[lane, index])
        ahead = max(pos - speed, min(pos, ahead + ITEM_GAP))
        lanes.pos[lane, index] = ahead
        moved = moved or ahead != pos
    return moved


@kernel
def _pass(state: State, chain: int, lane: int) -> bool:
    """Moves the lanes of a chain from `lane` on that may move; returns whether an item did.

    A lane in which nothing moved, and nothing directly ahead of it, is passed over; a lane at the end that loads
    others always tries. Of a loop everything is moved: its first lane is behind its last.
    """
    lanes, chains = state.lanes, state.chains
    head, start = int(chains.head[chain]), int(chains.start[chain])
    loop = bool(chains.loop[chain])
    moved, freed, first = False, loop, NONE
    while lane >= 0:
        if lanes.still[lane] == STILL and not freed and lane != head:
            freed = False
            lane = int(lanes.behind[lane])
            continue
        onward = NONE if lane == head else int(lanes.next[lane])
        lost = lanes.still[lane] == LOST
        stirred = _move_lane(state, lane, onward)
        if stirred:
            moved = True
            if first < 0 and onward >= 0 and lanes.still[onward] == MOVING and lanes.count[onward] > 0:
                first = onward
        if lanes.count[lane] > 0:
            lanes.still[lane] = MOVING if stirred else STILL
            if stirred and first < 0:
                first = lane
        freed = stirred or lost or loop
        following = int(lanes.behind[lane])
        if not freed and lane == head and start != head:
            following = start
        lane = following
    chains.start[chain] = first
    return moved


@kernel
def _cross_seam(state: State, head: int, item: int, unique: int, depth: int) -> None:
    """Puts the item that left a loop's head on its back, where the game moves it again as far as it went in."""
    lanes = state.lanes
    back = int(lanes.next[head])
    place = int(lanes.length[back]) - 2 * depth
    count = int(lanes.count[back])
    if count > 0:
        place = max(place, int(lanes.pos[back, count - 1]) + ITEM_GAP)
    if place < lanes.length[back] and count < MAX_LANE_ITEMS:
        slot_in(state, back, count, item, unique, place)
    else:
        slot_in(state, head, 0, item, unique, 0)


@kernel
def _move_lanes(state: State, chain: int) -> bool:
    """Moves the items of a chain; returns whether one moved."""
    lanes, chains = state.lanes, state.chains
    head = int(chains.head[chain])
    if not chains.loop[chain]:
        ends = lanes.count[head] > 0 and (lanes.side[head, 0] >= 0 or lanes.side[head, 1] >= 0)
        return _pass(state, chain, head if ends else int(chains.start[chain]))
    item, unique, depth = NONE, 0, 0
    if lanes.count[head] > 0 and lanes.pos[head, 0] < lanes.speed[head]:
        depth = int(lanes.speed[head] - lanes.pos[head, 0])
        item, unique = int(lanes.item_id[head, 0]), int(lanes.unique[head, 0])
        slot_out(state, head, 0)
    moved = _pass(state, chain, int(chains.front[chain]))
    if item >= 0:
        _cross_seam(state, head, item, unique, depth)
    return moved or item >= 0


@kernel
def advance_chain(state: State, chain: int) -> None:
    """Moves a chain once, with what must move before it and what can move after it.

    It calls itself, and no function between does: Numba cannot load kernels from its cache that call each other in a
    circle.
    """
    lanes, chains = state.lanes, state.chains
    chains.moved[chain] = chains.moved[ANCHOR]
    # Before it: the lanes it loads, and whoever enters the same splitter first.
    head = int(chains.head[chain])
    for column in range(2):
        if lanes.side[head, column] >= 0:
            ahead = int(lanes.chain[lanes.side[head, column]])
            if chains.awake[ahead] and chains.moved[ahead] != chains.moved[ANCHOR]:
                advance_chain(state, ahead)
    if lanes.rival[head] >= 0:
        beside = int(lanes.chain[lanes.rival[head]])
        if chains.moved[beside] != chains.moved[ANCHOR] and _gives_way(state, head):
            chain_wake(state, beside)
            advance_chain(state, beside)
    moved = _move_lanes(state, chain)
    chains.awake[chain] = moved and chains.count[chain] > 0
    if not (moved or chains.freed[chain]):
        return
    chains.freed[chain] = False
    # After it: what sleeps in front of a lane of a chain that has moved.
    lane = int(chains.fed[chain])
    while lane >= 0:
        for column in range(2):
            feeder = lanes.feeders[lane, column]
            if feeder < 0:
                continue
            behind = int(lanes.chain[feeder])
            if not chains.awake[behind] and chains.count[behind] > 0:
                chain_wake(state, behind)
                if chains.moved[behind] != chains.moved[ANCHOR]:
                    advance_chain(state, behind)
        lane = int(lanes.next_fed[lane])


@kernel
def step(state: State) -> None:
    """One tick of all belts."""
    chains = state.chains
    chains.moved[ANCHOR] += 1
    current = chains.moved[ANCHOR]
    chain = int(chains.older[ANCHOR])
    while chain != ANCHOR:
        following = int(chains.older[chain])
        if chains.awake[chain] and chains.moved[chain] != current and chains.activated[chain] != current:
            advance_chain(state, chain)
        chain = following
    chain = int(chains.older[ANCHOR])
    while chain != ANCHOR:
        following = int(chains.older[chain])
        if not chains.awake[chain]:
            chain_unlink(state, chain)
        chain = following
