"""Finds and reads task files: those that come with the harness, those of a folder of one's own, or one by its path."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from harness.core.errors import ConfigError
from harness.core.strict_yaml import load_yaml
from harness.tasks.task import Task

_BUILT_IN = files("harness.tasks").joinpath("data")


def list_tasks(folder: Path | None = None) -> list[Task]:
    """All tasks by name: those of `folder`, and the built-in ones it does not replace.

    Raises:
        ConfigError: a file is not as it should be.
    """
    return [find_task(name, folder) for name in _names(folder)]


def readable_tasks(folder: Path | None = None) -> tuple[list[Task], list[ConfigError]]:
    """The tasks of `list_tasks` whose files are as they should be, and what is wrong with the others."""
    tasks, problems = [], []
    for name in _names(folder):
        try:
            tasks.append(find_task(name, folder))
        except ConfigError as error:
            problems.append(error)
    return tasks, problems


def find_task(name: str, folder: Path | None = None) -> Task:
    """A task by its name or by the path of its file.

    Args:
        name: of a file in `folder` or of a built-in task; or a path, which has a slash or ends with `.yaml`.
        folder: of one's own tasks, searched first; a path is relative to it too where it does not exist as it is.

    Raises:
        ConfigError: there is no such task, or its file is not as it should be.
    """
    if "/" in name or name.endswith(".yaml"):
        path = Path(name)
        if not path.is_file() and folder is not None:
            path = folder / name
        if not path.is_file():
            raise ConfigError(f"task {name!r}: expected a file, found none at {path}")
        return _own_task(path)
    own = folder / f"{name}.yaml" if folder is not None else None
    if own is not None and own.is_file():
        return _own_task(own)
    if name in _built_in():
        return parse_task(_part(name), name=name, source=f"task {name}")
    known = _names(folder)
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    raise ConfigError(f"task {name!r}: expected one of {', '.join(known)}, or the path of a file{hint}")


def parse_task(data: Mapping[str, Any], *, name: str, source: str) -> Task:
    """Checks plain data; a key `extends` names the built-in file whose keys hold where this one has none.

    Raises:
        ConfigError: every key that is not as it should be, one a line.
    """
    own = dict(data)
    base = own.pop("extends", None)
    if base is not None:
        if base not in (known := [*_parts(), *_built_in()]):
            raise ConfigError(f"{source}: key extends: expected one of {', '.join(known)}, got {base!r}")
        own = {**_part(base), **own}
    try:
        return Task.model_validate({"name": name, **own})
    except ValidationError as error:
        raise ConfigError("\n".join(dict.fromkeys(_line(source, each) for each in error.errors()))) from None


def _own_task(path: Path) -> Task:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: expected a text file in UTF-8, got: {error}") from error
    return parse_task(_read(text, str(path)), name=path.stem, source=str(path))


def _line(source: str, problem: Any) -> str:
    if not problem["loc"]:
        return f"{source}: expected {problem['msg'].removeprefix('Value error, ')}"
    # Pydantic adds which of several things it tried to the path, such as "dict[str,int]".
    key = ".".join(str(part) for part in problem["loc"] if "[" not in str(part)) or "success"
    if problem["type"] == "extra_forbidden":
        return f"{source}: key {key}: expected no such key; docs/tasks.md lists them all"
    if problem["type"] == "missing":
        return f"{source}: key {key}: expected a value, got none; add the key"
    expected = problem["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{source}: key {key}: expected {expected}, got {problem['input']!r}"


def _names(folder: Path | None) -> list[str]:
    own = {path.stem for path in folder.glob("*.yaml")} if folder is not None else set()
    return sorted(own | set(_built_in()))


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(each.name.removesuffix(".yaml") for each in _BUILT_IN.iterdir() if each.name.endswith(".yaml")))


def _built_in() -> list[str]:
    return [name for name in _files() if not name.startswith("_")]


def _parts() -> list[str]:
    """What built-in tasks share; no tasks themselves. `extends` names them without the underscore."""
    return [name.removeprefix("_") for name in _files() if name.startswith("_")]


def _part(name: str) -> dict[str, Any]:
    stored = name if name in _files() else f"_{name}"
    data = _read(_BUILT_IN.joinpath(f"{stored}.yaml").read_text(encoding="utf-8"), f"task {name}")
    base = data.pop("extends", None)
    return {**_part(base), **data} if base is not None else data


def _read(text: str, source: str) -> dict[str, Any]:
    try:
        data = load_yaml(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{source}: expected a YAML file, got: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{source}: expected keys and values, got {type(data).__name__}")
    return data
