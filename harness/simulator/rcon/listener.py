"""The RCON port: accepts clients, checks the password, hands out commands in order, sends replies.

One thread, one selector, no callbacks: the server's main loop calls `poll`, runs the commands it got and calls `reply`.
A client that misbehaves loses its own connection and disturbs nobody else: no read or write waits for a peer, nobody's
commands come more than a few at a time while others wait, and who says nothing for too long makes room.
"""

from __future__ import annotations

import hmac
import selectors
import socket
import time
from collections.abc import Callable, Iterator
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

MAX_STRANGER_S = 10.0
"""A connection that has not given the password by then is closed."""

MAX_PACKET_S = 60.0
"""A packet that has begun must be whole by then; a client that has given the password may be silent for ever."""

MAX_UNREAD_BYTES = 4 * 1024 * 1024
"""While more than this waits for a client to read it, none of its commands are run."""

MAX_REFUSALS = 16
"""Wrong passwords and commands without one, in a row, before a connection is closed."""

COMMANDS_A_TURN = 16
"""Commands of one client before another's turn."""

_KEEPALIVE_S = 60
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

    __slots__ = ("authenticated", "closed", "reader", "refused", "since", "sock", "stuck", "unsent")

    def __init__(self, sock: socket.socket, now: float) -> None:
        self.sock = sock
        self.since = now  # when it connected, or when the packet began that is under way
        self.stuck: float | None = None  # since when the peer takes nothing of what waits for it
        self.reader = PacketReader()
        self.unsent = bytearray()
        self.refused = 0
        self.authenticated = False
        self.closed = False


class RconListener:
    """A listening socket and its clients."""

    def __init__(self, host: str, port: int, password: str, *, now: Callable[[], float] = time.monotonic) -> None:
        """Opens the port.

        Args:
            host: address to listen on.
            port: 0 lets the system choose.
            password: what clients must know.
            now: tells the time in seconds.

        Raises:
            ServerStartError: the address cannot be listened on.
        """
        self._password = password.encode()
        self._selector = selectors.DefaultSelector()
        self._clients: dict[int, Client] = {}
        self._waiting: list[Client] = []
        self._now = now
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
        turns, self._waiting = self._waiting, []
        for key, events in self._selector.select(0 if turns else timeout_s):
            client: Client | None = key.data
            if client is None:
                self._accept()
                continue
            if events & selectors.EVENT_WRITE:
                self._flush(client)
            if events & selectors.EVENT_READ and client not in turns and self._receive(client):
                turns.append(client)
        turns += [client for client in self._waiting if client not in turns]  # what was flushed may go on
        self._waiting = []
        for client in turns:
            yield from self._commands(client)
        self._drop_late()

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
        if len(self._clients) >= MAX_CLIENTS and not self._make_room():
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_S)
        client = Client(sock, self._now())
        self._clients[sock.fileno()] = client
        self._selector.register(sock, selectors.EVENT_READ, client)

    def _make_room(self) -> bool:
        """Drops the stranger who is here longest, so that strangers cannot keep everybody out."""
        strangers = [client for client in self._clients.values() if not client.authenticated]
        if strangers:
            self._drop(min(strangers, key=lambda client: client.since))
        return bool(strangers)

    def _drop_late(self) -> None:
        now = self._now()
        for client in list(self._clients.values()):
            if not client.authenticated:
                late = now - client.since > MAX_STRANGER_S
            elif client.unsent:
                late = client.stuck is not None and now - client.stuck > MAX_PACKET_S
            else:
                late = client.reader.has_begun and now - client.since > MAX_PACKET_S
            if late and client not in self._waiting:
                self._drop(client)

    def _receive(self, client: Client) -> bool:
        """Takes what has come in; whether anything did."""
        if client.closed:
            return False
        try:
            data = client.sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._drop(client)
            return False
        if client.authenticated and not client.reader.has_begun:
            client.since = self._now()
        client.reader.feed(data)
        return True

    def _commands(self, client: Client) -> Iterator[Command]:
        """One turn of a client: some of the commands it has sent."""
        given = 0
        try:
            while not client.closed and given < COMMANDS_A_TURN:
                if len(client.unsent) > MAX_UNREAD_BYTES:
                    return  # goes on when the peer has read
                # A stranger may send a password and no more; only then are long packets kept in memory.
                limit = MAX_BODY_BYTES if client.authenticated else _MAX_PASSWORD_BYTES
                packet = next(client.reader.packets(limit), None)
                if packet is None:
                    return
                client.since = self._now() if client.authenticated else client.since
                given += 1
                if command := self._take(client, packet):
                    yield command
        except PacketError:
            self._drop(client)
            return
        if not client.closed and client not in self._waiting:
            self._waiting.append(client)

    def _take(self, client: Client, packet: Packet) -> Command | None:
        if packet.type == AUTH:
            client.authenticated = hmac.compare_digest(packet.body, self._password)
            if client.authenticated:
                client.refused = 0
                self._send(client, Packet(packet.id, AUTH_RESPONSE, b""))
            else:
                self._refuse(client)
        elif packet.type == EXECUTE and client.authenticated:
            return Command(client, packet.id, packet.body)
        elif packet.type == EXECUTE:
            self._refuse(client)
        return None

    def _refuse(self, client: Client) -> None:
        client.refused += 1
        self._send(client, Packet(_REFUSED, AUTH_RESPONSE, b""))
        if client.refused >= MAX_REFUSALS:
            self._drop(client)

    def _send(self, client: Client, packet: Packet) -> None:
        if client.closed:
            return
        client.unsent += encode(packet)
        self._flush(client)

    def _flush(self, client: Client) -> None:
        waited = bool(client.unsent)
        try:
            while client.unsent:
                sent = client.sock.send(client.unsent)
                del client.unsent[:sent]
                client.stuck = None
        except BlockingIOError:
            client.stuck = client.stuck or self._now()
        except OSError:
            self._drop(client)
            return
        if len(client.unsent) > (MAX_UNSENT_BYTES if client.authenticated else _MAX_UNSENT_TO_STRANGER_BYTES):
            self._drop(client)
            return
        if waited:
            self._watch(client)
        if client.reader.has_begun and len(client.unsent) <= MAX_UNREAD_BYTES and client not in self._waiting:
            self._waiting.append(client)

    def _watch(self, client: Client) -> None:
        wanted = selectors.EVENT_READ if len(client.unsent) <= MAX_UNREAD_BYTES else 0
        wanted |= selectors.EVENT_WRITE if client.unsent else 0
        if self._selector.get_key(client.sock).events != wanted:
            self._selector.modify(client.sock, wanted, client)

    def _drop(self, client: Client) -> None:
        if client.closed:
            return
        client.closed = True
        self._selector.unregister(client.sock)
        del self._clients[client.sock.fileno()]
        client.sock.close()
