"""Searches with a tree of given shape and results, for tests of policies."""

import random
from collections import Counter

from harness.search import Outcome, PolicyConfig, Search


def grown(policy: str, results: list[tuple[int, float | Outcome]], root_key: str | None = None, **config) -> Search:
    """A search whose nodes 1, 2, ... have these parents and results."""
    search = Search(policy, config=PolicyConfig(**config), root_key=root_key)
    for parent, result in results:
        search.tell(search.branch(parent), result if isinstance(result, Outcome) else Outcome(result))
    return search


def shares(search: Search, draws: int = 4000) -> list[float]:
    """How often the policy chooses each node, as a share of all choices."""
    rng = random.Random(1)
    chosen = Counter(search._policy.select(rng) for _ in range(draws))
    return [chosen[node] / draws for node in range(search.tree.num_nodes)]
