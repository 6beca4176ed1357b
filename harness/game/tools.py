"""The trusted half of a program's tools: decides which calls reach the server, and counts what they cost.

What a program sends is data from a stranger. Here it meets a fixed list of tools, a size limit and a budget of ticks;
the mod checks the arguments' meaning.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from harness.game.agent import AgentClient, ToolFailure, encoded
from harness.game.production import ProductionStatistics
from harness.programs import ToolReply

AGENT_TOOLS = frozenset(
    {
        "can_place_entity",
        "connect_entities",
        "craft_item",
        "export_blueprint",
        "extract_item",
        "get_entities",
        "get_entity",
        "get_prototype_recipe",
        "get_research_progress",
        "get_resource_patch",
        "harvest_resource",
        "import_blueprint",
        "insert_item",
        "inspect_inventory",
        "launch_rocket",
        "move_to",
        "nearest",
        "nearest_buildable",
        "pickup_entity",
        "place_entity",
        "place_entity_next_to",
        "print",
        "rotate_entity",
        "score",
        "send_message",
        "set_entity_recipe",
        "set_research",
        "shift_entity",
        "sleep",
    }
)
"""Every tool that a program may call; the host's own are not among them."""

MAX_ARGS_BYTES = 64 * 1024
LARGE_ARGS_BYTES = dict.fromkeys(("import_blueprint", "pickup_entity", "insert_item", "connect_entities"), 256 * 1024)
"""Tools whose arguments may be longer than `MAX_ARGS_BYTES`: blueprints, and groups with all their members."""

TICKS_PER_S = 60

_MOST_SECONDS = 10**9
"""Far beyond any budget, and still a number that can be written down when a call asks for more."""

_SILENT = frozenset({"print", "send_message"})
"""Tools that do nothing in the game; they need no server."""


class GameTools:
    """Serves one program's calls on one server; a `ToolHost`.

    Args:
        client: the server's mod.
        statistics: reads the production statistics, for `score`.
        max_ticks: game ticks the program may spend; `None` for no limit.

    Attributes:
        num_calls: calls so far, refused ones included.
        ticks: game ticks spent so far.
    """

    def __init__(
        self, client: AgentClient, statistics: Callable[[], ProductionStatistics], max_ticks: int | None = None
    ) -> None:
        self._client = client
        self._statistics = statistics
        self._max_ticks = max_ticks
        self.num_calls = 0
        self.ticks = 0

    def call(self, tool: str, args: Mapping[str, Any]) -> ToolReply:
        """Serves one call; a refusal is a reply.

        Raises:
            ServerError: the server broke.
        """
        self.num_calls += 1
        sent, refusal = self._admitted(tool, args)
        if refusal is not None:
            return ToolReply(ok=False, error=refusal)
        if tool in _SILENT:
            return ToolReply(ok=True, result=True)
        if tool == "score":
            return ToolReply(ok=True, result=self._score())
        try:
            left = None if self._max_ticks is None else self._max_ticks - self.ticks
            reply = self._client.call_encoded(tool, sent, most_ticks=left)
        except ToolFailure as failure:
            return ToolReply(ok=False, error=failure.error)
        self.ticks += reply.ticks
        return ToolReply(ok=True, result=reply.result)

    def _score(self) -> list[int]:
        statistics = self._statistics()
        return [math.floor(statistics.score()), math.floor(statistics.automated_score())]

    def _admitted(self, tool: str, args: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
        """The arguments as they will be sent, or why they will not be."""
        if tool not in AGENT_TOOLS:
            return "", {"code": "unknown_tool", "message": f"there is no tool called {tool[:80]!r}"}
        try:
            sent = encoded(args)
        except (TypeError, ValueError, RecursionError):
            return "", {"code": "bad_argument", "message": f"{tool}: expected arguments of finite plain data"}
        most = LARGE_ARGS_BYTES.get(tool, MAX_ARGS_BYTES)
        if len(sent) > most:
            message = f"{tool}: expected at most {most} bytes of arguments, got {len(sent)}"
            return "", {"code": "bad_argument", "message": message, "expected": most, "found": len(sent)}
        return sent, self._over_budget(tool, args)

    def _over_budget(self, tool: str, args: Mapping[str, Any]) -> dict[str, Any] | None:
        if self._max_ticks is None:
            return None
        left = self._max_ticks - self.ticks
        seconds = args.get("seconds") if tool == "sleep" else 0
        wanted = min(seconds, _MOST_SECONDS) * TICKS_PER_S if isinstance(seconds, (int, float)) else 0
        if left > 0 and wanted <= left:
            return None
        message = f"{tool}: the program has {max(left, 0)} of its {self._max_ticks} game ticks left"
        hint = "let the program end; what is built goes on working"
        if tool == "sleep" and left > 0:
            longest = f"{math.floor(left * 100 / TICKS_PER_S) / 100:.10g}"
            message += f", {wanted / TICKS_PER_S:.10g} s take {wanted:.10g}, the longest sleep that fits is {longest} s"
            hint = f"sleep({longest}) at most, or {hint}"
        return {
            "code": "budget",
            "message": message,
            "expected": self._max_ticks,
            "found": self.ticks + wanted,
            "hint": hint,
        }
