"""Writes a run as it happens: lines are appended and synced, other files replaced whole."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import yaml

from harness.core.errors import RecordError
from harness.core.files import append_line, mend_lines, sweep, write_atomic
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
        self._mend()
        self._programs = RunReader(folder).programs()
        self._states: set[str] = set()

    def _mend(self) -> None:
        """Takes away what a process that was killed had not finished to write."""
        folder = self.folder
        try:
            folder.states.mkdir(exist_ok=True)
            for path in (folder.programs, folder.model_calls):
                mend_lines(path)
            for each in (folder.root, folder.states):
                sweep(each)
        except OSError as error:
            raise RecordError(f"{folder.root}: expected to be able to write in it, got: {error}") from error

    @property
    def searched_s(self) -> float:
        """Seconds of searching on record, of all sittings."""
        return max((record.timing.at_s or 0.0 for record in self._programs), default=0.0)

    def keep_programs(self, count: int) -> None:
        """Forgets all nodes but the first `count`: those that cannot be gone on from."""
        if count < len(self._programs):
            del self._programs[count:]
            lines = [canonical_json(record.model_dump(mode="json")) + b"\n" for record in self._programs]
            self._replace(self.folder.programs, b"".join(lines))

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
            RecordError: another node is recorded at this index, or this one with another result: the run is not the
                one that was recorded.
        """
        if record.index < len(self._programs):
            self._expect_same(self._programs[record.index], record)
            return
        self._append(self.folder.programs, record)
        self._programs.append(record)

    def _expect_same(self, known: ProgramRecord, record: ProgramRecord) -> None:
        place = f"{self.folder.programs}: expected node {record.index} to"
        if known.id != record.id:
            raise RecordError(
                f"{place} be {known.id} as recorded, got {record.id}: "
                "the configuration, the model or the code changed; start a new run"
            )
        if (known.status, known.value, known.state) != (record.status, record.value, record.state):
            raise RecordError(
                f"{place} end {known.status} with value {known.value:g} as recorded; its state was lost, and run again "
                f"it ended {record.status} with value {record.value:g}; resume on the servers of the record, or start "
                "a new run"
            )

    def write_model_call(self, record: ModelCallRecord) -> None:
        """Appends a model call."""
        self._append(self.folder.model_calls, record)

    def write_state(self, name: str, content: bytes) -> None:
        """Keeps a state under its content hash, compressed."""
        if name not in self._states:  # A file that is there already may be damaged.
            self._replace(self.folder.state(name), gzip.compress(content, mtime=0))
            self._states.add(name)

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
