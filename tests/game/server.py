"""Embedded servers as separate processes, for what only a real connection shows."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.mod import mod_directory

PASSWORD = "only-for-tests"
_READY = re.compile(r"Starting RCON interface at IP ADDR:\(\{127\.0\.0\.1:(\d+)\}\)")


@contextlib.contextmanager
def running_server(*, mods: bool = True, mod_folder: Path | None = None) -> Iterator[int]:
    """The port of a server that is up, with the project's mod or those of another folder."""
    command = [sys.executable, "-m", "harness.simulator", "--rcon-bind", "127.0.0.1:0", "--rcon-password", PASSWORD]
    command += ["--start-server-load-scenario", "base/empty", "--exit-with-parent"]
    if mods:
        command += ["--mod-directory", str(mod_folder or mod_directory().parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield _ready_port(process)
        finally:
            process.terminate()
            process.wait(20)


def _ready_port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    log = ""
    for line in process.stdout:
        log += line
        found = _READY.search(line)
        if found:
            return int(found[1])
    raise AssertionError(f"the server did not start:\n{log}")
