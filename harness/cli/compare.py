"""`harness compare`: methods against each other, at the same budget, over the same seeds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import anyio
import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from harness.core.errors import RecordError
from harness.core.files import write_atomic
from harness.experiment.compare import compare, is_done, read_comparison
from harness.experiment.comparison import Cell, ComparisonConfig, cells
from harness.experiment.run import Progress
from harness.records import RunFolder
from harness.report.anytime import write_anytime
from harness.report.comparison import Comparison, RunValue, digest, read_run, to_csv, to_json, to_markdown
from harness.variants import SilentObserver


def play(root: Path, tasks: Path, console: Console) -> None:
    """Plays what is left of the comparison in `root`, then writes and prints its tables."""
    with _Display(console) as display:
        done = anyio.run(partial(compare, root, display, tasks=tasks))
    if not done:
        typer.echo(f"interrupted; take it up again with: harness compare {_name(root)} --resume", err=True)
        raise typer.Exit(130)
    show(root, tasks, console)


def show(root: Path, tasks: Path, console: Console) -> None:
    """Writes tables and pictures of all finished runs, and prints the tables."""
    config = read_comparison(root)
    plan = list(cells(config, source=str(root), tasks=tasks))
    runs = [_read(RunFolder(root / cell.path), cell) for cell in plan if is_done(root, cell)]
    if not runs:
        raise RecordError(f"{root}: expected finished runs, found none of {len(plan)}")
    comparison = digest(runs, list(config.methods), config.baselines)
    text = to_markdown(comparison)
    _write(root, config, comparison, runs, text)
    console.print(Markdown(text) if console.is_terminal else text)
    missing = f"; {len(plan) - len(runs)} runs are not done" if len(runs) < len(plan) else ""
    console.print(f"{len(runs)} runs{missing}   tables and pictures: {root}", soft_wrap=True)


def _read(folder: RunFolder, cell: Cell) -> RunValue:
    accrual = round(cell.config.evaluation.accrual_s * 60)
    return read_run(folder, method=cell.method, task=cell.task, seed=cell.seed, accrual_ticks=accrual)


def _write(root: Path, config: ComparisonConfig, comparison: Comparison, runs: Sequence[RunValue], text: str) -> None:
    try:
        write_atomic(root / "comparison.json", json.dumps(to_json(comparison), indent=2) + "\n")
        write_atomic(root / "table.md", text)
        write_atomic(root / "runs.csv", to_csv(runs))
        for task, rows in comparison.tasks.items():
            unit = "share of the quota" if rows[0].success is not None else "production score"
            mine = [run for run in runs if run.task == task]
            by_method = {method: [run for run in mine if run.method == method] for method in config.methods}
            write_anytime(by_method, f"{config.name}: {task}", f"best so far ({unit})", root / f"anytime-{task}.png")
    except OSError as error:
        raise RecordError(f"{root}: expected to be able to write, got: {error}") from error


def _name(root: Path) -> str:
    return f"{root.parent.name}/{root.name}"


class _CellProgress(SilentObserver):
    """A run of a comparison shows only when it is done."""

    def on_run(self, folder: RunFolder) -> None:
        """Does nothing."""

    def on_server(self, name: str) -> None:
        """Does nothing."""

    def on_server_lost(self, name: str, why: str) -> None:
        """Does nothing."""


class _Display:
    """A bar on a terminal, a line a run anywhere else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Bar(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)
        self._live = self._bar if console.is_terminal else nullcontext()
        self._task = self._bar.add_task("runs", total=None)
        self._num_done = self._total = 0

    def __enter__(self) -> _Display:
        self._live.__enter__()
        return self

    def __exit__(self, *ending: object) -> None:
        self._live.__exit__(None, None, None)

    def on_comparison(self, folder: Path, num_cells: int, num_done: int) -> None:
        """Says where it is written and how much there is to do."""
        self._num_done, self._total = num_done, num_cells
        self._bar.update(self._task, total=num_cells, completed=num_done)
        self._say(f"{_name(folder)}: {num_cells} runs, {num_done} done -> {folder}")

    def on_cell(self, cell: Cell) -> Progress:
        """Names a run that begins."""
        self._bar.update(self._task, description=f"{cell.task}, seed {cell.seed}")
        return _CellProgress()

    def on_cell_done(self, cell: Cell, folder: RunFolder) -> None:
        """Says what a run came to."""
        self._num_done += 1
        self._bar.update(self._task, completed=self._num_done)
        value = _read(folder, cell).value
        name = f"{cell.task}, seed {cell.seed}, {cell.method}"
        self._say(f"{self._num_done}/{self._total}  {name}: {value:,.2f}")

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
