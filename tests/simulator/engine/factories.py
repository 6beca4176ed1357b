"""Random factories that could stand in a game: small production lines on a grid, one power plant, and clutter.

A `Plan` is plain data that hypothesis draws and shrinks; `Factory` builds it, skips what does not fit, and keeps count
of everything a player would have put in by hand. Every line runs on its own; the electric network joins them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from harness.core.errors import SimError
from harness.simulator.engine import research
from harness.simulator.engine.fluid_views import insert_fluid
from harness.simulator.engine.modules import module_inventory
from harness.simulator.engine.world import World
from tests.simulator.engine.plants import SURFACE, power_plant

NORTH, EAST, SOUTH, WEST = 0, 4, 8, 12
SLOT = 16
"""Tiles of a slot's side; a substation at each corner supplies all of it."""

COLUMNS = 3
TOP = 4
"""Slots begin below the power plant."""

WHAT = ("iron-plate", "copper-plate", "coal", "iron-ore", "stone", "iron-gear-wheel", "copper-cable")
UNLOCKED = (
    "electronics",
    "automation-science-pack",
    "automation",
    "automation-2",
    "automation-3",
    "fluid-handling",
    "oil-gathering",
    "oil-processing",
    "plastics",
    "sulfur-processing",
    "uranium-mining",
    "nuclear-power",
    "rocket-silo",
)


RESEARCH = ("logistics", "stone-wall")
"""What the labs are to research."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a factory: its kind, and a number that decides whatever is free about it."""

    kind: str
    number: int


@dataclass(slots=True)
class Factory:
    """A world with a plan built in it.

    Attributes:
        given: items put in by hand, by name.
        given_fluids: fluids put in by hand, by name.
        ore: what lay in the ground, by name.
        pole: a pole of the network that all lines are on.
    """

    plan: list[Part]
    burner_inserters: bool = True
    world: World = field(default_factory=lambda: World(5))
    given: Counter[str] = field(default_factory=Counter)
    given_fluids: Counter[str] = field(default_factory=Counter)
    ore: Counter[str] = field(default_factory=Counter)
    pole: int = -1

    def __post_init__(self) -> None:
        for technology in UNLOCKED:
            self.world.set_researched("player", technology, True)
        plant = power_plant(self.world, engines=3)
        self.put(plant.boiler, "coal", random.Random(self.plan[0].number).choice([1, 5, 50]))
        self.pole = plant.pole
        for number in range(COLUMNS * (len(self.plan) // COLUMNS + 2) + len(self.plan) // COLUMNS + 2):
            self.build("substation", SLOT * (number % (COLUMNS + 1)), TOP + SLOT * (number // (COLUMNS + 1)))
        for technology in RESEARCH:
            research.add(self.world, 0, self.world.technology_id(technology))
        for number, part in enumerate(self.plan):
            x, y = SLOT * (number % COLUMNS) + 1, TOP + SLOT * (number // COLUMNS) + 1
            LINES[part.kind](self, x, y, random.Random(part.number))

    def build(self, name: str, x: float, y: float, direction: int = NORTH, **options: Any) -> int | None:
        """Builds what fits; the entity's row, or None."""
        try:
            row = self.world.create_entity(SURFACE, name, x, y, direction=direction, **options)
        except SimError:
            return None
        if name == "item-on-ground":
            self.given[options["stack"][0]] += options["stack"][1]
        return row

    def put(self, row: int | None, item: str, count: int) -> None:
        """Puts items in and keeps count."""
        if row is not None:
            self.given[item] += self.world.insert(row, item, count)

    def pour(self, row: int | None, fluid: str, amount: float, temperature: float = 15.0) -> None:
        """Puts fluid in and keeps count."""
        if row is not None:
            self.given_fluids[fluid] += insert_fluid(self.world, row, fluid, amount, temperature)

    def equip(self, row: int | None, module: str, count: int) -> None:
        """Puts modules into their slots and keeps count."""
        if row is not None:
            inventory = int(module_inventory(self.world.state, row))
            self.given[module] += self.world.insert_into(inventory, module, count)

    def lay_ore(self, name: str, left: int, top: int, side: int, amount: int) -> None:
        """A square of ore."""
        for dx in range(side):
            for dy in range(side):
                if self.build(name, left + dx + 0.5, top + dy + 0.5, amount=amount) is not None:
                    self.ore[name] += amount

    def inserter(self, x: float, y: float, direction: int, kind: str = "inserter") -> int | None:
        """An inserter; a burner inserter where the factory has them, with some fuel."""
        if kind == "burner-inserter" and not self.burner_inserters:
            kind = "fast-inserter"
        row = self.build(kind, x, y, direction)
        if kind == "burner-inserter":
            self.put(row, "coal", 1)
        return row

    def entities(self) -> list[int]:
        """All entities of the surface."""
        return self.world.find_entities(SURFACE)


def _smelter(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A burner drill, a belt with a turn, an inserter, a furnace and a chest."""
    ore = free.choice(["iron-ore", "copper-ore", "stone", "coal"])
    factory.lay_ore(ore, x + 1, y + 1, 2, free.choice([2, 30, 1000]))
    drill = factory.build("burner-mining-drill", x + 2, y + 2, EAST)
    factory.put(drill, free.choice(["coal", "wood"]), free.randint(0, 3))
    for step in range(4):
        factory.build(free.choice(["transport-belt", "fast-transport-belt"]), x + 3.5, y + 1.5 + step, SOUTH)
    for step in range(4):
        factory.build("transport-belt", x + 3.5 + step, y + 5.5, EAST)
    factory.inserter(x + 6.5, y + 6.5, NORTH, free.choice(["burner-inserter", "inserter", "fast-inserter"]))
    furnace = factory.build(free.choice(["stone-furnace", "steel-furnace"]), x + 7, y + 8)
    factory.put(furnace, "coal", free.randint(0, 2))
    factory.inserter(x + 6.5, y + 9.5, NORTH, free.choice(["burner-inserter", "inserter"]))
    if free.random() < 0.7:
        factory.build("wooden-chest", x + 6.5, y + 10.5)


def _electric_mine(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """Electric drills on both sides of a belt, a splitter, an underground pair, two inserters into chests."""
    factory.lay_ore(free.choice(["iron-ore", "copper-ore", "coal"]), x + 1, y + 1, 7, free.choice([3, 500]))
    for drill_x in (x + 2.5, x + 5.5):
        factory.build("electric-mining-drill", drill_x, y + 2.5, SOUTH)
        factory.build("electric-mining-drill", drill_x, y + 6.5, NORTH)
    for step in range(8):
        factory.build("transport-belt", x + 0.5 + step, y + 4.5, EAST)
    factory.build("splitter", x + 8.5, y + 5, EAST)
    factory.build("underground-belt", x + 9.5, y + 4.5, EAST, underground_type="input")
    factory.build("underground-belt", x + 12.5, y + 4.5, EAST, underground_type="output")
    for step in range(4):
        factory.build("transport-belt", x + 9.5 + step, y + 5.5, EAST)
    if free.random() < 0.5:
        factory.build("transport-belt", x + 13.5, y + 4.5, free.choice([EAST, SOUTH, NORTH]))
    factory.inserter(x + 12.5, y + 3.5, SOUTH, free.choice(["inserter", "fast-inserter", "bulk-inserter"]))
    factory.build("wooden-chest", x + 12.5, y + 2.5)
    factory.inserter(x + 11.5, y + 6.5, NORTH, "long-handed-inserter")
    factory.inserter(x + 12.5, y + 6.5, NORTH, "burner-inserter")
    factory.build("iron-chest", x + 12.5, y + 7.5)


RECIPES: dict[str, dict[str, int]] = {
    "iron-gear-wheel": {"iron-plate": 30},
    "copper-cable": {"copper-plate": 30},
    "electronic-circuit": {"iron-plate": 20, "copper-cable": 60},
    "automation-science-pack": {"copper-plate": 10, "iron-gear-wheel": 10},
    "transport-belt": {"iron-plate": 20, "iron-gear-wheel": 20},
    "pipe": {"iron-plate": 20},
}


def _assembly(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A line around one of the first two assembling machines."""
    _assembly_with(factory, x, y, free, free.choice(["assembling-machine-1", "assembling-machine-2"]))


def _assembly_with(factory: Factory, x: int, y: int, free: random.Random, name: str) -> None:
    """A chest, an inserter, a machine, an inserter, and a machine, a chest, a belt or the ground."""
    recipe = free.choice(sorted(RECIPES))
    chest = factory.build("steel-chest", x + 2.5, y + 4.5)
    for item, count in RECIPES[recipe].items():
        factory.put(chest, item, count)
    factory.inserter(x + 3.5, y + 4.5, WEST, free.choice(["inserter", "burner-inserter", "fast-inserter"]))
    factory.build(name, x + 5.5, y + 4.5, recipe=recipe)
    factory.inserter(x + 7.5, y + 4.5, WEST, free.choice(["inserter", "fast-inserter"]))
    after = free.choice(["chest", "machine", "belt", "ground"])
    if after == "chest":
        factory.build("wooden-chest", x + 8.5, y + 4.5)
    elif after == "belt":
        for step in range(5):
            factory.build("transport-belt", x + 8.5, y + 2.5 + step, SOUTH)
    elif after == "machine":
        second = free.choice([name for name in RECIPES if recipe in RECIPES[name]] or ["iron-gear-wheel"])
        row = factory.build("assembling-machine-2", x + 9.5, y + 4.5, recipe=second)
        for item, count in RECIPES[second].items():
            factory.put(row, item, count if item != recipe else 0)


def _labs(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A chest of science packs and two labs, one fed by the other."""
    chest = factory.build("wooden-chest", x + 1.5, y + 4.5)
    factory.put(chest, "automation-science-pack", free.randint(0, 12))
    factory.inserter(x + 2.5, y + 4.5, WEST)
    factory.build("lab", x + 4.5, y + 4.5)
    factory.inserter(x + 6.5, y + 4.5, WEST)
    factory.build("lab", x + 8.5, y + 4.5)


def _sun(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """Solar panels, accumulators and radars."""
    for number in range(3):
        factory.build(free.choice(["solar-panel", "radar", "lab"]), x + 2.5 + 3 * number, y + 3.5)
        factory.build("accumulator", x + 3 + 3 * number, y + 7)


def _chemistry(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A tank of gas, pipes, a chemical plant that makes plastic, chests."""
    tank = factory.build("storage-tank", x + 3.5, y + 2.5)
    factory.pour(tank, "petroleum-gas", free.choice([50, 500, 5000]))
    factory.build("pipe", x + 4.5, y + 4.5)
    plant = factory.build("chemical-plant", x + 5.5, y + 6.5, recipe="plastic-bar")
    factory.put(plant, "coal", free.randint(0, 5))
    chest = factory.build("wooden-chest", x + 2.5, y + 6.5)
    factory.put(chest, "coal", 20)
    factory.inserter(x + 3.5, y + 6.5, WEST)
    factory.inserter(x + 7.5, y + 6.5, WEST)
    factory.build("wooden-chest", x + 8.5, y + 6.5)
    for step in range(3):
        factory.build(free.choice(["pipe", "pump", "pipe-to-ground"]), x + 6.5 + step, y + 1.5, EAST)


def _ring(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A loop of belts with a branch into it and an inserter out of it."""
    side = free.randint(2, 5)
    corners = [(0, 0, EAST), (side, 0, SOUTH), (side, side, WEST), (0, side, NORTH)]
    for left, top, direction in corners:
        dx, dy = {EAST: (1, 0), SOUTH: (0, 1), WEST: (-1, 0), NORTH: (0, -1)}[direction]
        for step in range(side):
            factory.build("transport-belt", x + 3.5 + left + dx * step, y + 3.5 + top + dy * step, direction)
    chest = factory.build("wooden-chest", x + 4.5, y + 1.5)
    factory.put(chest, free.choice(WHAT), free.randint(0, 60))
    factory.inserter(x + 4.5, y + 2.5, NORTH, free.choice(["burner-inserter", "fast-inserter"]))
    if free.random() < 0.5:
        factory.inserter(x + 4.5, y + 4.5, NORTH)


def _person(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A character that crafts, mines or walks."""
    row = factory.build("character", x + 4.5, y + 4.5)
    assert row is not None
    factory.put(row, "iron-plate", 20)
    factory.lay_ore("iron-ore", x + 5, y + 4, 1, 40)
    factory.world.begin_crafting(row, "transport-belt", free.randint(0, 4))
    if free.random() < 0.5:
        factory.world.set_mining(row, x + 5.5, y + 4.5)
    else:
        factory.world.set_walking(row, True, free.choice([NORTH, EAST, SOUTH, WEST, 2, 6]))


def _clutter(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """Whatever fits, wherever it falls."""
    factory.lay_ore("iron-ore", x + 2, y + 2, 3, 50)
    kinds = ["transport-belt"] * 6 + ["inserter", "burner-inserter", "wooden-chest", "stone-furnace", "splitter"]
    kinds += ["underground-belt", "fast-transport-belt", "item-on-ground", "burner-mining-drill", "pipe"]
    for _ in range(40):
        kind, direction = free.choice(kinds), free.choice([NORTH, EAST, SOUTH, WEST])
        place = (x + free.randint(1, 8) + 0.5, y + free.randint(1, 8) + 0.5)
        if kind == "item-on-ground":
            factory.build(kind, *place, stack=(free.choice(WHAT), 1))
        elif kind.endswith("inserter"):
            factory.inserter(*place, direction, kind)
        else:
            row = factory.build(kind, *place, direction)
            if kind in ("wooden-chest", "stone-furnace"):
                factory.put(row, free.choice(WHAT), free.randint(0, 30))
            if kind in ("stone-furnace", "burner-mining-drill"):
                factory.put(row, "coal", 2)


def _oil(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A pumpjack, a tank, a refinery and a tank for what it gives."""
    well = free.choice([60_000, 300_000, 1_200_000])
    if factory.build("crude-oil", x + 2.5, y + 2.5, amount=well) is None:
        return
    factory.build("pumpjack", x + 2.5, y + 2.5, EAST)
    for step in range(2):
        factory.build("pipe", x + 4.5 + step, y + 1.5)
    tank = factory.build("storage-tank", x + 7.5, y + 2.5)
    factory.pour(tank, "crude-oil", free.choice([0, 500]))
    factory.build("pipe", x + 8.5, y + 4.5)
    factory.build("oil-refinery", x + 9.5, y + 7.5, SOUTH, recipe="basic-oil-processing")
    factory.build("pipe", x + 7.5, y + 10.5)
    if free.random() < 0.7:
        factory.build("storage-tank", x + 8.5, y + 12.5)
    factory.lay_ore("uranium-ore", x + 1, y + 9, 3, 40)
    drill = factory.build("electric-mining-drill", x + 2.5, y + 10.5, SOUTH)
    factory.pour(drill, "sulfuric-acid", free.choice([0, 3, 100]))
    factory.build("wooden-chest", x + 2.5, y + 12.5)


def _modules(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A machine with modules beside a beacon with modules, fed from a chest."""
    _assembly_with(factory, x, y, free, "assembling-machine-3")
    beacon = factory.build("beacon", x + 6.5, y + 8.5)
    factory.equip(beacon, "speed-module-2", free.randint(0, 2))
    machines = factory.world.find_entities(SURFACE, names=["assembling-machine-3"])
    for row in machines[-1:]:
        factory.equip(row, free.choice(["productivity-module-3", "speed-module", "efficiency-module"]), 4)


def _reactor(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A reactor with heat pipes to an exchanger that has some water, and a turbine."""
    reactor = factory.build("nuclear-reactor", x + 3.5, y + 3.5)
    factory.put(reactor, "uranium-fuel-cell", free.randint(0, 2))
    for step in range(3):
        factory.build("heat-pipe", x + 6.5 + step, y + 3.5)
    exchanger = factory.build("heat-exchanger", x + 9.5 + 0.5, y + 3.5, EAST)
    factory.pour(exchanger, "water", free.choice([0, 150]))
    factory.build("steam-turbine", x + 12.5, y + 9.5)


def _silo(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A silo with the parts of a rocket or two in it."""
    silo = factory.build("rocket-silo", x + 6.5, y + 6.5)
    for item in ("processing-unit", "low-density-structure", "rocket-fuel"):
        factory.put(silo, item, 10 * free.randint(1, 2))
    factory.inserter(x + 6.5, y + 11.5, SOUTH, "fast-inserter")
    chest = factory.build("wooden-chest", x + 6.5, y + 12.5)
    factory.put(chest, "rocket-fuel", 20)


def _fort(factory: Factory, x: int, y: int, free: random.Random) -> None:
    """A turret fed by an inserter, walls and a gate."""
    factory.build("gun-turret", x + 4, y + 4)
    factory.inserter(x + 3.5, y + 5.5, SOUTH, free.choice(["inserter", "burner-inserter"]))
    chest = factory.build("wooden-chest", x + 3.5, y + 6.5)
    factory.put(chest, "firearm-magazine", free.randint(0, 30))
    for step in range(4):
        factory.build(free.choice(["stone-wall", "gate"]), x + 7.5, y + 2.5 + step, free.choice([NORTH, EAST]))


LINES: dict[str, Callable[[Factory, int, int, random.Random], None]] = {
    "assembly": _assembly,
    "chemistry": _chemistry,
    "clutter": _clutter,
    "electric mine": _electric_mine,
    "fort": _fort,
    "labs": _labs,
    "modules": _modules,
    "oil": _oil,
    "person": _person,
    "reactor": _reactor,
    "ring": _ring,
    "silo": _silo,
    "smelter": _smelter,
    "sun": _sun,
}

plans = st.lists(st.builds(Part, st.sampled_from(sorted(LINES)), st.integers(0, 2**16)), min_size=1, max_size=6)
"""Plans of one to six lines."""


LONG_LASTING = 5
"""A number for which the power plant gets fifty pieces of coal."""


def rich_plan() -> list[Part]:
    """Two of every line, and coal for long."""
    return [Part(kind, number) for number in (LONG_LASTING, 2) for kind in LINES]
