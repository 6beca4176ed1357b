"""The RCON port: accepts clients, checks the password, hands out commands in order, sends replies.

One thread, one selector, no callbacks: the server's main loop calls `poll`, runs the commands it got and calls `reply`.
A client that misbehaves loses its own connection and disturbs nobody else.
"""

from __future__ import annotations

import hmac
import selectors
import socket
from collections.abc import Iterator
from typing import NamedTuple

from harness.core.errors import ServerStartError
from harness.simulator.rcon.packets import (
    AUTH,
    AUTH_RESPONSE,
    EXECUTE,
    MAX_BODY_BYTES,
    RESPONSE,
    Packet,
    PacketError,
    PacketReader,
    encode,
)

MAX_CLIENTS = 128
"""Connections served at a time, as the game's."""

MAX_UNSENT_BYTES = 256 * 1024 * 1024
"""A client that reads no replies is dropped when this much waits for it."""

_MAX_PASSWORD_BYTES = 4096
_MAX_UNSENT_TO_STRANGER_BYTES = 64 * 1024
_RECEIVE_BYTES = 1 << 18
_REFUSED = -1


class Command(NamedTuple):
    """A command of an authenticated client that waits for its one reply."""

    client: Client
    id: int
    text: bytes


class Client:
    """One connection: what came in but is not yet a packet, and what the peer has not yet taken."""

    __slots__ = ("authenticated", "closed", "reader", "sock", "unsent")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.reader = PacketReader()
        self.unsent = bytearray()
        self.authenticated = False
        self.closed = False


class RconListener:
    """A listening socket and its clients."""

    def __init__(self, host: str, port: int, password: str) -> None:
        """Opens the port.

        Raises:
            ServerStartError: the address cannot be listened on.
        """
        self._password = password.encode()
        self._selector = selectors.DefaultSelector()
        self._clients: dict[int, Client] = {}
        try:
            self._socket = socket.create_server((host, port), backlog=MAX_CLIENTS)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ServerStartError(
                f"RCON cannot listen on {host}:{port}: {reason}; choose another --rcon-port (0 picks a free one)"
            ) from error
        self._socket.setblocking(False)
        self._selector.register(self._socket, selectors.EVENT_READ)

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect: host and port."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def poll(self, timeout_s: float | None) -> Iterator[Command]:
        """Waits up to `timeout_s` for traffic and yields the commands that came; `None` waits without end."""
        for key, events in self._selector.select(timeout_s):
            client: Client | None = key.data
            if client is None:
                self._accept()
                continue
            if events & selectors.EVENT_WRITE:
                self._flush(client)
            if events & selectors.EVENT_READ:
                yield from self._receive(client)

    def reply(self, command: Command, body: bytes) -> None:
        """Sends the one reply of a command; a client that has gone is ignored."""
        self._send(command.client, Packet(command.id, RESPONSE, body))

    def close(self) -> None:
        """Closes the port and every connection."""
        for client in list(self._clients.values()):
            self._drop(client)
        self._selector.unregister(self._socket)
        self._socket.close()
        self._selector.close()

    def _accept(self) -> None:
        try:
            sock, _ = self._socket.accept()
        except OSError:
            return  # the peer gave up before it was served
        if len(self._clients) >= MAX_CLIENTS:
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(sock)
        self._clients[sock.fileno()] = client
        self._selector.register(sock, selectors.EVENT_READ, client)

    def _receive(self, client: Client) -> Iterator[Command]:
        if client.closed:
            return
        try:
            data = client.sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(client)
            return
        client.reader.feed(data)
        try:
            # A stranger may send a password and no more; only then are long packets kept in memory.
            while packet := next(
                client.reader.packets(MAX_BODY_BYTES if client.authenticated else _MAX_PASSWORD_BYTES), None
            ):
                if command := self._take(client, packet):
                    yield command
                if client.closed:
                    return
        except PacketError:
            self._drop(client)

    def _take(self, client: Client, packet: Packet) -> Command | None:
        if packet.type == AUTH:
            client.authenticated = hmac.compare_digest(packet.body, self._password)
            self._send(client, Packet(packet.id if client.authenticated else _REFUSED, AUTH_RESPONSE, b""))
        elif packet.type == EXECUTE and client.authenticated:
            return Command(client, packet.id, packet.body)
        elif packet.type == EXECUTE:
            self._send(client, Packet(_REFUSED, AUTH_RESPONSE, b""))
        return None

    def _send(self, client: Client, packet: Packet) -> None:
        if client.closed:
            return
        client.unsent += encode(packet)
        self._flush(client)

    def _flush(self, client: Client) -> None:
        waited = bool(client.unsent)
        try:
            while client.unsent:
                sent = client.sock.send(memoryview(client.unsent)[:_RECEIVE_BYTES])
                del client.unsent[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(client)
            return
        if len(client.unsent) > (MAX_UNSENT_BYTES if client.authenticated else _MAX_UNSENT_TO_STRANGER_BYTES):
            self._drop(client)
        elif waited:
            self._watch(client)

    def _watch(self, client: Client) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.unsent else 0)
        if self._selector.get_key(client.sock).events != wanted:
            self._selector.modify(client.sock, wanted, client)

    def _drop(self, client: Client) -> None:
        if client.closed:
            return
        client.closed = True
        self._selector.unregister(client.sock)
        del self._clients[client.sock.fileno()]
        client.sock.close()
