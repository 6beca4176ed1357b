"""What the suite over all launchers asks of each: servers, an eye on what is left, a way to break one."""

import json
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

import psutil

from harness.mod import mod_directory, mod_hash
from harness.servers import ExternalLauncher, Launcher, ProcessLauncher, RunningServer
from harness.servers.docker import DockerLauncher
from harness.servers.engine import SERVER_LABEL, connect, containers_with
from harness.servers.external import PASSWORD_FILE_VARIABLE
from tests.servers.containers import derived, left_behind, settings

READY_S = 60
OTHER = "0" * 32
"""The content hash of a mod that is another."""


class Kind(Protocol):
    """One launcher under test; all it starts is real."""

    def launcher(self, **changes) -> Launcher:
        """One with servers of its own; what is not changed is a slot and the holdout."""

    def kill(self, server: RunningServer) -> None:
        """Ends a server without notice."""

    def shown(self, server: RunningServer) -> str:
        """What others can see of how a server was started."""

    def left(self) -> list[str]:
        """What is there of all that was launched."""

    def with_another_mod(self) -> AbstractContextManager[dict]:
        """Settings whose servers run other files than this version's."""


def listener(port: int) -> psutil.Process:
    """The process that serves a port of this machine."""
    found = [each.pid for each in psutil.net_connections("tcp") if each.laddr.port == port and each.status == "LISTEN"]
    return psutil.Process(found[0])


def simulators() -> list[psutil.Process]:
    """The servers among this process' children."""
    return [each for each in psutil.Process().children() if "harness.simulator" in each.cmdline()]


class Processes:
    """Local processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._others = {each.pid for each in simulators()}

    def launcher(self, **changes) -> Launcher:
        return ProcessLauncher(settings(**{"slots": 1, **changes, "launcher": "process"}), self._folder)

    def kill(self, server: RunningServer) -> None:
        listener(server.port).kill()

    def shown(self, server: RunningServer) -> str:
        process = listener(server.port)
        return repr((process.cmdline(), process.environ()))

    def left(self) -> list[str]:
        return [" ".join(each.cmdline()) for each in simulators() if each.pid not in self._others]


class Containers:
    """Containers of the engine that is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: list[str] = []

    def launcher(self, **changes) -> Launcher:
        made = DockerLauncher(settings(**{"slots": 1, **changes}), self._folder)
        self._runs.append(made.run_id)
        return made

    def kill(self, server: RunningServer) -> None:
        with closing(connect()) as client:
            self._container(client, server).kill()

    def shown(self, server: RunningServer) -> str:
        with closing(connect()) as client:
            container = self._container(client, server)
            image = client.images.get(container.attrs["Image"])
            inside = container.top(ps_args="-eo pid,args")["Processes"]
            return json.dumps([container.attrs, image.attrs, image.history(), inside]) + container.logs().decode()

    @contextmanager
    def with_another_mod(self) -> Iterator[dict]:
        record = "/opt/factorio/mods/agent/content.lua"
        with derived(f"RUN sed -i 's/{mod_hash()}/{OTHER}/' {record}") as image:
            yield {"image": image}

    def left(self) -> list[str]:
        return [name for run in self._runs for name in left_behind(run)]

    def _container(self, client, server: RunningServer):
        ours = (each for run in self._runs for each in containers_with(client, f"{SERVER_LABEL}={server.name}"))
        return next(each for each in ours if str(server.port) in json.dumps(each.ports))


class ByHand:
    """Servers that somebody else started, and that this somebody starts again when they end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: dict[int, subprocess.Popen] = {}
        self.password_file = folder / "rcon-password"
        self.password_file.write_text(f"{secrets.token_hex(16)}\n")
        self.variable = (PASSWORD_FILE_VARIABLE, str(self.password_file))

    def launcher(self, **changes) -> Launcher:
        slots = changes.get("slots", 1)
        addresses = changes.get("addresses") or tuple(self.start() for _ in range(slots + 1))
        return ExternalLauncher(settings(**{"slots": slots, **changes, "addresses": addresses, "launcher": "external"}))

    def kill(self, server: RunningServer) -> None:
        self.end(server)
        self.start(server.port)

    def end(self, server: RunningServer) -> None:
        """Kills a server that nobody starts again."""
        process = self._processes.pop(server.port)
        process.kill()
        process.wait(READY_S)

    def shown(self, server: RunningServer) -> str:
        return ""

    def left(self) -> list[str]:
        return []

    @contextmanager
    def with_another_mod(self) -> Iterator[dict]:
        mods = self._folder / "mods"
        shutil.copytree(mod_directory(), mods / "agent")
        record = mods / "agent" / "content.lua"
        record.write_text(record.read_text().replace(mod_hash(), OTHER))
        yield {"addresses": (self.start(mods=mods),) * 2}

    def start(self, port: int = 0, mods: Path | None = None) -> str:
        """The address of one more server."""
        log = self._folder / f"by-hand-{len(list(self._folder.iterdir()))}.log"
        command = [sys.executable, "-m", "harness.simulator", "--start-server-load-scenario", "base/empty"]
        command += ["--rcon-bind", f"127.0.0.1:{port}", "--rcon-password-file", str(self.password_file)]
        command += ["--mod-directory", str(mods or mod_directory().parent), "--exit-with-parent"]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + READY_S
        while "Starting RCON interface" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        (port,) = {each.laddr.port for each in psutil.Process(process.pid).net_connections() if each.status == "LISTEN"}
        self._processes[port] = process
        return f"127.0.0.1:{port}"

    def close(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(READY_S)
