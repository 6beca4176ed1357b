"""One RCON connection to a headless server: commands in, text out, and every way it can break as a `ServerError`.

The password is handed on to the client library and never shown: not in a message, not in a `repr`.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from factorio_rcon import InvalidPassword, RCONBaseError, RCONClient, RCONConnectError

from harness.core.errors import ServerLostError, ServerStartError

CONNECT_TIMEOUT_S = 30.0
REPLY_TIMEOUT_S = 60.0

_RETRY_S = 0.05
_ATTEMPT_TIMEOUT_S = 10.0


class RconConnection:
    """A logged-in connection. One thread at a time.

    Args:
        address: host name or address.
        port: TCP port.
        password: the server's RCON password.
        connect_timeout_s: how long to go on trying while nothing listens there yet.
        reply_timeout_s: how long to wait for the reply to a command.

    Attributes:
        slowest_reply_s: the longest wait for a reply since it was last set to 0, beyond what was granted for it.

    Raises:
        ServerStartError: nothing answered in time, or the password was refused.
    """

    def __init__(
        self,
        address: str,
        port: int,
        password: str,
        *,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        reply_timeout_s: float = REPLY_TIMEOUT_S,
    ) -> None:
        self._name = f"{address}:{port}"
        self._reply_timeout_s = reply_timeout_s
        self.slowest_reply_s = 0.0
        self._client = RCONClient(address, port, password, timeout=_ATTEMPT_TIMEOUT_S, connect_on_init=False)
        self._connect(time.monotonic() + connect_timeout_s)

    def __repr__(self) -> str:
        return f"RconConnection({self._name})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """Address and port, for messages."""
        return self._name

    def command(self, text: str, *, extra_s: float = 0.0) -> str:
        """The reply to one console command, without trailing white space.

        Args:
            text: the command, with its slash.
            extra_s: how much longer than usual the reply may take.

        Raises:
            ServerLostError: the server closed, did not answer in time, or answered what is not RCON.
        """
        connected = self._client.rcon_socket
        if connected is None:
            raise ServerLostError(f"server {self._name}: expected an open connection, it is closed; connect anew")
        began = time.monotonic()
        try:
            connected.settimeout(self._reply_timeout_s + extra_s)
            return self._client.send_command(text) or ""
        except (RCONBaseError, OSError) as error:
            self.close()
            word = text.split(" ", 1)[0]
            raise ServerLostError(
                f"server {self._name}: expected a reply to {word}, got none ({_reason(error)}); see the server's log"
            ) from None
        finally:
            self.slowest_reply_s = max(self.slowest_reply_s, time.monotonic() - began - extra_s)

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Waits no longer than so many seconds for each reply in this block."""
        usual, self._reply_timeout_s = self._reply_timeout_s, min(seconds, self._reply_timeout_s)
        try:
            yield
        finally:
            self._reply_timeout_s = usual

    def interrupt(self) -> None:
        """Has a command that waits for its reply fail at once. May be called from any thread."""
        connected = self._client.rcon_socket
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes the connection; may be called twice."""
        self._client.close()

    def _connect(self, deadline: float) -> None:
        while True:
            try:
                self._client.connect()
                break
            except InvalidPassword:
                self.close()
                raise ServerStartError(
                    f"server {self._name}: expected it to accept the RCON password, it was refused; "
                    "check rcon_password or FACTORIO_RCON_PASSWORD"
                ) from None
            except (RCONBaseError, OSError) as error:
                self.close()
                if time.monotonic() >= deadline or not _worth_waiting(error):
                    raise ServerStartError(
                        f"server {self._name}: expected an RCON server to answer, got {_reason(error)}; "
                        "start it, or check address and port"
                    ) from None
                time.sleep(_RETRY_S)
        connected = self._client.rcon_socket
        if connected is not None:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _worth_waiting(error: Exception) -> bool:
    """Whether the server may still be coming up: nobody listens yet, or it dropped us while starting."""
    return isinstance(error, RCONConnectError) and not isinstance(error.__cause__, socket.gaierror)


def _reason(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"
    if isinstance(cause, socket.gaierror):
        return "an unknown host name"
    if isinstance(cause, TimeoutError) or isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error).strip().rstrip(".").lower() or type(error).__name__
