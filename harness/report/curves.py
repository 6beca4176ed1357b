"""The anytime curve of a run: the best value found after so many samples, drawn as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from harness.records import ProgramRecord

_WORKED, _FAILED, _BEST = "#3a7ca5", "#c0504d", "#2f2f2f"


class Curve(NamedTuple):
    """Best value by the number of nodes evaluated.

    Attributes:
        nodes: 1, 2, ... in the order of asking.
        best: highest value so far, at least 0: waiting is always possible.
    """

    nodes: list[int]
    best: list[float]


def anytime_curve(records: Sequence[ProgramRecord]) -> Curve:
    """The curve of a run; the root, which only waits, does not count as a node."""
    best, curve = 0.0, Curve([], [])
    for count, record in enumerate((each for each in records if each.parent_id is not None), start=1):
        best = max(best, record.value) if record.status == "ok" else best
        curve.nodes.append(count)
        curve.best.append(best)
    return curve


def write_curves(records: Sequence[ProgramRecord], title: str, path: Path) -> None:
    """Draws every node's value and the best so far as a PNG."""
    nodes = [each for each in records if each.parent_id is not None]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for label, colour, failed in (("ran to its end", _WORKED, False), ("failed", _FAILED, True)):
        chosen = [(i, each.value) for i, each in enumerate(nodes, start=1) if (each.status != "ok") == failed]
        if chosen:
            places, values = zip(*chosen, strict=True)
            axes.scatter(places, values, s=16, color=colour, label=label, zorder=2)
    curve = anytime_curve(records)
    axes.step(curve.nodes, curve.best, where="post", color=_BEST, label="best so far", zorder=3)
    axes.axhline(0, color="#999999", linewidth=0.8, zorder=1)
    axes.set(title=title)
    axes.set(xlabel="nodes, in the order they were asked for", ylabel="advantage over the holdout (production score)")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120, metadata={"Software": None})
