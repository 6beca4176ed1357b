"""A world to measure in: building, feeding and reading it as a player with a script would.

What is read goes through the documented Lua API wherever the game has a name for it; building and running go straight
to the engine. Scenes so depend on what a user can see and not on how the engine keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.inventories import RESULT
from harness.simulator.engine.world import World
from harness.simulator.lua import LEVEL, Game, Scripts, step

SURFACE = 0
NORTH, EAST, SOUTH, WEST = 0, 4, 8, 12
SECOND = 60
"""Ticks of a second."""


class NothingHappenedError(SimError):
    """What a scene waits for did not come in its time."""


class Scene:
    """A flat and empty world with a script that can read it.

    Attributes:
        world: the engine's world.
    """

    def __init__(self) -> None:
        self.world = World(1)
        self._scripts = Scripts(Game(world=self.world, seed=1), [])

    # Building

    def build(self, name: str, x: float, y: float, direction: int = NORTH, **options: Any) -> int:
        """Builds an entity of the player's and gives its row."""
        return self.world.create_entity(SURFACE, name, x, y, direction=direction, **options)

    def ore(self, name: str, left: int, top: int, width: int, height: int, amount: int = 100_000) -> list[int]:
        """A rectangle of ore."""
        return [
            self.build(name, left + x + 0.5, top + y + 0.5, amount=amount) for y in range(height) for x in range(width)
        ]

    def water(self, left: int, top: int, width: int, height: int) -> None:
        """A rectangle of water."""
        tiles = [(left + x, top + y, "water") for y in range(height) for x in range(width)]
        self.world.set_tiles(SURFACE, tiles)

    def electricity(self, x: int = 0, y: int = -6) -> int:
        """A substation (supply 9 tiles each way) with a source beside it that never runs short; gives its row."""
        pole = self.build("substation", x, y)
        self.build("electric-energy-interface", x + 3, y)
        return pole

    def machine(self, name: str, recipe: str | None = None, x: float = 0.5, y: float = 0.5) -> int:
        """A machine with its recipe unlocked and set."""
        row = self.build(name, x, y)
        if recipe is not None:
            self.unlock(recipe)
            self.tell(row, f"e.set_recipe('{recipe}')")
        return row

    def unlock(self, *recipes: str) -> None:
        """Enables recipes without the research, whose bonuses would change the figures."""
        for recipe in recipes:
            self.lua(f"game.forces.player.recipes['{recipe}'].enabled = true")

    def insert(self, row: int, item: str, count: int) -> int:
        """Puts items where they belong, as far as they go in; gives how many did."""
        return self.world.insert(row, item, count)

    # Time

    def run(self, ticks: int) -> None:
        """Runs ticks, with their events."""
        end = self.world.tick + ticks
        while self.world.tick < end:
            step(self._scripts, end - self.world.tick)

    def rises(self, read: Callable[[], float], times: int, limit: int) -> list[int]:
        """The ticks at which a number rose, watched every tick until it did so `times` times.

        Raises:
            NothingHappenedError: it did not within `limit` ticks.
        """
        found: list[int] = []
        last, end = read(), self.world.tick + limit
        while len(found) < times:
            if self.world.tick >= end:
                raise NothingHappenedError(f"{len(found)} of {times} changes in {limit} ticks")
            self.run(1)
            now = read()
            if now > last:
                found.append(self.world.tick)
            last = now
        return found

    def until(self, done: Callable[[], bool], limit: int, every: int = 1) -> int:
        """Runs until something is so and gives the tick.

        Raises:
            NothingHappenedError: it was not within `limit` ticks.
        """
        end = self.world.tick + limit
        while not done():
            if self.world.tick >= end:
                raise NothingHappenedError(f"not in {limit} ticks")
            self.run(every)
        return self.world.tick

    # Reading

    def lua(self, code: str) -> Any:
        """Runs Lua in the level's script; gives what it returns, as JSON has it.

        Raises:
            SimError: it failed.
        """
        wrapped = f"rcon.print(helpers.table_to_json({{(function() {code} end)()}}))"
        self._scripts.run_code(LEVEL, wrapped, code)
        answer = json.loads(self._scripts.take_reply())
        return answer[0] if answer else None

    def tell(self, row: int, code: str) -> Any:
        """Runs Lua with `e` the entity and `surface` its surface; gives what it returns."""
        x, y = self.world.position_of(row)
        find = f"surface.find_entity('{self.world.name_of(row)}', {{{x}, {y}}})"
        return self.lua(f"local surface = game.surfaces[1]; local e = {find}; {code}")

    def ask(self, row: int, expression: str) -> Any:
        """The value of a Lua expression over `e`, the entity."""
        return self.tell(row, f"return {expression}")

    def count(self, row: int, item: str) -> int:
        """How many of an item lie in an entity."""
        return self.world.item_count(row, item)

    def result(self, row: int, item: str) -> int:
        """How many of an item lie in a machine's output."""
        return self.world.count_in(self.world.inventory_of(row, RESULT), item)

    def status(self, row: int) -> str:
        """The name of the entity's status in `defines.entity_status`."""
        name = self.tell(row, "for n, v in pairs(defines.entity_status) do if v == e.status then return n end end")
        return str(name)

    def items_made(self, item: str) -> int:
        """Items made since the start, by the production statistics."""
        return int(self._statistics("item", "input", item))

    def items_used(self, item: str) -> int:
        """Items used up since the start, by the production statistics."""
        return int(self._statistics("item", "output", item))

    def fluid_made(self, fluid: str) -> float:
        """Units of a fluid made since the start, by the production statistics."""
        return self._statistics("fluid", "input", fluid)

    def fluid_used(self, fluid: str) -> float:
        """Units of a fluid used up since the start, by the production statistics."""
        return self._statistics("fluid", "output", fluid)

    def joules_used(self, pole: int, name: str) -> float:
        """Electric joules a kind of entity took so far, by the statistics of the pole's network."""
        return float(self.ask(pole, f"e.electric_network_statistics.get_input_count('{name}')"))

    def joules_made(self, pole: int, name: str) -> float:
        """Electric joules a kind of entity gave so far, by the statistics of the pole's network."""
        return float(self.ask(pole, f"e.electric_network_statistics.get_output_count('{name}')"))

    def per_second(self, read: Callable[[], float], ticks: int) -> float:
        """How much a number grows in a second, over so many ticks."""
        before = read()
        self.run(ticks)
        return (read() - before) * SECOND / ticks

    def _statistics(self, kind: str, side: str, name: str) -> float:
        getter = f"game.forces.player.get_{kind}_production_statistics(1)"
        return float(self.lua(f"return {getter}.get_{side}_count('{name}')"))


def period(ticks: list[int]) -> float:
    """Mean distance of ticks in a list."""
    return (ticks[-1] - ticks[0]) / (len(ticks) - 1)
