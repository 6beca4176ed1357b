"""When a container can be played on: its image's own health check, run from here as soon as it may pass.

The engine runs that check too, but first a whole interval after the start, and an interval short enough for a start
would cost each idle server a seventh of a processor for as long as it lives (measured on engine 20.10: 144 ms of
processor time for one run of the check, three quarters of it the engine's own).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import anyio
from anyio.to_thread import run_sync

from harness.core.errors import ServerStartError
from harness.servers.containers import ended, published_port, state_of
from harness.servers.engine import BROKEN, reason_of

if TYPE_CHECKING:
    from docker.models.containers import Container

_READY_LINES = ("to(InGame)", "Starting RCON interface")
_LOG_LINES = 200
_POLL_S = 0.1
_SETTLE_S = 10.0
"""A server that says it is ready passes its check by then, or never will."""

_MAX_PROBE = 200


async def wait_ready(container: Container, name: str, timeout_s: float) -> int:
    """The published port, once the image's own health check has passed.

    Raises:
        ServerStartError: it has not in time, or cannot any more.
    """
    seen = "it did not start"
    give_up = inf
    with anyio.move_on_after(timeout_s):
        while True:
            state = await run_sync(state_of, container)
            if state["Status"] in ("exited", "dead"):
                seen = ended(state)
                break
            health = state.get("Health", {}).get("Status", "without a health check")
            seen = f"it is {state['Status']} and {health}{_last_probe(state)}"
            if health == "healthy":
                return published_port(container)
            if health == "unhealthy":
                break
            if await run_sync(_says_ready, container):
                failure = await run_sync(failed_check, container, abandon_on_cancel=True)
                if not failure:
                    return published_port(container)
                seen = f"it is {state['Status']}, its health check says: {failure}"
                give_up = min(give_up, anyio.current_time() + _SETTLE_S)
                if anyio.current_time() > give_up:
                    break
            await anyio.sleep(_POLL_S)
    raise ServerStartError(
        f"server {name}: expected it to be ready within {timeout_s:g} s, {seen}; "
        f"the last line of its log: {await run_sync(_last_line, container)}"
    )


def failed_check(container: Container) -> str:
    """What the image's health check says now, on one line; empty if it passes."""
    kind, *command = (container.attrs["Config"].get("Healthcheck") or {}).get("Test") or ["NONE"]
    if kind not in ("CMD", "CMD-SHELL"):
        return "expected an image with a health check, this one has none"
    try:
        code, output = container.exec_run(["/bin/sh", "-c", *command] if kind == "CMD-SHELL" else command)
    except BROKEN as error:
        return reason_of(error)
    assert isinstance(output, bytes), "asked for all of it, not for a stream"
    return "" if code == 0 else _shortened(output.decode(errors="replace")) or f"status {code}"


def _says_ready(container: Container) -> bool:
    try:
        log = container.logs(tail=_LOG_LINES).decode(errors="replace")
    except BROKEN:
        return False
    return all(line in log for line in _READY_LINES)


def _last_probe(state: dict[str, Any]) -> str:
    """What the health check said last when the engine ran it."""
    said = [_shortened(probe["Output"]) for probe in state.get("Health", {}).get("Log") or []]
    return f" ({said[-1]})" if said and said[-1] else ""


def _shortened(output: str) -> str:
    return " ".join(output.split())[:_MAX_PROBE]


def _last_line(container: Container) -> str:
    try:
        lines = container.logs(tail=1).decode(errors="replace").strip()
    except BROKEN:
        return "it cannot be read"
    return lines or "it wrote nothing"
