"""What the harness asks of anything that can give it a headless server.

A launcher starts one server at a time and hands it out as an async context manager, so that a server lives exactly
as long as the block that uses it, however the block ends.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that answers RCON.

    Attributes:
        name: `slot-0`, `slot-1`, ..., `holdout`.
        address: host name or IP address.
        port: TCP port of its RCON.
        password: its RCON password; never shown.
        log: file that its output goes to, if the launcher keeps one.
    """

    name: str
    address: str
    port: int
    password: str = field(repr=False)
    log: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What to start.

    Attributes:
        launcher: name in `LAUNCHERS`.
        slots: servers that programs play on; one more is started as the holdout.
        first_port: RCON port of the first server, the next ones follow; None lets the system choose.
        start_timeout_s: seconds a server may take until it answers.
        addresses: `host:port` of servers that run already (launcher `external`), the holdout last.
    """

    launcher: str = "process"
    slots: int = 2
    first_port: int | None = None
    start_timeout_s: float = 60.0
    addresses: tuple[str, ...] = ()


class Launcher(Protocol):
    """Starts and stops headless servers."""

    def server(self, name: str, index: int) -> AbstractAsyncContextManager[RunningServer]:
        """The server number `index`, ready to be played on; it is gone when the block ends.

        Raises:
            ServerStartError: it did not become ready.
        """
        ...
