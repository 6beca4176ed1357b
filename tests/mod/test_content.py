import json
import re

from harness.mod import compute_hash, mod_directory, mod_hash, mod_version


def test_the_recorded_hash_is_that_of_the_files() -> None:
    assert mod_hash() == compute_hash(), "the mod has changed: run python -m harness.mod"


def test_the_version_is_the_mods_own() -> None:
    assert mod_version() == json.loads((mod_directory() / "info.json").read_text())["version"]


def test_every_required_module_is_there() -> None:
    root = mod_directory()
    for path in root.rglob("*.lua"):
        for name in re.findall(r'require\("([\w.]+)"\)', path.read_text()):
            assert (root / f"{name.replace('.', '/')}.lua").is_file(), f"{path}: {name}"


def test_no_module_is_left_unused() -> None:
    root = mod_directory()
    named = set()
    for path in root.rglob("*.lua"):
        named |= set(re.findall(r'"([\w]+(?:\.\w+)*)"', path.read_text()))
    modules = {path.relative_to(root).with_suffix("").as_posix().replace("/", ".") for path in root.rglob("*.lua")}
    assert modules - named == {"control"}
