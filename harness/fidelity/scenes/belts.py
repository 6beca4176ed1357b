"""Belts, underground belts and splitters: checks 50 to 62."""

from __future__ import annotations

from collections.abc import Mapping

from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import EAST, NORTH, SOUTH, Scene
from harness.fidelity.scenes.flow import drain, fill, line_of_belts, on_lane, through

Measured = Mapping[str, Value]

LEFT, RIGHT = 1, 2
"""Lines of a belt, by `defines.transport_line`."""

PHASES = 16
"""Twice the 1/256 tiles that a yellow belt moves in a tick."""


def inserter_far_lane() -> Measured:
    """Check 50."""
    scene = Scene()
    scene.electricity()
    source = scene.build("wooden-chest", 0.5, -0.5)
    scene.build("inserter", 0.5, 0.5, NORTH)
    (belt,) = line_of_belts(scene, "transport-belt", 0, 1, 1, EAST)
    scene.insert(source, "iron-plate", 3)
    scene.run(300)
    return {"left lane": on_lane(scene, belt, LEFT), "right lane": on_lane(scene, belt, RIGHT)}


def drill_near_lane() -> Measured:
    """Check 51."""
    scene = Scene()
    scene.ore("iron-ore", -1, -1, 2, 2)
    drill = scene.build("burner-mining-drill", 0, 0, SOUTH)
    scene.insert(drill, "coal", 5)
    belts = line_of_belts(scene, "transport-belt", 0, 1, 2, EAST)
    scene.run(800)
    return {
        "left lane": sum(on_lane(scene, belt, LEFT) for belt in belts),
        "right lane": sum(on_lane(scene, belt, RIGHT) for belt in belts),
    }


def _straight(name: str) -> float:
    scene = Scene()
    belts = line_of_belts(scene, name, 0, 0, 6, EAST)
    return through(scene, belts[:1], belts[-1:])[0]


def yellow() -> Measured:
    """Check 52."""
    return {"items per second": _straight("transport-belt")}


def red_and_blue() -> Measured:
    """Check 53."""
    return {"red per second": _straight("fast-transport-belt"), "blue per second": _straight("express-transport-belt")}


def tile_time() -> Measured:
    """Check 54."""
    scene = Scene()
    belts = line_of_belts(scene, "transport-belt", 0, 0, 4, EAST)
    fill(scene, belts[0], lanes=[LEFT])
    first = scene.until(lambda: on_lane(scene, belts[1], LEFT) == 1, 100)
    second = scene.until(lambda: on_lane(scene, belts[2], LEFT) == 1, 100)
    return {"ticks": second - first}


def stopped_tile() -> Measured:
    """Check 55."""
    scene = Scene()
    (belt,) = line_of_belts(scene, "transport-belt", 0, 0, 1, EAST)
    for _ in range(300):
        fill(scene, belt)
        scene.run(1)
    lanes = [on_lane(scene, belt, lane) for lane in (LEFT, RIGHT)]
    return {"one lane": lanes[0], "both lanes": sum(lanes)}


def curves() -> Measured:
    """Check 56: a turn to the right, whose right lane is the inner one."""
    return {"inner lane": _turn_ticks(RIGHT), "outer lane": _turn_ticks(LEFT)}


def _turn_ticks(lane: int) -> float:
    """Ticks that an item is on a turn, on average over every position a step can find it in."""
    scene = Scene()
    way = line_of_belts(scene, "transport-belt", 0, 0, 1, EAST) + line_of_belts(scene, "transport-belt", 1, 0, 3, SOUTH)
    total = 0
    for phase in range(PHASES):
        put = f"insert_at({128 + phase} / 256, {{name = 'iron-plate', count = 1}})"
        scene.tell(way[0], f"e.get_transport_line({lane}).{put}")
        came = scene.until(lambda: on_lane(scene, way[1], lane) == 1, 100)
        total += scene.until(lambda: on_lane(scene, way[1], lane) == 0, 100) - came
        scene.run(80)
        for belt in way[2:]:
            drain(scene, belt)
    return total / PHASES


def sideload() -> Measured:
    """Check 57: a belt that ends on the side of another, both its lanes full."""
    scene = Scene()
    line = line_of_belts(scene, "transport-belt", 0, 0, 6, EAST)
    feed = line_of_belts(scene, "transport-belt", 1, 4, 4, NORTH)
    rate = through(scene, feed[:1], line[-1:])[0]
    return {
        "items per second": rate,
        "far lane": sum(on_lane(scene, belt, LEFT) for belt in line),
    }


def _connects(name: str, distance: int) -> bool:
    scene = Scene()
    entry = scene.build(name, 0.5, 0.5, EAST, underground_type="input")
    scene.build(name, 0.5 + distance, 0.5, EAST, underground_type="output")
    return bool(scene.ask(entry, "e.neighbours ~= nil"))


def underground_yellow() -> Measured:
    """Check 58."""
    return {f"{tiles} tiles": _connects("underground-belt", tiles) for tiles in (5, 6)}


def underground_red_and_blue() -> Measured:
    """Check 59."""
    red = {f"red {tiles} tiles": _connects("fast-underground-belt", tiles) for tiles in (7, 8)}
    return red | {f"blue {tiles} tiles": _connects("express-underground-belt", tiles) for tiles in (9, 10)}


def _around_splitter(inputs: int, outputs: int) -> tuple[Scene, list[list[int]], list[list[int]]]:
    """Belts into and out of a splitter that runs east; the first of each at its left."""
    scene = Scene()
    ins = [line_of_belts(scene, "transport-belt", 0, y, 4, EAST) for y in range(inputs)]
    scene.build("splitter", 4.5, 1, EAST)
    outs = [line_of_belts(scene, "transport-belt", 5, y, 4, EAST) for y in range(outputs)]
    return scene, ins, outs


def split() -> Measured:
    """Check 60."""
    scene, ins, outs = _around_splitter(1, 2)
    rates = through(scene, ins[0][:1], [belts[-1] for belts in outs])
    return {"left per second": rates[0], "right per second": rates[1]}


def split_blocked() -> Measured:
    """Check 61."""
    scene, ins, outs = _around_splitter(1, 2)
    rates = through(scene, ins[0][:1], [outs[0][-1]])
    return {"items per second": rates[0]}


def merge() -> Measured:
    """Check 62: iron on one belt and copper on the other show where items come from."""
    scene, ins, outs = _around_splitter(2, 1)
    counts = {"iron-plate": 0, "copper-plate": 0}
    for number in range(1800):
        for belts, item in zip(ins, counts, strict=True):
            fill(scene, belts[0], item)
        scene.run(1)
        for item in counts:
            take = f"e.get_transport_line(i).remove_item{{name = '{item}', count = 9}}"
            removed = scene.tell(outs[0][-1], f"local n = 0; for i = 1, 2 do n = n + {take} end return n")
            counts[item] += int(removed) if number >= 600 else 0
    iron, copper = (count / 20 for count in counts.values())
    return {"items per second": iron + copper, "left per second": iron, "right per second": copper}


SCENES: dict[int, Measure] = {
    50: inserter_far_lane,
    51: drill_near_lane,
    52: yellow,
    53: red_and_blue,
    54: tile_time,
    55: stopped_tile,
    56: curves,
    57: sideload,
    58: underground_yellow,
    59: underground_red_and_blue,
    60: split,
    61: split_blocked,
    62: merge,
}
