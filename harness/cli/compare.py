"""`harness compare`: methods against each other, at the same budget, over the same seeds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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
from harness.experiment.arena import SilentWatcher
from harness.experiment.compare import compare, is_done, read_comparison
from harness.experiment.comparison import Cell, ComparisonConfig, cells
from harness.experiment.run import Progress
from harness.records import RunFolder
from harness.report import anytime
from harness.report.comparison import Comparison, digest, paired
from harness.report.values import RunValue, read_run, to_csv
from harness.report.versus import to_json, to_markdown
from harness.variants import SilentObserver, Spend
from harness.variants.budget import spend_of
from harness.variants.observer import ModelCall


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
    text = to_markdown(comparison) or "No task has a seed yet that every method played.\n"
    _write(root, config, comparison, runs, text)
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    missing = f"; {len(plan) - len(runs)} runs are not done" if len(runs) < len(plan) else ""
    console.print(f"{len(runs)} runs{missing}   tables and pictures: {root}", soft_wrap=True)


def _read(folder: RunFolder, cell: Cell) -> RunValue:
    assert cell.config.task is not None, "every run of a comparison has a task"
    return read_run(folder, method=cell.method, task=cell.config.task, seed=cell.seed)


def _write(root: Path, config: ComparisonConfig, comparison: Comparison, runs: Sequence[RunValue], text: str) -> None:
    counted = paired(runs, list(config.methods))
    files = {
        "comparison.json": json.dumps(to_json(comparison), indent=2) + "\n",
        "table.md": text,
        "runs.csv": to_csv(runs),
        "anytime.csv": anytime.to_csv(counted, anytime.SPENT),
        "clock.csv": anytime.to_csv(counted, anytime.CLOCK),
    }
    try:
        for name, content in files.items():
            write_atomic(root / name, content)
        for task in dict.fromkeys(run.task for run in counted):
            mine = [run for run in counted if run.task == task]
            unit = f"best so far ({'share of the quota' if mine[0].has_quota else 'production score'})"
            title = f"{config.name}: {task}"
            anytime.write_anytime(mine, anytime.SPENT, title, unit, root / f"anytime-{task}.png")
            anytime.write_anytime(mine, anytime.CLOCK, title, unit, root / f"clock-{task}.png")
    except OSError as error:
        raise RecordError(f"{root}: expected to be able to write, got: {error}") from error


def _name(root: Path) -> str:
    return f"{root.parent.name}/{root.name}"


def _paid(spend: Spend) -> str:
    return f"{spend.samples:,} samples, {spend.tokens:,} tokens, ${spend.usd:,.2f}"


class _CellProgress(SilentObserver, SilentWatcher):
    """A run of a comparison shows only when it is done; what its model is paid shows at once."""

    def __init__(self, on_spend: Callable[[Spend], None]) -> None:
        self._on_spend = on_spend

    def on_model_call(self, event: ModelCall) -> None:
        """Adds to what all runs spent."""
        self._on_spend(spend_of(event.reply))

    def on_run(self, folder: RunFolder) -> None:
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
        self._world = ""
        self._spent = Spend()

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
        """Names the world of a run that begins."""
        self._world = f"{cell.task}, seed {cell.seed}"
        self._on_spend(Spend())
        return _CellProgress(self._on_spend)

    def _on_spend(self, spend: Spend) -> None:
        self._spent += spend
        self._bar.update(self._task, description=f"{self._world}; {_paid(self._spent)}")

    def on_cell_done(self, cell: Cell, folder: RunFolder) -> None:
        """Says what a run came to."""
        self._num_done += 1
        self._bar.update(self._task, completed=self._num_done)
        run = _read(folder, cell)
        name = f"{cell.task}, seed {cell.seed}, {cell.method}"
        spent = Spend(samples=round(run.samples), tokens=run.tokens, usd=run.usd or 0.0)
        self._say(
            f"{self._num_done}/{self._total}  {name}: {run.value:,.2f}; {_paid(spent)}, {run.ticks:,.0f} ticks; "
            f"in this sitting: {_paid(self._spent)}"
        )

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
