"""Frames on the socket pair between host and worker: a 4-byte big-endian length, then that much UTF-8 JSON.

Both ends use the same channel. The host gives every wait a deadline and bounds every frame, since the other end may be
hostile; the worker waits as long as it takes.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

MAX_FRAME_BYTES = 16 * 1024 * 1024
"""Longest frame accepted by either end."""

_HEADER = struct.Struct(">I")
_PIECE_BYTES = 1 << 16


class ChannelError(Exception):
    """The other end cannot be talked to; which way says the subclass."""


class ChannelClosedError(ChannelError):
    """The other end is gone."""


class ChannelTimeoutError(ChannelError):
    """The deadline passed."""


class ChannelGarbageError(ChannelError):
    """The other end sent what is not a frame."""


class Channel:
    """One end of the socket pair.

    Attributes:
        received_bytes: bytes taken from the other end so far.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._unread = bytearray()
        self.received_bytes = 0

    def send(self, frame: Mapping[str, Any], deadline: float | None = None) -> None:
        """Sends one frame.

        Raises:
            ChannelClosedError: the other end is gone.
            ChannelTimeoutError: `deadline` (`time.monotonic` seconds) passed before it took all.
            ValueError: the frame is longer than `MAX_FRAME_BYTES` or holds NaN.
        """
        body = json.dumps(frame, allow_nan=False, separators=(",", ":")).encode("ascii")
        if len(body) > MAX_FRAME_BYTES:
            raise ValueError(f"frame: expected at most {MAX_FRAME_BYTES} bytes, got {len(body)}")
        rest = memoryview(_HEADER.pack(len(body)) + body)
        while rest:
            rest = rest[self._within(deadline, lambda piece: self._socket.send(piece), rest) :]

    def receive(self, deadline: float | None = None) -> dict[str, Any]:
        """The next frame.

        Raises:
            ChannelClosedError: the other end is gone.
            ChannelTimeoutError: `deadline` (`time.monotonic` seconds) passed before the whole frame was there.
            ChannelGarbageError: it is too long, not JSON, or not an object with a text `op`.
        """
        (length,) = _HEADER.unpack(self._taken(_HEADER.size, deadline))
        if length > MAX_FRAME_BYTES:
            raise ChannelGarbageError(f"expected a frame of at most {MAX_FRAME_BYTES} bytes, got {length}")
        body = self._taken(length, deadline)
        try:
            frame = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ChannelGarbageError(f"expected JSON, got {body[:40]!r} ({type(error).__name__})") from None
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), str):
            raise ChannelGarbageError(f"expected an object with an op, got {body[:40]!r}")
        return frame

    def close(self) -> None:
        """Closes this end."""
        self._socket.close()

    def _taken(self, length: int, deadline: float | None) -> bytes:
        """The next bytes; what comes along with them is kept, so that most frames take one call of the system."""
        while len(self._unread) < length:
            piece: bytes = self._within(deadline, self._socket.recv, _PIECE_BYTES)
            if not piece:
                raise ChannelClosedError("the other end closed")
            self._unread += piece
            self.received_bytes += len(piece)
        taken = bytes(self._unread[:length])
        del self._unread[:length]
        return taken

    def _within(self, deadline: float | None, act: Any, argument: Any) -> Any:
        if deadline is not None:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise ChannelTimeoutError("the deadline has passed")
            self._socket.settimeout(remaining)
        try:
            return act(argument)
        except TimeoutError:
            raise ChannelTimeoutError("the deadline has passed") from None
        except OSError as error:
            raise ChannelClosedError(f"the other end is gone ({error.strerror})") from None
