"""What a comparison found: methods on tables of numbers, alone and held against each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from harness.report.statistics import (
    Estimate,
    Floats,
    interquartile_mean,
    paired_difference,
    pass_at_k,
    probability_of_improvement,
    stratified_bootstrap,
    success_rate,
)
from harness.report.values import RunValue, value_at

BETTER, WORSE, LEVEL, TOO_FEW = "better", "worse", "not told apart", "too few seeds"

MIN_PAIRS: Final = 6
"""Pairs below which no interval of theirs makes a claim: that all of n pairs differ the same way has a chance of
2^(1 - n) where nothing differs, which is below 5 % from six on. Source: the sign test, Conover 1999, section 3.4."""

MIN_PAIRS_OF_TASK: Final = 3
"""Pairs of each task below which those of several tasks make none: runs are resampled within their task, so what a task
has too few of hardly shows as spread, and of one run not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One method on one task, or over several: then means over tasks.

    Attributes:
        mean, iqm: of the values, with 95 % intervals.
        success: rate over runs; `None` where the task has no goal.
        pass_at: by k, the chance that one of k runs of a task succeeds; empty where the task has no goal.
        samples, ticks, tokens, usd: mean of a run; `usd` is `None` if the price of one is not known.
    """

    method: str
    num_runs: int
    mean: Estimate
    iqm: Estimate
    success: Estimate | None
    pass_at: Mapping[int, float]
    samples: float
    ticks: float
    tokens: float
    usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """One method held against another, seed by seed.

    Attributes:
        difference: of the values, mean over pairs, with its 95 % interval.
        at_equal_ticks: the same, of what both runs of a pair had reached when either had spent the fewer ticks of the
            two; a run that reached its goal wants no more of them.
        improvement: chance that a run of the first beats one of the second, with its 95 % interval.
        verdict: `better` or `worse` if the interval of the difference excludes 0, else `not told apart`; of fewer than
            `MIN_PAIRS` pairs, or `MIN_PAIRS_OF_TASK` of a task, `too few seeds`.
    """

    first: str
    second: str
    difference: Estimate
    at_equal_ticks: Estimate
    improvement: Estimate
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All methods on one task, or over all tasks whose values have one unit.

    Attributes:
        title: the task, or which tasks.
        tasks: names of the tasks, one or more.
        has_quota: whether values are shares of a quota, else they are production scores.
        seeds: that every method has a run of, by task.
    """

    title: str
    tasks: Sequence[str]
    has_quota: bool
    seeds: Mapping[str, Sequence[int]]
    rows: Sequence[Row]
    duels: Sequence[Duel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that a comparison says: of every task, then of those together that can be."""

    sections: Sequence[Section]
    price_profile: str


def digest(runs: Sequence[RunValue], methods: Sequence[str], baselines: Sequence[str]) -> Comparison:
    """Reduces runs to tables. Seeds pair across methods; a task counts the seeds that all methods have.

    Args:
        runs: finished runs.
        methods: in the order of the tables.
        baselines: whom each other method is held against; none holds all against each other.
    """
    pairs = [(first, second) for first in methods for second in (baselines or methods) if first != second]
    counted = paired(runs, methods)
    by_task: dict[str, list[RunValue]] = {}
    for run in counted:
        by_task.setdefault(run.task, []).append(run)
    sections = [_section(task, mine, methods, pairs) for task, mine in by_task.items()]
    for has_quota in (True, False):
        alike = [section.tasks[0] for section in sections if section.has_quota == has_quota]
        if len(alike) > 1:
            kind = "with a quota" if has_quota else "without one"
            pooled = [run for run in counted if run.task in alike]
            sections.append(_section(f"All {len(alike)} tasks {kind}", pooled, methods, pairs))
    return Comparison(sections=tuple(sections), price_profile=runs[0].price_profile if runs else "")


def paired(runs: Sequence[RunValue], methods: Sequence[str]) -> list[RunValue]:
    """The runs of those tasks and seeds that every method has one of, by method, task and seed."""
    known = {(run.method, run.task, run.seed): run for run in runs}
    tasks = list(dict.fromkeys(run.task for run in runs))
    worlds = [(task, seed) for task in tasks for seed in sorted({run.seed for run in runs if run.task == task})]
    whole = [world for world in worlds if all((method, *world) in known for method in methods)]
    return [known[method, *world] for method in methods for world in whole]


def _section(title: str, runs: Sequence[RunValue], methods: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Section:
    tasks = list(dict.fromkeys(run.task for run in runs))
    cells = {
        method: {task: [run for run in runs if (run.method, run.task) == (method, task)] for task in tasks}
        for method in methods
    }
    values = {
        method: {task: np.array([run.value for run in mine]) for task, mine in by_task.items()}
        for method, by_task in cells.items()
    }
    return Section(
        title=title,
        tasks=tuple(tasks),
        has_quota=runs[0].has_quota,
        seeds={task: [run.seed for run in cells[methods[0]][task]] for task in tasks},
        rows=[_row(method, cells[method], values[method]) for method in methods],
        duels=[_duel(first, second, cells, values) for first, second in pairs],
    )


def _row(method: str, by_task: Mapping[str, Sequence[RunValue]], values: Mapping[str, Floats]) -> Row:
    runs = [run for mine in by_task.values() for run in mine]
    outcomes = [run.success for run in runs if run.success is not None]
    prices = [run.usd for run in runs if run.usd is not None]
    return Row(
        method=method,
        num_runs=len(runs),
        mean=stratified_bootstrap(values),
        iqm=stratified_bootstrap(values, interquartile_mean),
        success=success_rate(sum(outcomes), len(outcomes)) if len(outcomes) == len(runs) else None,
        pass_at=_pass_at(by_task) if len(outcomes) == len(runs) else {},
        samples=float(np.mean([run.samples for run in runs])),
        ticks=float(np.mean([run.ticks for run in runs])),
        tokens=float(np.mean([run.tokens for run in runs])),
        usd=float(np.mean(prices)) if len(prices) == len(runs) else None,
    )


def _pass_at(by_task: Mapping[str, Sequence[RunValue]]) -> dict[int, float]:
    fewest = min(len(mine) for mine in by_task.values())
    counts = [(len(mine), sum(bool(run.success) for run in mine)) for mine in by_task.values()]
    return {k: float(np.mean([pass_at_k(n, won, k) for n, won in counts])) for k in range(1, fewest + 1)}


def _duel(
    first: str,
    second: str,
    cells: Mapping[str, Mapping[str, Sequence[RunValue]]],
    values: Mapping[str, Mapping[str, Floats]],
) -> Duel:
    difference = paired_difference(values[first], values[second])
    chance = probability_of_improvement(values[first], values[second])
    verdict = LEVEL if not difference.excludes_zero else BETTER if difference.value > 0 else WORSE
    sizes = [len(each) for each in values[first].values()]
    if sum(sizes) < MIN_PAIRS or min(sizes) < MIN_PAIRS_OF_TASK:
        verdict = TOO_FEW
    cut = {task: _at_equal_ticks(mine, cells[second][task]) for task, mine in cells[first].items()}
    return Duel(
        first=first,
        second=second,
        difference=difference,
        at_equal_ticks=paired_difference(
            {task: pair[0] for task, pair in cut.items()}, {task: pair[1] for task, pair in cut.items()}
        ),
        improvement=chance,
        verdict=verdict,
    )


def _at_equal_ticks(mine: Sequence[RunValue], theirs: Sequence[RunValue]) -> tuple[Floats, Floats]:
    """(N,) and (N,) values of the runs of N seeds, each pair once the fewer ticks of its two were spent."""
    pairs = list(zip(mine, theirs, strict=True))
    fewer = [np.array([min(_most_ticks(one), _most_ticks(other))]) for one, other in pairs]
    first, second = (
        np.concatenate([value_at(run, ticks, "ticks") for run, ticks in zip(runs, fewer, strict=True)])
        for runs in (mine, theirs)
    )
    return first, second


def _most_ticks(run: RunValue) -> float:
    return math.inf if run.success or not run.steps else run.steps[-1].ticks
