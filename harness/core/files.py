"""Files that are whole or absent: atomic replacement, and appended lines that are on disk once written."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomic(path: Path, content: bytes | str) -> None:
    """Replaces `path` by `content` in one step; a reader or a crash sees the old file or the new one."""
    data = content.encode() if isinstance(content, str) else content
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    with scratch.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def append_line(path: Path, line: bytes) -> None:
    """Appends one line and returns when it is on disk.

    Raises:
        ValueError: `line` holds a line break, which would make two records of one.
    """
    if b"\n" in line:
        raise ValueError("a record must be one line: expected no line break in it")
    with path.open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_whole_lines(path: Path) -> list[bytes]:
    """The complete lines of a file, without a last one cut short by a crash; empty if there is no file."""
    if not path.exists():
        return []
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1].splitlines()
