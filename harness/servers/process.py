"""The embedded server as a local process: the launcher that needs nothing but Python.

The password is handed over in a file only the user can read, since any process may read another's argument list.
Three things end a server: leaving its block (SIGTERM, then SIGKILL after a grace period, shielded from cancellation),
the interpreter's exit hook, and the kernel when this process dies without either.
"""

from __future__ import annotations

import atexit
import os
import re
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, STDOUT

import anyio
from anyio.abc import Process

from harness.core.errors import ServerStartError
from harness.mod import mod_directory
from harness.servers.launcher import RunningServer, SeparateServers, ServerSettings

STOP_GRACE_S = 5.0
"""Seconds between SIGTERM and SIGKILL."""

_POLL_S = 0.02
_FATE_S = 0.5
_READY = re.compile(r"Starting RCON interface at IP ADDR:\(\{[^}]*:(\d+)\}\)")
_IN_GAME = "to(InGame)"
_COMPILING = "Compiling kernels"
_COMPILED = "Kernels compiled"

_alive: dict[int, Process] = {}


@atexit.register
def _kill_leftovers() -> None:
    for process in _alive.values():
        with suppress(ProcessLookupError):
            process.kill()


class ProcessLauncher(SeparateServers):
    """Starts `python -m harness.simulator` on the loopback interface.

    Args:
        settings: ports and time limits.
        logs: folder for the servers' output.
    """

    def __init__(self, settings: ServerSettings, logs: Path) -> None:
        self._settings = settings
        self._logs = logs

    @asynccontextmanager
    async def server(self, name: str, index: int) -> AsyncGenerator[RunningServer]:
        """See `Launcher.server`."""
        log = self._logs / f"{name}.log"
        password = secrets.token_urlsafe(18)
        with ExitStack() as scratch:
            try:
                secret = Path(scratch.enter_context(tempfile.TemporaryDirectory(prefix="harness-"))) / "rcon-password"
                secret.touch(mode=0o600)
                secret.write_text(password)
                port = 0 if self._settings.first_port is None else self._settings.first_port + index
                process = await self._spawn(port, secret, log)
            except OSError as error:
                raise ServerStartError(f"server {name}: expected to be able to start a process, got: {error}") from None
            try:
                ready_port = await self._wait_ready(process, name, log)
                yield RunningServer(
                    name=name,
                    address="127.0.0.1",
                    port=ready_port,
                    password=password,
                    log=log,
                    fate=lambda: _fate(process, log),
                )
            finally:
                await _stop(process)

    async def _spawn(self, port: int, secret: Path, log: Path) -> Process:
        command = [sys.executable, "-m", "harness.simulator", "--start-server-load-scenario", "base/empty"]
        command += ["--rcon-bind", f"127.0.0.1:{port}", "--rcon-password-file", str(secret)]
        command += ["--mod-directory", str(mod_directory().parent), "--exit-with-parent", str(os.getpid())]
        with log.open("wb") as output:
            process = await anyio.open_process(
                command, stdin=DEVNULL, stdout=output, stderr=STDOUT, start_new_session=True
            )
        _alive[process.pid] = process
        return process

    async def _wait_ready(self, process: Process, name: str, log: Path) -> int:
        with anyio.move_on_after(self._settings.start_timeout_s) as scope:
            while process.returncode is None:
                text = log.read_text(errors="replace")
                if _COMPILING in text and _COMPILED not in text:
                    scope.deadline = anyio.current_time() + self._settings.start_timeout_s
                match = _READY.search(text)
                if match and _IN_GAME in text:
                    return int(match[1])
                await anyio.sleep(_POLL_S)
        lines = log.read_text(errors="replace").strip().splitlines() or ["it wrote nothing"]
        how = "still starting" if process.returncode is None else f"ended with status {process.returncode}"
        raise ServerStartError(
            f"server {name}: expected it to be ready within {self._settings.start_timeout_s:g} s, "
            f"it is {how}: {lines[-1].strip()} (its log: {log})"
        )


def _fate(process: Process, log: Path) -> str:
    """What became of a server; its end may reach the event loop a moment after its connections' end reached others."""
    deadline = time.monotonic() + _FATE_S
    while process.returncode is None and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    if process.returncode is None:
        return f"its process lives (its log: {log})"
    how = f"status {process.returncode}" if process.returncode >= 0 else signal.Signals(-process.returncode).name
    return f"its process ended with {how} (its log: {log})"


async def _stop(process: Process) -> None:
    with anyio.CancelScope(shield=True):
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with anyio.move_on_after(STOP_GRACE_S):
            await process.wait()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await process.aclose()
    _alive.pop(process.pid, None)
