"""How soon a pool of containers can be played on, and what a run on one takes; nothing where no engine answers.

Processor time is told beside the clock's, as it is the same on a machine that has other work.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import anyio
import yaml

from harness.core.errors import ServerStartError
from harness.game import FactorioInstance
from harness.servers import RunningServer, ServerPool, ServerSettings
from harness.servers.docker import DockerLauncher
from harness.servers.engine import RUN_LABEL, connect, containers_with

SLOTS = 4
_SMOKE = Path(__file__).parents[1] / "experiments" / "smoke.yaml"


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    try:
        up_s, down_s, processor_s = anyio.run(_up_and_down)
    except ServerStartError as error:
        return [("pool of containers", f"not measured: {error}")]
    return [
        (f"pool of {SLOTS} + 1 containers: until all can be played on", f"{up_s:.1f} s"),
        ("processor time of one of them until then", f"{processor_s:.2f} s"),
        ("the same pool: until nothing is left of it", f"{down_s:.1f} s"),
        (f"smoke experiment on {SLOTS} + 1 containers, from the command to its last line", f"{_smoke():.1f} s"),
    ]


async def _up_and_down() -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as logs:
        began = time.perf_counter()
        launcher = DockerLauncher(ServerSettings(launcher="docker", slots=SLOTS), Path(logs))
        async with ServerPool(launcher, SLOTS, _connect):
            up_s = time.perf_counter() - began
            processor_s = _processor_s(launcher.run_id)
            ending = time.perf_counter()
        return up_s, time.perf_counter() - ending, processor_s


def _connect(server: RunningServer) -> FactorioInstance:
    return FactorioInstance(address=server.address, tcp_port=server.port, rcon_password=server.password)


def _processor_s(run_id: str) -> float:
    """Of each container of a run, on average."""
    with closing(connect()) as client:
        readings = [each.stats(stream=False) for each in containers_with(client, f"{RUN_LABEL}={run_id}")]
    return sum(each["cpu_stats"]["cpu_usage"]["total_usage"] for each in readings) / len(readings) / 1e9


def _smoke() -> float:
    servers = {"servers": {"launcher": "docker", "slots": SLOTS}}
    with tempfile.TemporaryDirectory() as folder:
        experiments = Path(folder) / "experiments"
        experiments.mkdir()
        experiment = yaml.safe_load(_SMOKE.read_text(encoding="utf-8")) | servers
        (experiments / "smoke.yaml").write_text(yaml.safe_dump(experiment), encoding="utf-8")
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "harness.cli", "run", "smoke"], cwd=folder, check=True, capture_output=True
        )
        return time.perf_counter() - began
