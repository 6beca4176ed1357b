"""How fast the agent's tools are on one slot: each from inside a confined program, and its requests sent by the host.

One program sets a small works up, a second calls every tool in turn. The host notes when each request came; the time
from one mark to the next is what the program's calls took, confinement, pipe and trusted half included. Then the very
same requests go from the host straight over RCON.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from harness import FactorioInstance
from harness.api import TOOL_NAMES
from harness.game import AgentClient, GameTools, ProductionStatistics, ToolFailure
from harness.game.rcon import RconConnection
from harness.programs import Namespace, ProgramRunner, ToolReply
from harness.servers import RunningServer

INVENTORY = {
    "coal": 500, "iron-plate": 2000, "iron-ore": 500, "wooden-chest": 20, "inserter": 20, "transport-belt": 1000,
    "stone-furnace": 20, "pipe": 400, "small-electric-pole": 200, "assembling-machine-2": 10, "rocket-silo": 1,
    "stone-wall": 200,
}  # fmt: skip

SETUP = """
move_to(Position(x=0, y=0))
chest = place_entity(Prototype.WoodenChest, position=Position(x=3.5, y=3.5))
furnace = place_entity(Prototype.StoneFurnace, position=Position(x=-4, y=4))
machine = place_entity(Prototype.AssemblingMachine2, position=Position(x=0.5, y=6.5))
inserter = place_entity(Prototype.Inserter, position=Position(x=6.5, y=3.5))
insert_item(Prototype.Coal, chest, 50)
insert_item(Prototype.Coal, furnace, 5)
for x in range(6):
    place_entity(Prototype.TransportBelt, Direction.RIGHT, Position(x=x + 0.5, y=-3.5))
ore = nearest(Resource.IronOre)
beside = Position(x=0, y=0)
corner = Position(x=-5, y=-5)
silo = place_entity(Prototype.RocketSilo, position=Position(x=-8.5, y=-4.5), exact=False)
text = export_blueprint([chest, inserter])
"""

START = """
move_to(Position(x=0, y=0))
a, b = Position(x=-60.5, y=30.5), Position(x=39.5, y=30.5)
c, d = Position(x=-60.5, y=-40.5), Position(x=39.5, y=-40.5)
e, f = Position(x=-60.5, y=-45.5), Position(x=39.5, y=-45.5)
"""
MARK = 'send_message("{name}")\n'


class Case(NamedTuple):
    """Calls of one tool, or of two that undo each other.

    Attributes:
        name: the row.
        code: what is repeated.
        calls: tool calls in one repetition.
        repeats: how often.
        simple: part of the mix.
        before: run once, not measured.
    """

    name: str
    code: str
    calls: int = 1
    repeats: int = 300
    simple: bool = True
    before: str = ""


CASES = (
    Case("get_entity", "get_entity(Prototype.WoodenChest, chest.position)"),
    Case(
        "get_entities, within 10 tiles",
        "get_entities(position=chest.position, radius=10)",
        repeats=100,
        simple=False,
    ),
    Case("inspect_inventory", "inspect_inventory(chest)"),
    Case("nearest", "nearest(Resource.IronOre)"),
    Case("get_resource_patch", "get_resource_patch(Resource.IronOre, ore)", repeats=20, simple=False),
    Case("get_prototype_recipe", "get_prototype_recipe(Prototype.IronGearWheel)"),
    Case("can_place_entity", "can_place_entity(Prototype.StoneFurnace, Direction.UP, Position(x=5, y=-7))"),
    Case(
        "place_entity, pickup_entity",
        "pickup_entity(place_entity(Prototype.StoneFurnace, position=Position(x=5, y=-7)))",
        2,
        150,
    ),
    Case(
        "place_entity_next_to, pickup_entity",
        "pickup_entity(place_entity_next_to(Prototype.WoodenChest, furnace.position, Direction.LEFT))",
        2,
        100,
    ),
    Case(
        "rotate_entity",
        "rotate_entity(inserter, Direction.UP); rotate_entity(inserter, Direction.RIGHT)",
        2,
        150,
    ),
    Case(
        "insert_item, extract_item",
        "insert_item(Prototype.Coal, furnace, 1); extract_item(Prototype.Coal, furnace, 1)",
        2,
        150,
    ),
    Case("set_entity_recipe", "set_entity_recipe(machine, Prototype.IronGearWheel)"),
    Case("craft_item", "craft_item(Prototype.IronGearWheel, 1)", repeats=100),
    Case("get_research_progress", "get_research_progress(Technology.Automation)"),
    Case("set_research", "set_research(Technology.Automation)", repeats=100),
    Case("launch_rocket, one that is not ready", "launch_rocket(silo)", repeats=100, simple=False),
    Case("score", "score()", repeats=200),
    Case("send_message", 'send_message("hello")'),
    Case("print", 'print("hello")'),
    Case("sleep, of one second", "sleep(1)", repeats=50, simple=False),
    Case(
        "move_to, 5 tiles",
        "move_to(Position(x=5, y=0)); move_to(Position(x=0, y=0))",
        2,
        15,
        simple=False,
    ),
    Case(
        "nearest_buildable",
        "nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=4, height=4), beside)",
        repeats=10,
        simple=False,
    ),
    Case(
        "shift_entity",
        "chest = shift_entity(chest, Direction.RIGHT, 1); chest = shift_entity(chest, Direction.LEFT, 1)",
        2,
        50,
        simple=False,
    ),
    Case(
        "harvest_resource, one ore", "harvest_resource(ore, 1)", repeats=30, simple=False, before="move_to(ore)"
    ),
    Case("get_connection_amount, 20 belts", "get_connection_amount(Position(x=10.5, y=12.5), Position(x=30.5, y=12.5), "
         "Prototype.TransportBelt)", repeats=10, simple=False),
    Case("export_blueprint, two entities", "export_blueprint([chest, inserter])", repeats=50, simple=False),
    Case(
        "import_blueprint, two entities, with picking them up",
        "for built in import_blueprint(text, Position(x=12, y=3)): pickup_entity(built)",
        repeats=20,
        simple=False,
    ),
    Case("connect_entities, belts over 100 tiles", "belts = connect_entities(a, b, Prototype.TransportBelt)",
         repeats=1, simple=False),
    Case("connect_entities, pipes over 100 tiles", "pipes = connect_entities(c, d, Prototype.Pipe)",
         repeats=1, simple=False),
    Case("connect_entities, poles over 100 tiles", "poles = connect_entities(e, f, Prototype.SmallElectricPole)",
         repeats=1, simple=False),
    Case("get_entities, these 200 and more", "get_entities(radius=100)",
         repeats=5, simple=False),
)  # fmt: skip


@dataclass
class Segment:
    """What the program asked for between two marks.

    Attributes:
        requests: what reached the server, in order.
        seconds: how long it took.
    """

    requests: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    seconds: float = 0.0


class Recorder:
    """Serves a program's calls and notes them by mark."""

    def __init__(self, tools: GameTools) -> None:
        self._tools = tools
        self._since = time.perf_counter()
        self.segments: dict[str, Segment] = {"": Segment()}
        self._now = self.segments[""]

    def call(self, tool: str, args: Mapping[str, Any]) -> ToolReply:
        """One call."""
        if tool == "send_message" and args["message"] in MARKS:
            self.mark(str(args["message"]))
        elif tool not in ("send_message", "score"):
            self._now.requests.append((tool, args))
        return self._tools.call(tool, args)

    def mark(self, name: str) -> None:
        """Ends a segment and begins the next."""
        now = time.perf_counter()
        self._now.seconds += now - self._since
        self._now, self._since = self.segments.setdefault(name, Segment()), now


REST = "rest"
MARKS = frozenset(case.name for case in CASES) | {REST}


def measure(server: RunningServer) -> list[tuple[str, str]]:
    """Rows of the table."""
    arguments = {"address": server.address, "tcp_port": server.port, "rcon_password": server.password}
    cases = [case for case in CASES if case.name.split(",")[0] in (*TOOL_NAMES, "print")]
    with (
        FactorioInstance(inventory=INVENTORY, all_technologies=False, **arguments) as instance,
        RconConnection(server.address, server.port, server.password) as connection,
        ProgramRunner(max_calls=100_000) as runner,
    ):
        client = AgentClient(connection)
        bench = _Bench(client, runner, instance.production)
        bench.run(SETUP)
        bench.run(_tour([case._replace(repeats=1) for case in cases]))  # compiles what has not been called yet
        segments = bench.run(_tour(cases))
        bench.run(START)
        direct = {}
        for case in cases:
            if case.before:
                bench.run(case.before)
            direct[case.name] = _replay(client, segments[case.name])
    return _rows(cases, segments, direct)


class _Bench:
    """Runs programs one after the other on one server."""

    def __init__(self, client: AgentClient, runner: ProgramRunner, production: Any) -> None:
        self._client = client
        self._runner = runner
        self._production: Any = production
        self._namespace = Namespace()

    def run(self, code: str) -> dict[str, Segment]:
        """The segments of one program."""
        recorder = Recorder(GameTools(self._client, self._statistics))
        gc.collect()
        outcome = self._runner.run(code, host=recorder, namespace=self._namespace, timeout_s=120)
        if outcome.failed:
            raise RuntimeError(f"the bench program failed: {outcome.text}")
        self._namespace = outcome.namespace
        return recorder.segments

    def _statistics(self) -> ProductionStatistics:
        statistics: ProductionStatistics = self._production()
        return statistics


def _tour(cases: list[Case]) -> str:
    parts = [START]
    for case in cases:
        body = "\n    ".join(case.code.split("; "))
        if case.before:
            parts.append(f"{MARK.format(name=REST)}{case.before}\n")
        parts.append(f"{MARK.format(name=case.name)}for _ in range({case.repeats}):\n    {body}\n")
    return "".join(parts) + MARK.format(name=REST) + "for built in (belts, pipes, poles):\n    pickup_entity(built)\n"


def _replay(client: AgentClient, segment: Segment) -> float:
    """Seconds for the same requests without a program."""
    started = time.perf_counter()
    for tool, args in segment.requests:
        try:
            client.call(tool, args)
        except ToolFailure as failure:
            raise RuntimeError(f"{tool} was refused when asked again: {failure}") from failure
    return time.perf_counter() - started


def _rows(cases: list[Case], segments: Mapping[str, Segment], direct: Mapping[str, float]) -> list[tuple[str, str]]:
    rows, mix = [], {"direct": [], "program": []}  # type: ignore[var-annotated]
    for case in cases:
        calls = case.calls * case.repeats
        inside, outside = segments[case.name].seconds / calls, direct[case.name] / calls
        if segments[case.name].requests:
            rows.append((case.name, f"{_rate(outside)} ({outside * 1e3:.2f} ms), inside {_rate(inside)}"))
        else:
            rows.append((case.name, f"inside {_rate(inside)}"))
        if case.simple and segments[case.name].requests:
            mix["direct"].append(outside)
            mix["program"].append(inside)
    means = {where: sum(seconds) / len(seconds) for where, seconds in mix.items()}
    rows.append(("all simple tools in turn", f"{_rate(means['direct'])}, inside {_rate(means['program'])}"))
    rows.append(("the reference environment over a mix of tools, published, not measured here", "218/s, inside 68/s"))
    return rows


def _rate(seconds: float) -> str:
    return f"{1 / seconds:,.0f}/s"
