"""Items on belt lanes and how they move: the part of belts that knows no entities.

A lane is one side of one belt tile. Lanes that continue into each other form a chain, the game's transport line. A
chain is the unit that moves, sleeps when all its items are stopped, and takes a place in the order of the tick. Which
lanes a belt has and where they lead is `belts.py`.

Positions are 1/256 tile from the lane's downstream end; items are kept front first. What is put on a lane is moved on
by its speed at once, so it reads one step further in the tick it was put there.

Neighbouring belts count as one line from the tick they are connected. The game merges them after a delay that hangs on
the tile in a way nobody has found; only ties of two items that reach one lane in one tick depend on it.

Source: readings of the game, `tests/data/real_game/belts-inserters.json`, and rules measured with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.clock import NEXT_BELT_ITEM
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.belt_tables import ANCHOR, ITEM_GAP, MAX_LANE_ITEMS
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def _slot_in(state: State, lane: int, index: int, item: int, unique: int, pos: int) -> None:
    lanes = state.lanes
    for slot in range(lanes.count[lane], index, -1):
        lanes.item_id[lane, slot] = lanes.item_id[lane, slot - 1]
        lanes.unique[lane, slot] = lanes.unique[lane, slot - 1]
        lanes.pos[lane, slot] = lanes.pos[lane, slot - 1]
    lanes.item_id[lane, index] = item
    lanes.unique[lane, index] = unique
    lanes.pos[lane, index] = pos
    lanes.count[lane] += 1


@kernel
def _slot_out(state: State, lane: int, index: int) -> None:
    lanes = state.lanes
    last = lanes.count[lane] - 1
    for slot in range(index, last):
        lanes.item_id[lane, slot] = lanes.item_id[lane, slot + 1]
        lanes.unique[lane, slot] = lanes.unique[lane, slot + 1]
        lanes.pos[lane, slot] = lanes.pos[lane, slot + 1]
    lanes.item_id[lane, last] = NONE
    lanes.unique[lane, last] = 0
    lanes.pos[lane, last] = 0
    lanes.count[lane] = last


@kernel
def chain_unlink(state: State, chain: int) -> None:
    """Takes a chain out of the ring of moving chains."""
    chains = state.chains
    chains.awake[chain] = False
    if chains.linked[chain]:
        chains.older[chains.newer[chain]] = chains.older[chain]
        chains.newer[chains.older[chain]] = chains.newer[chain]
        chains.linked[chain] = False


@kernel
def chain_wake(state: State, chain: int) -> None:
    """Makes a sleeping chain move from the next pass on, before all that are awake already."""
    chains = state.chains
    if chains.awake[chain]:
        return
    chain_unlink(state, chain)
    first = chains.older[ANCHOR]
    chains.older[chain] = first
    chains.newer[chain] = ANCHOR
    chains.newer[first] = chain
    chains.older[ANCHOR] = chain
    chains.linked[chain] = True
    chains.awake[chain] = True
    chains.activated[chain] = chains.moved[ANCHOR]


@kernel
def _onward(state: State, lane: int) -> int:
    """The lane it continues into; NONE at the seam of a loop."""
    if state.chains.head[state.lanes.chain[lane]] == lane:
        return NONE
    return int(state.lanes.next[lane])


@kernel
def _place(state: State, lane: int, entry: int) -> tuple[int, int, int]:
    """Where an item that enters a lane at `entry` comes to lie: index, position, position of the item ahead.

    That is `entry`, or the first place behind it that is clear of the items ahead. The index is NONE if that is a gap
    or more behind `entry`; items further upstream are not asked.
    """
    lanes = state.lanes
    count = int(lanes.count[lane])
    place, ahead = int(entry), -2 * ITEM_GAP
    if count == MAX_LANE_ITEMS:
        return NONE, place, ahead
    onward = _onward(state, lane)
    if onward >= 0 and lanes.count[onward] > 0:
        ahead = int(lanes.pos[onward, lanes.count[onward] - 1] - lanes.length[onward])
        if place - ahead < ITEM_GAP:
            place = ahead + ITEM_GAP
    index = 0
    while index < count and lanes.pos[lane, index] <= place:
        ahead = int(lanes.pos[lane, index])
        if place - ahead < ITEM_GAP:
            place = ahead + ITEM_GAP
        index += 1
    if place - entry >= ITEM_GAP:
        return NONE, place, ahead
    return index, place, ahead


@kernel
def lane_put(state: State, lane: int, item: int, unique: int, entry: int, travel: int) -> bool:
    """Puts an item on a lane at `entry` or close behind it, and moves it on.

    `travel` is how far it may still move in this tick, at most as far as the item ahead lets it.

    Returns:
        Whether there was a place for it.
    """
    lanes = state.lanes
    index, place, ahead = _place(state, lane, entry)
    if index < 0:
        return False
    place = max(place - travel, min(place, ahead + ITEM_GAP))
    if place >= lanes.length[lane]:
        return False
    onward = _onward(state, lane)
    if place >= 0:
        _slot_in(state, lane, index, item, unique, place)
    elif onward >= 0 and lanes.count[onward] < MAX_LANE_ITEMS:
        _slot_in(state, onward, int(lanes.count[onward]), item, unique, place + int(lanes.length[onward]))
    else:
        _slot_in(state, lane, index, item, unique, 0)
    state.chains.count[lanes.chain[lane]] += 1
    chain_wake(state, int(lanes.chain[lane]))
    return True


@kernel
def lane_add(state: State, lane: int, item: int, entry: int) -> bool:
    """Puts a new item on a lane at `entry`, as a drop or a script does; returns whether it went on."""
    state.clock[NEXT_BELT_ITEM] += 1
    return lane_put(state, lane, item, int(state.clock[NEXT_BELT_ITEM]), entry, int(state.lanes.speed[lane]))


@kernel
def lane_take(state: State, lane: int, index: int) -> int:
    """Takes the item at `index` (0 is the front) off a lane and returns it."""
    item = state.lanes.item_id[lane, index]
    _slot_out(state, lane, index)
    chain = state.lanes.chain[lane]
    state.chains.count[chain] -= 1
    state.chains.freed[chain] = True
    chain_wake(state, chain)
    return int(item)


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
    _slot_out(state, lane, 0)
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
        if column >= 0 and _place(state, int(lanes.side[rival, column]), int(lanes.entry[rival]))[0] >= 0:
            return True
    return False


@kernel
def _move_front(state: State, lane: int) -> int:
    """Moves the item in front; returns where it is seen from this lane, below 0 when it left."""
    lanes = state.lanes
    pos, speed = lanes.pos[lane, 0], lanes.speed[lane]
    target = pos - speed
    onward = _onward(state, lane)
    if onward >= 0:
        count = lanes.count[onward]
        if count > 0:
            ahead = lanes.pos[onward, count - 1] - lanes.length[onward]
            target = max(target, min(pos, ahead + ITEM_GAP))
        if target < 0 and count < MAX_LANE_ITEMS:
            item, unique = lanes.item_id[lane, 0], lanes.unique[lane, 0]
            _slot_out(state, lane, 0)
            _slot_in(state, onward, count, item, unique, target + lanes.length[onward])
            return int(target)
    elif target < 0 and _leave(state, lane, -target):
        return -2 * ITEM_GAP
    lanes.pos[lane, 0] = max(target, 0)
    return int(lanes.pos[lane, 0])


@kernel
def _move_lane(state: State, lane: int) -> bool:
    """Moves every item of a lane, front first; returns whether one moved."""
    lanes = state.lanes
    count = lanes.count[lane]
    if count == 0:
        return False
    pos = lanes.pos[lane, 0]
    ahead = _move_front(state, lane)
    moved = bool(ahead != pos)
    for index in range(lanes.count[lane] - count + 1, lanes.count[lane]):
        pos = lanes.pos[lane, index]
        ahead = max(pos - lanes.speed[lane], min(pos, ahead + ITEM_GAP))
        lanes.pos[lane, index] = ahead
        moved = moved or bool(ahead != pos)
    return moved


@kernel
def _cross_seam(state: State, head: int, item: int, unique: int, depth: int) -> None:
    """Puts the item that left a loop's head on its back, where the game moves it again as far as it went in."""
    lanes = state.lanes
    back = lanes.next[head]
    place = lanes.length[back] - 2 * depth
    count = lanes.count[back]
    if count > 0:
        place = max(place, lanes.pos[back, count - 1] + ITEM_GAP)
    if place < lanes.length[back] and count < MAX_LANE_ITEMS:
        _slot_in(state, back, count, item, unique, place)
    else:
        _slot_in(state, head, 0, item, unique, 0)


@kernel
def _move_lanes(state: State, chain: int) -> bool:
    """Moves the items of all lanes of a chain, downstream first; returns whether one moved."""
    lanes, head = state.lanes, state.chains.head[chain]
    item, unique, depth = NONE, 0, 0
    if state.chains.loop[chain] and lanes.count[head] > 0 and lanes.pos[head, 0] < lanes.speed[head]:
        depth = int(lanes.speed[head] - lanes.pos[head, 0])
        item, unique = int(lanes.item_id[head, 0]), int(lanes.unique[head, 0])
        _slot_out(state, head, 0)
    moved = item >= 0
    lane = head
    while True:
        moved = _move_lane(state, lane) or moved
        lane = lanes.prev[lane]
        if lane < 0 or lane == head:
            break
    if item >= 0:
        _cross_seam(state, head, item, unique, depth)
    return moved


@kernel
def advance_chain(state: State, chain: int) -> None:
    """Moves a chain once: first what it loads, then itself, then what sleeps waiting for it.

    Of two chains that enter a splitter and cannot both go on, the one whose turn it is moves first.
    """
    lanes, chains = state.lanes, state.chains
    chains.moved[chain] = chains.moved[ANCHOR]
    head = chains.head[chain]
    for column in range(2):
        if lanes.side[head, column] >= 0:
            ahead = lanes.chain[lanes.side[head, column]]
            if chains.awake[ahead] and chains.moved[ahead] != chains.moved[ANCHOR]:
                advance_chain(state, ahead)
    if lanes.rival[head] >= 0:
        behind = lanes.chain[lanes.rival[head]]
        if chains.moved[behind] != chains.moved[ANCHOR] and _gives_way(state, int(head)):
            chain_wake(state, behind)
            advance_chain(state, behind)
    moved = _move_lanes(state, chain)
    chains.awake[chain] = moved and chains.count[chain] > 0
    if moved or chains.freed[chain]:
        chains.freed[chain] = False
        lane = head
        while True:
            for column in range(2):
                feeder = lanes.feeders[lane, column]
                if feeder < 0:
                    continue
                behind = lanes.chain[feeder]
                if not chains.awake[behind] and chains.count[behind] > 0:
                    chain_wake(state, behind)
                    if chains.moved[behind] != chains.moved[ANCHOR]:
                        advance_chain(state, behind)
            lane = lanes.prev[lane]
            if lane < 0 or lane == head:
                break


@kernel
def _assign(state: State, head: int, loop: bool) -> None:
    """Makes all lanes upstream of `head` one chain; the chain that had this head keeps its row and place."""
    lanes, chains = state.lanes, state.chains
    chain = lanes.chain[head]
    if chain < 0 or chains.head[chain] != head:
        chain = ANCHOR + 1
        while chains.head[chain] >= 0:
            chain += 1
    chains.head[chain] = head
    chains.loop[chain] = loop
    chains.count[chain] = 0
    lane = head
    while True:
        lanes.chain[lane] = chain
        chains.count[chain] += lanes.count[lane]
        lane = lanes.prev[lane]
        if lane < 0 or lane == head:
            break
    if chains.count[chain] > 0:
        chain_wake(state, chain)


@kernel
def chain_connect(state: State, lane: int) -> None:
    """Works out anew the chain that `lane` belongs to. Needs a free row of `Chains`.

    The seam of a loop is behind its oldest belt.
    """
    lanes = state.lanes
    head, oldest = lane, lane
    while lanes.next[head] >= 0 and lanes.next[head] != lane:
        head = lanes.next[head]
        if _age(state, head) < _age(state, oldest):
            oldest = head
    if lanes.next[head] >= 0:
        _assign(state, oldest, True)
    else:
        _assign(state, head, False)


@kernel
def _age(state: State, lane: int) -> int:
    return int(state.entities.serial[state.belts.owner[state.lanes.belt[lane]]])


@kernel
def chain_release(state: State, chain: int) -> None:
    """Frees a chain that has lost its head to another."""
    lanes, chains = state.lanes, state.chains
    head = chains.head[chain]
    if head >= 0 and (lanes.belt[head] < 0 or lanes.chain[head] != chain):
        chain_unlink(state, chain)
        chains.head[chain] = NONE
        chains.loop[chain] = False
        chains.freed[chain] = False
        chains.count[chain] = 0


@kernel
def lane_stretch(state: State, lane: int, length: int) -> None:
    """Gives a lane another length; its items keep their place in proportion, as the game rounds it."""
    lanes = state.lanes
    old = lanes.length[lane]
    lanes.length[lane] = length
    if old > 0:
        for index in range(lanes.count[lane]):
            lanes.pos[lane, index] = lanes.pos[lane, index] * (length - 1) // old


@kernel
def step(state: State) -> None:
    """One tick of all belts."""
    chains = state.chains
    chains.moved[ANCHOR] += 1
    current = chains.moved[ANCHOR]
    chain = chains.older[ANCHOR]
    while chain != ANCHOR:
        following = chains.older[chain]
        if chains.awake[chain] and chains.moved[chain] != current and chains.activated[chain] != current:
            advance_chain(state, chain)
        chain = following
    chain = chains.older[ANCHOR]
    while chain != ANCHOR:
        following = chains.older[chain]
        if not chains.awake[chain]:
            chain_unlink(state, chain)
        chain = following
