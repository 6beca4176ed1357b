"""Talks to the agent mod over one RCON connection: a tool's name and arguments out, its result or refusal back.

It waits for ticks that are still running and for answers that need the world to run. It does not judge calls; that is
the part of `harness.game.tools`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from harness.core.errors import ServerLostError

MAX_POLLS = 10_000
SLOWEST_TICKS_PER_S = 60.0
"""A server that runs slower than real time while stepping is taken for dead."""

_BUSY_WAIT_S = 0.01
_SHOWN = 200


class Wire(Protocol):
    """What carries console commands; `RconConnection` does."""

    @property
    def name(self) -> str:
        """The server's name, for messages."""

    def command(self, text: str, *, extra_s: float = 0.0) -> str:
        """The reply to a command."""


class ToolFailure(Exception):  # noqa: N818 - a refusal, not a fault of the harness
    """A tool refused; the world is as it was.

    Attributes:
        error: `{"code", "message"[, "expected", "found", "hint"]}`.
    """

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("message", error)))
        self.error = dict(error)

    @property
    def code(self) -> str:
        """A stable word for the kind of failure."""
        return str(self.error.get("code", "failed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReply:
    """What a tool gave.

    Attributes:
        result: plain data; `None` if there is none.
        ticks: what the call was charged, waiting for its answer included.
        tick: the game's tick when it answered.
    """

    result: Any
    ticks: int
    tick: int


class AgentClient:
    """Calls the mod's tools. One thread at a time."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._next_id = 1
        self._ticks_running = 0

    def call(self, tool: str, args: Mapping[str, Any] | None = None) -> AgentReply:
        """One call, to its final answer.

        Raises:
            ToolFailure: the tool refused.
            ServerLostError: the server is gone, or its answer is not the mod's.
        """
        return self.call_encoded(tool, encoded(args or {}))

    def call_encoded(self, tool: str, args: str, *, most_ticks: int | None = None) -> AgentReply:
        """The same with arguments that `encoded` has made text of already.

        Args:
            tool: its name.
            args: its arguments as text.
            most_ticks: what the call may be charged; one that would cost more is refused before anything happens, and
                `harvest_resource` ends when no more fits. `None` for no limit.

        Raises:
            ToolFailure: the tool refused.
            ServerLostError: the server is gone, or its answer is not the mod's.
        """
        reply = self._ask(tool, args, most_ticks)
        ticks = int(reply["ticks"])
        polls = 0
        while "pending" in reply:
            polls += 1
            if polls > MAX_POLLS:
                raise self._lost(tool, f"no answer after {polls} polls")
            left = None if most_ticks is None else max(most_ticks - ticks, 0)
            reply = self._ask("poll", encoded({"token": reply["pending"]}), left)
            ticks += int(reply["ticks"])
        return AgentReply(result=reply.get("result"), ticks=ticks, tick=int(reply["tick"]))

    def _ask(self, tool: str, args: str, most_ticks: int | None) -> dict[str, Any]:
        """One request until it is served; earlier calls' ticks may have to run first."""
        number = self._next_id
        self._next_id += 1
        limit = "" if most_ticks is None else f',"most":{most_ticks}'
        request = f'{{"id":{number},"tool":{json.dumps(tool)},"args":{args}{limit}}}'
        deadline = time.monotonic() + 60.0 + self._ticks_running / SLOWEST_TICKS_PER_S
        while True:
            reply = self._parse(tool, number, self._send(request))
            if "busy" not in reply:
                break
            if time.monotonic() > deadline:
                raise self._lost(tool, f"{reply['busy']} ticks still to run")
            time.sleep(_BUSY_WAIT_S)
        self._ticks_running = int(reply.get("ticks", 0))
        if not reply["ok"]:
            raise ToolFailure(reply["error"])
        return reply

    def _send(self, request: str) -> str:
        return self._wire.command(f"/agent {request}", extra_s=self._ticks_running / SLOWEST_TICKS_PER_S)

    def _parse(self, tool: str, number: int, text: str) -> dict[str, Any]:
        try:
            reply = json.loads(text)
        except ValueError:
            raise self._lost(tool, repr(text[:_SHOWN])) from None
        if not isinstance(reply, dict) or reply.get("id") != number or not isinstance(reply.get("ok"), bool):
            raise self._lost(tool, repr(text[:_SHOWN]))
        if not reply["ok"] and "busy" not in reply and not isinstance(reply.get("error"), dict):
            raise self._lost(tool, repr(text[:_SHOWN]))
        return reply

    def _lost(self, tool: str, found: str) -> ServerLostError:
        return ServerLostError(
            f"server {self._wire.name}: expected the agent mod's answer to {tool}, got {found}; is the mod loaded?"
        )


def encoded(args: Mapping[str, Any]) -> str:
    """Arguments as they go over the wire.

    Raises:
        TypeError, ValueError, RecursionError: they are no finite plain data.
    """
    return json.dumps(args, separators=(",", ":"), allow_nan=False)
