"""Ways to search for programs: MCTS over whole programs, over their chunks, and over the steps of plans."""

from collections.abc import Callable, Mapping
from typing import Final

from harness.variants.budget import Budget, Spend
from harness.variants.chunked import ChunkedMCTS
from harness.variants.mcts import MCTS
from harness.variants.observer import (
    Activity,
    IterationFinished,
    IterationStarted,
    ModelCall,
    Observer,
    SilentObserver,
)
from harness.variants.planning import PlanningMCTS
from harness.variants.search import Search

VARIANTS: Final[Mapping[str, Callable[..., Search]]] = {"mcts": MCTS, "chunked": ChunkedMCTS, "planning": PlanningMCTS}
"""Every variant by the name configurations use."""

__all__ = [
    "MCTS",
    "VARIANTS",
    "Activity",
    "Budget",
    "ChunkedMCTS",
    "IterationFinished",
    "IterationStarted",
    "ModelCall",
    "Observer",
    "PlanningMCTS",
    "Search",
    "SilentObserver",
    "Spend",
]
