"""Server processes for tests. Kernels run interpreted to start fast."""

import os
import re
import signal
import subprocess
import sys

import factorio_rcon

PASSWORD = "secret word"


class Running:
    """A server process and what it has logged so far."""

    def __init__(self, *flags: str) -> None:
        command = [sys.executable, "-m", "harness.simulator", "--rcon-port", "0", "--rcon-password", PASSWORD, *flags]
        environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.log: list[str] = []
        self.port = self._wait_for_port()

    def _wait_for_port(self) -> int:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.log.append(line)
            if found := re.search(r"Starting RCON interface at IP ADDR:\(\{127\.0\.0\.1:(\d+)\}\)", line):
                return int(found[1])
        raise AssertionError("".join(self.log))

    def connect(self) -> factorio_rcon.RCONClient:
        return factorio_rcon.RCONClient("127.0.0.1", self.port, PASSWORD, timeout=60)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=20)
        return self.process.returncode, rest


def ask(server: Running, *commands: str) -> list[str]:
    with server.connect() as client:
        return [(client.send_command(command) or "").rstrip("\n") for command in commands]


def run_once(*flags: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    return subprocess.run(
        [sys.executable, "-m", "harness.simulator", *flags], capture_output=True, text=True, timeout=60, env=environment
    )
