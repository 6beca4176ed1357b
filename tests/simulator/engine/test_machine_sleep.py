"""Machines that sleep: a world where they do is the world where every machine is kept awake, tick for tick."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.simulator.engine.systems.awake import highest_bit, wake_all
from harness.simulator.engine.systems.machine_tables import BITS
from harness.simulator.engine.world import World

NUM_LINES = 3
HEIGHTS = {"wooden-chest": 1, "burner-mining-drill": 2, "stone-furnace": 2, "electric-furnace": 3}
HEIGHTS |= {"assembling-machine-1": 3, "assembling-machine-2": 3}
GOODS = ("coal", "iron-ore", "iron-plate", "copper-plate", "copper-ore", "iron-gear-wheel", "wood")
RECIPES = ("iron-gear-wheel", "copper-cable", "pipe", None)

lines = st.fixed_dictionaries(
    {
        "ore": st.tuples(st.sampled_from(("iron-ore", "copper-ore", "coal")), st.integers(0, 4)),
        "drill": st.sampled_from(("burner-mining-drill", "electric-mining-drill")),
        "under": st.sampled_from((*HEIGHTS, "nothing", "transport-belt")),
        "inserter": st.sampled_from(("burner-inserter", "inserter")),
        "last": st.sampled_from(tuple(HEIGHTS)),
        "drill_last": st.booleans(),
        "recipe": st.sampled_from(RECIPES),
        "powered": st.booleans(),
    }
)
line_numbers = st.integers(0, NUM_LINES - 1)
goods = st.tuples(st.sampled_from(GOODS), st.integers(1, 60))
acts = st.one_of(
    st.tuples(st.just("insert"), line_numbers, st.sampled_from(("drill", "under", "inserter", "last")), goods),
    st.tuples(st.just("remove"), line_numbers, st.sampled_from(("drill", "under", "inserter", "last")), goods),
    st.tuples(st.just("recipe"), line_numbers, st.sampled_from(("under", "last")), st.sampled_from(RECIPES)),
    st.tuples(st.just("pole"), line_numbers, st.none(), st.none()),
    st.tuples(st.just("ore"), line_numbers, st.none(), st.integers(1, 3)),
    st.tuples(st.just("destroy"), line_numbers, st.sampled_from(("drill", "under", "last")), st.none()),
    st.tuples(st.just("sweep"), line_numbers, st.none(), st.none()),
    st.tuples(st.just("turn"), line_numbers, st.none(), st.sampled_from((0, 8))),
    st.tuples(st.just("research"), line_numbers, st.none(), st.sampled_from(("steel-processing", "electronics"))),
)
stories = st.lists(st.tuples(acts, st.integers(1, 260)), min_size=2, max_size=10)


class Factory:
    """Lines of a drill, something under its drop point, an inserter and one more machine, with scripts about them."""

    def __init__(self, plan: list[dict[str, Any]], *, sleepless: bool) -> None:
        self.world = World()
        self.surface = self.world.create_surface("factory", 400, 400)
        self.sleepless = sleepless
        self.lines: list[dict[str, int]] = []
        for number, line in enumerate(plan):
            self.lines.append(self._build(line, 12 * number))
        for number, line in enumerate(plan):
            if line["powered"]:
                self.pole(number)

    def _build(self, line: dict[str, Any], x: int) -> dict[str, int]:
        name, amount = line["ore"]
        for dx, dy in ((0, 0), (-1, -1), (0, -1)):
            if amount:
                self._put(name, x + dx + 0.5, dy + 0.5, amount=amount)
        electric = line["drill"] == "electric-mining-drill"
        drill = (line["drill"], x + 0.5, 0.5) if electric else (line["drill"], x, 0)
        top = 2 if electric else 1
        rows: dict[str, int] = {}
        if not line["drill_last"]:
            rows["drill"] = self._put(*drill, direction=8)
        under = line["under"]
        height = HEIGHTS.get(under, 1)
        if under != "nothing":
            rows["under"] = self._put(under, x + 0.5 + (height - 1) / 2, top + height / 2, direction=4)
        rows["inserter"] = self._put(line["inserter"], x + 0.5, top + height + 0.5)
        below = HEIGHTS[line["last"]]
        rows["last"] = self._put(line["last"], x + 0.5 + (below - 1) / 2, top + height + 1 + below / 2)
        if line["drill_last"]:
            rows["drill"] = self._put(*drill, direction=8)
        for key in ("under", "last"):
            self.recipe(rows, key, line["recipe"])
        return rows

    def _put(self, name: str, x: float, y: float, **options: Any) -> int:
        return self.world.create_entity(self.surface, name, x, y, **options)

    def recipe(self, rows: dict[str, int], key: str, name: str | None) -> None:
        if key in rows and self.world.type_of(rows[key]) == "assembling-machine":
            self.world.set_recipe(rows[key], name)

    def pole(self, number: int) -> None:
        if "pole" not in self.lines[number]:
            self.lines[number]["pole"] = self._put("substation", 12 * number + 6, 4)
            self._put("electric-energy-interface", 12 * number + 6, 8)

    def act(self, act: tuple[str, int, str | None, Any]) -> None:
        what, number, key, value = act
        rows = self.lines[number]
        row = rows.get(key or "", -1)
        if what == "insert" and row >= 0:
            self.world.insert(row, *value)
        elif what == "remove" and row >= 0:
            self.world.remove_item(row, *value)
        elif what == "recipe" and key:
            self.recipe(rows, key, value)
        elif what == "pole":
            self.pole(number)
        elif what == "ore" and not self.world.find_entities(self.surface, position=(12 * number - 0.5, 0.5)):
            self._put("iron-ore", 12 * number - 0.5, 0.5, amount=value)
        elif what == "destroy" and row >= 0:
            self.world.destroy(rows.pop(str(key)))
        elif what == "sweep":
            for pile in self.world.find_entities(self.surface, types=["item-entity"]):
                self.world.destroy(pile)
        elif what == "turn" and "drill" in rows:
            self.world.rotate(rows["drill"], value)
        elif what == "research":
            self.world.set_researched("player", value, True)

    def run(self, ticks: int) -> None:
        if not self.sleepless:
            self.world.advance(ticks)
            return
        for _ in range(ticks):
            wake_all(self.world.state)
            self.world.advance(1)


def assert_same(one: World, other: World) -> None:
    for name, table in one.storage.tables.items():
        if name == "awake":
            continue
        for column, values in table.arrays().items():
            np.testing.assert_array_equal(
                values, getattr(other.storage.tables[name], column), f"{name}.{column} at tick {one.tick}"
            )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=st.lists(lines, min_size=NUM_LINES, max_size=NUM_LINES), story=stories)
def test_sleep_changes_nothing(plan: list[dict[str, Any]], story: list[tuple[Any, int]]) -> None:
    one, other = Factory(plan, sleepless=False), Factory(plan, sleepless=True)
    for act, ticks in story:
        for factory in (one, other):
            factory.act(act)
            factory.run(ticks)
        assert_same(one.world, other.world)


def awake(world: World) -> int:
    """How many machines act in the next tick."""
    return sum(int(word).bit_count() for word in world.storage.tables["awake"].records["word"])


@pytest.mark.parametrize("target", ["wooden-chest", "stone-furnace", "nothing"])
def test_a_drill_that_is_blocked_sleeps_and_wakes_when_there_is_room(target: str) -> None:
    world = World()
    surface = world.create_surface("field", 200, 200)
    world.create_entity(surface, "iron-ore", 0.5, 0.5, amount=5000)
    drill = world.create_entity(surface, "burner-mining-drill", 0, 0, direction=8)
    world.insert(drill, "coal", 50)
    under = None
    if target == "wooden-chest":
        under = world.create_entity(surface, target, 0.5, 1.5)
        world.insert(under, "wood", 1600)
    elif target == "stone-furnace":
        under = world.create_entity(surface, target, 1, 2)
        world.insert(under, "iron-ore", 54)
    world.advance(600)
    assert awake(world) == 0
    assert world.status_of(drill) == "waiting_for_space_in_destination"
    if under is None:
        world.destroy(world.find_entities(surface, types=["item-entity"])[0])
    else:
        world.remove_item(under, "wood" if target == "wooden-chest" else "iron-ore", 1)
        world.remove_item(under, "wood", 99)
    world.advance(1)
    assert world.status_of(drill) == "working"
    world.advance(1)
    assert awake(world) == 1


def test_idle_crafters_sleep_until_they_are_given_something() -> None:
    world = World()
    surface = world.create_surface("field", 200, 200)
    rows = [world.create_entity(surface, "assembling-machine-1", 4.5 * i, 4.5) for i in range(8)]
    world.create_entity(surface, "substation", 16, 0)
    world.create_entity(surface, "electric-energy-interface", 20, 0)
    world.advance(2)
    assert awake(world) == 0
    world.set_recipe(rows[3], "iron-gear-wheel")
    world.advance(2)
    assert awake(world) == 0, "it has no plates"
    world.insert(rows[3], "iron-plate", 4)
    world.advance(30)
    assert awake(world) == 1
    world.advance(120)
    assert awake(world) == 0
    assert world.item_count(rows[3], "iron-gear-wheel") == 2


def test_the_order_survives_machines_that_go() -> None:
    world = World()
    surface = world.create_surface("field", 400, 400)
    rows = [world.create_entity(surface, "stone-furnace", 3 * (i % 40), 3 * (i // 40)) for i in range(60)]
    for row in rows[:30]:
        world.destroy(row)
    rows = rows[30:]
    rows += [world.create_entity(surface, "stone-furnace", 3 * (i % 40), 40 + 3 * (i // 40)) for i in range(60)]
    in_order = [int(world.entities.machine[row]) for row in rows]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == 90
    for row in rows:
        world.insert(row, "coal", 1)
        world.insert(row, "iron-ore", 1)
    world.advance(200)
    assert all(world.item_count(row, "iron-plate") == 1 for row in rows)


@given(st.integers(1, (1 << BITS) - 1))
def test_the_highest_bit(word: int) -> None:
    assert highest_bit(word) == word.bit_length() - 1


def test_a_drill_in_front_of_a_full_belt_sleeps_and_wakes_when_it_moves() -> None:
    world = World()
    surface = world.create_surface("field", 200, 200)
    world.create_entity(surface, "iron-ore", 0.5, 0.5, amount=5000)
    drill = world.create_entity(surface, "electric-mining-drill", 0.5, 0.5, direction=8)
    world.create_entity(surface, "substation", 6, 0)
    world.create_entity(surface, "electric-energy-interface", 10, 0)
    for x in range(2):
        world.create_entity(surface, "transport-belt", x + 0.5, 2.5, direction=4)
    world.advance(2400)
    assert awake(world) == 0
    mined = 5000 - int(world.entities.amount[world.find_entities(surface, types=["resource"])[0]])
    assert world.status_of(drill) == "waiting_for_space_in_destination"
    world.create_entity(surface, "transport-belt", 2.5, 2.5, direction=4)
    world.advance(600)
    now = 5000 - int(world.entities.amount[world.find_entities(surface, types=["resource"])[0]])
    assert now - mined == 4, "one more tile of a lane holds four"
