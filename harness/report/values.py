"""Runs of a comparison reduced to what is compared: their values, what they spent, and how the best value grew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from harness.core.errors import RecordError
from harness.records import ProgramRecord, RunFolder, RunReader
from harness.report.statistics import Floats
from harness.tasks import Task


class Step(NamedTuple):
    """How far a run was when a node had been entered: what was spent by then, and the best value.

    Dollars are `None` where a price is not known, seconds where the record does not say.
    """

    samples: int
    ticks: int
    tokens: int
    usd: float | None
    wall_s: float | None
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunValue:
    """One run of a comparison, reduced to what is compared.

    The value is, on a task with a quota, the greatest share of it that was verified after a program, at most 1, whether
    the program ran to its end or not; on any other the greatest production score of a world that a program left which
    did.

    Attributes:
        method, task, seed: which run.
        has_quota: whether values are shares of a quota.
        value: at the end.
        success: whether the task's goal was reached; `None` where it has none.
        samples, ticks, tokens, usd: what was spent; `usd` is `None` if a price is not known.
        steps: after every node, in the order of entering: the anytime curve.
        price_profile: of the production score.
    """

    method: str
    task: str
    seed: int
    has_quota: bool
    value: float
    success: bool | None
    samples: float
    ticks: float
    tokens: int
    usd: float | None
    steps: tuple[Step, ...]
    price_profile: str


def read_run(folder: RunFolder, *, method: str, task: Task, seed: int) -> RunValue:
    """Reads a finished run.

    Args:
        folder: of the run.
        method: its name in the comparison.
        task: what it was after.
        seed: its seed.

    Raises:
        RecordError: the folder cannot be read.
    """
    reader = RunReader(folder)
    summary, records = reader.summary(), reader.programs()
    if summary is None or not records:
        missing = folder.programs if summary else folder.summary
        raise RecordError(
            f"{folder.root}: expected a finished run with all its records, found none in {missing.name}; put the file "
            "back, or delete the run's folder and go on with --resume"
        )
    steps = _steps(records)
    goal = task.success is not None
    spent = {name: entry["spent"] for name, entry in summary.budget.items()}
    return RunValue(
        method=method,
        task=task.name,
        seed=seed,
        has_quota=task.throughput is not None,
        value=steps[-1].value,
        success=any(record.meta.get("task", {}).get("success") is True for record in records) if goal else None,
        samples=spent["samples"],
        ticks=spent["ticks"],
        tokens=summary.input_tokens + summary.output_tokens,
        usd=summary.cost_usd,
        steps=tuple(steps),
        price_profile=summary.price_profile,
    )


def _steps(records: Iterable[ProgramRecord]) -> list[Step]:
    steps: list[Step] = []
    done = Step(0, 0, 0, 0.0, 0.0, 0.0)
    for record in records:
        usd = _cost(record)
        done = Step(
            samples=done.samples + record.num_samples,
            ticks=done.ticks + record.ticks + int(record.meta.get("evaluation", {}).get("accrual_ticks", 0)),
            tokens=done.tokens + record.input_tokens + record.output_tokens,
            usd=None if usd is None or done.usd is None else done.usd + usd,
            wall_s=record.timing.at_s,
            value=max(done.value, _value(record)),
        )
        steps.append(done)
    return steps


def _cost(record: ProgramRecord) -> float | None:
    """What its calls cost; those that brought no reply are not paid for."""
    return 0.0 if record.status == "model_error" or not record.num_samples else record.cost_usd


def _value(record: ProgramRecord) -> float:
    verdict = record.meta.get("task", {})
    if "quota" in verdict:
        return min(1.0, float(verdict["throughput"]) / float(verdict["quota"]))
    return (record.score or 0.0) if record.status == "ok" and record.parent_id else 0.0


def value_at(run: RunValue, places: Floats, budget: str) -> Floats:
    """(K,) best value of a run once it had spent each of (K,) amounts of a budget.

    Args:
        run: whose value; what it spent of the budget is known.
        places: (K,) amounts, ascending.
        budget: a field of `Step`, other than its value.
    """
    spent = np.array([getattr(step, budget) for step in run.steps], float)
    best = np.array([step.value for step in run.steps])
    index = np.searchsorted(spent, places, side="right") - 1
    return np.asarray(np.where(index >= 0, best[np.maximum(index, 0)], 0.0))


def to_csv(runs: Sequence[RunValue]) -> str:
    """One line a run."""
    text = io.StringIO()
    names = ["task", "method", "seed", "value", "success", "samples", "ticks", "tokens", "usd", "price_profile"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for run in runs:
        writer.writerow([getattr(run, name) for name in names])
    return text.getvalue()
