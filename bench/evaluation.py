"""How much of each slot is put to use: programs that wait, programs that keep servers busy, and programs that call.

Efficiency is what one slot takes for a program, times the programs and divided by the number of slots, over what they
take together. All is measured on real servers through `FactorioEvaluator`. What waiting earns is known beforehand,
unless said otherwise: the holdout is a server of its own, and where it computes beside as many slots as there are
cores, its work is work that the cores have to do, not time that anybody loses.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
from anyio.from_thread import start_blocking_portal

from bench.slow_wire import slow_wire
from harness.api.blueprint import blueprint_of, to_text
from harness.evaluation import FactorioEvaluator, Program
from harness.evaluation.result import EvaluationResult
from harness.game import FactorioInstance
from harness.servers import RunningServer, ServerPool, ServerSettings, make_launcher

WAITING_SLOTS = 8
WAITING_S = 2.0
TIMEOUT_S = 300.0
ROUNDS = 4
"""Programs a slot runs beside a holdout that computes, all from one world: what a search asks of one parent."""

WAITING = "sleep(1)"
"""On a slow wire: nearly all of its time is spent waiting for the server."""

CALLS = 1500
CALLING = f"for _ in range({CALLS}):\n    inspect_inventory()"
"""Program, host and server are busy in turn: what three processes a slot and one host for all slots cost."""

COMPUTING_TICKS = 360_000
COMPUTING = "for _ in range(20):\n    sleep(300)"
"""So many ticks; what the server computes in them are the rings below, about two seconds of a processor's time."""

NUM_RINGS = 120
RINGS_A_ROW = 12
RING = ((0, 0, 4), (1, 0, 8), (1, 1, 12), (0, 1, 0))
"""Four belts that lead into each other: what lies on them goes round for ever, without energy."""

TOOLS = {
    "transport-belt": NUM_RINGS * len(RING),
    "iron-plate": NUM_RINGS * len(RING),
    "burner-mining-drill": 1,
    "wooden-chest": 1,
    "coal": 5,
}
BUILDING = """
belts = import_blueprint({rings!r}, Position(x=-30, y=-50))
for belt in belts:
    insert_item(Prototype.IronPlate, belt, quantity=1)
del belts, belt
"""


@contextlib.contextmanager
def slots(count: int, *, delay_s: float = 0.0) -> Iterator[list[FactorioInstance]]:
    """So many slots and a holdout on servers of their own, on slow wires if `delay_s` is given."""
    with contextlib.ExitStack() as stack:

        def connect(server: RunningServer) -> FactorioInstance:
            port = stack.enter_context(slow_wire(server.port, delay_s)) if delay_s else server.port
            return FactorioInstance(
                address=server.address,
                tcp_port=port,
                rcon_password=server.password,
                inventory=TOOLS,
                max_ticks=None,
            )

        launcher = make_launcher(ServerSettings(), Path(stack.enter_context(tempfile.TemporaryDirectory())))
        portal = stack.enter_context(start_blocking_portal())
        pool = stack.enter_context(portal.wrap_async_context_manager(ServerPool(launcher, count, connect)))
        yield pool.instances


def computing(instance: FactorioInstance) -> Program:
    """A program on a world that never rests."""
    belts = [
        {
            "name": "transport-belt",
            "position": {"x": number % RINGS_A_ROW * 3 + x + 0.5, "y": number // RINGS_A_ROW * 3 + y + 0.5},
            "direction": direction,
        }
        for number in range(NUM_RINGS)
        for x, y, direction in RING
    ]
    instance.reset()
    outcome = instance.eval(BUILDING.format(rings=to_text(blueprint_of(belts, []))), TIMEOUT_S)
    assert outcome.result.status == "ok", outcome.response
    return Program(COMPUTING, state=instance.state())


def efficiency(
    instances: Sequence[FactorioInstance], program: Program, *, repeats: int = 1, rounds: int = 1, fresh: bool = False
) -> float:
    """Of all slots but the holdout, which the last instance is, against one slot alone.

    Args:
        instances: the slots, and the holdout last.
        program: what is run.
        repeats: the best of so many is taken, of either side.
        rounds: programs a slot.
        fresh: whether the slots together have to find out what waiting earns.
    """
    count = len(instances) - 1
    pair = [instances[0], instances[-1]]
    alone, together = _informed(pair, program), _informed(instances, program)
    ones, all_of_them = [], []
    for _ in range(repeats):
        ones.append(_timed(alone, [program]))
        evaluator = FactorioEvaluator(instances, accrual_ticks=0) if fresh else together
        all_of_them.append(_timed(evaluator, [program] * (count * rounds)))
    return rounds * min(ones) / min(all_of_them)


def shares_of_servers(instances: Sequence[FactorioInstance], program: Program, attempts: int) -> Iterator[float]:
    """Of the time `COMPUTING` takes on all slots, what servers take that compute as much side by side, asked by nobody.

    Others that use the machine slow both down alike, so unlike an efficiency it says something on a machine that is
    shared. Slots that wait for each other come to one over their number. One after the other for each attempt.
    """
    evaluator = _informed(instances, program)
    count = len(instances) - 1
    for _ in range(attempts):
        bare = _stepped(instances[:count], program)
        yield bare / _timed(evaluator, [program] * count)


def _stepped(instances: Sequence[FactorioInstance], program: Program) -> float:
    """Seconds that servers take for the ticks of `COMPUTING` alone, all at the same time."""
    for instance in instances:
        instance.reset(program.state)
    with ThreadPoolExecutor(len(instances)) as threads:
        return _seconds(lambda: list(threads.map(lambda instance: instance.advance(COMPUTING_TICKS), instances)))


def _informed(instances: Sequence[FactorioInstance], program: Program) -> FactorioEvaluator:
    """An evaluator that knows what waiting earns, with its workers started."""
    evaluator = FactorioEvaluator(instances, accrual_ticks=0)
    _timed(evaluator, [program] * evaluator.num_slots)
    return evaluator


def _timed(evaluator: FactorioEvaluator, programs: Sequence[Program]) -> float:
    results: list[EvaluationResult] = []

    async def run() -> None:
        results.extend(await evaluator.evaluate(programs, TIMEOUT_S))

    elapsed = _seconds(lambda: anyio.run(run))
    for result in results:
        assert result.status == "ok", result.fault
    return elapsed


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def host_s_a_call(instance: FactorioInstance) -> float:
    """Processor seconds of this process for each call; as many slots as fit into a call's time keep it busy."""
    started = time.process_time()
    instance.eval(CALLING, TIMEOUT_S)
    return (time.process_time() - started) / CALLS


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    cores = len(os.sched_getaffinity(0))
    rows = []
    with slots(WAITING_SLOTS, delay_s=WAITING_S) as instances:
        waiting = efficiency(instances, Program(WAITING), repeats=2)
        rows.append((f"{WAITING_SLOTS} slots, programs that wait {WAITING_S:g} s each: efficiency", f"{waiting:.2f}"))
    with slots(cores) as instances:
        where, program = f"{cores} slots on {cores} cores", computing(instances[0])
        share = efficiency(instances, program, repeats=5)
        rows.append((f"{where}, programs that compute: efficiency", f"{share:.2f}"))
        share = statistics.median(shares_of_servers(instances, program, attempts=5))
        rows.append(("of that time, what the servers take for the ticks alone", f"{share:.2f}"))
        beside = efficiency(instances, program, repeats=2, rounds=ROUNDS, fresh=True)
        most = cores * ROUNDS / (cores * ROUNDS + 1)
        rows.append(
            (
                f"{cores * ROUNDS} of them beside the holdout, which computes as long as one: efficiency",
                f"{beside:.2f} of at most {most:.2f}",
            )
        )
        calling = efficiency(instances, Program(CALLING), repeats=3)
        rows.append((f"{where}, programs that do nothing but call: efficiency", f"{calling:.2f}"))
        rows.append(("of a call, work of the host that all slots share", f"{host_s_a_call(instances[0]) * 1e3:.2f} ms"))
    return rows
