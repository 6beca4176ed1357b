"""Diversity: nodes whose factories make other things than the rest are worth continuing, as good ones are."""

from __future__ import annotations

import math
import random
from array import array

import numpy as np

from harness.search.arms import Arms
from harness.search.config import PolicyConfig
from harness.search.divergence import NO_ROW, Floats, Profiles
from harness.search.exact import Moments, to_exact
from harness.search.frontier import Frontier
from harness.search.softmax import SoftmaxSampler
from harness.search.tree import PENDING, WORKED


def reference_size(num_finished: int) -> int:
    """How many nodes, from the oldest on, the reference is made of when so many have no older one still awaited.

    All of 32 or fewer; else the number with all but its five leading binary digits cleared, so that it lags behind by
    less than a sixteenth and changes 16 times while the tree doubles.
    """
    excess = max(num_finished.bit_length() - 5, 0) if num_finished > 32 else 0
    return num_finished >> excess << excess


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
        self._watch = frontier.watch(room=False)
        self._profiles = Profiles(config.divergence, config.smoothing)
        self._needs_items = config.divergence == "kullback-leibler"
        self._weight = config.diversity_weight
        self._rate = 1 / config.temperature
        self._rows = array("q")
        self._rewards = array("d")
        self._num_finished = 0
        self._size = 0
        self._num_items = 0
        self._values = Moments()
        self._factors = (0.0, 0.0)
        self._sampler = SoftmaxSampler()

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        self._take_results()
        changed = []
        for arm, value in self._arms.changes():
            self._rewards[arm] = -math.inf if value is None else value
            changed.append(arm)
        if self._extend_reference():
            self._renew()
        else:
            for arm in changed:
                self._sampler[arm] = self._score(arm)
        if not len(self._arms):
            return self._arms.fallback()
        return self._arms.node(self._sampler.draw(rng, self._rate), rng)

    def _take_results(self) -> None:
        """Enters what new programs made."""
        missing = self._tree.num_nodes - len(self._rows)
        self._rows.extend([NO_ROW] * missing)
        self._rewards.extend([-math.inf] * missing)
        for node in self._watch:
            profile = self._frontier.profiles.get(node)
            if profile is not None and self._rows[node] == NO_ROW:
                self._rows[node] = self._profiles.add(profile)
        self._watch.clear()

    def _extend_reference(self) -> bool:
        """Makes the reference as large as it should be; whether it changed."""
        statuses = self._tree.statuses
        while self._num_finished < self._tree.num_nodes and statuses[self._num_finished] != PENDING:
            self._num_finished += 1
        size, before = reference_size(self._num_finished), self._size
        for node in range(before, size):
            if statuses[node] == WORKED:
                self._values.add(to_exact(float(self._tree.values[node])))
                if self._rows[node] != NO_ROW:
                    self._profiles.include(self._rows[node])
        self._size = size
        num_items, self._num_items = self._num_items, self._profiles.num_items
        return size != before or (self._needs_items and num_items != self._num_items)

    def _renew(self) -> None:
        """Computes all divergences, scales and scores anew."""
        self._profiles.settle()
        divergences = np.append(self._profiles.divergences(0, self._profiles.num_rows), 0.0)[np.array(self._rows)]
        spread = deviation_of(divergences[: self._size][self._tree.statuses[: self._size] == WORKED])
        reward_spread = self._values.deviation
        self._factors = (
            (1 - self._weight) / reward_spread if reward_spread > 0 else 0.0,
            self._weight / spread if spread > 1e-12 else 0.0,
        )
        by_reward, by_divergence = self._factors
        rewards = np.array(self._rewards)
        can_be_drawn = rewards > -np.inf
        scores = np.full(len(rewards), -np.inf)
        scores[can_be_drawn] = by_reward * rewards[can_be_drawn] + by_divergence * divergences[can_be_drawn]
        self._sampler.fill(scores)

    def _score(self, arm: int) -> float:
        reward, row = self._rewards[arm], self._rows[arm]
        if reward == -math.inf:
            return reward
        divergence = 0.0 if row == NO_ROW else float(self._profiles.divergences(row, row + 1)[0])
        by_reward, by_divergence = self._factors
        return by_reward * reward + by_divergence * divergence
