"""What the harness asks of anything that can give it a headless server.

A launcher starts one server at a time and hands it out as an async context manager, so that a server lives exactly
as long as the block that uses it, however the block ends.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that answers RCON.

    Attributes:
        name: `slot-0`, `slot-1`, ..., `holdout`.
        address: host name or IP address.
        port: TCP port of its RCON.
        password: its RCON password; never shown.
        log: file that its output goes to, if the launcher keeps one.
        fate: tells what became of it once it no longer answers, for messages; empty if nobody can tell. May take a
            moment and be called from any thread.
    """

    name: str
    address: str
    port: int
    password: str = field(repr=False)
    log: Path | None = None
    fate: Callable[[], str] = field(default=lambda: "", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What to start.

    Attributes:
        launcher: name in `LAUNCHERS`.
        slots: servers that programs play on; one more is started as the holdout.
        first_port: RCON port of the first server, the next ones follow; None lets the system choose.
        start_timeout_s: seconds a server may take until it answers.
        addresses: `host:port` of servers that run already (launcher `external`), the holdout last.
        image: launcher `docker`: `simulator`, `factorio`, or the reference of any image that keeps their contract.
        memory: launcher `docker`: most memory of a server, as Docker writes it.
        cpus: launcher `docker`: most processors of a server.
        pids: launcher `docker`: most processes and threads of a server.
        disk: launcher `docker`: most that a server may write, as Docker writes it; it is held in memory.
        publish: launcher `docker`: address of the engine's host on which the RCON ports are.
        reply_timeout_s: a server that takes longer to answer a command is taken for lost.
    """

    launcher: str = "process"
    slots: int = 2
    first_port: int | None = None
    start_timeout_s: float = 60.0
    addresses: tuple[str, ...] = ()
    image: str = "simulator"
    memory: str = "1g"
    cpus: float = 1.0
    pids: int = 128
    disk: str = "256m"
    publish: str = "127.0.0.1"
    reply_timeout_s: float = 60.0


class Launcher(Protocol):
    """Starts and stops headless servers, while its own block lasts."""

    @property
    def image(self) -> str:
        """What its servers are started from, named by content; empty for those that are no containers."""

    async def __aenter__(self) -> Self:
        """Finds what it starts servers with.

        Raises:
            ServerStartError: it is not there.
        """

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Removes what its servers shared."""

    def server(self, name: str, index: int) -> AbstractAsyncContextManager[RunningServer]:
        """The server number `index`, ready to be played on; it is gone when the block ends.

        Raises:
            ServerStartError: it did not become ready.
        """
        ...


class SeparateServers:
    """What launchers have in common whose servers share nothing: no image, nothing to find and nothing to remove."""

    @property
    def image(self) -> str:
        """See `Launcher.image`."""
        return ""

    async def __aenter__(self) -> Self:
        """Nothing is found first."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is removed: each server ends with its own block."""
