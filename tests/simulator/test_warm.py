"""Which compiled kernels a server takes for its own."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import harness
from harness.simulator.warm import KEPT_DAYS, forget_unused

ROOT = Path(harness.__file__).parent


def keys_of(root: Path) -> list[str]:
    code = "from harness.simulator.engine import jit; print(jit.engine_hash(), jit.cache_key())"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=True).stdout.split()


def test_a_copy_elsewhere_is_the_same_engine_but_has_kernels_of_its_own(tmp_path: Path) -> None:
    copy = tmp_path / "harness"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    ours, theirs = keys_of(ROOT.parent), keys_of(tmp_path)
    assert theirs[0] == ours[0]
    assert theirs[1] != ours[1], "Numba keeps kernels by path: a finished folder of one copy is an empty one to another"
    assert keys_of(tmp_path) == theirs


def test_kernels_of_versions_that_nobody_starts_any_more_are_removed(tmp_path: Path) -> None:
    now = time.time()
    for name, age_days in (("in-use", 0), ("old", KEPT_DAYS + 1), ("recent", KEPT_DAYS - 1)):
        marker = tmp_path / name / f"complete-{name}"
        marker.parent.mkdir()
        marker.touch()
        os.utime(marker, (now - 86_400 * age_days, now - 86_400 * age_days))
    (tmp_path / "half-done").mkdir()
    forget_unused(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == {"in-use", "recent", "half-done"}
