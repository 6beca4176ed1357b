"""Playing on one server: the RCON client, `FactorioInstance`, `GameState`, and the trusted half of the tools."""

from __future__ import annotations

from harness.game.agent import AgentClient, AgentReply, ToolFailure
from harness.game.instance import EvalResult, FactorioInstance
from harness.game.production import Machine, ProductionStatistics
from harness.game.rcon import RconConnection
from harness.game.state import GameState
from harness.game.tools import AGENT_TOOLS, GameTools

__all__ = [
    "AGENT_TOOLS",
    "AgentClient",
    "AgentReply",
    "EvalResult",
    "FactorioInstance",
    "GameState",
    "GameTools",
    "Machine",
    "ProductionStatistics",
    "RconConnection",
    "ToolFailure",
]
