"""Mods as the game finds them: a folder of folders and zip files, each with an `info.json`.

It reads and orders them; running them is `harness.simulator.lua.scripts`. Only the control stage exists here: a mod
that would change prototypes or settings is refused, because pretending it had been loaded would be a lie.
"""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.core.errors import ConfigError

OFFICIAL = ("base", "elevated-rails", "quality", "space-age")
"""Names of the game's own mods: known to `mod-list.json`, never in a folder."""

SERIES = "2.0"
"""The `factorio_version` a mod must be made for."""

_DATA_STAGES = ("settings", "settings-updates", "settings-final-fixes", "data", "data-updates", "data-final-fixes")
_DEPENDENCY = re.compile(
    r"^(?P<kind>\(\?\)|[!?~+])?\s*(?P<name>[\w -]+?)\s*(?:(?P<how>[<>=]=?)\s*(?P<version>[\d.]+))?$"
)
_MAX_FILE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Mod:
    """One mod's files.

    Attributes:
        name: its `name`.
        version: its `version`.
        required: names of mods it must be loaded after.
        optional: names of mods it is loaded after if they are there.
        files: path inside the mod (with `/`) -> source, of every Lua file.
    """

    name: str
    version: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    files: dict[str, bytes]

    def read_module(self, name: str) -> tuple[str | None, str]:
        """The source and chunk name for `require(name)`, or None and what was looked for."""
        path = name.removesuffix(".lua")
        prefix = f"__{self.name}__"
        if path.startswith(prefix):
            path = path[len(prefix) + 1 :]
        elif path.startswith("__"):
            return None, f"{name} belongs to another mod, whose files are not offered"
        if "/" not in path:
            path = path.replace(".", "/")
        source = self.files.get(f"{path}.lua")
        if source is None:
            return None, f"no file {path}.lua in mod {self.name}"
        return source.decode("latin-1"), f"{prefix}/{path}.lua"


def load_mods(directory: Path | None) -> list[Mod]:
    """All enabled mods of a mod directory in load order: dependencies first, then by name.

    Raises:
        ConfigError: the directory, `mod-list.json` or a mod cannot be used.
    """
    if directory is None:
        return []
    if not directory.is_dir():
        raise ConfigError(f"--mod-directory: expected a folder, got {directory}; create it or leave the option out")
    disabled = _disabled(directory / "mod-list.json")
    mods: dict[str, Mod] = {}
    for path in sorted(directory.iterdir()):
        mod = _load(path)
        if mod is None or mod.name in disabled:
            continue
        if mod.name in mods:
            raise ConfigError(f"mod {mod.name}: found twice in {directory}; keep one of them")
        mods[mod.name] = mod
    return _ordered(mods)


def _disabled(path: Path) -> set[str]:
    if not path.exists():
        return set()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["mods"]
        return {entry["name"] for entry in entries if not entry["enabled"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f'{path}: expected {{"mods": [{{"name": .., "enabled": true}}]}}, got something else ({error})'
        ) from error


def _load(path: Path) -> Mod | None:
    if path.is_dir():
        info = path / "info.json"
        if not info.exists():
            return None
        files = {str(file.relative_to(path).as_posix()): file.read_bytes() for file in sorted(path.rglob("*.lua"))}
        return _parse(path, info.read_bytes(), files)
    if path.suffix == ".zip":
        return _load_zip(path)
    return None


def _load_zip(path: Path) -> Mod:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
            info = next(
                (name for name in sorted(entries) if name.count("/") == 1 and name.endswith("/info.json")), None
            )
            if info is None:
                raise ConfigError(f"mod {path.name}: expected info.json in one top folder of the zip, found none")
            root = info.removesuffix("info.json")
            large = [entry.filename for entry in entries.values() if entry.file_size > _MAX_FILE_BYTES]
            if large:
                raise ConfigError(f"mod {path.name}: {large[0]} is larger than {_MAX_FILE_BYTES} bytes")
            files = {
                name.removeprefix(root): archive.read(name)
                for name in sorted(entries)
                if name.startswith(root) and name.endswith(".lua")
            }
            return _parse(path, archive.read(info), files)
    except (OSError, zipfile.BadZipFile) as error:
        raise ConfigError(f"mod {path.name}: expected a zip file, got something else ({error})") from error


def _parse(path: Path, content: bytes, files: dict[str, bytes]) -> Mod:
    try:
        info: dict[str, Any] = json.loads(content)
        name, version = str(info["name"]), str(info["version"])
        dependencies = [str(item) for item in info.get("dependencies", ["base"])]
        series = str(info.get("factorio_version", SERIES))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"mod {path.name}: info.json needs name and version as JSON ({error})") from error
    if series != SERIES:
        raise ConfigError(f"mod {name}: expected factorio_version {SERIES}, got {series}")
    stage = next((stage for stage in _DATA_STAGES if f"{stage}.lua" in files), None)
    if stage is not None:
        raise ConfigError(
            f"mod {name}: has {stage}.lua; the embedded server runs control.lua only, prototypes are fixed"
        )
    required, optional = _dependencies(name, dependencies)
    return Mod(name=name, version=version, required=required, optional=optional, files=files)


def _dependencies(mod: str, lines: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    required, optional = [], []
    for line in lines:
        found = _DEPENDENCY.match(line.strip())
        if found is None:
            raise ConfigError(f"mod {mod}: dependency {line!r}: expected a name, or a sign, a name and a version")
        if found["kind"] in ("?", "(?)", "+"):
            optional.append(found["name"])
        elif found["kind"] != "!":
            required.append(found["name"])
    return tuple(required), tuple(optional)


def _ordered(mods: dict[str, Mod]) -> list[Mod]:
    for mod in mods.values():
        missing = [name for name in mod.required if name not in mods and name not in OFFICIAL]
        if missing:
            raise ConfigError(f"mod {mod.name}: needs mod {missing[0]}, which is not there or not enabled")
    ordered: list[Mod] = []
    waiting = dict(sorted(mods.items()))
    while waiting:
        ready = next(
            (mod for mod in waiting.values() if not any(name in waiting for name in mod.required + mod.optional)), None
        )
        if ready is None:
            raise ConfigError(f"mods {', '.join(waiting)}: their dependencies form a circle")
        ordered.append(waiting.pop(ready.name))
    return ordered
