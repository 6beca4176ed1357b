"""A comparison: several methods on the same tasks, with the same seeds, at the same budget.

Owns the file's shape and the plan of runs that follows from it. Each run is a run folder like any other, so it can be
looked at, and taken up again, by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harness.core.errors import ConfigError
from harness.experiment.config import (
    ExperimentConfig,
    describe_problems,
    find_file,
    parse_experiment,
    read_yaml,
    require_own_name,
)
from harness.tasks import find_task

METHOD_KEYS = frozenset({"variant", "model", "search", "model_options"})
"""What methods may differ in; the rest makes runs comparable."""

PLANNED_KEYS = ("name", "task", "seed", "budget")
"""What the comparison itself says of every run."""

ENDING = ("samples", "tokens", "usd")
"""Budgets of which every reply spends something."""

UNBOUNDED = 1_000_000
"""Iterations of a run whose budget ends it."""

MAX_SEEDS = 10_000

_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"


class ComparisonConfig(BaseModel):
    """What is compared."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: str = Field(pattern=_NAME)
    description: str = ""
    base: dict[str, Any]
    """Keys of an experiment that all runs share."""
    methods: dict[Annotated[str, Field(pattern=_NAME)], dict[str, Any]] = Field(min_length=1)
    """By the name the tables and folders use: the keys of an experiment that make the method."""
    baselines: tuple[str, ...] = ()
    """Methods the others are held against; none: all are held against each other."""
    tasks: tuple[str | dict[str, Any], ...] = Field(min_length=1)
    """Names of tasks, or paths of their files; in a comparison's folder the tasks themselves."""
    seeds: tuple[int, ...] = Field(min_length=1, max_length=MAX_SEEDS)
    """Each names a map and the chance of a run, the same for every method; a number n stands for 0 to n - 1."""
    budget: dict[str, float | None]
    """Of each run, as in an experiment."""

    @field_validator("seeds", mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return tuple(range(min(value, MAX_SEEDS + 1)))


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
    """Reads and checks `folder/name.yaml`, its tasks, and all runs that follow from them.

    Raises:
        ConfigError: no such file, or something in it is not as it should be; the message names file and key.
    """

    def known() -> list[str]:
        return [each.stem for each in sorted(folder.glob("*.yaml")) if b"methods:" in each.read_bytes()]

    path = find_file(folder, name, "comparison", known)
    data = read_yaml(path)
    if not isinstance(data, dict) or "methods" not in data:
        raise ConfigError(f"{path}: expected a comparison, with the key methods; run an experiment with: harness run")
    require_own_name(data, path)
    comparison = with_tasks(parse_comparison({"name": path.stem, **data}, source=str(path)), folder.parent / "tasks")
    for _ in cells(comparison, source=str(path)):
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
    for problem in _problems(comparison):
        raise ConfigError(f"{source}: {problem}")
    return comparison


def _problems(comparison: ComparisonConfig) -> Iterator[str]:
    """What no single key shows."""
    for method, keys in comparison.methods.items():
        if unknown := set(keys) - METHOD_KEYS:
            yield (
                f"methods.{method}: expected only {', '.join(sorted(METHOD_KEYS))}, got {', '.join(sorted(unknown))}; "
                "what all runs share belongs into base"
            )
    for key in PLANNED_KEYS:
        if key in comparison.base:
            yield f"base.{key}: expected no such key, since the comparison itself says that of every run; take it out"
    world = comparison.base.get("world")
    if isinstance(world, dict) and "seed" in world:
        yield "base.world.seed: expected no such key, since seeds name the maps too; take it out"
    if unknown := set(comparison.baselines) - set(comparison.methods):
        yield f"baselines: expected names of methods, got {', '.join(sorted(unknown))}"
    if not any(comparison.budget.get(name) for name in ENDING):
        yield (
            f"budget: expected a limit of {', '.join(ENDING[:-1])} or {ENDING[-1]}, the same for every method, got "
            f"{comparison.budget}; ticks and seconds alone end no run whose model writes no programs, or is quick"
        )
    named: dict[str, Sequence[Any]] = {
        "seeds": comparison.seeds,
        "tasks": comparison.tasks,
        "baselines": comparison.baselines,
    }
    for key, values in named.items():
        if any(value in values[:place] for place, value in enumerate(values)):
            yield f"{key}: expected each once, got {list(values)}"


def with_tasks(comparison: ComparisonConfig, tasks: Path | None) -> ComparisonConfig:
    """The comparison with its tasks whole, so that it stays what it is when their files change.

    Args:
        comparison: with tasks by name or path.
        tasks: folder of one's own tasks.

    Raises:
        ConfigError: there is no such task, or its file is not as it should be.
    """
    whole = [
        each if isinstance(each, dict) else find_task(each, tasks).model_dump(mode="json") for each in comparison.tasks
    ]
    return comparison.model_copy(update={"tasks": tuple(whole)})


def cells(comparison: ComparisonConfig, *, source: str, tasks: Path | None = None) -> Iterator[Cell]:
    """Every run, those of one world together.

    Raises:
        ConfigError: a run's configuration is not as it should be, or two tasks have one name.
    """
    named: dict[str, int] = {}
    for (number, task), seed in itertools.product(enumerate(comparison.tasks), comparison.seeds):
        for method, keys in comparison.methods.items():
            data = _merged(comparison.base, keys)
            data |= {
                "name": comparison.name,
                "task": task,
                "seed": seed,
                "budget": comparison.budget,
                "world": _with(data.get("world"), {"seed": seed}),
                "search": _with({"iterations": UNBOUNDED}, data.get("search")),
            }
            config = parse_experiment(data, source=f"{source}: method {method}", tasks=tasks)
            assert config.task is not None, "every run of a comparison has a task"
            name = config.task.name
            if named.setdefault(name, number) != number:
                raise ConfigError(f"{source}: tasks: expected different names, got two tasks called {name}; rename one")
            path = Path("runs") / method / name / f"seed-{seed:03d}"
            yield Cell(method=method, task=name, seed=seed, config=config, path=path)


def _with(base: Any, keys: Any) -> Any:
    """The keys of a section put over others; what is no section stays, for the check of the experiment to name."""
    for section in (base, keys):
        if section is not None and not isinstance(section, dict):
            return section
    return {**(base or {}), **(keys or {})}


def _merged(base: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in keys.items():
        held = merged.get(key)
        merged[key] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
    return merged
