"""Writes a run as it happens: lines are appended and synced, other files replaced whole."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import yaml

from harness.core.errors import RecordError
from harness.core.files import append_line, write_atomic
from harness.core.hashing import canonical_json
from harness.records.folder import RunFolder
from harness.records.reader import RunReader
from harness.records.schemas import Manifest, ModelCallRecord, ProgramRecord, Summary


class RunWriter:
    """The only writer of a run folder.

    Records that are there already (a resumed run writes its history again) are compared, not written twice.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._drop_cut_lines()
        reader = RunReader(folder)
        self._programs = {record.index: record for record in reader.programs()}

    def _drop_cut_lines(self) -> None:
        """Takes off a last line that a crash cut short, so that the next one starts on a line of its own."""
        for path in (self.folder.programs, self.folder.model_calls):
            if path.exists() and not (content := path.read_bytes()).endswith(b"\n") and content:
                write_atomic(path, content[: content.rfind(b"\n") + 1])

    def write_manifest(self, manifest: Manifest) -> None:
        """Replaces `manifest.json`."""
        self._replace(self.folder.manifest, manifest.model_dump_json(indent=2) + "\n")

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Replaces `config.yaml`."""
        self._replace(self.folder.config, yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True))

    def write_summary(self, summary: Summary) -> None:
        """Replaces `summary.json`."""
        self._replace(self.folder.summary, summary.model_dump_json(indent=2) + "\n")

    def write_program(self, record: ProgramRecord) -> None:
        """Appends a node, unless the folder has it already.

        Raises:
            RecordError: another node is recorded at this index: the run is not the one that was recorded.
        """
        known = self._programs.get(record.index)
        if known is not None:
            if known.id != record.id:
                raise RecordError(
                    f"{self.folder.programs}: expected node {record.index} to be {known.id} as recorded, "
                    f"got {record.id}: the configuration, the model or the code changed; start a new run"
                )
            return
        self._append(self.folder.programs, record)
        self._programs[record.index] = record

    def write_model_call(self, record: ModelCallRecord) -> None:
        """Appends a model call."""
        self._append(self.folder.model_calls, record)

    def write_state(self, name: str, content: bytes) -> None:
        """Keeps a state under its content hash, compressed."""
        path = self.folder.state(name)
        if not path.exists():
            self._replace(path, gzip.compress(content, mtime=0))

    def _append(self, path: Any, record: ProgramRecord | ModelCallRecord) -> None:
        try:
            append_line(path, canonical_json(record.model_dump(mode="json")))
        except OSError as error:
            raise RecordError(f"{path}: expected to be able to append, got: {error}") from error

    def _replace(self, path: Any, content: bytes | str) -> None:
        try:
            write_atomic(path, content)
        except OSError as error:
            raise RecordError(f"{path}: expected to be able to write, got: {error}") from error
