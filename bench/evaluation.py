"""How much of each slot is put to use: programs that wait, programs that keep servers busy, and programs that call.

Efficiency is what one slot takes for all programs, divided by the number of slots and by what they take together. All
is measured on real servers through `FactorioEvaluator`, the holdout left out by asking for what it knows already.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio
from anyio.from_thread import start_blocking_portal

from bench.slow_wire import slow_wire
from harness.evaluation import FactorioEvaluator, Program
from harness.evaluation.result import EvaluationResult
from harness.game import FactorioInstance
from harness.servers import RunningServer, ServerPool, ServerSettings, make_launcher

WAITING_SLOTS = 8
WAITING_S = 2.0
TIMEOUT_S = 300.0
TOOLS = {"burner-mining-drill": 200, "wooden-chest": 200, "coal": 2000}

WAITING = "sleep(1)"
"""On a slow wire: nearly all of its time is spent waiting for the server."""

BUSY = "for _ in range({rounds}):\n    sleep(60)"
"""The server computes all the time; the mines below are what it computes."""

CALLS = 1500
CALLING = f"for _ in range({CALLS}):\n    inspect_inventory()"
"""Program, host and server are busy in turn: what three processes a slot and one host for all slots cost."""

MINES = """
for resource in (Resource.IronOre, Resource.CopperOre, Resource.Coal, Resource.Stone):
    ore = nearest(resource)
    for row in range(3):
        box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=8, height=3), ore)
        for rank in range(4):
            at = box.left_top + Position(x=1 + 2 * rank, y=1)
            move_to(at)
            drill = place_entity(Prototype.BurnerMiningDrill, Direction.DOWN, at)
            insert_item(Prototype.Coal, drill, quantity=5)
            if can_place_entity(Prototype.WoodenChest, position=drill.drop_position):
                place_entity(Prototype.WoodenChest, position=drill.drop_position)
"""


@contextlib.contextmanager
def slots(count: int, *, delay_s: float = 0.0) -> Iterator[list[FactorioInstance]]:
    """So many slots and a holdout on servers of their own, on slow wires if `delay_s` is given."""
    with contextlib.ExitStack() as stack:

        def connect(server: RunningServer) -> FactorioInstance:
            port = stack.enter_context(slow_wire(server.port, delay_s)) if delay_s else server.port
            return FactorioInstance(
                address=server.address, tcp_port=port, rcon_password=server.password, inventory=TOOLS
            )

        launcher = make_launcher(ServerSettings(), Path(stack.enter_context(tempfile.TemporaryDirectory())))
        portal = stack.enter_context(start_blocking_portal())
        pool = stack.enter_context(portal.wrap_async_context_manager(ServerPool(launcher, count, connect)))
        yield pool.instances


def efficiency(instances: Sequence[FactorioInstance], program: Program, repeats: int = 1) -> float:
    """Of all slots but the holdout, which the last instance is: one program a slot against one slot alone."""
    count = len(instances) - 1
    alone = FactorioEvaluator([instances[0], instances[-1]], accrual_ticks=0)
    together = FactorioEvaluator(instances, accrual_ticks=0)
    for evaluator in (alone, together):
        _timed(evaluator, [program] * evaluator.num_slots)  # workers started, what the holdout earns known
    one = min(_timed(alone, [program]) for _ in range(repeats))
    return one / min(_timed(together, [program] * count) for _ in range(repeats))


def _timed(evaluator: FactorioEvaluator, programs: Sequence[Program]) -> float:
    async def run() -> list[EvaluationResult]:
        return await evaluator.evaluate(programs, TIMEOUT_S)

    started = time.perf_counter()
    results = anyio.run(run)
    elapsed = time.perf_counter() - started
    for result in results:
        assert result.status == "ok", result.fault
    return elapsed


def mined(instance: FactorioInstance) -> Program:
    """A program on a world with four dozen drills."""
    instance.reset()
    outcome = instance.eval(MINES, TIMEOUT_S)
    assert outcome.result.status == "ok", outcome.response
    return Program(BUSY.format(rounds=50), state=instance.state())


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
        for what, program in (("keep servers busy", mined(instances[0])), ("do nothing but call", Program(CALLING))):
            share = efficiency(instances, program, repeats=3)
            rows.append((f"{cores} slots on {cores} cores, programs that {what}: efficiency", f"{share:.2f}"))
        rows.append(("of a call, work of the host that all slots share", f"{host_s_a_call(instances[0]) * 1e3:.2f} ms"))
    return rows
