"""Taking a recorded run up again: which one, with what configuration, and how far.

The folder alone decides. The experiment's file may have changed since; the run goes on with what it was begun with.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from harness.core.errors import ConfigError, HarnessError, RecordError
from harness.experiment.config import ExperimentConfig, config_digest, load_experiment, parse_experiment
from harness.experiment.run import Progress, RunOutcome, Sitting, new_manifest
from harness.mod import mod_hash
from harness.records import (
    Manifest,
    RunFolder,
    RunReader,
    RunWriter,
    find_run,
    hold_run,
    list_runs,
    split_name,
)


def choose_run(results: Path, name: str, *, extend: bool = False) -> RunFolder:
    """The run called `EXP/vNNN`, or the latest of `EXP` that did not finish.

    Args:
        results: folder of all runs.
        name: of the run, or of its experiment.
        extend: take the latest where all are finished.

    Raises:
        RecordError: there is none of that name.
        ConfigError: all of the experiment finished.
    """
    latest = find_run(results, name)
    if split_name(results, name)[1]:
        return latest
    runs = list_runs(results, latest.experiment)
    for folder in reversed(runs):
        if _is_begun(folder) and not _is_finished(folder):
            return folder
    if extend:
        return latest
    if not _is_begun(latest):
        raise ConfigError(
            f"{latest.root.parent}: expected a run that did not finish, found none with a config.yaml but finished "
            f"ones; {latest.version} was cut off before it began: start a new run"
        )
    finished = ", ".join(folder.version for folder in runs if _is_finished(folder))
    raise ConfigError(
        f"{latest.root.parent}: expected a run that did not finish, found finished ones only: {finished}; look at one "
        f"with: harness show {name}, let one go on with: harness resume {name} --iterations N"
    )


def resume_run(
    folder: RunFolder, *, iterations: int | None = None
) -> tuple[ExperimentConfig, Callable[[Progress], Awaitable[RunOutcome]]]:
    """What takes a recorded run up again: its configuration, and the run itself.

    Args:
        folder: of the run.
        iterations: let it go on to so many, more than it was begun with; then it may be a finished one.

    Raises:
        RecordError: the folder cannot be read; or, from the run itself, another process works on it.
        ConfigError: the run finished, its records were made by another mod, or its configuration was changed.
    """
    config = _recorded_config(folder)
    manifest = _manifest(folder, config)
    if manifest.status == "finished" and iterations is None:
        raise ConfigError(
            f"{folder.root}: expected a run that did not finish, this one did; look at it with: harness show, or let "
            f"it go on with --iterations N, more than {config.search.iterations}"
        )
    if manifest.mod_hash != mod_hash():
        raise ConfigError(
            f"{folder.root}: expected records of agent mod {mod_hash()}, got {manifest.mod_hash}: "
            "the mod changed since, so its states mean something else; start a new run"
        )
    if iterations is not None:
        config = _extended(config, iterations)

    async def play(progress: Progress) -> RunOutcome:
        with hold_run(folder):
            writer = RunWriter(folder)
            if iterations is not None:
                writer.write_config(config.resolved())
            taken_up = {"status": "running", "resumed": manifest.resumed + 1, "ended_at": None, "message": None}
            writer.write_manifest(manifest.model_copy(update=taken_up))
            return await Sitting(config, folder, writer, progress).play()

    return config, play


def changed_keys(config: ExperimentConfig, experiments: Path, name: str) -> list[str]:
    """Keys that the experiment's file has otherwise by now than a run's configuration; none if there is no such file.

    Where the file cannot be used any more, that is all that is said.
    """
    if not (experiments / f"{name}.yaml").is_file():
        return []
    try:
        now = load_experiment(experiments, name, seed=config.seed)
    except HarnessError:
        return ["its file cannot be used any more"]
    return sorted(_differing(config.resolved(), now.resolved()))


def _differing(one: Mapping[str, Any], other: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key in one.keys() | other.keys():
        left, right = one.get(key), other.get(key)
        if isinstance(left, dict) and isinstance(right, dict):
            found += _differing(left, right, f"{prefix}{key}.")
        elif left != right:
            found.append(f"{prefix}{key}")
    return found


def _is_begun(folder: RunFolder) -> bool:
    return folder.config.exists()


def _is_finished(folder: RunFolder) -> bool:
    return folder.manifest.exists() and RunReader(folder).manifest().status == "finished"


def _recorded_config(folder: RunFolder) -> ExperimentConfig:
    if not _is_begun(folder):
        raise RecordError(
            f"{folder.root}: expected a run's config.yaml, found none: it was cut off before it began; start a new run"
        )
    return parse_experiment(RunReader(folder).config(), source=str(folder.config))


def _manifest(folder: RunFolder, config: ExperimentConfig) -> Manifest:
    """The run's manifest; a run that was killed before it had one gets it now."""
    if not folder.manifest.exists():
        return new_manifest(config, folder)
    manifest = RunReader(folder).manifest()
    if config_digest(RunReader(folder).config()) != manifest.config_hash:
        raise ConfigError(
            f"{folder.config}: expected the configuration that the run was begun with, got another one; only its "
            "servers may be changed: take the other changes back, or start a new run"
        )
    return manifest


def _extended(config: ExperimentConfig, iterations: int) -> ExperimentConfig:
    if iterations <= config.search.iterations:
        raise ConfigError(
            f"--iterations: expected more than the {config.search.iterations} that the run has, got {iterations}"
        )
    return config.model_copy(update={"search": config.search.model_copy(update={"iterations": iterations})})
