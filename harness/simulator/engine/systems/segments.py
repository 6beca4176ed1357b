"""How fluid segments join and fall apart; `fluids.py` moves what is in them.

Joined segments add up (temperature by amount). A segment that falls apart is shared out by capacity, and what was in
a removed part stays with the rest as far as it fits. Everybody who waited at a segment that changed looks again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import numpy as np

from harness.data import prototypes as data
from harness.simulator.engine.systems.fluid_tables import NUM_PORTS, PASS, FluidBoxes, Segments
from harness.simulator.engine.systems.fluids import got_fluid, got_room, wake_box, whole_grains
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

MAX_EXTENT_TILES: int = data.others("utility-constants")["default"]["default_pipeline_extent"]
"""Longest side of a segment's bounding box; no prototype of the base game has a limit of its own."""


def new_segment(world: World, rows: list[int]) -> int:
    """An empty segment of these boxes."""
    segment = world.storage.new_row("segments", "id")
    segments = table(world)
    segments.id[segment] = segments.last_id[segment] = int(segments.last_id.max()) + 1
    _gather(world, segment, rows)
    return segment


def merge(world: World, first: int, second: int) -> None:
    """Makes one segment of two that hold no different fluids; the older number stays."""
    segments, boxes = table(world), _boxes(world)
    wake(world, first)
    wake(world, second)
    keep, lose = (first, second) if segments.id[first] < segments.id[second] else (second, first)
    amount, more = float(segments.amount[keep]), float(segments.amount[lose])
    if more > 0:
        heat = amount * segments.temperature[keep] + more * segments.temperature[lose]
        segments.temperature[keep] = heat / (amount + more)
        segments.fluid[keep] = segments.fluid[lose]
    segments.amount[keep] = amount + more
    segments.capacity[keep] += segments.capacity[lose]
    segments.filter[keep] = max(int(segments.filter[keep]), int(segments.filter[lose]))
    segments.left[keep] = min(int(segments.left[keep]), int(segments.left[lose]))
    segments.top[keep] = min(int(segments.top[keep]), int(segments.top[lose]))
    segments.right[keep] = max(int(segments.right[keep]), int(segments.right[lose]))
    segments.bottom[keep] = max(int(segments.bottom[keep]), int(segments.bottom[lose]))
    boxes.segment[boxes.segment == lose] = keep
    _free(world, lose)
    _judge_extent(world, keep)


def refresh(world: World, changed: Iterable[int]) -> None:
    """Finds the parts of segments that lost a box or a link, and shares their contents out by capacity."""
    for segment in sorted(changed):
        wake(world, segment)
        left = set(members(world, segment))
        parts = []
        while left:
            parts.append(_component(world, min(left)))
            left -= parts[-1]
        if parts:
            _share_out(world, segment, sorted(parts, key=lambda part: (-len(part), min(part))))
        else:
            _free(world, segment)


def members(world: World, segment: int) -> list[int]:
    """Rows of the boxes that share a segment, in row order."""
    boxes = _boxes(world)
    found: list[int] = np.flatnonzero((boxes.owner >= 0) & (boxes.segment == segment)).tolist()
    return found


def lock(world: World, segment: int, fluid: int) -> None:
    """Keeps a segment for the fluid that a machine joined to it takes or gives."""
    table(world).filter[segment] = fluid


def empty(world: World, segment: int) -> float:
    """Throws away all that is in a segment, even in one that is too long to flow; returns how much."""
    segments = table(world)
    held = float(segments.amount[segment])
    segments.amount[segment], segments.fluid[segment] = 0.0, NONE
    wake(world, segment)
    return held


def wake(world: World, segment: int) -> None:
    """Everybody who waits at the segment looks again."""
    got_fluid(world.state, segment)
    got_room(world.state, segment)


def kinds(world: World, segment: int) -> set[int]:
    """The fluids a segment holds or is kept for."""
    segments = table(world)
    held = int(segments.fluid[segment]) if segments.amount[segment] > 0 else NONE
    return {held, int(segments.filter[segment])} - {NONE}


def table(world: World) -> Segments:
    """The segments."""
    return cast(Segments, world.storage.tables["segments"])


def _share_out(world: World, segment: int, parts: list[set[int]]) -> None:
    """The first part keeps the segment and whatever rounding leaves over."""
    fluid, amount = int(table(world).fluid[segment]), float(table(world).amount[segment])
    temperature = float(table(world).temperature[segment])
    capacities = [float(_boxes(world).capacity[sorted(part)].sum()) for part in parts]
    shares = [min(own, float(whole_grains(amount * own / sum(capacities)))) for own in capacities]
    shares[0] = min(capacities[0], amount - sum(shares[1:]))
    for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
        where = segment if number == 0 else new_segment(world, sorted(part))
        _gather(world, where, sorted(part))
        segments = table(world)
        segments.fluid[where], segments.amount[where] = (fluid, share) if share > 0 else (NONE, 0.0)
        segments.temperature[where] = temperature


def _component(world: World, box: int) -> set[int]:
    boxes = _boxes(world)
    found, edge = {box}, [box]
    while edge:
        for other in boxes.port_link[edge.pop()].tolist():
            if other >= 0 and boxes.role[other] == PASS and other not in found:
                found.add(other)
                edge.append(other)
    return found


def _gather(world: World, segment: int, rows: list[int]) -> None:
    """Makes exactly these boxes the segment's members."""
    boxes, segments = _boxes(world), table(world)
    boxes.segment[rows] = segment
    segments.capacity[segment] = boxes.capacity[rows].sum()
    links = boxes.port_link[rows]
    joined = links[links >= 0]
    joined = joined[boxes.role[joined] != PASS]
    segments.filter[segment] = max(int(boxes.filter[rows].max()), int(boxes.filter[joined].max(initial=NONE)))
    used = boxes.port_flow[rows] > 0
    columns, lines = boxes.port_x[rows][used], boxes.port_y[rows][used]
    segments.left[segment], segments.right[segment] = int(columns.min()), int(columns.max())
    segments.top[segment], segments.bottom[segment] = int(lines.min()), int(lines.max())
    _judge_extent(world, segment)


def _judge_extent(world: World, segment: int) -> None:
    """Sees whether the segment is longer than the game allows; machines joined to it then show it."""
    segments, boxes = table(world), _boxes(world)
    width = int(segments.right[segment]) - int(segments.left[segment]) + 1
    height = int(segments.bottom[segment]) - int(segments.top[segment]) + 1
    before = bool(segments.overextended[segment])
    segments.overextended[segment] = max(width, height) > MAX_EXTENT_TILES
    if before == bool(segments.overextended[segment]):
        return
    rows = members(world, segment)
    links = boxes.port_link[rows].reshape(len(rows) * NUM_PORTS)
    for box in sorted({*rows, *links[links >= 0].tolist()}):
        wake_box(world.state, box)
        world.wake(int(boxes.owner[box]))


def _free(world: World, segment: int) -> None:
    last_id = int(table(world).last_id[segment])
    world.storage.free_row("segments", segment)
    table(world).last_id[segment] = last_id


def _boxes(world: World) -> FluidBoxes:
    return cast(FluidBoxes, world.storage.tables["fluid_boxes"])
