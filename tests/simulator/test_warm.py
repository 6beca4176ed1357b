"""Which compiled kernels a server takes for its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import harness

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
