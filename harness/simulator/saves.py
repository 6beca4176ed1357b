"""Files a server writes and reads: saved games in `saves`, what scripts write in `script-output`.

A saved game is a zip archive as the game's own, with our document inside instead: which world it is, and the text of
an exported snapshot. Only names inside the write directory can be reached. A file is whole or absent, and is read and
checked to its end before anything comes of it.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from harness.core.errors import ConfigError, SimError
from harness.core.files import write_atomic

MAX_STATE_BYTES = 1 << 30
"""A longer state in a file is a mistake or an attack."""

MAX_SCRIPT_FILE_BYTES = 64 * 1024 * 1024
"""The most a script may write at once."""

_ABOUT, _STATE = "harness-save.json", "state.txt"
_NAME = re.compile(r"[\w.+ -]{1,100}")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What must be known of a saved game before its state can be taken in.

    Attributes:
        game: the version of the game it stands for.
        scenario: the scenario it began as.
        seed: of its map.
        tick: when it was saved.
    """

    game: str
    scenario: str
    seed: int
    tick: int


class Files:
    """The write directory of one server; without one, nothing can be written or read."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def save_path(self, name: str) -> Path:
        """Where the saved game of a name is.

        Raises:
            SimError: the name is none, or there is no write directory.
        """
        name = name.removesuffix(".zip")
        if not _NAME.fullmatch(name) or name.startswith("."):
            raise SimError(f"saved game {name[:100]!r}: expected letters, digits, '-', '_', '.', '+' and spaces")
        return self._folder("saves") / f"{name}.zip"

    def latest(self) -> Path:
        """The saved game that was written last.

        Raises:
            SimError: there is none.
        """
        folder = self._folder("saves")
        found = sorted(folder.glob("*.zip"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        if not found:
            raise SimError(f"saved games: expected one in {folder}, found none; save one with game.server_save")
        return found[-1]

    def write_script_file(self, name: str, text: bytes, *, append: bool) -> None:
        """Writes what a script gives to `script-output`.

        Raises:
            SimError: the name leads elsewhere, it is too much, or the system refuses.
        """
        path = self._script_path(name)
        if len(text) > MAX_SCRIPT_FILE_BYTES:
            raise SimError(f"write_file: expected at most {MAX_SCRIPT_FILE_BYTES} bytes, got {len(text)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab" if append else "wb") as file:
                file.write(text)
        except OSError as error:
            raise SimError(f"write_file: cannot write {name}: {error.strerror or error}") from error

    def remove_script_file(self, name: str) -> None:
        """Removes a file of `script-output`; none is no error, as in the game.

        Raises:
            SimError: the name leads elsewhere, or the system refuses.
        """
        try:
            self._script_path(name).unlink(missing_ok=True)
        except OSError as error:
            raise SimError(f"remove_path: cannot remove {name}: {error.strerror or error}") from error

    def _script_path(self, name: str) -> Path:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or name.endswith("/") or ".." in parts or "\0" in name:
            raise SimError(f"script-output: expected a path below it, got {name[:100]!r}")
        root = self._folder("script-output")
        path = root.joinpath(*parts)
        if not path.parent.resolve().is_relative_to(root.resolve()) or path.is_symlink():
            raise SimError(f"script-output: {name[:100]!r} leads out of it")
        return path

    def _folder(self, name: str) -> Path:
        if self._directory is None:
            raise SimError("this server has no write directory; start it with --write-directory DIR")
        folder = self._directory / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def write_save(path: Path, about: About, state: str) -> None:
    """Writes a saved game; the old file of that name stays until the new one is whole.

    Raises:
        SimError: the system refuses.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, text in ((_ABOUT, json.dumps(asdict(about))), (_STATE, state)):
            archive.writestr(zipfile.ZipInfo(f"{path.stem}/{name}"), text)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content.getvalue())
    except OSError as error:
        raise SimError(f"saved game {path}: cannot be written: {error.strerror or error}") from error


def read_save(path: Path) -> tuple[About, str]:
    """What a saved game is about, and its state as an export gave it.

    Raises:
        SimError: there is no such file, or it is damaged or of another kind.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {PurePosixPath(entry.filename).name: entry for entry in archive.infolist()}
            if _ABOUT not in entries:
                raise SimError(
                    f"saved game {path}: it holds no {_ABOUT}; saved games of the real game cannot be read, "
                    "only those that this server wrote"
                )
            if entries[_STATE].file_size > MAX_STATE_BYTES or entries[_ABOUT].file_size > 1 << 16:
                raise SimError(f"saved game {path}: it is larger than any this server writes")
            about = _parse(json.loads(archive.read(entries[_ABOUT])))
            return about, archive.read(entries[_STATE]).decode("ascii")
    except FileNotFoundError as error:
        raise SimError(f"saved game {path}: there is no such file") from error
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, NotImplementedError, EOFError) as error:
        raise SimError(f"saved game {path}: expected a file this server wrote, got something else ({error})") from error


def _parse(document: Any) -> About:
    about = About(**document)
    kinds = {"game": str, "scenario": str, "seed": int, "tick": int}
    for name, kind in kinds.items():
        if not isinstance(getattr(about, name), kind):
            raise ValueError(f"{name}: expected {kind.__name__}, got {getattr(about, name)!r}")
    return about


def read_save_to_start(path: Path) -> tuple[About, str]:
    """`read_save` where a server starts.

    Raises:
        ConfigError: the file cannot be used.
    """
    try:
        return read_save(path)
    except SimError as error:
        raise ConfigError(f"--start-server: {error}") from error
