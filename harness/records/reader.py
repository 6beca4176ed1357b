"""Reads a run folder back, whether the run ended or was cut off."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from harness.core.errors import RecordError
from harness.core.files import read_whole_lines
from harness.records.folder import RunFolder
from harness.records.schemas import Manifest, ModelCallRecord, ProgramRecord, Summary

_Model = TypeVar("_Model", bound=BaseModel)


class RunReader:
    """Typed access to a run folder; a last line cut short by a crash is left out."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def programs(self) -> list[ProgramRecord]:
        """All nodes, in the order of asking."""
        return self._lines(self.folder.programs, ProgramRecord)

    def model_calls(self) -> list[ModelCallRecord]:
        """All model calls, in the order of asking."""
        return self._lines(self.folder.model_calls, ModelCallRecord)

    def manifest(self) -> Manifest:
        """What made the folder."""
        return self._whole(self.folder.manifest, Manifest)

    def summary(self) -> Summary | None:
        """The summary, or None while the run has not ended."""
        return self._whole(self.folder.summary, Summary) if self.folder.summary.exists() else None

    def config(self) -> dict[str, Any]:
        """The configuration as resolved."""
        try:
            data: dict[str, Any] = yaml.safe_load(self.folder.config.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise RecordError(f"{self.folder.config}: expected the run's configuration, got: {error}") from error
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
        """Whether a state is in the folder."""
        return self.folder.state(name).exists()

    def _whole(self, path: Path, model: type[_Model]) -> _Model:
        try:
            return model.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise RecordError(f"{path}: expected a {model.__name__.lower()}, got: {error}") from error

    def _lines(self, path: Path, model: type[_Model]) -> list[_Model]:
        records = []
        for number, line in enumerate(read_whole_lines(path), start=1):
            try:
                records.append(model.model_validate_json(line))
            except ValidationError as error:
                raise RecordError(f"{path}, line {number}: expected a {model.__name__}, got: {error}") from error
        return records
