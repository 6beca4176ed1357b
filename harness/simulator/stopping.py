"""Ends the server soon after a stop signal, even if a script never gives control back.

Python runs signal handlers between its own instructions only, and a script may spend seconds of its budget inside Lua.
So the signal itself wakes a thread (scripts run without the interpreter's lock), and that thread ends the process when
the main loop has not done so in time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator

STOP_GRACE_S = 5.0
"""Time from a stop signal to the hard end of a server that does not come back to its main loop."""

_LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def stop_in_time(grace_s: float = STOP_GRACE_S) -> Iterator[None]:
    """While the block runs, any handled signal bounds how long it may still take; main thread only."""
    heard, told = socket.socketpair()
    told.setblocking(False)
    ended = threading.Event()

    def watch() -> None:
        if heard.recv(1) and not ended.wait(grace_s):
            _LOG.error("A script did not come back within %g s of the stop signal; ending without it", grace_s)
            os._exit(1)

    thread = threading.Thread(target=watch, name="stop-in-time", daemon=True)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        told.close()
        thread.join()
        heard.close()
