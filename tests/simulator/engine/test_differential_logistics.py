"""Random small factories of belts, burner inserters, chests, drills and furnaces, here and in factory-sim.

factory-sim reproduces recorded traces of the game. It also models the delay after which neighbouring belts become one
line, a function of the tile that we leave out; so every scene runs there at two places of the map, and only what is the
same at both is compared.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fsim import ITEM_IDS, ITEM_NAMES, STATUS_NAME, Sim, lib

from harness.simulator.engine.inventories import FUEL, RESULT, SOURCE
from harness.simulator.engine.world import World
from tests.simulator.engine.logistics import held, line, put

NAMES = {
    "BELT": "transport-belt",
    "INSERTER": "burner-inserter",
    "CHEST": "wooden-chest",
    "FURNACE": "stone-furnace",
    "DRILL": "burner-mining-drill",
}
WEIGHTS = {"CHEST": 3, "INSERTER": 6, "FURNACE": 1, "DRILL": 1, "BELT": 6}
SIDE = 9
ORIGINS = ((10, 10), (150, 200))
WARM_UP = 650
"""Ticks before anything is put in: longer than belts take to become one line."""


@dataclass(kw_only=True)
class Scene:
    """Entities (kind, x, y, direction) and what goes into them after the warm-up."""

    entities: list[tuple[str, float, float, int]] = field(default_factory=list)
    inserts: list[tuple[int, str, int]] = field(default_factory=list)
    on_belts: list[tuple[int, int, int, str]] = field(default_factory=list)


def scene_of(seed: int) -> Scene:
    """A random scene."""
    chance, taken, scene = random.Random(seed), set(), Scene()
    for _ in range(60):
        x, y, direction = chance.randrange(SIDE), chance.randrange(SIDE), chance.choice([0, 4, 8, 12])
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        large = kind in ("FURNACE", "DRILL")
        cells = {(x - dx, y - dy) for dx in range(1 + large) for dy in range(1 + large)}
        if cells & taken or min(min(cell) for cell in cells) < 0:
            continue
        taken |= cells
        shift = 0.0 if large else 0.5
        scene.entities.append((kind, x + shift, y + shift, 0 if kind in ("CHEST", "FURNACE") else direction))
    chance.shuffle(scene.entities)
    for number, (kind, *_) in enumerate(scene.entities):
        fill(scene, chance, number, kind)
    return scene


def fill(scene: Scene, chance: random.Random, number: int, kind: str) -> None:
    """Decides what goes into one entity."""
    if kind == "CHEST":
        for _ in range(chance.randrange(3)):
            item = chance.choice(["iron-plate", "iron-ore", "coal", "wood", "copper-plate"])
            scene.inserts.append((number, item, chance.randrange(1, 8)))
    elif kind == "BELT":
        if chance.random() < 0.4:
            item = chance.choice(["iron-plate", "iron-ore", "coal"])
            scene.on_belts.append((number, chance.randrange(1, 3), chance.randrange(8, 100), item))
    elif chance.random() < 0.6:
        scene.inserts.append((number, "coal", chance.randrange(1, 4)))
    if kind == "FURNACE" and chance.random() < 0.5:
        scene.inserts.append((number, "iron-ore", chance.randrange(1, 9)))


def winding_scene_of(seed: int) -> Scene:
    """Long belts that turn and run into each other, with inserters, drills, furnaces and chests along them."""
    chance, taken, scene = random.Random(1000 + seed), set(), Scene()
    steps = {0: (0, -1), 4: (1, 0), 8: (0, 1), 12: (-1, 0)}
    for _ in range(4):
        x, y, direction = chance.randrange(SIDE), chance.randrange(SIDE), chance.choice(list(steps))
        for _ in range(chance.randrange(4, 12)):
            if (x, y) in taken or not (0 <= x < SIDE and 0 <= y < SIDE):
                break
            taken.add((x, y))
            turn = chance.choices([0, 4, 12], [6, 1, 1])[0]
            direction = (direction + turn) % 16
            scene.entities.append(("BELT", x + 0.5, y + 0.5, direction))
            x, y = x + steps[direction][0], y + steps[direction][1]
    place_beside(scene, chance, taken)
    chance.shuffle(scene.entities)
    for number, (kind, *_) in enumerate(scene.entities):
        fill(scene, chance, number, kind)
    return scene


def place_beside(scene: Scene, chance: random.Random, taken: set[tuple[int, int]]) -> None:
    """Fills up what the belts leave free with everything else."""
    kinds = ["INSERTER", "INSERTER", "INSERTER", "CHEST", "FURNACE", "DRILL"]
    for _ in range(40):
        kind, x, y = chance.choice(kinds), chance.randrange(SIDE), chance.randrange(SIDE)
        large = kind in ("FURNACE", "DRILL")
        cells = {(x - dx, y - dy) for dx in range(1 + large) for dy in range(1 + large)}
        if cells & taken or min(min(cell) for cell in cells) < 0:
            continue
        taken |= cells
        shift, direction = 0.0 if large else 0.5, chance.choice([0, 4, 8, 12])
        scene.entities.append((kind, x + shift, y + shift, 0 if kind in ("CHEST", "FURNACE") else direction))


class Theirs:
    """The scene in factory-sim."""

    def __init__(self, scene: Scene, origin: tuple[int, int]) -> None:
        self.scene = scene
        self.sim = Sim(water=[])
        ore = [(origin[0] + x + 0.5, origin[1] + y + 0.5) for y in range(SIDE) for x in range(SIDE)]
        resources = [{"name": "iron-ore", "position": list(place), "amount": 5000} for place in ore]
        self.sim.reset({"character": {"position": [90.5, 90.5]}, "resources": resources})
        self.rows = [
            lib.fsim_add_entity(
                self.sim.env,
                getattr(lib, f"K_{kind}"),
                int((origin[0] + x) * 256),
                int((origin[1] + y) * 256),
                direction,
            )
            for kind, x, y, direction in scene.entities
        ]

    def fill(self) -> None:
        for number, item, count in self.scene.inserts:
            lib.fsim_entity_insert(self.sim.env, self.rows[number], ITEM_IDS[item], count)
        for number, lane, position, item in self.scene.on_belts:
            lib.fsim_belt_insert(self.sim.env, self.rows[number], lane - 1, position, ITEM_IDS[item])

    def advance(self, ticks: int) -> None:
        lib.fsim_advance(self.sim.env, ticks)
        lib.fsim_refresh(self.sim.env)

    def read(self) -> list[dict[str, Any]]:
        return [self._entity(kind, row) for (kind, *_), row in zip(self.scene.entities, self.rows, strict=True)]

    def _entity(self, kind: str, row: int) -> dict[str, Any]:
        entity = self.sim.env.entities[row]
        if kind == "BELT":
            lanes = [entity.lanes[lane] for lane in range(2)]
            return {
                f"l{number}": [(ITEM_NAMES[lane.items[k].item], lane.items[k].pos) for k in range(lane.count)]
                for number, lane in enumerate(lanes, 1)
            }
        if kind == "CHEST":
            return {"items": contents([entity.chest[slot] for slot in range(16)])}
        found: dict[str, Any] = {"fuel": contents([entity.fuel]), "energy": entity.energy}
        found["remaining"] = entity.remaining
        if kind == "INSERTER":
            found |= {"held": ITEM_NAMES[entity.held] if entity.held else "", "status": STATUS_NAME[entity.status]}
        if kind == "FURNACE":
            found |= {"source": contents([entity.source]), "result": contents([entity.result])}
        return found


def contents(stacks: list[Any]) -> dict[str, int]:
    """Counts by item name, in order of the slots."""
    found: dict[str, int] = {}
    for stack in stacks:
        if stack.count:
            found[ITEM_NAMES[stack.item]] = found.get(ITEM_NAMES[stack.item], 0) + stack.count
    return found


class Ours:
    """The scene in the engine."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.world = World()
        surface = self.world.create_surface("scene", 200, 200)
        for y in range(SIDE):
            for x in range(SIDE):
                self.world.create_entity(surface, "iron-ore", x + 0.5, y + 0.5, amount=5000)
        self.rows = [
            self.world.create_entity(surface, NAMES[kind], x, y, direction=direction)
            for kind, x, y, direction in scene.entities
        ]

    def fill(self) -> None:
        for number, item, count in self.scene.inserts:
            self.world.insert(self.rows[number], item, count)
        for number, lane, position, item in self.scene.on_belts:
            put(self.world, self.rows[number], lane, position, item)

    def read(self) -> list[dict[str, Any]]:
        return [self._entity(kind, row) for (kind, *_), row in zip(self.scene.entities, self.rows, strict=True)]

    def _entity(self, kind: str, row: int) -> dict[str, Any]:
        world = self.world
        if kind == "BELT":
            return {f"l{number}": line(world, row, number) for number in (1, 2)}
        if kind == "CHEST":
            return {"items": world.contents(world.inventory_of(row, 1))}
        found: dict[str, Any] = {"fuel": world.contents(world.inventory_of(row, FUEL))}
        found["energy"] = float(world.entities.energy[row])
        found["remaining"] = float(world.burners.remaining[world.entities.burner[row]])
        if kind == "INSERTER":
            found |= {"held": held(world, row), "status": world.status_of(row)}
        if kind == "FURNACE":
            found["source"] = world.contents(world.inventory_of(row, SOURCE))
            found["result"] = world.contents(world.inventory_of(row, RESULT))
        return found


def same(ours: Any, theirs: Any) -> bool:
    """Joules within rounding, the rest exactly."""
    if isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, rel=1e-9, abs=1e-6))
    return bool(ours == theirs)


def only_asleep(mine: dict[str, Any], theirs: dict[str, Any], key: str) -> bool:
    """Whether two idle inserters differ only in whether they filled their buffer from the fire before they rested.

    The game parts a line where things work on it, at a tick that hangs on the tile; what lies beyond lets an inserter
    sleep that stays awake here.
    """
    idle = mine.get("status") == theirs.get("status") == "waiting_for_source_items"
    joules = [state.get("energy", 0.0) + state.get("remaining", 0.0) for state in (mine, theirs)]
    return idle and key in ("energy", "remaining") and same(joules[0], joules[1])


def differences(ours: Ours, theirs: list[Theirs]) -> list[Any]:
    """What differs from both runs of theirs although they agree."""
    first, second = (sim.read() for sim in theirs)
    found = []
    for number, (mine, one, two) in enumerate(zip(ours.read(), first, second, strict=True)):
        found += [
            (ours.scene.entities[number], key, mine[key], one[key])
            for key in one
            if same(one[key], two[key]) and not same(mine[key], one[key]) and not only_asleep(mine, one, key)
        ]
    return found


@pytest.mark.parametrize("make", [scene_of, winding_scene_of])
@pytest.mark.parametrize("seed", range(10))
def test_a_random_factory_runs_as_in_factory_sim(make: Callable[[int], Scene], seed: int) -> None:
    scene = make(seed)
    ours, theirs = Ours(scene), [Theirs(scene, origin) for origin in ORIGINS]
    for sim in (*theirs, ours):
        (sim if isinstance(sim, Theirs) else sim.world).advance(WARM_UP)
        sim.fill()
    for _ in range(400):
        for sim in theirs:
            sim.advance(1)
        ours.world.advance(1)
        assert differences(ours, theirs) == [], f"tick {ours.world.tick - WARM_UP}"
