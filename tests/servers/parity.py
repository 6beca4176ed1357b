"""What must be equal between two runs of one experiment and one seed."""

import json
import re
from pathlib import Path

_TIMING = re.compile(rb',?"timing":\{[^{}]*\}')
"""The key that holds wall-clock readings, in a line of a record."""


def recorded(folder: Path) -> dict[str, object]:
    """All that a run says of its search: records without their timing, states as they lie on the disk."""
    return {
        "programs": _without_timing(folder / "programs.jsonl"),
        # In the order in which the calls ended.
        "model calls": sorted(_without_timing(folder / "llm.jsonl")),
        "states": {path.name: path.read_bytes() for path in sorted((folder / "states").iterdir())},
        "server": json.loads((folder / "manifest.json").read_text())["server"],
    }


def _without_timing(path: Path) -> list[bytes]:
    lines = path.read_bytes().splitlines()
    assert all(_TIMING.search(line) for line in lines)
    return [_TIMING.sub(b"", line) for line in lines]
