"""A wire between a slot and its server on which game time takes time on the clock, as it does in the game itself."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

_SLEEPS = b'"tool":"sleep"'
_CHUNK_BYTES = 1 << 16


@contextlib.contextmanager
def slow_wire(port: int, delay_s: float) -> Iterator[int]:
    """A port of this machine that leads to `port`, on which every call of `sleep` takes `delay_s` longer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port, delay_s), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener: socket.socket, port: int, delay_s: float) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        far = socket.create_connection(("127.0.0.1", port))
        for each in (near, far):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_pass_on, args=(near, far, delay_s), daemon=True).start()
        threading.Thread(target=_pass_on, args=(far, near, 0.0), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, delay_s: float) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK_BYTES):
            if delay_s and _SLEEPS in data:
                time.sleep(delay_s)
            target.sendall(data)
    # The other direction is still blocked in its recv; closing alone would not wake it.
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
