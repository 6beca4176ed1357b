"""A comparison: several methods on the same tasks, with the same seeds, at the same budget.

Owns the file's shape and the plan of runs that follows from it. Each run is a run folder like any other, so it can be
looked at, and taken up again, by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harness.core.errors import ConfigError
from harness.experiment.config import ExperimentConfig, describe_problems, find_file, parse_experiment, read_yaml

METHOD_KEYS = frozenset({"variant", "model", "search", "model_options"})
"""What methods may differ in; the rest makes runs comparable."""

UNBOUNDED = 10_000
"""Iterations of a run whose budget ends it."""


class ComparisonConfig(BaseModel):
    """What is compared."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    description: str = ""
    base: dict[str, Any]
    """Keys of an experiment that all runs share."""
    methods: dict[str, dict[str, Any]] = Field(min_length=1)
    """By the name the tables use: the keys of an experiment that make the method."""
    baselines: tuple[str, ...] = ()
    """Methods the others are held against; none: all are held against each other."""
    tasks: tuple[str, ...] = Field(min_length=1)
    """Names of tasks, or paths of their files."""
    seeds: tuple[int, ...] = Field(min_length=1)
    """Each names a map and the chance of a run, the same for every method; a number n stands for 0 to n - 1."""
    budget: dict[str, float]
    """Of each run, as in an experiment."""

    @field_validator("seeds", mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        return tuple(range(value)) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One run of a comparison.

    Attributes:
        method, task: names, as in the comparison.
        seed: of map and run.
        config: of the run.
        path: of its folder, below the comparison's.
    """

    method: str
    task: str
    seed: int
    config: ExperimentConfig
    path: Path


def load_comparison(folder: Path, name: str) -> ComparisonConfig:
    """Reads and checks `folder/name.yaml`, and all runs that follow from it.

    Raises:
        ConfigError: no such file, or something in it is not as it should be; the message names file and key.
    """

    def known() -> list[str]:
        return [each.stem for each in sorted(folder.glob("*.yaml")) if "methods:" in each.read_text(encoding="utf-8")]

    path = find_file(folder, name, "comparison", known)
    data = read_yaml(path)
    if not isinstance(data, dict) or "methods" not in data:
        raise ConfigError(f"{path}: expected a comparison, with the key methods; run an experiment with: harness run")
    comparison = parse_comparison({"name": path.stem, **data}, source=str(path))
    for _ in cells(comparison, source=str(path), tasks=folder.parent / "tasks"):
        pass
    return comparison


def parse_comparison(data: Mapping[str, Any], *, source: str) -> ComparisonConfig:
    """Checks plain data; `source` names where it came from in messages.

    Raises:
        ConfigError: every key that is not as it should be, one a line.
    """
    try:
        comparison = ComparisonConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigError(describe_problems(source, error.errors(), ComparisonConfig)) from None
    for method, keys in comparison.methods.items():
        if unknown := set(keys) - METHOD_KEYS:
            raise ConfigError(
                f"{source}: methods.{method}: expected only {', '.join(sorted(METHOD_KEYS))}, got "
                f"{', '.join(sorted(unknown))}; what all runs share belongs into base"
            )
    if unknown := set(comparison.baselines) - set(comparison.methods):
        raise ConfigError(f"{source}: baselines: expected names of methods, got {', '.join(sorted(unknown))}")
    if not any(comparison.budget.get(name) for name in ("samples", "ticks", "tokens", "usd")):
        raise ConfigError(
            f"{source}: budget: expected a limit of samples, ticks, tokens or usd, the same for every method, got "
            f"{comparison.budget}"
        )
    if len(set(comparison.seeds)) < len(comparison.seeds):
        raise ConfigError(f"{source}: seeds: expected each once, got {list(comparison.seeds)}")
    return comparison


def cells(comparison: ComparisonConfig, *, source: str, tasks: Path | None = None) -> Iterator[Cell]:
    """Every run, those of one world together.

    Raises:
        ConfigError: a run's configuration is not as it should be.
    """
    for task, seed in itertools.product(comparison.tasks, comparison.seeds):
        for method, keys in comparison.methods.items():
            data = _merged(comparison.base, keys)
            data |= {
                "name": comparison.name,
                "task": task,
                "seed": seed,
                "budget": comparison.budget,
                "world": {**data.get("world", {}), "seed": seed},
                "search": {"iterations": UNBOUNDED, **data.get("search", {})},
            }
            config = parse_experiment(data, source=f"{source}: method {method}", tasks=tasks)
            name = Path(task).stem
            yield Cell(
                method=method,
                task=name,
                seed=seed,
                config=config,
                path=Path("runs") / method / name / f"seed-{seed:03d}",
            )


def _merged(base: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in keys.items():
        held = merged.get(key)
        merged[key] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
    return merged
