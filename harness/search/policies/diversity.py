"""Diversity: nodes whose factories make other things than the rest are worth continuing, as good ones are."""

from __future__ import annotations

import math
import random

import numpy as np

from harness.search.arms import Arms
from harness.search.config import PolicyConfig
from harness.search.divergence import NO_ROW, Floats, Profiles
from harness.search.exact import Moments, to_exact
from harness.search.frontier import Frontier
from harness.search.softmax import SoftmaxSampler
from harness.search.tree import WORKED


def reference_size(num_nodes: int) -> int:
    """How many nodes, from the oldest on, the reference is made of when there are `num_nodes`.

    All of 32 or fewer; else the number with all but its five leading binary digits cleared, so that it lags behind by
    less than a sixteenth and changes 16 times while the tree doubles.
    """
    excess = max(num_nodes.bit_length() - 5, 0) if num_nodes > 32 else 0
    return num_nodes >> excess << excess


def deviation_of(values: Floats) -> float:
    """Standard deviation with divisor n, the same for every order of the values."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((values - mean) ** 2) / len(values))


class Diversity:
    """Draws a world by the softmax of a mixture of its value and its divergence, then one of its nodes.

    score = (1 - w) * r / dev(r) + w * D / dev(D), w the diversity weight, r the world's value, and D the divergence of
    what its oldest node made from the mean of what programs that worked made (0 if it made nothing). Deviations and
    that mean are those of the oldest nodes, `reference_size` of them: all divergences change with the mean, so it is
    renewed 16 times while the tree doubles and not with every node.

    Source: selection by divergence of production profiles: arXiv 2503.09617 and its published sampler; the mixture of
    quality and novelty: Lehman and Stanley, GECCO 2011, as a weighted sum of standardised terms.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        self._frontier = frontier
        self._tree = frontier.tree
        self._arms = Arms(frontier)
        self._watch = frontier.watch()
        self._profiles = Profiles(config.divergence, config.smoothing)
        self._weight = config.diversity_weight
        self._rate = 1 / config.temperature
        self._rows: dict[int, int] = {}
        self._later: list[int] = []
        self._size = 0
        self._values = Moments()
        self._included: list[int] = []
        self._num_items = 0
        self._rewards: dict[int, float] = {}
        self._divergences = np.zeros(0)
        self._factors = (0.0, 0.0)
        self._sampler = SoftmaxSampler()

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        is_stale = self._take_results()
        changes = dict(self._arms.changes())
        for arm, value in changes.items():
            self._rewards[arm] = -math.inf if value is None else value
        if not len(self._arms):
            return self._arms.fallback()
        if is_stale:
            self._renew()
        else:
            for arm in changes:
                self._sampler[arm] = self._score(arm)
        return self._arms.node(self._sampler.draw(rng, self._rate), rng)

    def _take_results(self) -> bool:
        """Enters new results; whether the reference changed."""
        for node in sorted(set(self._watch)):
            if self._tree.statuses[node] and node not in self._rows:
                profile = self._frontier.profiles.get(node)
                self._rows[node] = NO_ROW if profile is None else self._profiles.add(profile)
                self._later.append(node)
        self._watch.clear()
        size = reference_size(self._tree.num_nodes)
        ready = [node for node in self._later if node < size]
        grew = self._profiles.num_items > self._num_items
        if ready:
            self._later = [node for node in self._later if node >= size]
            for node in ready:
                self._include(node)
        self._num_items = self._profiles.num_items
        return bool(ready) or grew

    def _include(self, node: int) -> None:
        if self._tree.statuses[node] != WORKED:
            return
        self._values.add(to_exact(float(self._tree.values[node])))
        self._included.append(node)
        if self._rows[node] != NO_ROW:
            self._profiles.include(self._rows[node])

    def _renew(self) -> None:
        """Computes all divergences, scales and scores anew."""
        self._divergences = self._profiles.divergences(0, self._profiles.num_rows)
        padded = np.append(self._divergences, 0.0)
        spread = deviation_of(padded[[self._rows[node] for node in self._included]])
        reward_spread = self._values.deviation
        self._factors = (
            (1 - self._weight) / reward_spread if reward_spread > 0 else 0.0,
            self._weight / spread if spread > 1e-12 else 0.0,
        )
        self._sampler = SoftmaxSampler()
        rewards = np.full(self._tree.num_nodes, -np.inf)
        rewards[list(self._rewards)] = list(self._rewards.values())
        rows = np.full(self._tree.num_nodes, NO_ROW)
        rows[list(self._rows)] = list(self._rows.values())
        can_be_drawn = rewards > -np.inf
        scores = np.full(self._tree.num_nodes, -np.inf)
        by_reward, by_divergence = self._factors
        scores[can_be_drawn] = by_reward * rewards[can_be_drawn] + by_divergence * padded[rows[can_be_drawn]]
        self._sampler.fill(scores)

    def _score(self, arm: int) -> float:
        reward, row = self._rewards[arm], self._rows[arm]
        if reward == -math.inf:
            return reward
        divergence = 0.0 if row == NO_ROW else float(self._profiles.divergences(row, row + 1)[0])
        by_reward, by_divergence = self._factors
        return by_reward * reward + by_divergence * divergence
