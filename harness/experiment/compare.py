"""Runs a comparison: world by world, the methods of one world side by side on the same servers.

A comparison is its folder: one that was interrupted or killed is taken up again from there, run by run.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Protocol

import anyio
import yaml

from harness.core.errors import ConfigError, HarnessError, RecordError
from harness.core.files import write_atomic
from harness.core.tasks import sole_error
from harness.experiment.arena import Arena, SilentWatcher, open_arena
from harness.experiment.comparison import Cell, ComparisonConfig, cells, parse_comparison
from harness.experiment.run import Progress, Sitting, check_runnable, new_manifest
from harness.llm import LLMFactory
from harness.mod import mod_hash
from harness.records import (
    COMPARISON_FILE,
    RunFolder,
    RunReader,
    RunWriter,
    create_version,
    hold_run,
    list_runs,
    prepare_run,
    split_name,
)


class ComparisonProgress(Protocol):
    """Told how a comparison goes."""

    def on_comparison(self, folder: Path, num_cells: int, num_done: int) -> None:
        """It has its folder; some of its runs may be done from before."""

    def on_cell(self, cell: Cell) -> Progress:
        """A run begins; what is told of everything in it."""

    def on_cell_done(self, cell: Cell, folder: RunFolder) -> None:
        """A run finished."""


@dataclass(slots=True)
class _Signals:
    """What to stop at the first signal, and whether it came."""

    sittings: set[Sitting] = field(default_factory=set)
    came: bool = False

    async def watch(self) -> None:
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                self.came = True
                for sitting in self.sittings:
                    sitting.interrupt()


def new_comparison(config: ComparisonConfig, results: Path) -> Path:
    """Makes the folder of a comparison.

    Raises:
        ConfigError: what its runs need is not there; no folder was made.
        RecordError: it cannot be made.
    """
    _require_runnable(cells(config, source=config.name), results)
    root = create_version(results, config.name)
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    try:
        write_atomic(root / COMPARISON_FILE, text)
    except OSError as error:
        raise RecordError(f"{root}: expected to be able to write, got: {error}") from error
    return root


def read_comparison(root: Path) -> ComparisonConfig:
    """The comparison that a folder holds.

    Raises:
        RecordError: it holds none.
    """
    path = root / COMPARISON_FILE
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecordError(f"{path}: expected a comparison, got: {' '.join(str(error).split())}") from error
    return parse_comparison(data, source=str(path))


def find_comparison(results: Path, name: str) -> Path:
    """The folder of `NAME/vNNN`, or the latest of `NAME`.

    Raises:
        RecordError: there is none.
    """
    wanted, version, _ = split_name(results, name)
    found = [run.root for run in list_runs(results, wanted) if run.is_comparison]
    chosen = [root for root in found if not version or root.name == version]
    if not chosen:
        known = ", ".join(root.name for root in found) or "none"
        raise RecordError(
            f"comparison {name!r}: expected a folder {results / wanted / version}, found versions: {known}"
        )
    return chosen[-1]


def count_done(root: Path) -> tuple[int, int]:
    """How many runs of a comparison finished, and how many there are to be.

    Raises:
        HarnessError: the folder holds no comparison, or a run in it cannot be read.
    """
    config = read_comparison(root)
    manifests = sorted(root.glob("runs/*/*/seed-*/manifest.json"))
    done = [path for path in manifests if RunReader(RunFolder(path.parent)).manifest().status == "finished"]
    return len(done), len(config.methods) * len(config.tasks) * len(config.seeds)


def is_done(root: Path, cell: Cell) -> bool:
    """Whether a run of the comparison finished."""
    folder = RunFolder(root / cell.path)
    return folder.manifest.exists() and RunReader(folder).manifest().status == "finished"


async def compare(
    root: Path, progress: ComparisonProgress, *, tasks: Path | None = None, side_by_side: int = 4
) -> bool:
    """Plays the runs that are not done.

    Args:
        root: folder of the comparison.
        progress: told how it goes.
        tasks: folder of one's own tasks.
        side_by_side: runs under way at once; one where the budget is of seconds, which they would take from each other.

    Returns:
        Whether all are done; else a signal ended it.

    Raises:
        ConfigError: what the runs need is not there, or those begun are not of this comparison, or of another mod.
        HarnessError: a run failed; it and those not done can be taken up again.
    """
    config = read_comparison(root)
    plan = list(cells(config, source=str(root / COMPARISON_FILE), tasks=tasks))
    for cell in plan:
        _require_same(root, cell)
    left = [cell for cell in plan if not is_done(root, cell)]
    _require_runnable(left, root)
    if config.budget.get("wall_s"):
        side_by_side = 1
    progress.on_comparison(root, len(plan), len(plan) - len(left))
    signals = _Signals()
    with hold_run(RunFolder(root)):
        async with sole_error(), anyio.create_task_group() as group:
            group.start_soon(signals.watch)
            for _, world in groupby(left, key=lambda cell: (cell.task, cell.seed)):
                if signals.came:
                    break
                await _play_world(root, list(world), progress, signals, side_by_side)
            group.cancel_scope.cancel()
    return not signals.came


def _require_runnable(plan: Iterable[Cell], results: Path) -> None:
    for cell in {cell.method: cell for cell in plan}.values():
        check_runnable(cell.config, results)
        limits, price = cell.config.budget, LLMFactory(cell.config.model).price
        if limits.samples is None and limits.tokens is None and price is not None and not price.cost_usd(1, 1):
            raise ConfigError(
                f"budget.usd: expected a model that costs something, got {cell.config.model}, whose runs it would "
                "never end; limit samples or tokens"
            )


def _require_same(root: Path, cell: Cell) -> None:
    """Refuses a run that was begun with another configuration or another agent mod than the others would be."""
    folder = RunFolder(root / cell.path)
    if not folder.manifest.exists():
        return
    manifest = RunReader(folder).manifest()
    for what, found, wanted in (
        ("configuration", manifest.config_hash, cell.config.digest()),
        ("agent mod", manifest.mod_hash, mod_hash()),
    ):
        if found != wanted:
            raise ConfigError(
                f"{folder.root}: expected a run of {what} {wanted}, got one of {found}: it changed since the "
                "comparison was begun, so its runs would not be alike; start a new one, or look at this one with --show"
            )


async def _play_world(
    root: Path, world: Iterable[Cell], progress: ComparisonProgress, signals: _Signals, side_by_side: int
) -> None:
    """Plays all runs of one world on one set of servers."""
    world = list(world)
    logs = root / "logs" / world[0].task / f"seed-{world[0].seed:03d}"
    logs.mkdir(parents=True, exist_ok=True)
    limiter = anyio.CapacityLimiter(side_by_side)
    async with open_arena(world[0].config, logs, SilentWatcher()) as arena:

        async def play(cell: Cell) -> None:
            async with limiter:
                if side_by_side == 1:  # Servers that the run before gave up in use must not cost this one seconds.
                    await arena.refill()
                if not signals.came:
                    await _play_cell(root, cell, arena, progress, signals)

        async with sole_error(), anyio.create_task_group() as group:
            for cell in world:
                group.start_soon(play, cell)


async def _play_cell(root: Path, cell: Cell, arena: Arena, progress: ComparisonProgress, signals: _Signals) -> None:
    folder = prepare_run(root / cell.path)
    with hold_run(folder):
        writer = RunWriter(folder)
        if not folder.manifest.exists():
            writer.write_config(cell.config.resolved())
            writer.write_manifest(new_manifest(cell.config, folder))
        again = f"harness compare {RunFolder(root).name} --resume"
        sitting = Sitting(cell.config, folder, writer, progress.on_cell(cell), arena, again=again)
        signals.sittings.add(sitting)
        try:
            outcome = await sitting.play_unwatched()
        finally:
            signals.sittings.discard(sitting)
    if outcome.status == "failed":
        raise HarnessError(f"{cell.path}: {outcome.message}")
    if outcome.status == "finished":
        progress.on_cell_done(cell, folder)
