"""What a comparison found: values of all runs, tables, and how the best value grew with what was spent."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from harness.records import ProgramRecord, RunFolder, RunReader
from harness.report.statistics import (
    Estimate,
    Floats,
    interquartile_mean,
    paired_difference,
    probability_of_improvement,
    stratified_bootstrap,
    success_rate,
)

BETTER, WORSE, LEVEL = "better", "worse", "not told apart"

WAS_RUN: Final = frozenset({"ok", "error", "timeout", "crashed", "stopped"})
"""Statuses of programs that spent game ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunValue:
    """One run of a comparison, reduced to what is compared.

    The value is, on a task with a quota, the greatest share of it that was verified after a program, at most 1, whether
    the program ran to its end or not; on any other the greatest production score of a world that a program left which
    did.

    Attributes:
        method, task, seed: which run.
        value: at the end.
        success: whether the task's goal was reached; `None` where it has none.
        samples, ticks, tokens, usd: what was spent; `usd` is `None` if a price is not known.
        steps: (samples, ticks, value) after every node, in the order of entering: the anytime curve.
        price_profile: of the production score.
    """

    method: str
    task: str
    seed: int
    value: float
    success: bool | None
    samples: float
    ticks: float
    tokens: int
    usd: float | None
    steps: tuple[tuple[int, int, float], ...]
    price_profile: str


def read_run(folder: RunFolder, *, method: str, task: str, seed: int, accrual_ticks: int) -> RunValue:
    """Reads a finished run.

    Args:
        folder: of the run.
        method: its name in the comparison.
        task: its task's.
        seed: its seed.
        accrual_ticks: run after each program.
    """
    reader = RunReader(folder)
    summary = reader.summary()
    assert summary is not None, f"{folder.root}: a finished run has a summary"
    steps, samples, ticks, best, success = [], 0, 0, 0.0, None
    for record in reader.programs():
        samples += record.num_samples
        ticks += record.ticks + accrual_ticks if record.status in WAS_RUN and record.parent_id else 0
        verdict = record.meta.get("task", {})
        if "quota" in verdict or verdict.get("unmet") or verdict.get("success"):
            success = bool(success) or bool(verdict["success"])
        best = max(best, _value(record, verdict))
        steps.append((samples, ticks, best))
    spent = {name: entry["spent"] for name, entry in summary.budget.items()}
    return RunValue(
        method=method,
        task=task,
        seed=seed,
        value=best,
        success=success,
        samples=spent["samples"],
        ticks=spent["ticks"],
        tokens=summary.input_tokens + summary.output_tokens,
        usd=summary.cost_usd,
        steps=tuple(steps),
        price_profile=summary.price_profile,
    )


def _value(record: ProgramRecord, verdict: Mapping[str, Any]) -> float:
    if "quota" in verdict:
        return min(1.0, float(verdict["throughput"]) / float(verdict["quota"]))
    return (record.score or 0.0) if record.status == "ok" and record.parent_id else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One method on one task."""

    method: str
    num_runs: int
    mean: Estimate
    iqm: float
    success: Estimate | None
    samples: float
    ticks: float
    tokens: float
    usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """One method held against another, seed by seed.

    Attributes:
        difference: of the values, mean over pairs, with its 95 % interval.
        improvement: chance that a run of the first beats one of the second.
        verdict: `better` or `worse` if the interval excludes 0, else `not told apart`.
    """

    task: str
    first: str
    second: str
    difference: Estimate
    improvement: float
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that a comparison says."""

    tasks: Mapping[str, Sequence[Row]]
    duels: Sequence[Duel]
    price_profile: str
    seeds: Sequence[int]


def digest(runs: Sequence[RunValue], methods: Sequence[str], baselines: Sequence[str]) -> Comparison:
    """Reduces runs to tables. Seeds pair across methods; a task counts the seeds that all methods have.

    Args:
        runs: finished runs.
        methods: in the order of the tables.
        baselines: whom each other method is held against; none holds all against each other.
    """
    tasks = list(dict.fromkeys(run.task for run in runs))
    known = {(run.method, run.task, run.seed): run for run in runs}
    rows: dict[str, list[Row]] = {}
    duels: list[Duel] = []
    for task in tasks:
        seeds = [seed for seed in sorted({run.seed for run in runs}) if all((m, task, seed) in known for m in methods)]
        if not seeds:
            continue
        cells = {method: [known[method, task, seed] for seed in seeds] for method in methods}
        rows[task] = [_row(method, cells[method]) for method in methods]
        values = {method: np.array([run.value for run in cells[method]]) for method in methods}
        duels += [
            _duel(task, first, second, values)
            for first in methods
            for second in (baselines or methods)
            if first != second
        ]
    profile = runs[0].price_profile if runs else ""
    return Comparison(tasks=rows, duels=duels, price_profile=profile, seeds=sorted({run.seed for run in runs}))


def _row(method: str, runs: Sequence[RunValue]) -> Row:
    values = np.array([run.value for run in runs])
    outcomes = [run.success for run in runs if run.success is not None]
    prices = [run.usd for run in runs if run.usd is not None]
    return Row(
        method=method,
        num_runs=len(runs),
        mean=stratified_bootstrap({"": values}),
        iqm=float(interquartile_mean(values)),
        success=success_rate(sum(outcomes), len(outcomes)) if outcomes else None,
        samples=float(np.mean([run.samples for run in runs])),
        ticks=float(np.mean([run.ticks for run in runs])),
        tokens=float(np.mean([run.tokens for run in runs])),
        usd=float(np.mean(prices)) if len(prices) == len(runs) else None,
    )


def _duel(task: str, first: str, second: str, values: Mapping[str, Floats]) -> Duel:
    mine, theirs = {task: values[first]}, {task: values[second]}
    difference = paired_difference(mine, theirs)
    verdict = LEVEL if not difference.excludes_zero else BETTER if difference.value > 0 else WORSE
    chance = probability_of_improvement(mine, theirs)
    return Duel(task=task, first=first, second=second, difference=difference, improvement=chance, verdict=verdict)


def to_json(comparison: Comparison) -> dict[str, Any]:
    """As plain data; intervals are `[value, low, high]`."""
    return {
        "price_profile": comparison.price_profile,
        "seeds": list(comparison.seeds),
        "tasks": {
            task: [{name: _plain(getattr(row, name)) for name in Row.__slots__} for row in rows]
            for task, rows in comparison.tasks.items()
        },
        "duels": [{name: _plain(getattr(duel, name)) for name in Duel.__slots__} for duel in comparison.duels],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return [_plain(part) for part in value]
    return round(value, 6) if isinstance(value, float) else value


def to_markdown(comparison: Comparison) -> str:
    """The tables as Markdown."""
    lines: list[str] = []
    for task, rows in comparison.tasks.items():
        rated = any(row.success is not None for row in rows)
        lines += [f"## {task}", ""]
        unit = "share of the quota" if rated else f"production score, price profile `{comparison.price_profile}`"
        lines += [f"Value: {unit}; mean of the runs with its 95 % bootstrap interval; IQM: interquartile mean.", ""]
        head = ["method", "runs", "value", "IQM", *(["success"] if rated else []), "samples", "ticks", "tokens", "cost"]
        lines += [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        for row in rows:
            usd = "unknown" if row.usd is None else f"${row.usd:.2f}"
            success = [_interval(row.success, percent=True)] if rated and row.success else [""] if rated else []
            cells = [row.method, row.num_runs, _interval(row.mean), _number(row.iqm), *success]
            cells += [f"{row.samples:.0f}", f"{row.ticks:,.0f}", f"{row.tokens:,.0f}", usd]
            lines.append(f"| {' | '.join(map(str, cells))} |")
        lines += ["", "| method | against | paired difference | chance of a better run | |", "|---|---|---|---|---|"]
        lines += [
            f"| {duel.first} | {duel.second} | {_interval(duel.difference)} | {100 * duel.improvement:.0f} % | "
            f"{duel.verdict} |"
            for duel in comparison.duels
            if duel.task == task
        ]
        lines.append("")
    return "\n".join(lines)


def to_csv(runs: Sequence[RunValue]) -> str:
    """One line a run."""
    text = io.StringIO()
    names = ["task", "method", "seed", "value", "success", "samples", "ticks", "tokens", "usd", "price_profile"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for run in runs:
        writer.writerow([getattr(run, name) for name in names])
    return text.getvalue()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _interval(estimate: Estimate, *, percent: bool = False) -> str:
    if percent:
        return f"{100 * estimate.value:.0f} % ({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"
    return f"{_number(estimate.value)} ({_number(estimate.low)} to {_number(estimate.high)})"
