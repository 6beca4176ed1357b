"""The one way out of the agent API: a tool's name and plain arguments go in, plain data comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Transport(Protocol):
    """Carries a call to a server. Arguments and results are JSON data in the wire's shapes (docs/architecture.md)."""

    def call(self, tool: str, args: Mapping[str, Any]) -> Any:
        """The result of `tool`.

        Raises:
            ToolError: the tool refused; nothing has changed.
        """
        ...
