"""Where runs live: `results/<experiment>/v001`, `v002`, ...: one folder a run, never overwritten."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.core.errors import RecordError

COMPARISON_FILE: Final = "comparison.yaml"
"""In the folder of a comparison; its runs have folders of their own inside."""

_VERSION = re.compile(r"v(\d{3,})")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The paths of one run."""

    root: Path

    @property
    def experiment(self) -> str:
        """Name of the experiment."""
        return self.root.parent.name

    @property
    def version(self) -> str:
        """Folder name, such as `v001`."""
        return self.root.name

    @property
    def name(self) -> str:
        """What commands call it: `EXP/vNNN`, or `EXP/vNNN/runs/METHOD/TASK/seed-NNN` in a comparison."""
        parts = self.root.parts
        is_of_comparison = parts[-4:-3] == ("runs",) and parts[-1].startswith("seed-")
        return "/".join(parts[-6:] if is_of_comparison else parts[-2:])

    @property
    def is_comparison(self) -> bool:
        """Whether it is no run but holds those of a comparison."""
        return (self.root / COMPARISON_FILE).exists()

    @property
    def manifest(self) -> Path:
        """What made the folder."""
        return self.root / "manifest.json"

    @property
    def config(self) -> Path:
        """The configuration as resolved, every default written out."""
        return self.root / "config.yaml"

    @property
    def programs(self) -> Path:
        """One line a node."""
        return self.root / "programs.jsonl"

    @property
    def model_calls(self) -> Path:
        """One line a model call."""
        return self.root / "llm.jsonl"

    @property
    def states(self) -> Path:
        """Folder of compressed states, named by content."""
        return self.root / "states"

    def state(self, name: str) -> Path:
        """The file of a state."""
        return self.states / f"{name}.json.gz"

    @property
    def logs(self) -> Path:
        """Folder of server logs."""
        return self.root / "logs"

    @property
    def summary(self) -> Path:
        """The run in a few numbers."""
        return self.root / "summary.json"

    @property
    def curves(self) -> Path:
        """The value of every program and the best so far, as a picture."""
        return self.root / "curves.png"


def prepare_run(root: Path) -> RunFolder:
    """The run folder at `root`, made if it is not there.

    Raises:
        RecordError: it cannot be made.
    """
    folder = RunFolder(root)
    try:
        folder.states.mkdir(parents=True, exist_ok=True)
        folder.logs.mkdir(exist_ok=True)
    except OSError as error:
        raise RecordError(f"results folder: expected to be able to make {root}, got: {error}") from error
    return folder


def list_runs(results: Path, experiment: str) -> list[RunFolder]:
    """The runs of an experiment, oldest first."""
    base = results / experiment
    if not base.is_dir():
        return []
    found = [(int(match[1]), path) for path in base.iterdir() if (match := _VERSION.fullmatch(path.name))]
    return [RunFolder(path) for _, path in sorted(found)]


def list_results(results: Path) -> list[str]:
    """Names of the experiments and comparisons that have runs."""
    return sorted(each.name for each in results.glob("*") if each.is_dir() and list_runs(results, each.name))


def create_version(results: Path, experiment: str) -> Path:
    """Makes the next version's folder; two processes asking at once get different ones.

    Raises:
        RecordError: the folder cannot be made.
    """
    base = results / experiment
    try:
        base.mkdir(parents=True, exist_ok=True)
        while True:
            runs = list_runs(results, experiment)
            number = int(runs[-1].version[1:]) + 1 if runs else 1
            root = base / f"v{number:03d}"
            try:
                root.mkdir()
            except FileExistsError:
                continue
            return root
    except OSError as error:
        raise RecordError(f"results folder: expected to be able to make a folder in {base}, got: {error}") from error


def create_run(results: Path, experiment: str) -> RunFolder:
    """The next version's folder, ready to be written to.

    Raises:
        RecordError: the folder cannot be made.
    """
    return prepare_run(create_version(results, experiment))


@contextmanager
def hold_run(folder: RunFolder) -> Iterator[None]:
    """Keeps every other process from writing the run. The kernel lets go of it however this process ends.

    Raises:
        RecordError: another process holds it.
    """
    handle = os.open(folder.root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RecordError(
                f"{folder.root}: expected a run that nobody works on, got one that another process is writing; "
                "wait for it, or end it first"
            ) from None
        yield
    finally:
        os.close(handle)


def split_name(results: Path, name: str) -> tuple[str, str, str]:
    """Experiment, version and the rest of a name; it may be the path of the folder too, results folder included."""
    path = Path(name)
    if path.is_relative_to(results) and results != Path():
        path = path.relative_to(results)
    experiment, version, *rest = (*path.as_posix().strip("/").split("/"), "")
    return experiment, version, "/".join(rest).strip("/")


def find_run(results: Path, name: str) -> RunFolder:
    """The run called `EXP/vNNN`, the latest of `EXP`, or a run of a comparison by its whole name.

    Raises:
        RecordError: there is none, or it is a comparison.
    """
    experiment, version, rest = split_name(results, name)
    runs = list_runs(results, experiment)
    wanted = [run for run in runs if not version or run.version == version]
    if not wanted:
        known = ", ".join(run.version for run in runs) or "none"
        raise RecordError(f"run {name!r}: expected a folder {results / experiment / version}, found versions: {known}")
    found = RunFolder(wanted[-1].root / rest)
    if rest and not found.config.exists():
        raise RecordError(f"run {name!r}: expected a run's config.yaml in {found.root}, found none")
    if found.is_comparison:
        raise RecordError(
            f"{found.root}: expected a run, got a comparison; look at it with: harness compare {found.name} --show, go "
            f"on with: harness compare {found.name} --resume; one of its runs is called, for instance, "
            f"{_some_run(found)}"
        )
    return found


def _some_run(comparison: RunFolder) -> str:
    for folder in sorted(comparison.root.glob("runs/*/*/seed-*")):
        return RunFolder(folder).name
    return f"{comparison.name}/runs/METHOD/TASK/seed-000"
