"""The warm process workers are forked from.

It is started with a clean environment and nothing secret in memory, loads the API and the allowed modules once, and
then forks one confined child for each program the host asks for. It holds one end of a control socket; when the host
goes away, for whatever reason, that end closes, and the template kills its child and ends.

Control messages (one datagram each): host to template, JSON limits with the worker's socket attached; back, `{"pid"}`
with the child's process handle attached, and when it has ended `{"exit"}` with its wait status.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import warnings

from harness.data import prototypes as facts
from harness.programs import worker
from harness.programs.confinement import Limits, confine, leave_network
from harness.programs.imports import preload
from harness.programs.library import library_names

_MESSAGE_BYTES = 4096


def main(control_fd: int) -> None:
    """Serves the host on the socket `control_fd` until it closes."""
    control = socket.socket(fileno=control_fd)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    preload()
    library_names()
    facts.entities()
    leave_network()
    gc.collect()
    gc.freeze()
    control.send(b'{"ready": true}')
    while True:
        message, fds, _, _ = socket.recv_fds(control, _MESSAGE_BYTES, 1)
        if not message or not fds:
            return
        _serve_one(control, fds[0], Limits(**json.loads(message)))


def _serve_one(control: socket.socket, worker_fd: int, limits: Limits) -> None:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_worker(worker_fd, limits, parent)
    os.close(worker_fd)
    handle = os.pidfd_open(pid)
    try:
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [handle])
        _wait(control, handle)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        control.send(json.dumps({"exit": status}).encode())
    except OSError:
        os.kill(pid, signal.SIGKILL)
        sys.exit(0)
    finally:
        os.close(handle)


def _wait(control: socket.socket, handle: int) -> None:
    """Until the child has ended or the host is gone. The host says nothing meanwhile."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(control, select.POLLIN | select.POLLHUP)
    poll.poll()


def _be_worker(worker_fd: int, limits: Limits, parent: int) -> None:
    """The child's whole life; it never returns into the template's code."""
    status = 1
    try:
        confine(limits, worker_fd, parent)
        worker.serve(socket.socket(fileno=worker_fd))
        status = 0
    finally:
        os._exit(status)
