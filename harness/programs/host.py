"""The other side of a program's tools: what the runner asks of whoever owns the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolReply:
    """The answer to one tool call.

    Attributes:
        ok: whether the tool did what it was asked.
        result: plain JSON data, if `ok`.
        error: `{"code", "message"[, "expected", "found", "hint"]}`, if not.
    """

    ok: bool
    result: Any = None
    error: Mapping[str, Any] | None = None


class ToolHost(Protocol):
    """Serves the tool calls of one program. It is trusted; the calls are not."""

    def call(self, tool: str, args: Mapping[str, Any]) -> ToolReply:
        """Serves one call; a refusal is a reply, not an exception.

        Raises:
            ServerError: the server broke; the runner kills the program and lets this through.
        """
        ...
