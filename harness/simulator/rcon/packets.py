"""The bytes of Source RCON as the game speaks it. No sockets here.

A packet is a little-endian int32 length of what follows, an int32 id, an int32 type, the body and two zero bytes.
Unlike Valve's servers the game never splits a reply, so a body may be far longer than 4096 bytes, both ways.
Source: Valve developer wiki "Source RCON Protocol"; replies of the game as its clients read them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

RESPONSE = 0
EXECUTE = 2
AUTH_RESPONSE = 2
AUTH = 3

MAX_BODY_BYTES = 64 * 1024 * 1024
"""A larger announced packet is a mistake or an attack; the connection is closed before anything is stored."""

_HEADER = struct.Struct("<iii")
_FRAME_BYTES = 10


class Packet(NamedTuple):
    """One packet.

    Attributes:
        id: chosen by the client, echoed by the server; -1 refuses a password.
        type: one of `AUTH`, `AUTH_RESPONSE`, `EXECUTE`, `RESPONSE`.
        body: UTF-8 text as bytes, without the closing zeros.
    """

    id: int
    type: int
    body: bytes


class PacketError(Exception):
    """The peer does not speak RCON; nothing after these bytes can be trusted."""


def encode(packet: Packet) -> bytes:
    """The packet as it goes over the wire."""
    return _HEADER.pack(_FRAME_BYTES + len(packet.body), packet.id, packet.type) + packet.body + b"\0\0"


class PacketReader:
    """Cuts a byte stream into packets, whatever pieces it comes in."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def has_begun(self) -> bool:
        """Whether bytes of a packet are here that has not been taken out yet."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> None:
        """Adds bytes as they came from the socket."""
        self._buffer += data

    def packets(self, max_body_bytes: int) -> Iterator[Packet]:
        """Takes out every whole packet.

        Raises:
            PacketError: a length no packet can have, or above `max_body_bytes`, or missing closing zeros.
        """
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4], "little", signed=True)
            if not _FRAME_BYTES <= length <= max_body_bytes + _FRAME_BYTES:
                raise PacketError(
                    f"packet length: expected {_FRAME_BYTES} to {max_body_bytes + _FRAME_BYTES}, got {length}"
                )
            end = 4 + length
            if len(self._buffer) < end:
                return
            if self._buffer[end - 2 : end] != b"\0\0":
                raise PacketError("packet end: expected two zero bytes")
            _, identity, kind = _HEADER.unpack_from(self._buffer)
            body = bytes(self._buffer[12 : end - 2])
            del self._buffer[:end]
            yield Packet(identity, kind, body)
