"""How an inserter's arm moves in a tick and what that costs.

The arm turns and extends at once. It has arrived when both are on target in the same tick; a rest of less than one step
is skipped, for the turn only once the extension has arrived. With too little energy the extension is paid first.

Source: rules measured with the game (2.0.60) for burner inserters; other inserters follow the same law with their own
speeds. Turns are single precision in the game, so they are here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.power import energy_changed, power_satisfaction
from harness.simulator.engine.tables import UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

FREE_LENGTH = 0.001
"""Tiles of extension that cost nothing."""


@kernel
def turn_towards(x: int, y: int) -> np.float32:
    """Orientation of a point seen from the arm's root, single precision, 0..1 clockwise from north."""
    turn = np.float32(math.atan2(float(x), float(-y)) / (2.0 * math.pi))
    return np.float32(turn + np.float32(1.0)) if turn < np.float32(0.0) else turn


@kernel
def length_to(x: int, y: int) -> float:
    """Tiles from the arm's root to a point given in 1/256 tile."""
    return math.sqrt(float(x * x + y * y)) / UNIT


@kernel
def _turn_left_to_go(turn: float, goal: np.float32) -> np.float32:
    """Turns from one orientation to another, the short way; a half turn goes against its sign."""
    rest = np.float32(np.float32(goal) - np.float32(turn))
    if rest >= np.float32(0.5):
        return np.float32(rest - np.float32(1.0))
    if rest <= np.float32(-0.5):
        return np.float32(rest + np.float32(1.0))
    return rest


@kernel
def _pace(state: State, inserter: int) -> float:
    """Part of its full speed: short of electricity an arm slows with its network. Source: wiki page Inserters."""
    consumer = state.entities.electric[state.inserters.owner[inserter]]
    if consumer < 0 or state.consumers.network[consumer] < 0:
        return 1.0
    return float(power_satisfaction(state, consumer))


@kernel
def _extend(state: State, inserter: int, goal: float, budget: float, pace: float) -> float:
    """Moves the extension and returns what that costs, joules."""
    inserters = state.inserters
    rest = goal - inserters.length[inserter]
    if abs(rest) < FREE_LENGTH:
        inserters.length[inserter] = goal
        return 0.0
    joules = inserters.length_joules[inserter]
    speed = inserters.length_speed[inserter] * pace
    step = min(abs(rest), speed)
    if step * joules > budget:
        step = budget / joules
    cost = step * joules
    if step == abs(rest):
        inserters.length[inserter] = goal
        return cost
    inserters.length[inserter] += math.copysign(step, rest)
    if step > 0.0 and abs(goal - inserters.length[inserter]) < speed:
        inserters.length[inserter] = goal
    return cost


@kernel
def _rotate(state: State, inserter: int, goal: np.float32, budget: float, pace: float) -> float:
    """Moves the turn and returns what that costs, joules; call it after `_extend`, with the rest of the budget."""
    inserters = state.inserters
    rest = np.float32(_turn_left_to_go(inserters.turn[inserter], goal))
    joules = inserters.turn_joules[inserter]
    speed = np.float32(inserters.turn_speed[inserter] * pace)
    step = np.float32(min(np.float32(abs(rest)), speed))
    if float(step) * joules > budget:
        step = np.float32(budget / joules)
    if step == np.float32(abs(rest)):
        inserters.turn[inserter] = goal
        return float(step) * joules
    turn = np.float32(np.float32(inserters.turn[inserter]) + (step if rest > np.float32(0.0) else -step))
    if turn < np.float32(0.0):
        turn = np.float32(turn + np.float32(1.0))
    elif turn >= np.float32(1.0):
        turn = np.float32(turn - np.float32(1.0))
    inserters.turn[inserter] = turn
    return float(step) * joules


@kernel
def _settle(state: State, inserter: int, goal: np.float32, pace: float) -> None:
    """Skips a rest of the turn that is less than a step."""
    rest = np.float32(_turn_left_to_go(state.inserters.turn[inserter], goal))
    if np.float32(abs(rest)) < np.float32(state.inserters.turn_speed[inserter] * pace):
        state.inserters.turn[inserter] = goal


@kernel
def arm_move(state: State, inserter: int, turn: np.float32, length: float) -> bool:
    """Moves an arm towards a target for one tick, paid from the entity's buffer; returns whether it has arrived."""
    inserters = state.inserters
    entity = inserters.owner[inserter]
    budget = state.entities.energy[entity]
    pace = _pace(state, inserter)
    cost = _extend(state, inserter, length, budget, pace)
    moved = cost > 0.0 or inserters.length[inserter] == length
    spent = _rotate(state, inserter, turn, budget - cost, pace)
    if inserters.length[inserter] == length and moved and spent > 0.0:
        _settle(state, inserter, turn, pace)
    state.entities.energy[entity] = max(0.0, budget - cost - spent)
    energy_changed(state, entity)
    arrived: bool = inserters.length[inserter] == length and np.float32(inserters.turn[inserter]) == np.float32(turn)
    return arrived


@kernel
def hand_x(state: State, inserter: int) -> int:
    """Where the hand is, 1/256 tile from the inserter's centre, cut towards zero."""
    turn = 2.0 * math.pi * state.inserters.turn[inserter]
    return int(UNIT * state.inserters.length[inserter] * math.sin(turn))


@kernel
def hand_y(state: State, inserter: int) -> int:
    """Where the hand is, 1/256 tile from the inserter's centre, cut towards zero."""
    turn = 2.0 * math.pi * state.inserters.turn[inserter]
    return int(-UNIT * state.inserters.length[inserter] * math.cos(turn))
