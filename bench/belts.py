"""A belt-heavy factory here and in `factory-sim`, which is written in C: the same scene, the same run, one thread.

Two scenes, each of 10 burner drills, 100 belts, 20 burner inserters (and four more at the end of the bus) and 10
furnaces, all full of coal and all at work:

- lines: ten of a drill, ten belts with two turns, an inserter, a furnace, an inserter and a chest;
- bus: drills on both sides of one ore belt that runs past all furnaces, and a plate belt that inserters empty.

Both engines must have made the same number of plates in the end, else nothing is printed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from fsim import ITEM_IDS, Sim, lib

from harness.simulator.engine.world import World

NORTH, EAST, SOUTH, WEST = 0, 4, 8, 12
NUM_LINES = 10
LINE_TILES = 6
"""Tiles from one line to the next."""

KINDS = {
    "burner-mining-drill": "K_DRILL",
    "transport-belt": "K_BELT",
    "burner-inserter": "K_INSERTER",
    "stone-furnace": "K_FURNACE",
    "wooden-chest": "K_CHEST",
}
WARM_UP_TICKS = 3_600
MEASURED_TICKS = 7_200
REPEATS = 8
COAL = 50
"""So many that the coal of the drills, 80,000 ticks, lasts to the end."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something to build: prototype, centre in tiles, direction (an inserter's points at what it takes from)."""

    name: str
    x: float
    y: float
    direction: int = 0


class Engine(Protocol):
    """A built scene."""

    def advance(self, ticks: int) -> None:
        """Runs ticks."""

    def plates(self) -> int:
        """Plates that lie in the chests."""


def _line(top: int) -> list[Entity]:
    y = top + 0.5
    belts = [Entity("transport-belt", x + 0.5, y + 2, EAST) for x in range(1, 5)]
    belts += [Entity("transport-belt", 5.5, y + 2 - rise, NORTH) for rise in range(2)]
    belts += [Entity("transport-belt", x + 0.5, y, EAST) for x in range(5, 9)]
    return [
        Entity("burner-mining-drill", 2.0, top + 1.0, SOUTH),
        *belts,
        Entity("burner-inserter", 9.5, y, WEST),
        Entity("stone-furnace", 11.0, top + 1.0),
        Entity("burner-inserter", 12.5, y, WEST),
        Entity("wooden-chest", 13.5, y),
    ]


def lines() -> list[Entity]:
    """Ten small factories side by side."""
    return [entity for number in range(NUM_LINES) for entity in _line(number * LINE_TILES)]


def bus() -> list[Entity]:
    """One ore belt for all, drills at its start and furnaces along it; plates go east and into four chests."""
    drills = [
        Entity("burner-mining-drill", 2.0 * n + 2, y, way) for n in range(5) for y, way in ((2, SOUTH), (5, NORTH))
    ]
    ore_belt = [Entity("transport-belt", x + 0.5, 3.5, EAST) for x in range(1, 50)]
    ore_belt += [Entity("transport-belt", 50.5, 3.5 - n, NORTH) for n in range(6)]
    plate_belt = [Entity("transport-belt", x + 0.5, 8.5, EAST) for x in range(11, 56)]
    smelters = [entity for n in range(10) for entity in _smelter(13.5 + 3 * n)]
    takers = [Entity("burner-inserter", 55.5 - n, 9.5, NORTH) for n in range(4)]
    chests = [Entity("wooden-chest", 55.5 - n, 10.5) for n in range(4)]
    return [*drills, *ore_belt, *plate_belt, *smelters, *takers, *chests]


def _smelter(x: float) -> list[Entity]:
    return [
        Entity("burner-inserter", x, 4.5, NORTH),
        Entity("stone-furnace", x + 0.5, 6.0),
        Entity("burner-inserter", x, 7.5, NORTH),
    ]


SCENES = {"ten lines": lines, "one bus": bus}


def _ore(scene: list[Entity]) -> list[tuple[float, float]]:
    """The four tiles under each drill."""
    drills = [entity for entity in scene if entity.name == "burner-mining-drill"]
    return [(drill.x + dx, drill.y + dy) for drill in drills for dx in (-0.5, 0.5) for dy in (-0.5, 0.5)]


class Here:
    """A scene in a `World`."""

    def __init__(self, scene: list[Entity]) -> None:
        self.world = World()
        self.surface = self.world.create_surface("bench", 200, 200)
        for x, y in _ore(scene):
            self.world.create_entity(self.surface, "iron-ore", x, y, force="neutral", amount=1_000_000)
        self.rows = [
            self.world.create_entity(self.surface, each.name, each.x, each.y, direction=each.direction)
            for each in scene
        ]
        for each, row in zip(scene, self.rows, strict=True):
            if each.name.startswith(("burner", "stone")):
                self.world.insert(row, "coal", COAL)

    def advance(self, ticks: int) -> None:
        """Runs ticks."""
        self.world.advance(ticks)

    def plates(self) -> int:
        """Plates made and taken out of the furnaces."""
        found = [dict(self.world.items_inside(row)).get("iron-plate", 0) for row in self.rows]
        return sum(found)


class There:
    """A scene in factory-sim."""

    def __init__(self, scene: list[Entity]) -> None:
        self.sim = Sim(water=[])
        resources = [{"name": "iron-ore", "position": list(place), "amount": 1_000_000} for place in _ore(scene)]
        self.sim.reset({"character": {"position": [90.5, 90.5]}, "resources": resources})
        for each in scene:
            kind = getattr(lib, KINDS[each.name])
            row = lib.fsim_add_entity(self.sim.env, kind, int(each.x * 256), int(each.y * 256), each.direction)
            if each.name.startswith(("burner", "stone")):
                lib.fsim_entity_insert(self.sim.env, row, ITEM_IDS["coal"], COAL)

    def advance(self, ticks: int) -> None:
        """Runs ticks."""
        lib.fsim_advance(self.sim.env, ticks)

    def plates(self) -> int:
        """Plates anywhere."""
        lib.fsim_refresh(self.sim.env)
        plate, total = ITEM_IDS["iron-plate"], 0
        for index in range(self.sim.env.entity_count):
            each = self.sim.env.entities[index]
            total += sum(stack.count for stack in (*each.chest, each.result) if stack.item == plate)
            total += int(each.held == plate)
            total += sum(lane.items[k].item == plate for lane in each.lanes for k in range(lane.count))
        return total


def seconds_of(engines: list[Engine]) -> list[float]:
    """Seconds for `MEASURED_TICKS` of each, the best of several turns taken one after the other."""
    best = [float("inf")] * len(engines)
    for _ in range(REPEATS):
        for number, engine in enumerate(engines):
            started = time.perf_counter()
            engine.advance(MEASURED_TICKS)
            best[number] = min(best[number], time.perf_counter() - started)
    return best


def measure() -> list[tuple[str, str]]:
    """Rows of the table.

    Raises:
        RuntimeError: the engines disagree about what the factory made.
    """
    rows = []
    for name, scene in SCENES.items():
        engines: list[Engine] = [Here(scene()), There(scene())]
        for engine in engines:
            engine.advance(WARM_UP_TICKS)
        ours, theirs = seconds_of(engines)
        made = [engine.plates() for engine in engines]
        if made[0] != made[1] or made[0] == 0:
            raise RuntimeError(f"{name}: expected the same plates in both engines, got {made}")
        rows += [
            (f"{name}: embedded server's engine", f"{MEASURED_TICKS / ours:,.0f} ticks/s"),
            (f"{name}: factory-sim", f"{MEASURED_TICKS / theirs:,.0f} ticks/s"),
            (f"{name}: ratio", f"{theirs / ours:.2f}"),
        ]
    return rows
