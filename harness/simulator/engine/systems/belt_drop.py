"""Where on a belt a point lies, and the other way round: drops from drills and inserters, and items an arm reaches for.

A drop goes on the lane of that half of the tile, at the drop point's distance from the downstream end; on a turn on the
lane of the nearer corner at half its length. Items on a turn lie on a quarter circle about its inner corner, each
coordinate cut to 1/256 tile.

Source: readings of the game, `belts-inserters.json`; for turns all 401 points of factory-sim's table of the game's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_SPLITTER, KIND_UNDERGROUND
from harness.simulator.engine.systems.belt_tables import LEFT, STRAIGHT
from harness.simulator.engine.systems.lanes import lane_add

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

TILE_UNITS = 256
HALF_UNITS = 128
LANE_OFFSET = 60
"""1/256 tile from a belt's middle to a lane."""

INNER_RADIUS = 0.265 * TILE_UNITS
OUTER_RADIUS = 0.735 * TILE_UNITS
"""1/256 tile: lanes are 0.235 tile from a belt's middle."""


@kernel
def step_x(direction: int) -> int:
    """East-west part of a direction: 1, 0 or -1."""
    if direction == 4:
        return 1
    return -1 if direction == 12 else 0


@kernel
def step_y(direction: int) -> int:
    """North-south part of a direction: 1, 0 or -1; south is 1."""
    if direction == 8:
        return 1
    return -1 if direction == 0 else 0


@kernel
def _tile_side(state: State, belt: int, x: int, y: int) -> int:
    """Which of a splitter's two tiles a point lies on; 0 for other belts."""
    if state.belts.tile_x[belt, 1] == x >> 8 and state.belts.tile_y[belt, 1] == y >> 8:
        return 0 if state.belts.tile_x[belt, 0] == x >> 8 and state.belts.tile_y[belt, 0] == y >> 8 else 1
    return 0


@kernel
def drop_lane(state: State, belt: int, x: int, y: int) -> tuple[int, int]:
    """The lane row and position where a drop at a point of the belt goes."""
    direction = state.entities.direction[state.belts.owner[belt]]
    ahead_x, ahead_y = step_x(direction), step_y(direction)
    side = _tile_side(state, belt, x, y)
    away_x = x - (state.belts.tile_x[belt, side] * TILE_UNITS + HALF_UNITS)
    away_y = y - (state.belts.tile_y[belt, side] * TILE_UNITS + HALF_UNITS)
    entry = min(max(HALF_UNITS - (away_x * ahead_x + away_y * ahead_y), 0), TILE_UNITS - 1)
    rightward = away_y * ahead_x - away_x * ahead_y
    column = 0 if rightward < 0 else 1
    bend = state.belts.bend[belt]
    if bend != STRAIGHT:
        inner = 0 if bend == LEFT else 1
        forward = away_x * ahead_x + away_y * ahead_y
        column = inner if forward > (rightward if bend == LEFT else -rightward) else 1 - inner
        lane = int(state.belts.lane[belt, column])
        return lane, int(state.lanes.length[lane] // 2)
    kind = state.prototypes.kind[state.entities.proto[state.belts.owner[belt]]]
    if kind == KIND_SPLITTER:
        column += 2 * side + (0 if entry >= HALF_UNITS else 4)
        return int(state.belts.lane[belt, column]), entry % HALF_UNITS
    if kind == KIND_UNDERGROUND:
        entry = max(entry - HALF_UNITS, 0) if state.belts.input[belt] else min(entry, HALF_UNITS - 1)
    return int(state.belts.lane[belt, column]), entry


@kernel
def belt_insert_at_drop_point(state: State, belt: int, x: int, y: int, item: int) -> bool:
    """Drops one item at a point (1/256 tile) over a belt (row in `Belts`); returns whether it went on."""
    lane, entry = drop_lane(state, belt, x, y)
    return lane_add(state, lane, item, entry)


@kernel
def lane_point(state: State, belt: int, column: int, pos: int) -> tuple[int, int]:
    """Where an item at `pos` of a belt's lane lies on the map, 1/256 tile."""
    direction = state.entities.direction[state.belts.owner[belt]]
    ahead_x, ahead_y = step_x(direction), step_y(direction)
    kind = state.prototypes.kind[state.entities.proto[state.belts.owner[belt]]]
    tile = (column // 2) % 2 if kind == KIND_SPLITTER else 0
    middle_x = state.belts.tile_x[belt, tile] * TILE_UNITS + HALF_UNITS
    middle_y = state.belts.tile_y[belt, tile] * TILE_UNITS + HALF_UNITS
    bend = state.belts.bend[belt]
    if bend != STRAIGHT:
        lane = state.belts.lane[belt, column]
        towards = -1 if bend == LEFT else 1
        radius = INNER_RADIUS if (column == 0) == (bend == LEFT) else OUTER_RADIUS
        angle = pos / state.lanes.length[lane] * (math.pi / 2)
        across, back = int(radius * math.cos(angle)), int(radius * math.sin(angle))
        forward, rightward = HALF_UNITS - back, towards * (HALF_UNITS - across)
    else:
        behind = pos
        if (kind == KIND_UNDERGROUND and state.belts.input[belt]) or (kind == KIND_SPLITTER and column < 4):
            behind += HALF_UNITS
        forward, rightward = HALF_UNITS - behind, LANE_OFFSET if column % 2 == 1 else -LANE_OFFSET
    return (
        int(middle_x + forward * ahead_x - rightward * ahead_y),
        int(middle_y + forward * ahead_y + rightward * ahead_x),
    )
