"""How alike a factory goes on that was carried over in portable form: `python -m bench.states [--factories N]`.

Each random factory runs for a while, is saved by the agent mod, and is restored by it in another world with the same
ground. Both then run on for a minute of the game, and what they made and used is compared, item by item. The same is
done with an exact snapshot. What differs is told by kind: what the carried factory had that the documented API does not
let through, and in which of the factories that differ it was seen. `docs/states.md` has the table this prints.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from harness.game.agent import AgentClient
from harness.game.portable import canonical
from harness.mod import mod_directory
from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Scripts, load_mods
from harness.simulator.lua.stepping import step
from tests.simulator.engine.factories import LINES, Factory, Part

RUN_TICKS = 3_600
MOST_TICKS_BEFORE = 2_400
MOST_LINES = 6
FACTORIES = 200
SURFACE = "agent-lab-0"
"""The name under which the mod plays the map of this seed: factories stand on ground of their own under that name."""


class Wire:
    """The mod over a world in this process: runs a command, and then the ticks it asked for."""

    name = "in process"

    def __init__(self, world: World) -> None:
        world.surface_names[0] = SURFACE
        self.world = world
        self._game = Game(world=world, seed=0)
        self._scripts = Scripts(self._game, load_mods(mod_directory().parent))
        self._scripts.run_code(
            "agent", f"storage.surface = '{SURFACE}' storage.session = {{map = 'lab', seed = 0}}", "start"
        )

    def command(self, text: str, *, extra_s: float = 0.0) -> str:
        """The reply to a command of the mod."""
        self._scripts.run_command("agent", text.partition(" ")[2])
        reply = self._scripts.take_reply()
        clock = self._game.clock
        while clock.tick_paused and clock.ticks_to_run > 0:
            clock.ticks_to_run -= step(self._scripts, clock.ticks_to_run)
            clock = self._game.clock
        return reply


class Mod:
    """The mod's host tools over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._client = AgentClient(Wire(world))

    def save(self) -> dict[str, Any]:
        """The portable form, in order."""
        return canonical(self._client.call("save").result)

    def restore(self, document: dict[str, Any]) -> None:
        """Makes it the world."""
        self._client.call("restore", {"state": document})

    def run(self, ticks: int) -> None:
        """Runs the world."""
        self._client.call("step", {"ticks": ticks})


@dataclass(slots=True)
class Outcome:
    """What became of one factory.

    Attributes:
        seed: of the factory.
        portable: what the restored world made or used otherwise, by name: (continued, restored).
        exact: the same of the world from an exact snapshot.
        again: whether a save of the restored world is the save it came from.
        kinds: what the factory had that the API does not let through.
    """

    seed: int
    portable: dict[str, tuple[float, float]] = field(default_factory=dict)
    exact: dict[str, tuple[float, float]] = field(default_factory=dict)
    again: bool = False
    kinds: Counter[str] = field(default_factory=Counter)


def plan_of(seed: int) -> tuple[list[Part], int]:
    """The plan of a random factory, and the tick at which it is carried over."""
    free = random.Random(seed)
    lines = [Part(free.choice(sorted(LINES)), free.randrange(2**16)) for _ in range(free.randint(1, MOST_LINES))]
    return lines, free.randint(1, MOST_TICKS_BEFORE)


def empty_ground() -> World:
    """A world with the ground of all factories and nothing on it."""
    world = Factory([Part("sun", 0)]).world
    for row in world.find_entities(0):
        if world.entities.serial[row] > 0:
            world.destroy(row)
    return world


def production(world: World) -> dict[str, float]:
    """All that was made (`+`) and used (`-`) so far, by name."""
    counts: dict[str, float] = {}
    table = world.storage.tables["statistics"]
    for column, names in (("item", world.protos.item_names.names), ("fluid", world.protos.fluid_names.names)):
        for sign, side in (("+", "input"), ("-", "output")):
            values = getattr(table, f"{column}_{side}")[0]
            counts |= {sign + names[index]: float(values[index]) for index in values.nonzero()[0].tolist()}
    return counts


def differences(one: dict[str, float], other: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Where two counts differ, fluids by more than a thousandth of a unit."""
    return {
        name: (one.get(name, 0.0), other.get(name, 0.0))
        for name in sorted(one.keys() | other.keys())
        if abs(one.get(name, 0.0) - other.get(name, 0.0)) > 1e-3
    }


def made_since(world: World, before: dict[str, float]) -> dict[str, float]:
    """Production since then."""
    return {name: count - before.get(name, 0.0) for name, count in production(world).items()}


def measure(seed: int) -> Outcome:
    """Carries one factory over in both forms and compares what follows."""
    plan, ticks = plan_of(seed)
    mod = Mod(Factory(plan).world)
    mod.run(ticks)
    outcome = Outcome(seed)
    document = mod.save()
    snapshot = mod.world.snapshot()
    carried = Mod(empty_ground())
    carried.restore(document)
    outcome.again = carried.save() == document
    starts = production(mod.world), production(carried.world)
    carried.run(RUN_TICKS)
    mod.run(RUN_TICKS)
    expected = made_since(mod.world, starts[0])
    outcome.portable = differences(expected, made_since(carried.world, starts[1]))
    final = mod.world.state_hash()
    mod.world.restore(snapshot)
    mod.run(RUN_TICKS)
    outcome.exact = differences(expected, made_since(mod.world, starts[0]))
    if mod.world.state_hash() != final:
        outcome.exact["state hash"] = (0.0, 1.0)
    return outcome


def main() -> None:
    """Prints the outcome of many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factories", type=int, default=FACTORIES)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    outcomes = []
    for seed in range(arguments.first, arguments.first + arguments.factories):
        outcome = measure(seed)
        outcomes.append(outcome)
        if outcome.portable or outcome.exact or not outcome.again:
            print(seed, [part.kind for part in plan_of(seed)[0]], outcome.again, outcome.portable, outcome.exact)
    alike = sum(not outcome.portable for outcome in outcomes)
    again = sum(outcome.again for outcome in outcomes)
    exact = sum(not outcome.exact for outcome in outcomes)
    print(f"{len(outcomes)} factories: portable alike {alike}, saved again alike {again}, exact alike {exact}")


if __name__ == "__main__":
    main()
