"""Files that are whole or absent: atomic replacement, and appended lines that are on disk once written."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path


def write_atomic(path: Path, content: bytes | str) -> None:
    """Replaces `path` by `content` in one step; a reader or a crash sees the old file or the new one.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError:
        with suppress(OSError):
            scratch.unlink()
        raise


def append_line(path: Path, line: bytes) -> None:
    """Appends one line and returns when it is on disk.

    Raises:
        ValueError: `line` holds a line break, which would make two records of one.
        OSError: it cannot be written; the file is as it was.
    """
    if b"\n" in line:
        raise ValueError("a record must be one line: expected no line break in it")
    with path.open("ab", buffering=0) as file:
        end = file.tell()
        try:
            written = file.write(line + b"\n")
            if written <= len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def read_whole_lines(path: Path) -> list[bytes]:
    """The complete lines of a file, without a last one cut short by a crash; empty if there is no file."""
    if not path.exists():
        return []
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1].splitlines()
