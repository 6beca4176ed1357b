"""Which lanes form a chain: worked out when belts are built, turned or removed. Kernels only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.belt_tables import ANCHOR, MOVING
from harness.simulator.engine.systems.chains import chain_unlink, chain_wake, line_got_item, line_moves
from harness.simulator.engine.systems.lanes import link
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State


@kernel
def _assign(state: State, head: int, loop: bool) -> None:
    """Makes all lanes upstream of `head` one chain; the chain that had this head keeps its row and place."""
    lanes, chains = state.lanes, state.chains
    chain = int(lanes.chain[head])
    if chain < 0 or chains.head[chain] != head:
        chain = ANCHOR + 1
        while chains.head[chain] >= 0:
            chain += 1
    chains.head[chain] = head
    chains.loop[chain] = loop
    chains.count[chain] = 0
    chains.front[chain] = NONE
    chains.back[chain] = NONE
    chains.fed[chain] = NONE
    lane, rank, fed = head, 0, NONE
    while True:
        lanes.chain[lane] = chain
        lanes.rank[lane] = rank
        lanes.still[lane] = MOVING
        lanes.next_fed[lane] = NONE
        chains.count[chain] += lanes.count[lane]
        if lanes.count[lane] > 0:
            link(state, lane, int(chains.back[chain]), NONE)
        if lanes.feeders[lane, 0] >= 0 or lanes.feeders[lane, 1] >= 0:
            if fed < 0:
                chains.fed[chain] = lane
            else:
                lanes.next_fed[fed] = lane
            fed = lane
        rank += 1
        lane = int(lanes.prev[lane])
        if lane < 0 or lane == head:
            break
    chains.start[chain] = chains.front[chain]
    if chains.count[chain] > 0:
        chain_wake(state, chain)
    line_moves(state, chain)
    line_got_item(state, chain)


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
        chains.front[chain] = NONE
        chains.back[chain] = NONE
        chains.start[chain] = NONE
        chains.fed[chain] = NONE
        chains.awaited[chain] = False
        chains.heard[chain] = False


@kernel
def lane_stretch(state: State, lane: int, length: int) -> None:
    """Gives a lane another length; its items keep their place in proportion, as the game rounds it."""
    lanes = state.lanes
    old = lanes.length[lane]
    lanes.length[lane] = length
    if old > 0:
        for index in range(lanes.count[lane]):
            lanes.pos[lane, index] = lanes.pos[lane, index] * (length - 1) // old
