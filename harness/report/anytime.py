"""How the best value of each method grew with what was spent: as numbers, and drawn for one task.

Seconds on the clock differ between two runs of one seed, so they are kept apart from what does not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from harness.report.statistics import Floats
from harness.report.values import RunValue, Step, value_at

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000")
"""Told apart by readers who see fewer colours. Source: Okabe and Ito, Color Universal Design (2008)."""

_DASHES = ("-", "--", ":", "-.")
"""For more methods than colours."""

_NUM_PLACES = 201
_NUM_RESAMPLES = 1000

SPENT: Final = ("samples", "ticks", "tokens", "usd")
"""Budgets whose curves are the same for two runs of one seed."""

CLOCK: Final = ("wall_s",)

_LABELS: Final = {
    "samples": ("completions asked of the model", 1.0),
    "ticks": ("game minutes played", 3600.0),
    "tokens": ("thousand tokens", 1000.0),
    "usd": ("US dollars", 1.0),
    "wall_s": ("seconds of searching", 1.0),
}
"""What an axis says, and how much of the budget is one of it."""


class Curve(NamedTuple):
    """The best value of one method on one task against one budget: mean over runs, and its 95 % bootstrap band.

    Attributes:
        places: (K,) amounts spent, ascending.
        mean, low, high: (K,) values.
    """

    places: Floats
    mean: Floats
    low: Floats
    high: Floats


def curves(runs: Sequence[RunValue], budget: str) -> dict[str, Curve]:
    """A curve for each method, of one task's runs; none where nothing was spent, or it is not known of all runs."""
    ends = [run.steps[-1] for run in runs if run.steps]
    known = len(ends) == len(runs) and all(_is_known(run.steps, budget) for run in runs)
    most = max((float(getattr(end, budget)) for end in ends), default=0.0) if known else 0.0
    if most <= 0:
        return {}
    places = np.linspace(0, most, _NUM_PLACES)
    found = {}
    for method in dict.fromkeys(run.method for run in runs):
        values = np.array([value_at(run, places, budget) for run in runs if run.method == method])
        size = len(values)
        shares = np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), _NUM_RESAMPLES) / size
        low, high = np.percentile(shares @ values, [2.5, 97.5], axis=0)
        found[method] = Curve(places, values.mean(axis=0), low, high)
    return found


def _is_known(steps: Iterable[Step], budget: str) -> bool:
    return all(getattr(step, budget) is not None for step in steps)


def to_csv(runs: Sequence[RunValue], budgets: Sequence[str]) -> str:
    """All curves as numbers, one line a point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["task", "budget", "method", "spent", "mean", "low", "high"])
    for task in dict.fromkeys(run.task for run in runs):
        mine = [run for run in runs if run.task == task]
        for budget in budgets:
            for method, curve in curves(mine, budget).items():
                points = zip(*curve, strict=True)
                writer.writerows([task, budget, method, *(f"{part:.6g}" for part in point)] for point in points)
    return text.getvalue()


def write_anytime(runs: Sequence[RunValue], budgets: Sequence[str], title: str, unit: str, path: Path) -> bool:
    """Draws mean and 95 % band of every method against each budget that anything was spent of, as a PNG.

    Args:
        runs: of one task.
        budgets: names in `SPENT` or `CLOCK`.
        title: of the picture.
        unit: of the values.
        path: of the PNG.

    Returns:
        Whether there was anything to draw; else no file is written.
    """
    drawn = {budget: found for budget in budgets if (found := curves(runs, budget))}
    if not drawn:
        return False
    width = 2 if len(drawn) == 4 else len(drawn)
    height = -(-len(drawn) // width)
    figure = Figure(figsize=(5.5 * width, 4.2 * height + 0.6), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(height, width, sharey=True, squeeze=False)
    for axes in grid.flat[len(drawn) :]:
        axes.set_visible(False)
    for axes, (budget, found) in zip(grid.flat, drawn.items(), strict=False):
        _draw(axes, found, *_LABELS[budget])
    for axes in grid[:, 0]:
        axes.set(ylabel=unit)
    grid.flat[len(drawn) - 1].legend(frameon=False, fontsize="small")
    figure.suptitle(title)
    figure.savefig(path, dpi=120, metadata={"Software": None})
    return True


def _draw(axes: Axes, found: Mapping[str, Curve], label: str, scale: float) -> None:
    for index, (method, curve) in enumerate(found.items()):
        colour, dashes = _COLOURS[index % len(_COLOURS)], _DASHES[index // len(_COLOURS) % len(_DASHES)]
        axes.plot(curve.places / scale, curve.mean, dashes, color=colour, label=method, drawstyle="steps-post")
        axes.fill_between(
            curve.places / scale, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0, step="post"
        )
    axes.set(xlabel=label)
