"""How soon a pool of containers can be played on; nothing to measure where no engine answers."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import anyio

from harness.core.errors import ServerStartError
from harness.game import FactorioInstance
from harness.servers import RunningServer, ServerPool, ServerSettings
from harness.servers.docker import DockerLauncher

SLOTS = 4


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    try:
        up_s, down_s = anyio.run(_up_and_down)
    except ServerStartError as error:
        return [("pool of containers", f"not measured: {error}")]
    return [
        (f"pool of {SLOTS} + 1 containers: until all can be played on", f"{up_s:.1f} s"),
        ("the same pool: until nothing is left of it", f"{down_s:.1f} s"),
    ]


async def _up_and_down() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as logs:
        began = time.perf_counter()
        launcher = DockerLauncher(ServerSettings(launcher="docker", slots=SLOTS), Path(logs))
        async with ServerPool(launcher, SLOTS, _connect):
            up = time.perf_counter()
        return up - began, time.perf_counter() - up


def _connect(server: RunningServer) -> FactorioInstance:
    return FactorioInstance(address=server.address, tcp_port=server.port, rcon_password=server.password)
