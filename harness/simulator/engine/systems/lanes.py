"""Items on belt lanes: where they lie, and how one is put on or taken off.

A lane is one side of one belt tile. Lanes that continue into each other form a chain, the game's transport line. Which
lanes a belt has and where they lead is `belts.py`, how a chain is made `chain_links.py`, how items move `convey.py`.

Positions are 1/256 tile from the lane's downstream end; items are kept front first. What is put on a lane is moved on
by its speed at once, so it reads one step further in the tick it was put there.

Work is in proportion to what moves: the lanes of a chain that hold items form a list, and those from its downstream end
on in which nothing moves are passed over until an item near them comes or goes.

Source: readings of the game, `tests/data/real_game/belts-inserters.json`, and rules measured with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.clock import NEXT_BELT_ITEM
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.belt_tables import ITEM_GAP, LOST, MAX_LANE_ITEMS, MOVING
from harness.simulator.engine.systems.chains import chain_wake, lane_got_item, line_got_item
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def start_at(state: State, chain: int, lane: int) -> None:
    """Makes the next pass over a chain begin at this lane that holds items, or before it."""
    start = state.chains.start[chain]
    if start < 0 or state.lanes.rank[lane] < state.lanes.rank[start]:
        state.chains.start[chain] = lane


@kernel
def _list(state: State, lane: int) -> None:
    """Puts a lane that got its first item into its chain's list."""
    lanes, chains = state.lanes, state.chains
    chain, rank = lanes.chain[lane], lanes.rank[lane]
    ahead, behind = NONE, chains.front[chain]
    if chains.back[chain] >= 0 and lanes.rank[chains.back[chain]] < rank:
        ahead, behind = int(chains.back[chain]), NONE
    elif behind >= 0 and lanes.rank[behind] < rank:
        ahead = int(lanes.next[lane])
        while lanes.count[ahead] == 0:
            ahead = int(lanes.next[ahead])
        behind = lanes.behind[ahead]
    link(state, lane, ahead, int(behind))


@kernel
def link(state: State, lane: int, ahead: int, behind: int) -> None:
    """Puts a lane into its chain's list of lanes with items, between two of them or NONE."""
    lanes, chains = state.lanes, state.chains
    lanes.ahead[lane] = ahead
    lanes.behind[lane] = behind
    if ahead >= 0:
        lanes.behind[ahead] = lane
    else:
        chains.front[lanes.chain[lane]] = lane
    if behind >= 0:
        lanes.ahead[behind] = lane
    else:
        chains.back[lanes.chain[lane]] = lane


@kernel
def _unlist(state: State, lane: int) -> None:
    """Takes a lane that lost its last item out of its chain's list; `behind` stays, a pass may stand here."""
    lanes, chains = state.lanes, state.chains
    chain, ahead, behind = lanes.chain[lane], lanes.ahead[lane], lanes.behind[lane]
    if ahead >= 0:
        lanes.behind[ahead] = behind
    else:
        chains.front[chain] = behind
    if behind >= 0:
        lanes.ahead[behind] = ahead
    else:
        chains.back[chain] = ahead
    if chains.start[chain] == lane:
        chains.start[chain] = behind


@kernel
def slot_in(state: State, lane: int, index: int, item: int, unique: int, pos: int) -> None:
    """Puts an item into a lane's list of items."""
    lanes = state.lanes
    if lanes.count[lane] == 0:
        _list(state, lane)
    for slot in range(lanes.count[lane], index, -1):
        lanes.item_id[lane, slot] = lanes.item_id[lane, slot - 1]
        lanes.unique[lane, slot] = lanes.unique[lane, slot - 1]
        lanes.pos[lane, slot] = lanes.pos[lane, slot - 1]
    lanes.item_id[lane, index] = item
    lanes.unique[lane, index] = unique
    lanes.pos[lane, index] = pos
    lanes.count[lane] += 1
    lanes.still[lane] = MOVING
    if lanes.watched[lane]:
        lane_got_item(state, lane)


@kernel
def slot_out(state: State, lane: int, index: int) -> None:
    """Takes an item out of a lane's list of items."""
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
    if last == 0:
        _unlist(state, lane)


@kernel
def onward_of(state: State, lane: int) -> int:
    """The lane it continues into; NONE at the seam of a loop."""
    if state.chains.head[state.lanes.chain[lane]] == lane:
        return NONE
    return int(state.lanes.next[lane])


@kernel
def lane_place(state: State, lane: int, entry: int) -> tuple[int, int, int]:
    """Where an item that enters a lane at `entry` comes to lie: index, position, position of the item ahead.

    That is `entry`, or the first place behind it that is clear of the items ahead. The index is NONE if that is a gap
    or more behind `entry`; items further upstream are not asked.
    """
    lanes = state.lanes
    count = int(lanes.count[lane])
    place, ahead = int(entry), -2 * ITEM_GAP
    if count == MAX_LANE_ITEMS:
        return NONE, place, ahead
    onward = onward_of(state, lane)
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
    index, place, ahead = lane_place(state, lane, entry)
    if index < 0:
        return False
    place = max(place - travel, min(place, ahead + ITEM_GAP))
    if place >= lanes.length[lane]:
        return False
    chain, onward = int(lanes.chain[lane]), onward_of(state, lane)
    if place < 0 and onward >= 0 and lanes.count[onward] < MAX_LANE_ITEMS:
        slot_in(state, onward, int(lanes.count[onward]), item, unique, place + int(lanes.length[onward]))
        start_at(state, chain, onward)
    else:
        slot_in(state, lane, index, item, unique, max(place, 0))
        start_at(state, chain, lane)
    state.chains.count[chain] += 1
    if state.chains.heard[chain]:
        line_got_item(state, chain)
    chain_wake(state, chain)
    return True


@kernel
def lane_add(state: State, lane: int, item: int, entry: int) -> bool:
    """Puts a new item on a lane at `entry`, as a drop or a script does; returns whether it went on."""
    state.clock[NEXT_BELT_ITEM] += 1
    return lane_put(state, lane, item, int(state.clock[NEXT_BELT_ITEM]), entry, int(state.lanes.speed[lane]))


@kernel
def lane_take(state: State, lane: int, index: int) -> int:
    """Takes the item at `index` (0 is the front) off a lane and returns it."""
    lanes, chains = state.lanes, state.chains
    item, chain = int(lanes.item_id[lane, index]), int(lanes.chain[lane])
    slot_out(state, lane, index)
    if lanes.count[lane] > 0:
        lanes.still[lane] = LOST
        start_at(state, chain, lane)
    elif lanes.behind[lane] >= 0:
        lanes.still[lanes.behind[lane]] = MOVING
        start_at(state, chain, int(lanes.behind[lane]))
    chains.count[chain] -= 1
    chains.freed[chain] = True
    chain_wake(state, chain)
    return item
