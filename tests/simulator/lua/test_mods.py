import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from harness.core.errors import ConfigError
from harness.simulator.lua import load_mods


def write_mod(folder: Path, name: str, files: dict[str, str] | None = None, **info: Any) -> Path:
    root = folder / name
    root.mkdir(parents=True)
    (root / "info.json").write_text(json.dumps({"name": name, "version": "1.2.3", "factorio_version": "2.0"} | info))
    for path, text in ({"control.lua": ""} | (files or {})).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def test_no_directory_means_no_mods() -> None:
    assert load_mods(None) == []


def test_dependencies_come_first(tmp_path: Path) -> None:
    write_mod(tmp_path, "a", dependencies=["base >= 2.0", "? c", "z"])
    write_mod(tmp_path, "c", dependencies=["base", "? not-there", "! conflict"])
    write_mod(tmp_path, "z", dependencies=["~ c"])
    assert [mod.name for mod in load_mods(tmp_path)] == ["c", "z", "a"]


def test_the_list_switches_mods_off(tmp_path: Path) -> None:
    write_mod(tmp_path, "a")
    write_mod(tmp_path, "b")
    (tmp_path / "mod-list.json").write_text(
        '{"mods": [{"name": "base", "enabled": true}, {"name": "a", "enabled": false}]}'
    )
    assert [mod.name for mod in load_mods(tmp_path)] == ["b"]


def test_zip_files_are_mods(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a_1.2.3.zip", "w") as archive:
        archive.writestr("a_1.2.3/info.json", json.dumps({"name": "a", "version": "1.2.3", "factorio_version": "2.0"}))
        archive.writestr("a_1.2.3/lib/x.lua", "return 1")
    (mod,) = load_mods(tmp_path)
    assert mod.read_module("lib.x") == ("return 1", "__a__/lib/x.lua")
    assert mod.read_module("__a__/lib/x.lua") == ("return 1", "__a__/lib/x.lua")
    assert mod.read_module("lib.y") == (None, "no file lib/y.lua in mod a")


@pytest.mark.parametrize(
    ("info", "files", "message"),
    [
        ({"factorio_version": "1.1"}, {}, "expected factorio_version 2.0, got 1.1"),
        ({"dependencies": ["nope"]}, {}, "needs mod nope"),
        ({"dependencies": ["a"]}, {}, "circle"),
        ({"dependencies": ["?? x"]}, {}, "dependency"),
        ({}, {"data.lua": ""}, "data.lua"),
    ],
)
def test_unusable_mods_are_refused(tmp_path: Path, info: dict[str, Any], files: dict[str, str], message: str) -> None:
    write_mod(tmp_path, "a", files, **info)
    with pytest.raises(ConfigError, match=message):
        load_mods(tmp_path)


def test_broken_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a folder"):
        load_mods(tmp_path / "nothing")
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(ConfigError, match=r"x\.zip: expected a zip file"):
        load_mods(tmp_path)
    (tmp_path / "x.zip").unlink()
    (write_mod(tmp_path, "a") / "info.json").write_text("{")
    with pytest.raises(ConfigError, match=r"info\.json needs name and version"):
        load_mods(tmp_path)
    (tmp_path / "mod-list.json").write_text("[]")
    with pytest.raises(ConfigError, match="mod-list"):
        load_mods(tmp_path)
