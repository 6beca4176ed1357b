"""How soon a server process answers, how much memory it takes, and how many short commands it runs a second."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from factorio_rcon import RCONClient

PASSWORD = "bench"
COMMANDS = 5000
STARTS = 3
SCENARIOS = ("default_lab_scenario", "base/freeplay", "base/empty")


def measure() -> list[tuple[str, str]]:
    """Rows of the table; kernels are compiled by then."""
    rows = []
    for scenario in SCENARIOS:
        runs = [_run(scenario, commands=COMMANDS if number == 0 else 1) for number in range(STARTS)]
        rows.append((f"{scenario}: start to first answered command", f"{min(run[0] for run in runs):.2f} s"))
        rows.append((f"{scenario}: memory of the process then", f"{runs[0][1] / 1e6:,.0f} MB"))
    rows.append(("short commands over one RCON connection", f"{runs[0][2]:,.0f} a second"))
    return rows


def _run(scenario: str, commands: int) -> tuple[float, float, float]:
    """Seconds to the first answer, bytes of memory after it, commands a second."""
    flags = ["--rcon-port", "0", "--rcon-password", PASSWORD, "--start-server-load-scenario", scenario]
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "harness.simulator", *flags], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            port = _port(process)
            with RCONClient("127.0.0.1", port, PASSWORD, timeout=120) as client:
                client.send_command("/sc rcon.print(game.tick)")
                seconds = time.perf_counter() - began
                memory = _resident_bytes(process.pid)
                return seconds, memory, _rate(client, commands)
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"Starting RCON interface at IP ADDR:\(\{127\.0\.0\.1:(\d+)\}\)", line):
            return int(found[1])
    raise RuntimeError("the server ended before it was ready")


def _resident_bytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def _rate(client: RCONClient, commands: int) -> float:
    began = time.perf_counter()
    for _ in range(commands):
        client.send_command("/sc rcon.print(game.tick)")
    return commands / (time.perf_counter() - began)
