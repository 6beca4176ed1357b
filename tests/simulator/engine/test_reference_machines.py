"""Drills, furnaces, chests and the ground against factory-sim, every field after every tick."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.simulator.engine.inventories import FUEL, RESULT, SOURCE
from harness.simulator.engine.world import World

fsim = pytest.importorskip("fsim")

ORIGIN = 20
FACING = (0, 4, 8, 12)
DROPS = {0: (-0.5, -1.5), 4: (1.5, -0.5), 8: (0.5, 1.5), 12: (-1.5, 0.5)}
"""The tile under a drill's drop point, its centre, from the drill's centre."""


@st.composite
def scenes(draw: st.DrawFn) -> dict[str, Any]:
    """Up to three drills far apart, each with something or nothing under its drop point, and what goes into them."""
    parts = []
    for number in range(draw(st.integers(1, 3))):
        parts.append(
            {
                "x": ORIGIN + 12 * number,
                "direction": draw(st.sampled_from(FACING)),
                "ore": [draw(st.integers(0, 6)) for _ in range(4)],
                "target": draw(st.sampled_from(["nothing", "wooden-chest", "stone-furnace", "burner-mining-drill"])),
                "fuel": draw(st.sampled_from([("coal", 0), ("coal", 1), ("coal", 3), ("wood", 1), ("wood", 2)])),
                "ore_name": draw(st.sampled_from(["iron-ore", "copper-ore", "coal"])),
                "target_fuel": draw(st.integers(0, 2)),
                "target_ore": draw(st.integers(0, 3)),
                "target_first": draw(st.booleans()),
            }
        )
    return {"parts": parts, "later": draw(st.lists(st.tuples(st.integers(1, 700), st.integers(0, 2)), max_size=3))}


class Pair:
    """The same scene in both engines."""

    def __init__(self, scene: dict[str, Any]) -> None:
        self.world = World()
        self.surface = self.world.create_surface("pair", 400, 400)
        self.sim = fsim.Sim(water=[])
        resources = [resource for part in scene["parts"] for resource in self._ore(part)]
        self.sim.reset({"character": {"position": [120.5, 120.5]}, "resources": resources})
        for resource in resources:
            x, y = resource["position"]
            self.world.create_entity(self.surface, resource["name"], x, y, amount=resource["amount"])
        self.rows: list[tuple[int, int]] = []
        self.drills: list[int] = []
        for part in scene["parts"]:
            self._build(part)

    @staticmethod
    def _ore(part: dict[str, Any]) -> list[dict[str, Any]]:
        tiles = [(part["x"] + dx, ORIGIN + dy) for dy in (-1, 0) for dx in (-1, 0)]
        return [
            {"name": part["ore_name"], "position": [x + 0.5, y + 0.5], "amount": amount}
            for (x, y), amount in zip(tiles, part["ore"], strict=True)
            if amount
        ]

    def add(self, kind: str, x: float, y: float, direction: int = 0) -> int:
        """Builds in both; the number in `rows`."""
        row = self.world.create_entity(self.surface, kind, x, y, direction=direction)
        number = {
            "burner-mining-drill": fsim.lib.K_DRILL,
            "stone-furnace": fsim.lib.K_FURNACE,
            "wooden-chest": fsim.lib.K_CHEST,
        }[kind]
        other = fsim.lib.fsim_add_entity(self.sim.env, number, int(x * 256), int(y * 256), direction)
        self.rows.append((row, other))
        return len(self.rows) - 1

    def insert(self, number: int, item: str, count: int) -> None:
        """`LuaEntity.insert` in both."""
        row, other = self.rows[number]
        if count:
            assert self.world.insert(row, item, count) == fsim.lib.fsim_entity_insert(
                self.sim.env, other, fsim.ITEM_IDS[item], count
            )

    def _build(self, part: dict[str, Any]) -> None:
        if part["target_first"]:
            self._build_target(part)
        drill = self.add("burner-mining-drill", part["x"], ORIGIN, part["direction"])
        self.drills.append(drill)
        if not part["target_first"]:
            self._build_target(part)
        self.insert(drill, *part["fuel"])

    def _build_target(self, part: dict[str, Any]) -> None:
        drop_x, drop_y = DROPS[part["direction"]]
        x, y = part["x"] + drop_x, ORIGIN + drop_y
        if part["target"] == "wooden-chest":
            self.add("wooden-chest", x, y)
        elif part["target"] != "nothing":
            shift_x = 0.5 if drop_x > 0 else -0.5
            shift_y = 0.5 if drop_y > 0 else -0.5
            machine = self.add(part["target"], x + shift_x, y + shift_y)
            self.insert(machine, "coal", part["target_fuel"])
            if part["target"] == "stone-furnace" and part["ore_name"] != "coal":
                self.insert(machine, part["ore_name"], part["target_ore"])

    def advance(self, ticks: int) -> None:
        self.world.advance(ticks)
        fsim.lib.fsim_advance(self.sim.env, ticks)
        fsim.lib.fsim_refresh(self.sim.env)

    def ours(self) -> list[tuple[Any, ...]]:
        return [self._our(row) for row, _ in self.rows]

    def _our(self, row: int) -> tuple[Any, ...]:
        world = self.world
        kind = world.type_of(row)
        if kind == "container":
            return ("chest", tuple(sorted(world.contents(world.inventory_of(row, 1)).items())))
        burner = int(world.entities.burner[row])
        progress = world.mining_progress(row) if kind == "mining-drill" else world.crafting_progress(row)
        stacks = [world.get_slot(world.inventory_of(row, FUEL), 0)]
        if kind == "furnace":
            stacks += [world.get_slot(world.inventory_of(row, column), 0) for column in (SOURCE, RESULT)]
        return (
            world.status_of(row),
            round(float(world.entities.energy[row]), 6),
            round(float(world.burners.remaining[burner]), 6),
            round(progress, 11),
            *stacks,
        )

    def theirs(self) -> list[tuple[Any, ...]]:
        return [self._their(self.sim.env.entities[other], row) for row, other in self.rows]

    def _their(self, entity: Any, row: int) -> tuple[Any, ...]:
        kind = self.world.type_of(row)
        if kind == "container":
            total: dict[str, int] = {}
            for stack in entity.chest:
                if stack.count:
                    name = fsim.ITEM_NAMES[stack.item]
                    total[name] = total.get(name, 0) + stack.count
            return ("chest", tuple(sorted(total.items())))
        stacks = [self._stack(entity.fuel)]
        if kind == "furnace":
            stacks += [self._stack(entity.source), self._stack(entity.result)]
        return (
            fsim.STATUS_NAME[entity.status],
            round(entity.energy, 6),
            round(entity.remaining, 6),
            round(entity.progress, 11),
            *stacks,
        )

    @staticmethod
    def _stack(stack: Any) -> tuple[str, int] | None:
        return (fsim.ITEM_NAMES[stack.item], stack.count) if stack.count else None


@given(scene=scenes())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_field_agrees_after_every_few_ticks(scene: dict[str, Any]) -> None:
    pair = Pair(scene)
    inputs = sorted(scene["later"])
    for step in (1, 1, 1, 200, 38, 1, 1, 1, 1, 100, 60, 76, 1, 1, 1, 1, 300, 178, 1, 1, 1, 1, 500):
        while inputs and inputs[0][0] <= pair.world.tick:
            _, which = inputs.pop(0)
            pair.insert(pair.drills[which % len(pair.drills)], "coal", 1)
        pair.advance(step)
        assert pair.ours() == pair.theirs(), f"after {pair.world.tick} ticks"
