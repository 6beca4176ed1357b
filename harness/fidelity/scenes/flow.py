"""Belts that are kept full at one end and empty at the other, which many scenes need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.fidelity.scene import EAST, NORTH, SECOND, SOUTH, WEST, Scene

STEPS = {NORTH: (0, -1), EAST: (1, 0), SOUTH: (0, 1), WEST: (-1, 0)}
"""One tile on, by direction."""


def line_of_belts(scene: Scene, name: str, tile_x: int, tile_y: int, length: int, direction: int) -> list[int]:
    """Belts in a row, the first upstream."""
    step_x, step_y = STEPS[direction]
    return [
        scene.build(name, tile_x + number * step_x + 0.5, tile_y + number * step_y + 0.5, direction)
        for number in range(length)
    ]


def fill(scene: Scene, belt: int, item: str = "iron-plate", lanes: Iterable[int] = (1, 2)) -> int:
    """Puts an item at the back of each lane that has room; gives how many went on."""
    return sum(
        bool(scene.tell(belt, f"return e.get_transport_line({lane}).insert_at_back{{name = '{item}', count = 1}}"))
        for lane in lanes
    )


def drain(scene: Scene, belt: int, lanes: Iterable[int] = (1, 2)) -> int:
    """Takes everything off a belt; gives how many it was."""
    return sum(
        int(scene.tell(belt, f"local l = e.get_transport_line({lane}); local n = #l; l.clear(); return n"))
        for lane in lanes
    )


def drained(scene: Scene, belt: int, ticks: int, lanes: Iterable[int] = (1, 2)) -> int:
    """Items that arrive on a belt in so many ticks, each taken off at once."""
    lanes = tuple(lanes)
    total = 0
    for _ in range(ticks):
        scene.run(1)
        total += drain(scene, belt, lanes)
    return total


def on_lane(scene: Scene, belt: int, lane: int) -> int:
    """Items on a line of a belt."""
    return int(scene.ask(belt, f"#e.get_transport_line({lane})"))


def through(scene: Scene, sources: Sequence[int], sinks: Sequence[int], item: str = "iron-plate") -> list[float]:
    """Items a second that come out at each sink while the sources are kept full, over 20 seconds after 10."""
    warm_up, ticks = 600, 1200
    counts = [0] * len(sinks)
    for number in range(warm_up + ticks):
        for belt in sources:
            fill(scene, belt, item)
        scene.run(1)
        arrived = [drain(scene, belt) for belt in sinks]
        if number >= warm_up:
            counts = [count + new for count, new in zip(counts, arrived, strict=True)]
    return [count * SECOND / ticks for count in counts]
