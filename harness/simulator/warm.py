"""Compiles the engine's kernels before anything depends on them.

A server does this before it says that it is ready, so no command ever waits for a compiler. The first process to need
a version's kernels compiles them, on two cores where there are two; others wait for it and load what it made.

`python -m harness.simulator.warm` does it ahead of time, for `make setup` and container images.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numba

from harness.simulator.engine import jit, tick
from harness.simulator.engine.world import World
from harness.simulator.exercise import exercise

OWN_PHASES = (tick.run_machines, tick.act_characters)
HELPED_PHASES = (tick.move_belts, tick.swing_inserters, tick.exchange_fluids, tick.conduct_heat)
"""Phases that a second process compiles while this one does its own: each about half of the work."""

KEPT_DAYS = 14
"""How long the kernels of a version that is not started any more are kept."""

PROGRESS_S = 3.0
"""Between two lines that say how far the compiler is."""

_LOG = logging.getLogger(__name__)


def warm() -> float:
    """Makes sure that all kernels are compiled; returns the seconds that took, 0 if there was nothing to do."""
    if numba.config.DISABLE_JIT:
        return 0.0
    folder = Path(numba.config.CACHE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / f"complete-{jit.cache_key()}"
    if marker.exists():
        with suppress(OSError):  # kernels of an image lie on a read-only file system
            os.utime(marker)
        return 0.0
    _LOG.info("Compiling kernels, or waiting for the process that does: the first start of this version")
    started = time.monotonic()
    with _alone(marker.with_suffix(".lock")):
        if marker.exists():
            return time.monotonic() - started
        with (
            _progress(folder),
            subprocess.Popen([sys.executable, "-m", "harness.simulator.warm", "--phases"]) as helper,
        ):
            compile_phases(OWN_PHASES)
            helper.wait()
            exercise()
        marker.touch()
    if folder == jit.cache_folder():
        forget_unused(folder.parent)
    return time.monotonic() - started


def forget_unused(base: Path) -> None:
    """Removes the folders of versions that nobody has started for `KEPT_DAYS`; each holds some 60 MB."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for folder in sorted(base.iterdir()):
        used = [marker.stat().st_mtime for marker in folder.glob("complete-*")] or [folder.stat().st_mtime]
        if max(used) < oldest:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _progress(folder: Path) -> Iterator[None]:
    """Says now and then how many kernels are done, as the first start of a version takes a while."""
    sources = Path(jit.__file__).parent.rglob("*.py")
    total = sum(len(re.findall(r"^@kernel$", source.read_text(encoding="utf-8"), re.MULTILINE)) for source in sources)
    done = threading.Event()

    def report() -> None:
        started = time.monotonic()
        while not done.wait(PROGRESS_S):
            compiled = sum(1 for _ in folder.rglob("*.nbi"))
            seconds = time.monotonic() - started
            _LOG.info("Compiling kernels: %d of about %d after %.0f s", compiled, total, seconds)

    thread = threading.Thread(target=report, name="compile-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def compile_phases(phases: Iterable[Callable[..., object]]) -> None:
    """Compiles single phases of a tick by running them on an empty world."""
    world = World()
    for phase in phases:
        phase(world.state)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Held by one process at a time; a process that dies lets go."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Compiles everything and says how long it took."""
    if sys.argv[1:] == ["--phases"]:
        compile_phases(HELPED_PHASES)
        return 0
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    seconds = warm()
    sys.stdout.write(f"kernels: compiled in {seconds:.0f} s\n" if seconds else "kernels: ready\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
