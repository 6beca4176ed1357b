"""Files that are whole or absent: atomic replacement, and appended lines that are on disk once written."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_SCRATCH = ".part"


def sweep(folder: Path) -> None:
    """Removes what killed processes had begun to write in a folder; for its only writer.

    Raises:
        OSError: it cannot be removed.
    """
    for scratch in sorted(folder.glob(f".*{_SCRATCH}")):
        scratch.unlink(missing_ok=True)


def write_atomic(path: Path, content: bytes | str) -> None:
    """Replaces `path` by `content` in one step; a reader or a crash sees the old file or the new one.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    scratch = path.with_name(f".{path.name}.{os.getpid()}{_SCRATCH}")
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
        rest = line + b"\n"
        try:
            while rest:  # A write that comes short has no reason yet; the next one fails with it.
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def mend_lines(path: Path) -> None:
    """Takes off what a crash may leave at the end of a file of lines: one cut short, one that repeats the line before.

    Raises:
        OSError: it cannot be read or written.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("r+b") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            end = content.rfind(b"\n") + 1
            last = content.rfind(b"\n", 0, max(end - 1, 0)) + 1
            before = content.rfind(b"\n", 0, max(last - 1, 0)) + 1
            if last and content[before:last] == content[last:end]:
                end = last
            is_whole = end == len(content)
        if not is_whole:
            file.truncate(end)
            os.fsync(file.fileno())


def whole_lines(path: Path) -> Iterator[bytes]:
    """The complete lines of a file, without a last one cut short by a crash; none if there is no file."""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield line[:-1]
