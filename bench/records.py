"""What the records of a run cost: written while it plays, read, and gone through when it is taken up again.

The run is a real one, of the plain tree search with the scripted model on embedded servers. Seconds are given for each
1,000 nodes: reading them is linear in their number, and a long run has many thousands.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import anyio

from harness.evaluation import Program
from harness.experiment import load_experiment, load_programs, resume_run, start_run
from harness.experiment.arena import SilentWatcher
from harness.records import RunFolder, RunReader
from harness.variants import SilentObserver

ITERATIONS = 100
SAMPLES = 4
EXPERIMENTS = Path(__file__).parents[1] / "experiments"

Got = TypeVar("Got")


class _Clock(SilentObserver, SilentWatcher):
    """Notes when the first and the last recorded node was entered, and how many there were."""

    def __init__(self) -> None:
        self.began_at = self.ended_at = 0.0
        self.num_replayed = 0

    def on_run(self, folder: RunFolder) -> None:
        """Does nothing."""

    def on_program(self, program: Program, *, replayed: bool) -> None:
        """Takes the time."""
        del program
        if replayed:
            self.ended_at = time.perf_counter()
            self.began_at = self.began_at or self.ended_at
            self.num_replayed += 1


def measure(iterations: int = ITERATIONS) -> list[tuple[str, str]]:
    """Rows of the table."""
    slots = len(os.sched_getaffinity(0))
    changes = [f"search.iterations={iterations}", f"search.samples_per_iteration={SAMPLES}", f"servers.slots={slots}"]
    config = load_experiment(EXPERIMENTS, "mcts_01", overrides=changes)
    with tempfile.TemporaryDirectory() as results:
        played_s, outcome = _timed(lambda: anyio.run(start_run, config, Path(results), _Clock()))
        reader = RunReader(outcome.folder)
        read_s, records = _timed(reader.programs)
        loaded_s, _ = _timed(lambda: load_programs(reader))
        calls_s, _ = _timed(lambda: sum(1 for _ in reader.model_calls()))
        clock = _Clock()
        anyio.run(resume_run(outcome.folder, iterations=iterations + 1)[1], clock)
        state_bytes = len(reader.state(records[-1].state or ""))
    thousands = len(records) / 1000
    return [
        (
            f"run of {len(records)} nodes, worlds of {state_bytes / 1000:.0f} kB: played, for 1,000",
            f"{played_s / thousands:.1f} s",
        ),
        ("its nodes read, for 1,000", f"{read_s / thousands:.3f} s"),
        ("its nodes read as programs, all states looked at, for 1,000", f"{loaded_s / thousands:.2f} s"),
        ("its model calls read, for 1,000 nodes", f"{calls_s / thousands:.3f} s"),
        (
            "taken up again: its nodes entered in the tree, for 1,000",
            f"{(clock.ended_at - clock.began_at) / clock.num_replayed * 1000:.2f} s",
        ),
    ]


def _timed(work: Callable[[], Got]) -> tuple[float, Got]:
    started = time.perf_counter()
    got = work()
    return time.perf_counter() - started, got
