"""Lines of belts and the lanes they are made of: the way underground is one line over several lanes."""

from __future__ import annotations

from harness.simulator.engine.tables import NONE
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import tables

SURFACE_LINES = 2
"""Lines that every belt has; the first two of an underground belt are on the surface."""


def lanes_of(game: Game, row: int, line: int) -> list[int]:
    """The lanes of a line of a belt entity, downstream first; none where the belt has no such line now."""
    belts, lanes = tables.belts(game), tables.lanes(game)
    belt = int(game.world.entities.component[row])
    last = int(belts.lane[belt, line - 1])
    if last < 0:
        return []
    found = [last]
    if line <= SURFACE_LINES or game.world.type_of(row) != "underground-belt":
        return found
    above = belts.lane[belt, :SURFACE_LINES].tolist()
    before = int(lanes.prev[last])
    while before >= 0 and int(lanes.belt[before]) == belt and before not in above:
        found.append(before)
        before = int(lanes.prev[before])
    return found


def lane_at(game: Game, row: int, line: int, position: int) -> tuple[int, int]:
    """The lane that holds a place of a line (1/256 tile from its end), and the place on it; NONE past the line."""
    lanes, left = lanes_of(game, row, line), position
    for lane in lanes:
        length = int(tables.lanes(game).length[lane])
        if left < length or lane == lanes[-1]:
            return lane, left
        left -= length
    return NONE, 0


def lane_of_item(game: Game, row: int, line: int, index: int) -> tuple[int, int]:
    """Lane and index on it of the item that is `index` places (from 0) from a line's front; NONE if there is none."""
    left = index
    for lane in lanes_of(game, row, line):
        count = int(tables.lanes(game).count[lane])
        if left < count:
            return lane, left
        left -= count
    return NONE, 0
