"""Ways to search for programs: MCTS over whole programs, over their chunks, over the steps of plans, and baselines."""

from collections.abc import Mapping
from typing import Final

from harness.variants.baselines import Backtracking, BeamSearch, BestOfN, RandomParent, Sequential
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

VARIANTS: Final[Mapping[str, type[Search]]] = {
    "mcts": MCTS,
    "chunked": ChunkedMCTS,
    "planning": PlanningMCTS,
    "best_of_n": BestOfN,
    "sequential": Sequential,
    "backtracking": Backtracking,
    "beam": BeamSearch,
    "random": RandomParent,
}
"""Every variant by the name configurations use."""

__all__ = [
    "MCTS",
    "VARIANTS",
    "Activity",
    "Backtracking",
    "BeamSearch",
    "BestOfN",
    "Budget",
    "ChunkedMCTS",
    "IterationFinished",
    "IterationStarted",
    "ModelCall",
    "Observer",
    "PlanningMCTS",
    "RandomParent",
    "Search",
    "Sequential",
    "SilentObserver",
    "Spend",
]
