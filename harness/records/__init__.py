"""Result folders: `results/<experiment>/vNNN/`, what is in them, and how they are written and read."""

from harness.records.folder import (
    COMPARISON_FILE,
    RunFolder,
    create_run,
    create_version,
    find_run,
    hold_run,
    list_results,
    list_runs,
    prepare_run,
    split_name,
)
from harness.records.reader import RunReader
from harness.records.schemas import (
    SCHEMA_VERSION,
    Manifest,
    ModelCallRecord,
    ProgramRecord,
    RunStatus,
    Summary,
    Timing,
)
from harness.records.writer import RunWriter

__all__ = [
    "COMPARISON_FILE",
    "SCHEMA_VERSION",
    "Manifest",
    "ModelCallRecord",
    "ProgramRecord",
    "RunFolder",
    "RunReader",
    "RunStatus",
    "RunWriter",
    "Summary",
    "Timing",
    "create_run",
    "create_version",
    "find_run",
    "hold_run",
    "list_results",
    "list_runs",
    "prepare_run",
    "split_name",
]
