"""Reads a run folder back, whether the run ended or was cut off."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from harness.core.errors import RecordError
from harness.core.files import whole_lines
from harness.records.folder import RunFolder
from harness.records.schemas import SCHEMA_VERSION, Manifest, ModelCallRecord, ProgramRecord, Summary

_Model = TypeVar("_Model", bound=BaseModel)

_MENDS: Final = {
    "ProgramRecord": "put the file back as it was, or start a new run",
    "ModelCallRecord": "put the file back as it was, or take the line out: what it held is asked, and paid for, again",
}
"""What to do about a line that no crash can have damaged."""


class RunReader:
    """Typed access to a run folder; a last line cut short by a crash is left out."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def programs(self) -> list[ProgramRecord]:
        """All nodes, in the order of asking; one that is recorded twice in a row counts once.

        Raises:
            RecordError: a line is no node, or one is missing.
        """
        records: list[ProgramRecord] = []
        for record in self._lines(self.folder.programs, ProgramRecord):
            if records and record == records[-1]:
                continue
            if record.index != len(records):
                raise RecordError(
                    f"{self.folder.programs}: expected node {len(records)} after {len(records)} nodes, got node "
                    f"{record.index}: lines are missing or out of place; put them back, or start a new run"
                )
            records.append(record)
        return records

    def model_calls(self) -> Iterator[ModelCallRecord]:
        """All model calls, in the order they ended. They hold whole dialogues, so they are read one at a time."""
        return self._lines(self.folder.model_calls, ModelCallRecord)

    def manifest(self) -> Manifest:
        """What made the folder."""
        return self._whole(self.folder.manifest, Manifest)

    def summary(self) -> Summary | None:
        """The summary, or None while the run has not ended."""
        return self._whole(self.folder.summary, Summary) if self.folder.summary.exists() else None

    def config(self) -> dict[str, Any]:
        """The configuration as resolved.

        Raises:
            RecordError: the file is damaged.
        """
        try:
            data = yaml.safe_load(self.folder.config.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            problem = " ".join(str(error).split())
            raise RecordError(f"{self.folder.config}: expected the run's configuration, got: {problem}") from error
        if not isinstance(data, dict):
            raise RecordError(
                f"{self.folder.config}: expected the run's configuration, keys and values, got {type(data).__name__}; "
                "put the file back, or start a new run"
            )
        return data

    def state(self, name: str) -> bytes:
        """A state's content.

        Raises:
            RecordError: it is not in the folder, or damaged.
        """
        path = self.folder.state(name)
        try:
            return gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise RecordError(f"state {name}: expected a whole file {path}, got: {error}") from error

    def has_state(self, name: str) -> bool:
        """Whether a state is in the folder, undamaged."""
        try:
            self.state(name)
        except RecordError:
            return False
        return True

    def _whole(self, path: Path, model: type[_Model]) -> _Model:
        try:
            return model.model_validate_json(path.read_bytes())
        except OSError as error:
            raise RecordError(f"{path}: expected a {model.__name__.lower()}, got: {error}") from error
        except ValidationError as error:
            raise RecordError(f"{path}: expected a {model.__name__.lower()}, got {_problem(error)}") from error

    def _lines(self, path: Path, model: type[_Model]) -> Iterator[_Model]:
        number = 0
        try:
            for line in whole_lines(path):
                number += 1
                yield model.model_validate_json(line)
        except OSError as error:
            raise RecordError(f"{path}: expected to be able to read it, got: {error}") from error
        except ValidationError as error:
            raise RecordError(
                f"{path}, line {number}: expected a {model.__name__}, got {_problem(error)}; {_MENDS[model.__name__]}"
            ) from error


def _problem(error: ValidationError) -> str:
    """What is wrong with a record, in one line."""
    problems = error.errors(include_url=False)
    version = next((each for each in problems if each["loc"] == ("schema_version",)), None)
    if version is not None and version["type"] != "missing":
        return (
            f"schema version {version['input']!r}: this version of the harness reads up to {SCHEMA_VERSION}; "
            "use the version that wrote it (manifest.json: harness_version)"
        )
    first = problems[0]
    place = ".".join(map(str, first["loc"]))
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"{place}: {first['msg']}{more}" if place else f"{first['msg']}{more}"
