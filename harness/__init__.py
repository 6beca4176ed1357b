"""An experiment harness for program synthesis in Factorio by Monte Carlo tree search with language models.

The names below are the public API. They are looked up on first use, so that the embedded server and the program
workers, which live in this package too, start without loading the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.api.direction import Direction
    from harness.api.prototypes import Prototype, RecipeName, Resource, Technology
    from harness.api.status import EntityStatus
    from harness.api.values import BoundingBox, Inventory, Position
    from harness.core.conversation import Conversation, Message
    from harness.evaluation import FactorioEvaluator, Program
    from harness.game import FactorioInstance, GameState
    from harness.llm import LLMFactory
    from harness.variants import MCTS, ChunkedMCTS, PlanningMCTS

__version__ = "0.1.0"

_EXPORTS = {
    "BoundingBox": "harness.api.values",
    "ChunkedMCTS": "harness.variants",
    "Conversation": "harness.core.conversation",
    "Direction": "harness.api.direction",
    "EntityStatus": "harness.api.status",
    "FactorioEvaluator": "harness.evaluation",
    "FactorioInstance": "harness.game",
    "GameState": "harness.game",
    "Inventory": "harness.api.values",
    "LLMFactory": "harness.llm",
    "MCTS": "harness.variants",
    "Message": "harness.core.conversation",
    "PlanningMCTS": "harness.variants",
    "Position": "harness.api.values",
    "Program": "harness.evaluation",
    "Prototype": "harness.api.prototypes",
    "RecipeName": "harness.api.prototypes",
    "Resource": "harness.api.prototypes",
    "Technology": "harness.api.prototypes",
}

__all__ = [
    "MCTS",
    "BoundingBox",
    "ChunkedMCTS",
    "Conversation",
    "Direction",
    "EntityStatus",
    "FactorioEvaluator",
    "FactorioInstance",
    "GameState",
    "Inventory",
    "LLMFactory",
    "Message",
    "PlanningMCTS",
    "Position",
    "Program",
    "Prototype",
    "RecipeName",
    "Resource",
    "Technology",
    "__version__",
]


def __getattr__(name: str) -> Any:
    module = _EXPORTS.get(name)
    if module is None:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return __all__
