"""The order in which chains of lanes move, their sleep, and who is told when one of them changes.

Chains that move are tied into a ring, last activated first. A chain in which nothing can move sleeps and leaves it.
Who waits for a belt is told:

- inserters that take from a belt, when an item comes onto one of its lanes (`lane_got_item`);
- inserters that sleep because a whole line carries nothing for them, when an item is put on it (`line_got_item`);
- inserters and drills that wait for room on a belt whose line stands still, when it starts to move (`await_line`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.belt_tables import ANCHOR
from harness.simulator.engine.systems.waiting import join_order, wake_waiters

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


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
    if chains.awaited[chain]:
        line_moves(state, chain)


@kernel
def line_moves(state: State, chain: int) -> None:
    """Wakes whoever waits for one of the belts of a chain."""
    lanes, head = state.lanes, state.chains.head[chain]
    state.chains.awaited[chain] = False
    lane = head
    while True:
        wake_waiters(state, int(state.belts.owner[lanes.belt[lane]]))
        lane = lanes.prev[lane]
        if lane < 0 or lane == head:
            break


@kernel
def await_line(state: State, lane: int) -> bool:
    """Whether a chain stands still; whoever is listed as waiting for one of its belts is then told when it moves."""
    chain = state.lanes.chain[lane]
    if state.chains.awake[chain]:
        return False
    state.chains.awaited[chain] = True
    return True


@kernel
def lane_got_item(state: State, lane: int) -> None:
    """Tells the inserters that take from a belt that there is something new on one of its lanes."""
    taker = state.belts.taker[state.lanes.belt[lane]]
    while taker >= 0:
        if state.inserters.place[taker] >= 0:
            join_order(state, taker)
        taker = state.inserters.next_taker[taker]


@kernel
def line_got_item(state: State, chain: int) -> None:
    """Tells the inserters that take from any belt of a chain that there is something new on the line."""
    lanes, head = state.lanes, state.chains.head[chain]
    state.chains.heard[chain] = False
    lane = head
    while True:
        if lanes.watched[lane]:
            lane_got_item(state, lane)
        lane = lanes.prev[lane]
        if lane < 0 or lane == head:
            break
