"""Servers that someone else started: the harness attaches to them and leaves them running."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from harness.core.errors import ConfigError
from harness.servers.launcher import RunningServer, SeparateServers, ServerSettings

PASSWORD_VARIABLE = "FACTORIO_RCON_PASSWORD"
"""Environment variable that holds the RCON password of external servers."""

PASSWORD_FILE_VARIABLE = "FACTORIO_RCON_PASSWORD_FILE"
"""Environment variable that names a file instead, whose first line is the password."""


class ExternalLauncher(SeparateServers):
    """Hands out the servers listed in `settings.addresses`, the holdout last.

    Raises:
        ConfigError: too few addresses, one that is not `host:port`, or no password given by the environment.
    """

    def __init__(self, settings: ServerSettings) -> None:
        expected = settings.slots + 1
        if len(settings.addresses) != expected:
            raise ConfigError(
                f"servers.addresses: expected {expected} of host:port ({settings.slots} slots and the holdout), "
                f"got {len(settings.addresses)}"
            )
        self._addresses = [_parse(address) for address in settings.addresses]
        self._password = _password()

    @asynccontextmanager
    async def server(self, name: str, index: int) -> AsyncGenerator[RunningServer]:
        """See `Launcher.server`."""
        host, port = self._addresses[index]
        yield RunningServer(name=name, address=host, port=port, password=self._password)


def _password() -> str:
    password = os.environ.get(PASSWORD_VARIABLE, "")
    file = os.environ.get(PASSWORD_FILE_VARIABLE, "")
    if not password and file:
        try:
            password = Path(file).read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"external servers: cannot read the RCON password in {file}: {error}") from error
    if not password:
        raise ConfigError(
            f"external servers: expected their RCON password in ${PASSWORD_VARIABLE}, or the name of a file that "
            f"holds it in ${PASSWORD_FILE_VARIABLE}, found none"
        )
    return password


def _parse(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigError(f"servers.addresses: expected host:port, got {address!r}")
    return host, int(port)
