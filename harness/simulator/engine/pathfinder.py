"""Path finding for `LuaSurface.request_path`: A* over the cells of a grid, then pulled straight.

A request that prefers straight paths gets one along the axes with few turns instead, every cell of it.

The grid is the documented one: cells of one tile, walked from centre to centre, finer or coarser by powers of two if
the request says so. A walker's box is only as wide as its prototype says, so paths pass the gaps between buildings that
it fits through. The search is exact on the grid, deterministic (ties go to the lower node), and bounded: it looks at a
window about the start and the goal, and at a wider one when it finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_GATE, layer_mask, to_fixed
from harness.simulator.engine.spatial import (
    JOINING_KINDS,
    POINT_MARGIN,
    building_at,
    entity_box,
    first_point,
    joint_meets,
    tile_at,
)
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.engine.terrain import ensure_area

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

FINEST = 3
"""The finest grid that is searched: 2 ** 3 cells along a tile; a request for a finer one gets this."""

COARSEST = -8
"""The coarsest: cells of 256 tiles."""

STRAIGHT = 70
DIAGONAL = 99
"""Costs of a step; 99 / 70 is the square root of two within 0.01 %."""

TURN = 2 * STRAIGHT
"""What a turn costs a path that should be straight."""

MOST_CELLS = 1 << 22
"""Cells a search looks at, at most; there is no way to what lies further."""

MARGINS_TILES = (24, 96)
"""How far the windows reach beyond start and goal, tried in this order."""

LINE_SAMPLE = 32
"""Spacing of the places tested along a straight line, 1/256 tile."""

FREE = 1
BLOCKED = 2


class Walker(NamedTuple):
    """What walks. Distances are 1/256 tile about its centre.

    Attributes:
        left: edge of its box; so `top`, `right`, `bottom`.
        mask: collision layers as bits, as in `EntityPrototypes.mask`.
        ignore: the walker's own entity row, or NONE.
        opens: a force whose gates let it through, or NONE.
        through: force row whose entities are no obstacle, or NONE.
    """

    left: int
    top: int
    right: int
    bottom: int
    mask: int
    ignore: int
    opens: int
    through: int


class _Window(NamedTuple):
    """A grid of nodes, the centres of cells; node n is column n % columns, row n // columns.

    Attributes:
        x: first column, cells; so `y`.
        columns: width, cells; so `rows`.
        step: side of a cell, 1/256 tile.
    """

    x: int
    y: int
    columns: int
    rows: int
    step: int


class _Scratch(NamedTuple):
    """Working arrays of one search, (N,) by node but for the heap."""

    cost: Any
    parent: Any
    ground: Any
    closed: Any
    heap: Any


@kernel
def stands(state: State, surface: int, walker: Walker, x: int, y: int) -> bool:
    """Whether a walker can be at a place."""
    left, top, right, bottom = x + walker.left, y + walker.top, x + walker.right, y + walker.bottom
    for tile_y in range(top >> 8, ((bottom - 1) >> 8) + 1):
        for tile_x in range(left >> 8, ((right - 1) >> 8) + 1):
            tile = tile_at(state, surface, tile_x, tile_y)
            if tile < 0 or (state.tiles.mask[tile] & walker.mask) != 0:
                return False
            if _in_way(state, building_at(state, surface, tile_x, tile_y), walker, left, top, right, bottom):
                return False
    for tile_y in range((top >> 8) - POINT_MARGIN, (bottom >> 8) + POINT_MARGIN + 1):
        for tile_x in range((left >> 8) - POINT_MARGIN, (right >> 8) + POINT_MARGIN + 1):
            other = first_point(state, surface, tile_x, tile_y)
            while other >= 0:
                if _in_way(state, other, walker, left, top, right, bottom):
                    return False
                other = int(state.entities.next_in_tile[other])
    return True


@kernel
def _in_way(state: State, other: int, walker: Walker, left: int, top: int, right: int, bottom: int) -> bool:
    if other < 0 or other == walker.ignore or state.entities.force[other] == walker.through:
        return False
    is_gate = state.prototypes.kind[state.entities.proto[other]] == KIND_GATE
    if is_gate and state.entities.force[other] == walker.opens:
        return False
    if (state.prototypes.mask[state.entities.proto[other]] & walker.mask) == 0:
        return False
    other_left, other_top, other_right, other_bottom = entity_box(state, other)
    if other_left < right and left < other_right and other_top < bottom and top < other_bottom:
        return True
    kind = state.prototypes.kind[state.entities.proto[other]]
    return kind in JOINING_KINDS and joint_meets(state, other, left, top, right, bottom)


@kernel
def line_is_clear(state: State, surface: int, walker: Walker, x: int, y: int, to_x: int, to_y: int) -> bool:
    """Whether a walker can go straight from one place to another."""
    samples = max(abs(to_x - x), abs(to_y - y)) // LINE_SAMPLE + 1
    for sample in range(samples + 1):
        at_x, at_y = x + (to_x - x) * sample // samples, y + (to_y - y) * sample // samples
        if not stands(state, surface, walker, at_x, at_y):
            return False
    return True


@kernel
def _node_x(window: _Window, node: int) -> int:
    return int((window.x + node % window.columns) * window.step + window.step // 2)


@kernel
def _node_y(window: _Window, node: int) -> int:
    return int((window.y + node // window.columns) * window.step + window.step // 2)


@kernel
def _is_free(state: State, surface: int, walker: Walker, window: _Window, scratch: _Scratch, node: int) -> bool:
    if scratch.ground[node] == 0:
        x, y = _node_x(window, node), _node_y(window, node)
        scratch.ground[node] = FREE if stands(state, surface, walker, x, y) else BLOCKED
    return bool(scratch.ground[node] == FREE)


@kernel
def _heap_push(heap: Any, count: int, key: int) -> int:
    at = count
    while at > 0 and heap[(at - 1) >> 1] > key:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = key
    return count + 1


@kernel
def _heap_pop(heap: Any, count: int) -> int:
    """Removes the least key, which the caller has read from `heap[0]`; returns the new count."""
    count -= 1
    key = heap[count]
    at = 0
    while 2 * at + 1 < count:
        child = 2 * at + 1
        if child + 1 < count and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = key
    return count


@kernel
def _estimate(x: int, y: int, goal_x: int, goal_y: int, radius: int, step: int) -> int:
    """No more than the cost that is left: octile distance, less what the radius saves."""
    across, down = abs(goal_x - x), abs(goal_y - y)
    near, far = min(across, down), max(across, down)
    return max(0, (STRAIGHT * (far - near) + DIAGONAL * near - DIAGONAL * (radius + step)) // step)


@kernel
def _arrived(
    state: State, surface: int, walker: Walker, x: int, y: int, goal_x: int, goal_y: int, radius: int, step: int
) -> bool:
    distance = (goal_x - x) * (goal_x - x) + (goal_y - y) * (goal_y - y)
    if distance <= radius * radius:
        return True
    return distance <= step * step and line_is_clear(state, surface, walker, x, y, goal_x, goal_y)


@kernel
def _open_start(
    state: State,
    surface: int,
    walker: Walker,
    window: _Window,
    scratch: _Scratch,
    x: int,
    y: int,
    strict: bool,
    around: int,
) -> int:
    """Opens the nodes up to `around` cells about the start; with `strict` only those it can walk straight to.

    Returns how many.
    """
    count = 0
    for down in range(-around, around + 1):
        for across in range(-around, around + 1):
            column, row = x // window.step + across - window.x, y // window.step + down - window.y
            node = row * window.columns + column
            node_x, node_y = _node_x(window, node), _node_y(window, node)
            if not _is_free(state, surface, walker, window, scratch, node):
                continue
            if strict and not line_is_clear(state, surface, walker, x, y, node_x, node_y):
                continue
            scratch.cost[node] = STRAIGHT * (abs(node_x - x) + abs(node_y - y)) // window.step
            count = _heap_push(scratch.heap, count, (scratch.cost[node] << 24) + node)
    return count


@kernel
def _search(
    state: State,
    surface: int,
    walker: Walker,
    window: _Window,
    scratch: _Scratch,
    x: int,
    y: int,
    goal_x: int,
    goal_y: int,
    radius: int,
    straight: bool,
) -> int:
    """The node at which the goal is reached, its way back in `scratch.parent`; NONE if there is no way."""
    count = _open_start(state, surface, walker, window, scratch, x, y, True, 0) if straight else 0
    if count == 0:
        count = _open_start(state, surface, walker, window, scratch, x, y, True, 1)
    if count == 0:
        count = _open_start(state, surface, walker, window, scratch, x, y, False, 1)
    while count > 0:
        node = scratch.heap[0] & 0xFFFFFF
        count = _heap_pop(scratch.heap, count)
        if scratch.closed[node]:
            continue
        scratch.closed[node] = True
        column, row = node % window.columns, node // window.columns
        node_x, node_y = _node_x(window, node), _node_y(window, node)
        if _arrived(state, surface, walker, node_x, node_y, goal_x, goal_y, radius, window.step):
            return int(node)
        for down in range(-1, 2):
            for across in range(-1, 2):
                if not (0 <= column + across < window.columns and 0 <= row + down < window.rows):
                    continue
                other = node + down * window.columns + across
                if scratch.closed[other] or not _is_free(state, surface, walker, window, scratch, other):
                    continue
                diagonal = across != 0 and down != 0
                if diagonal and straight:
                    continue
                if diagonal and not (
                    _is_free(state, surface, walker, window, scratch, node + across)
                    and _is_free(state, surface, walker, window, scratch, node + down * window.columns)
                ):
                    continue
                cost = scratch.cost[node] + (DIAGONAL if diagonal else STRAIGHT)
                if straight and scratch.parent[node] >= 0 and other - node != node - scratch.parent[node]:
                    cost += TURN
                if cost < scratch.cost[other] and count < len(scratch.heap):
                    scratch.cost[other] = cost
                    scratch.parent[other] = node
                    next_x, next_y = node_x + across * window.step, node_y + down * window.step
                    left = _estimate(next_x, next_y, goal_x, goal_y, radius, window.step)
                    count = _heap_push(scratch.heap, count, ((cost + left) << 24) + other)
    return NONE


@kernel
def _straighten(state: State, surface: int, walker: Walker, path: Any, kept: Any) -> None:
    """Marks the places of a path that are needed when every stretch between them is walked straight."""
    anchor = 0
    kept[0] = True
    for place in range(2, len(path)):
        if not line_is_clear(state, surface, walker, path[anchor, 0], path[anchor, 1], path[place, 0], path[place, 1]):
            anchor = place - 1
            kept[anchor] = True
    kept[len(path) - 1] = True


def walker(
    box: tuple[float, float, float, float],
    layers: Iterable[str],
    *,
    ignore: int = NONE,
    through: int = NONE,
    opens: int = NONE,
) -> Walker:
    """A walker with a bounding box (left, top, right, bottom, tiles about its centre) and collision layers by name."""
    left, top, right, bottom = (to_fixed(side) for side in box)
    mask = layer_mask({"layers": dict.fromkeys(layers, True)})
    return Walker(
        left=left, top=top, right=right, bottom=bottom, mask=mask, ignore=ignore, through=through, opens=opens
    )


def find_path(
    world: World,
    surface: int,
    start: tuple[float, float],
    goal: tuple[float, float],
    *,
    radius: float,
    walker: Walker,
    resolution: int = 0,
    straight: bool = False,
) -> list[tuple[float, float]] | None:
    """Waypoints (tiles) from after the start to within `radius` tiles of the goal, or None when there is no way.

    A cell is 2 ** -resolution tiles wide. Where no centre of a cell lies within `radius`, the last waypoint is the goal
    itself if the walker can stand there. With `straight` every step is along an axis and turns are few.

    Source: `path_resolution_modifier` in the documentation of `LuaSurface.request_path`.
    """
    x, y, goal_x, goal_y = (round(value * UNIT) for value in (*start, *goal))
    reach = round(radius * UNIT)
    resolution = min(max(resolution, COARSEST), FINEST)
    step = UNIT >> resolution if resolution >= 0 else UNIT << -resolution
    for margin in MARGINS_TILES:
        window = _window(x, y, goal_x, goal_y, margin, step)
        if window.columns * window.rows > MOST_CELLS:
            return None
        _make_ground(world, surface, window)
        scratch = _new_scratch(window.columns * window.rows)
        node = _search(world.state, surface, walker, window, scratch, x, y, goal_x, goal_y, reach, straight)
        if node >= 0:
            places = _way_back(window, scratch, int(node))
            if (places[-1][0] - goal_x) ** 2 + (places[-1][1] - goal_y) ** 2 > reach**2:
                places.append((goal_x, goal_y))
            if straight:
                return [(x / UNIT, y / UNIT) for x, y in places]
            return _waypoints(world, surface, walker, [(x, y), *places])
    return None


def _window(x: int, y: int, goal_x: int, goal_y: int, margin: int, step: int) -> _Window:
    steps = max(2, margin * UNIT // step)
    left, top = min(x, goal_x) // step - steps, min(y, goal_y) // step - steps
    right, bottom = max(x, goal_x) // step + steps, max(y, goal_y) // step + steps
    return _Window(x=left, y=top, columns=right - left + 1, rows=bottom - top + 1, step=step)


def _make_ground(world: World, surface: int, window: _Window) -> None:
    """Makes the chunks the window lies on, and those a box at its rim may touch."""
    step = window.step
    left, top = window.x * step // UNIT - 1, window.y * step // UNIT - 1
    right, bottom = (window.x + window.columns) * step // UNIT + 1, (window.y + window.rows) * step // UNIT + 1
    ensure_area(world, surface, left, top, right, bottom)


def _new_scratch(nodes: int) -> _Scratch:
    return _Scratch(
        cost=np.full(nodes, np.iinfo(np.int32).max, np.int64),
        parent=np.full(nodes, NONE, np.int32),
        ground=np.zeros(nodes, np.int8),
        closed=np.zeros(nodes, np.bool_),
        heap=np.zeros(4 * nodes, np.int64),
    )


def _way_back(window: _Window, scratch: _Scratch, node: int) -> list[tuple[int, int]]:
    places = []
    while node >= 0:
        places.append((int(_node_x(window, node)), int(_node_y(window, node))))
        node = int(scratch.parent[node])
    return places[::-1]


def _waypoints(world: World, surface: int, walker: Walker, places: list[tuple[int, int]]) -> list[tuple[float, float]]:
    path = np.array(places, np.int64)
    kept = np.zeros(len(path), np.bool_)
    _straighten(world.state, surface, walker, path, kept)
    return [(int(x) / UNIT, int(y) / UNIT) for x, y in path[kept][1:]]
