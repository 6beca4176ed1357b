"""Where the agent mod's files are, and the hash by which a host knows that a server runs these very files.

Lua cannot read its own files in the game, so the hash is written into one of them (`content.lua`), which is left out of
it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from harness.core.errors import ConfigError
from harness.core.files import write_atomic
from harness.core.hashing import hash_json

_RECORD = "content.lua"


def mod_directory() -> Path:
    """The mod's own folder; its parent is what a server takes as its mod directory."""
    return Path(__file__).parent / "agent"


@cache
def mod_version() -> str:
    """The version in the mod's `info.json`."""
    info = json.loads((mod_directory() / "info.json").read_text(encoding="utf-8"))
    return str(info["version"])


@cache
def mod_hash() -> str:
    """The content hash that the mod carries.

    Raises:
        ConfigError: the mod carries none.
    """
    text = (mod_directory() / _RECORD).read_text(encoding="utf-8")
    found = re.search(r'return "([0-9a-f]+)"', text)
    if found is None:
        raise ConfigError(f"{mod_directory() / _RECORD}: expected a content hash; run python -m harness.mod")
    return found[1]


def compute_hash() -> str:
    """The hash of the files as they are now; differs from `mod_hash` after a change that was not recorded."""
    root = mod_directory()
    files = sorted(path for path in root.rglob("*") if path.suffix in (".lua", ".json") and path.name != _RECORD)
    return hash_json({path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files})


def record_hash() -> str:
    """Writes the hash of the files as they are now into the mod and returns it."""
    content = compute_hash()
    text = f'-- The hash of all other files of this mod; written by python -m harness.mod.\n\nreturn "{content}"\n'
    write_atomic(mod_directory() / _RECORD, text)
    return content
