"""Searches with a tree of given shape and results, for tests of policies."""

import random
from collections import Counter

from harness.search import Outcome, PolicyConfig, Search, policy_named


class Grown(Search):
    """A search that shows its policy."""

    def __init__(self, name: str, config: PolicyConfig, root_key: str | None) -> None:
        def make(frontier, config):
            self.policy = policy_named(name)(frontier, config)
            return self.policy

        super().__init__(make, config=config, root_key=root_key)


def grown(policy: str, results: list[tuple[int, float | Outcome]], root_key: str | None = None, **config) -> Grown:
    """A search whose nodes 1, 2, ... have these parents and results."""
    search = Grown(policy, PolicyConfig(**config), root_key)
    for parent, result in results:
        search.tell(search.branch(parent), result if isinstance(result, Outcome) else Outcome(result))
    return search


def shares(search: Grown, draws: int = 4000) -> list[float]:
    """How often the policy chooses each node, as a share of all choices."""
    rng = random.Random(1)
    chosen = Counter(search.policy.select(rng) for _ in range(draws))
    return [chosen[node] / draws for node in range(search.tree.num_nodes)]
