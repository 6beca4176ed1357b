"""How alike a factory goes on that was carried over in portable form: `python -m bench.states [--factories N]`.

Each random factory runs for a while, is saved by the agent mod, and is restored by it in another world with the same
ground. Both then run on for a minute of the game, and what they made and used is compared, item by item. The same is
done with an exact snapshot. What differs is told by kind: what the carried factory had that the documented API does not
let through, and in which of the factories that differ it was seen. `docs/states.md` has the table this prints.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.machines import HEIGHT, WIDTH, cell
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
SURFACE = "agent-lab"
"""The name under which the mod plays laboratories: factories stand on ground of their own under that name."""


class Wire:
    """The mod over a world in this process: runs a command, and then the ticks it asked for."""

    name = "in process"

    def __init__(self, world: World, *, own_ground: bool) -> None:
        if own_ground:
            world.surface_names[0] = SURFACE
        self.world = world
        self._game = Game(world=world, seed=0)
        self._scripts = Scripts(self._game, load_mods(mod_directory().parent))
        if own_ground:
            played = (
                f"storage.surface = '{SURFACE}' storage.session = {{map = 'lab', seed = 0}} storage.drawn = {{lab = 0}}"
            )
            self._scripts.run_code("agent", played, "start")

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
    """The mod's host tools over one world.

    Args:
        world: to play.
        own_ground: play on the ground that the world has, as if it were a laboratory's.
    """

    def __init__(self, world: World, *, own_ground: bool = True) -> None:
        self.world = world
        self._client = AgentClient(Wire(world, own_ground=own_ground))

    def reset(self) -> None:
        """A new laboratory."""
        self._client.call("reset", {"map": "lab", "seed": 1, "inventory": {"coal": 100}})

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
        items: what the restored world made or used otherwise, by name: (continued, restored).
        fluids: the same of fluids.
        exact: both of the world from an exact snapshot, and its state.
        again: whether a save of the restored world is the save it came from.
        kinds: what of `UNREAD` the factory had.
    """

    seed: int
    items: dict[str, tuple[float, float]] = field(default_factory=dict)
    fluids: dict[str, tuple[float, float]] = field(default_factory=dict)
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


def production(world: World, kind: str) -> dict[str, float]:
    """All items or fluids (`kind`) that were made (`+`) and used (`-`) so far, by name."""
    counts: dict[str, float] = {}
    table = world.storage.tables["statistics"]
    names = (world.protos.item_names if kind == "item" else world.protos.fluid_names).names
    for sign, side in (("+", "input"), ("-", "output")):
        values = getattr(table, f"{kind}_{side}")[0]
        counts |= {sign + names[index]: float(values[index]) for index in values.nonzero()[0].tolist()}
    return counts


def differences(one: dict[str, float], other: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Where two counts differ, fluids by more than a thousandth of a unit."""
    return {
        name: (one.get(name, 0.0), other.get(name, 0.0))
        for name in sorted(one.keys() | other.keys())
        if abs(one.get(name, 0.0) - other.get(name, 0.0)) > 1e-3
    }


KINDS = ("item", "fluid")
Counts = dict[str, dict[str, float]]


def all_production(world: World) -> Counts:
    """Items and fluids."""
    return {kind: production(world, kind) for kind in KINDS}


def made_since(world: World, before: Counts) -> Counts:
    """Production since then."""
    return {
        kind: {name: count - before[kind].get(name, 0.0) for name, count in production(world, kind).items()}
        for kind in KINDS
    }


UNREAD = {
    "hand of an inserter between two places it stops at": lambda one, other: _hands(one) != _hands(other),
    "progress of mining by hand": lambda one, other: _mined(one) != _mined(other),
    "intermediates made by hand for a craft": lambda one, _: any("queue" in each for each in one["characters"]),
    "progress of a technology that is triggered": lambda one, other: one["technologies"] != other["technologies"],
    "stage of a rocket silo's launch": lambda one, _: any(each["name"] == "rocket-silo" for each in one["entities"]),
}
"""What a factory may have had that is not restored, and how to tell from its save and that of the restored one."""


def _hands(document: dict[str, Any]) -> list[tuple[float, float]]:
    return [(each["arm"]["x"], each["arm"]["y"]) for each in document["entities"] if "arm" in each]


def _mined(document: dict[str, Any]) -> list[Any]:
    return [each.get("mining") for each in document["characters"]]


def without_hands(document: dict[str, Any]) -> dict[str, Any]:
    """The document without the places of inserters' hands, which are met to a step only."""
    entities = []
    for each in document["entities"]:
        arm = {key: value for key, value in each.get("arm", {}).items() if key not in ("x", "y")}
        entities.append({**each, "arm": arm})
    return {**document, "entities": entities}


def carry(seed: int) -> Outcome:
    """Carries one factory over in both forms and compares what follows."""
    plan, ticks = plan_of(seed)
    mod = Mod(Factory(plan).world)
    mod.run(ticks)
    outcome = Outcome(seed)
    document = mod.save()
    snapshot = mod.world.snapshot()
    carried = Mod(empty_ground())
    carried.restore(document)
    again = carried.save()
    outcome.again = again == document
    outcome.kinds.update(kind for kind, is_there in UNREAD.items() if is_there(document, again))
    starts = all_production(mod.world), all_production(carried.world)
    carried.run(RUN_TICKS)
    mod.run(RUN_TICKS)
    expected, found = made_since(mod.world, starts[0]), made_since(carried.world, starts[1])
    outcome.items, outcome.fluids = (differences(expected[kind], found[kind]) for kind in KINDS)
    final = mod.world.state_hash()
    mod.world.restore(snapshot)
    mod.run(RUN_TICKS)
    exact = made_since(mod.world, starts[0])
    outcome.exact = {name: pair for kind in KINDS for name, pair in differences(expected[kind], exact[kind]).items()}
    if mod.world.state_hash() != final:
        outcome.exact["state hash"] = (0.0, 1.0)
    return outcome


TIMED_CELLS = 12
TIMED_TICKS = 1_000
REPEATS = 5


def measure() -> list[tuple[str, str]]:
    """Rows of the table of speeds: a factory at work on the laboratory's map, saved and restored by the mod."""
    mod = Mod(World(seed=0), own_ground=False)
    mod.reset()
    surface = mod.world.surface_names.index(SURFACE)
    for number in range(TIMED_CELLS):
        cell(mod.world, surface, WIDTH * (number % 4) - 180, HEIGHT * (number // 4) - 180)
    mod.run(TIMED_TICKS)
    entities = len(mod.save()["entities"])
    save, restore = [], []
    for _ in range(REPEATS):
        started = time.perf_counter()
        document = mod.save()
        save.append(time.perf_counter() - started)
        started = time.perf_counter()
        mod.restore(document)
        restore.append(time.perf_counter() - started)
    return [
        (f"portable save, {entities} entities", f"{min(save) * 1e3:.1f} ms"),
        ("portable restore of them", f"{min(restore) * 1e3:.1f} ms"),
    ]


def main() -> None:
    """Prints the outcome of many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factories", type=int, default=FACTORIES)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    outcomes = []
    for seed in range(arguments.first, arguments.first + arguments.factories):
        outcome = carry(seed)
        outcomes.append(outcome)
        if outcome.items or outcome.exact:
            kinds = ", ".join(part.kind for part in plan_of(seed)[0])
            print(f"{seed} ({kinds}): continued and restored {outcome.items} {outcome.exact}")
    print(table(outcomes))


def table(outcomes: list[Outcome]) -> str:
    """The tables of docs/states.md."""
    total = len(outcomes)

    def row(what: str, count: int) -> str:
        return f"| {what} | {count} of {total} | {100 * count / total:.1f} % |"

    lines = [
        f"| {total} factories, {RUN_TICKS:,} ticks after they were carried over | | |",
        "|---|---|---|",
        row("exact: the same state, bit for bit", sum(not each.exact for each in outcomes)),
        row("portable: the same items made and used, one by one", sum(not each.items for each in outcomes)),
        row("portable: fluids too, to a thousandth of a unit", sum(not each.items | each.fluids for each in outcomes)),
        row("portable: saved again, the same document", sum(each.again for each in outcomes)),
        "",
        "| not let through | factories that had it | of these with other items |",
        "|---|---|---|",
    ]
    for kind in UNREAD:
        having = [each for each in outcomes if each.kinds[kind]]
        lines.append(f"| {kind} | {len(having)} | {sum(bool(each.items) for each in having)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
