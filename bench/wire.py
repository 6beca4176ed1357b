"""How fast a server process answers: over RCON from the host, and through the tools from inside a confined program."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread

from bench import tools
from harness import FactorioInstance
from harness.game.agent import AgentClient
from harness.game.rcon import RconConnection
from harness.servers import RunningServer, ServerSettings, make_launcher
from harness.tasks import LAB

CALLS = 2000
HOST_CALLS = ("hello", "inspect_inventory", "observe")


def measure() -> list[tuple[str, str]]:
    """Rows about connecting, states and the host's own requests."""
    return anyio.run(_with_server, _measure)


def measure_tools() -> list[tuple[str, str]]:
    """Rows about every tool."""
    return anyio.run(_with_server, tools.measure)


async def _with_server(work: Callable[[RunningServer], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as logs:
        async with make_launcher(ServerSettings(), Path(logs)).server("slot-0", 0) as server:
            return await anyio.to_thread.run_sync(work, server)


def _measure(server: RunningServer) -> list[tuple[str, str]]:
    rows = []
    arguments = {"address": server.address, "tcp_port": server.port, "rcon_password": server.password}
    started = time.perf_counter()
    with FactorioInstance(inventory=dict(LAB), **arguments) as instance:
        rows.append(("connect and make the lab map", f"{(time.perf_counter() - started) * 1e3:.0f} ms"))
        instance.eval("pass")
        rows.append(("a program that does nothing", f"{_each(20, partial(_run, instance)) * 1e3:.1f} ms"))
        rows.append(("capture a state", f"{_each(20, instance.state) * 1e3:.1f} ms"))
        state = instance.state()
        rows.append(("go back to a state", f"{_each(20, lambda: instance.reset(state)) * 1e3:.1f} ms"))
    with RconConnection(server.address, server.port, server.password) as connection:
        client = AgentClient(connection)
        for tool in HOST_CALLS:
            seconds = _each(CALLS, partial(client.call, tool, {}))
            rows.append((f"over RCON: {tool}", f"{1 / seconds:,.0f} calls/s"))
    return rows


def _run(instance: FactorioInstance) -> None:
    outcome = instance.eval("pass", timeout=120).result
    if outcome.status != "ok":
        raise RuntimeError(f"the bench program failed: {outcome.text}")


def _each(repeats: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - started) / repeats
