"""A way to a server's RCON that counts the commands on it, so that a fault meets a server in the midst of its work."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

EXEC_COMMAND = 2


class Gate:
    """Passes on what goes to and from a server, and calls `on_command` before each command.

    Args:
        on_command: called in the gate's own thread; the command waits for its return.
    """

    def __init__(self, host: str, port: int, on_command: Callable[[], object]) -> None:
        self._server = (host, port)
        self._on_command = on_command
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._listen)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def cut(self) -> None:
        """Ends all connections, as a network does that fails; there are no new ones either."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()
        for end in (self._listener, *self._ends):
            end.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._ends.append(client)
                server = socket.create_connection(self._server)
                self._ends.append(server)
                self._start(self._commands, client, server)
                self._start(self._replies, server, client)

    def _commands(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError, EOFError), client.makefile("rb") as stream:
            while True:
                head = _exactly(stream, 12)
                size, _, kind = struct.unpack("<iii", head)
                body = _exactly(stream, size - 8)
                if kind == EXEC_COMMAND:
                    self._on_command()
                server.sendall(head + body)
        _end(server)

    def _replies(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while part := server.recv(1 << 16):
                client.sendall(part)
        _end(client)


def _exactly(stream, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
