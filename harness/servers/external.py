"""Servers that someone else started: the harness attaches to them and leaves them running."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType

from harness.core.errors import ConfigError
from harness.servers.launcher import RunningServer, ServerSettings

PASSWORD_VARIABLE = "FACTORIO_RCON_PASSWORD"
"""Environment variable that holds the RCON password of external servers."""


class ExternalLauncher(AbstractAsyncContextManager["ExternalLauncher"]):
    """Hands out the servers listed in `settings.addresses`, the holdout last.

    Raises:
        ConfigError: too few addresses, one that is not `host:port`, or no password in the environment.
    """

    def __init__(self, settings: ServerSettings) -> None:
        expected = settings.slots + 1
        if len(settings.addresses) != expected:
            raise ConfigError(
                f"servers.addresses: expected {expected} of host:port ({settings.slots} slots and the holdout), "
                f"got {len(settings.addresses)}"
            )
        self._addresses = [_parse(address) for address in settings.addresses]
        self._password = os.environ.get(PASSWORD_VARIABLE, "")
        if not self._password:
            raise ConfigError(f"external servers: expected their RCON password in ${PASSWORD_VARIABLE}, found none")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing: its servers have nothing in common."""

    @asynccontextmanager
    async def server(self, name: str, index: int) -> AsyncGenerator[RunningServer]:
        """See `Launcher.server`."""
        host, port = self._addresses[index]
        yield RunningServer(name=name, address=host, port=port, password=self._password)


def _parse(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigError(f"servers.addresses: expected host:port, got {address!r}")
    return host, int(port)
