"""Writes down which members of the documented API the mod's files use, for `harness doctor` to ask a server about.

`python -m scripts.record_members`; a test says when it has to be run again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from harness.mod import mod_directory
from tests.mod.lua_api_use import check

TARGET = Path(__file__).parents[1] / "harness" / "conformance" / "members.json"


def used() -> dict[str, Any]:
    """`classes` (class to members) and `defines`, as the file holds them."""
    checker = check(mod_directory())
    classes: dict[str, list[str]] = defaultdict(list)
    for owner, member in sorted(checker.used):
        if member != "[]":
            classes[owner].append(member)
    return {"classes": dict(classes), "defines": sorted(checker.defines)}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(used(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {TARGET}")
