"""The host's side of running programs: starts workers, serves their calls, holds them to their limits.

One `ProgramRunner` serves one slot: one program at a time. Several runners work side by side in threads. All that a
worker sends is checked here, and nothing it does can raise or hang: every way to fail is a `ProgramOutcome`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.core.errors import ProgramError, RecordError
from harness.core.text import printable
from harness.programs.confinement import Limits
from harness.programs.frames import Channel, ChannelClosedError, ChannelError, ChannelGarbageError, ChannelTimeoutError
from harness.programs.host import ToolHost
from harness.programs.namespace import Namespace
from harness.programs.outcome import (
    MAX_OUTPUT_CHARACTERS,
    MAX_OUTPUT_LINES,
    OutputLine,
    ProgramFault,
    ProgramOutcome,
    Status,
)

MAX_RECEIVED_BYTES = 64 * 1024 * 1024
"""Most bytes taken from one worker; one that sends more is flooding."""

_START_S = 30.0
_END_S = 5.0
_MESSAGE_BYTES = 4096
_SHORT_LINE = 200
"""Characters shown of each line of output when there is more than is kept."""

_BOOT = Path(__file__).with_name("boot.py")


class ProgramRunner:
    """Runs programs in confined workers, one at a time; to be used as a context manager."""

    def __init__(self, *, memory_bytes: int = Limits().memory_bytes, max_calls: int = 10_000) -> None:
        self._memory_bytes = memory_bytes
        self._max_calls = max_calls
        self._template: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._worker: _Worker | None = None
        self._stopped = False

    def __enter__(self) -> ProgramRunner:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stop(self) -> None:
        """Kills the program that runs, if one does, and any that is started later. May be called from any thread."""
        self._stopped = True
        worker = self._worker
        if worker is not None:
            worker.kill()

    def close(self) -> None:
        """Ends the template and with it any worker; may be called twice."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._template is not None:
            try:
                self._template.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._template.kill()
                self._template.wait()
            if self._template.stderr is not None:
                self._template.stderr.close()
            self._template = None

    def run(
        self,
        code: str,
        *,
        host: ToolHost,
        namespace: Namespace | None = None,
        timeout_s: float = 60.0,
        seed: int = 0,
        on_line: Callable[[OutputLine], None] | None = None,
    ) -> ProgramOutcome:
        """Runs one program to its end, its fault or its deadline.

        Args:
            code: the program.
            host: serves its tool calls, in this thread.
            namespace: what an earlier program left; empty if `None`.
            timeout_s: seconds after which the worker is killed. No call is served after that.
            seed: what `random` starts from, unless an earlier program drew from it: then it goes on from there.
            on_line: told of each line of output at once.

        Raises:
            ProgramError: no worker could be started.
            ServerError: let through from `host`; the worker is dead by then.
        """
        started = time.monotonic()
        worker = self._worker = self._spawn(timeout_s)
        if self._stopped:
            worker.kill()
        session = _Session(worker, host, namespace or Namespace(), started + timeout_s, self._max_calls, on_line)
        try:
            status, error, left = session.converse(code, seed)
        finally:
            self._worker = None
            exit_status = self._end(worker)
        if status == "crashed" and error is not None and error.code == "gone":
            error = _death(exit_status)
        if status == "timeout":
            error = ProgramFault(type="Timeout", message=f"Evaluation timed out after {timeout_s:g}s", code="timeout")
        return ProgramOutcome(
            status=status,
            lines=tuple(session.lines),
            error=error,
            namespace=left,
            num_calls=session.num_calls,
            wall_s=time.monotonic() - started,
            left=session.left,
        )

    def _start(self) -> None:
        own, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).parents[2])
        with other:
            self._template = subprocess.Popen(
                [sys.executable, "-s", "-P", "-B", str(_BOOT), root, str(other.fileno())],
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[other.fileno()],
                start_new_session=True,
                cwd="/",
            )
        self._control = own
        own.settimeout(_START_S)
        if not self._heard():
            self._fail("did not start")

    def _heard(self) -> bytes:
        try:
            return self._control.recv(_MESSAGE_BYTES) if self._control else b""
        except OSError:
            return b""

    def _fail(self, what: str) -> None:
        """Ends a template that does not work, with what it said last.

        Raises:
            ProgramError: always.
        """
        template = self._template
        if template is not None:
            template.kill()
        said = template.stderr.read().decode(errors="replace").strip() if template and template.stderr else ""
        self.close()
        last = said.splitlines()[-1] if said else "it said nothing"
        raise ProgramError(f"program worker: {what}; expected a process ready to run programs, got: {last}")

    def _spawn(self, timeout_s: float) -> _Worker:
        if self._template is None or self._template.poll() is not None:
            self.close()
            self._start()
        limits = Limits(memory_bytes=self._memory_bytes, cpu_s=int(timeout_s) + 2)
        own, other = socket.socketpair()
        with other:
            try:
                assert self._control is not None
                socket.send_fds(self._control, [json.dumps(asdict(limits)).encode()], [other.fileno()])
                message, fds, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 1)
            except OSError:
                message, fds = b"", []
        if not message or not fds:
            own.close()
            self._fail("died")
        return _Worker(Channel(own), fds[0])

    def _end(self, worker: _Worker) -> int:
        """Kills the worker if it still lives; its wait status."""
        worker.kill()
        notice = self._heard()
        worker.close()
        if not notice:
            self.close()
            return 0
        return int(json.loads(notice)["exit"])


class _Worker:
    """A running worker: its channel and its process handle, which can never mean another process."""

    def __init__(self, channel: Channel, handle: int) -> None:
        self.channel = channel
        self._handle: int | None = handle
        self._handling = threading.Lock()

    def kill(self) -> None:
        with self._handling, contextlib.suppress(ProcessLookupError):
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def close(self) -> None:
        self.channel.close()
        with self._handling:
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None


class _Session:
    """The conversation with one worker."""

    def __init__(
        self,
        worker: _Worker,
        host: ToolHost,
        namespace: Namespace,
        deadline: float,
        max_calls: int,
        on_line: Callable[[OutputLine], None] | None,
    ) -> None:
        self._channel = worker.channel
        self._host = host
        self._namespace = namespace
        self._deadline = deadline
        self._max_calls = max_calls
        self._on_line = on_line
        self._room = MAX_OUTPUT_CHARACTERS
        self.lines: list[OutputLine] = []
        self.num_calls = 0
        self.left = False

    def converse(self, code: str, seed: int) -> tuple[Status, ProgramFault | None, Namespace]:
        """Until the worker is done, gone, late or wrong."""
        try:
            order = {"op": "run", "code": code, "namespace": dict(self._namespace.data), "seed": seed}
            try:
                self._channel.send(order, self._deadline)
            except ValueError as error:
                fault = ProgramFault(
                    type="Oversize", message=f"the program and its variables: {error}", code="oversize"
                )
                return "error", fault, self._namespace
            while True:
                frame = self._channel.receive(self._deadline)
                if frame["op"] == "done":
                    return self._finished(frame)
                self._serve(frame)
        except ChannelTimeoutError:
            return "timeout", None, self._namespace
        except ChannelClosedError:
            return "crashed", ProgramFault(type="Crash", message="", code="gone"), self._namespace
        except ChannelError as error:
            fault = ProgramFault(type="Crash", message=f"the worker broke the protocol: {error}", code="crashed")
            return "crashed", fault, self._namespace
        except _FloodError as error:
            return "crashed", ProgramFault(type="Flood", message=str(error), code="flood"), self._namespace

    def _serve(self, frame: Mapping[str, Any]) -> None:
        if self._channel.received_bytes > MAX_RECEIVED_BYTES:
            raise _FloodError(f"the program sent more than {MAX_RECEIVED_BYTES} bytes")
        if frame["op"] == "call":
            self._serve_call(frame)
        elif frame["op"] == "line":
            self._take_line(frame)
        else:
            raise ChannelGarbageError(f"expected op call, line or done, got {frame['op'][:40]!r}")

    def _serve_call(self, frame: Mapping[str, Any]) -> None:
        tool, args, number = frame.get("tool"), frame.get("args"), frame.get("id")
        if not isinstance(tool, str) or not isinstance(args, dict) or not isinstance(number, int):
            raise ChannelGarbageError("expected a call with id, tool and args")
        if self.num_calls >= self._max_calls:
            raise _FloodError(f"the program made more than {self._max_calls} tool calls")
        if time.monotonic() >= self._deadline:
            raise ChannelTimeoutError("the deadline has passed")
        self.num_calls += 1
        reply = self._host.call(tool, args)
        answer: dict[str, Any] = {"op": "reply", "id": number, "ok": reply.ok}
        answer["result" if reply.ok else "error"] = reply.result if reply.ok else dict(reply.error or {})
        self._channel.send(answer, self._deadline)

    def _take_line(self, frame: Mapping[str, Any]) -> None:
        line, text = frame.get("line"), frame.get("text")
        if not isinstance(line, int) or not isinstance(text, str):
            raise ChannelGarbageError("expected a line with line and text")
        if len(self.lines) > MAX_OUTPUT_LINES:
            raise _FloodError(f"the program printed more than {MAX_OUTPUT_LINES} lines")
        text = printable(text)
        if len(text) > self._room:
            # What comes last says where a program was, so something of each line is shown however much there was.
            most = max(self._room, _SHORT_LINE)
            text = f"{text[:most]}... (the rest was cut off)" if len(text) > most else text
        self._room = max(self._room - len(text), 0)
        self.lines.append(OutputLine(line=line, text=text))
        if self._on_line is not None:
            self._on_line(self.lines[-1])

    def _finished(self, frame: Mapping[str, Any]) -> tuple[Status, ProgramFault | None, Namespace]:
        error, remains = frame.get("error"), frame.get("namespace")
        try:
            fault = None if error is None else ProgramFault.from_json(error)
            namespace = self._namespace if remains is None else Namespace.from_json(remains)
        except (KeyError, TypeError, ValueError, OverflowError, RecordError):
            raise ChannelGarbageError("expected a done frame with an error and a namespace") from None
        self.left = fault is None and frame.get("left") is True
        return ("ok" if fault is None else "error"), fault, namespace


class _FloodError(Exception):
    """The worker sends more than it may."""


def _death(status: int) -> ProgramFault:
    """What a wait status says of a worker that went away without a word."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        reasons = {signal.SIGXCPU: "it used up its processor time", signal.SIGKILL: "it was killed (out of memory?)"}
        reason = reasons.get(signal.Signals(number), f"signal {signal.Signals(number).name}")
    else:
        reason = f"exit status {os.waitstatus_to_exitcode(status)}"
    return ProgramFault(type="Crash", message=f"the program's process died: {reason}", code="crashed")
