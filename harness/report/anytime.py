"""How the best value of each method grew with what was spent, drawn for one task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from harness.report.comparison import RunValue
from harness.report.statistics import Floats

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000")
"""Told apart by readers who see fewer colours. Source: Okabe and Ito, Color Universal Design (2008)."""

_NUM_PLACES = 200
_NUM_RESAMPLES = 1000


def value_at(run: RunValue, places: Floats, budget: str) -> Floats:
    """(K,) best value of a run once it had spent each of (K,) amounts of a budget.

    Args:
        run: whose value.
        places: (K,) amounts, ascending.
        budget: `samples` or `ticks`.
    """
    column = {"samples": 0, "ticks": 1}[budget]
    spent = np.array([step[column] for step in run.steps], float)
    best = np.array([step[2] for step in run.steps])
    index = np.searchsorted(spent, places, side="right") - 1
    return np.asarray(np.where(index >= 0, best[np.maximum(index, 0)], 0.0))


def write_anytime(runs: Mapping[str, Sequence[RunValue]], title: str, unit: str, path: Path) -> None:
    """Draws mean and 95 % band of every method against samples and against game time, as a PNG.

    Args:
        runs: by method, on one task.
        title: of the picture.
        unit: of the values.
        path: of the PNG.
    """
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, sharey=True)
    _draw(left, runs, "samples", 1.0)
    _draw(right, runs, "ticks", 3600.0)
    left.set(xlabel="completions asked of the model", ylabel=unit)
    right.set(xlabel="game minutes played")
    right.legend(frameon=False, fontsize="small")
    figure.suptitle(title)
    figure.savefig(path, dpi=120, metadata={"Software": None})


def _draw(axes: Axes, runs: Mapping[str, Sequence[RunValue]], budget: str, scale: float) -> None:
    most = max(getattr(run, budget) for each in runs.values() for run in each)
    places = np.linspace(0, most, _NUM_PLACES)
    for index, (method, each) in enumerate(runs.items()):
        colour = _COLOURS[index % len(_COLOURS)]
        values = np.array([value_at(run, places, budget) for run in each])
        chosen = np.random.default_rng(0).integers(0, len(each), (_NUM_RESAMPLES, len(each)))
        low, high = np.percentile(values[chosen].mean(axis=1), [2.5, 97.5], axis=0)
        axes.plot(places / scale, values.mean(axis=0), color=colour, label=method)
        axes.fill_between(places / scale, low, high, color=colour, alpha=0.15, linewidth=0)
