"""Softmax over rewards: better nodes are continued more often, none is left out."""

from __future__ import annotations

import math
import random

from harness.search.arms import Arms
from harness.search.config import PolicyConfig
from harness.search.frontier import Frontier
from harness.search.softmax import SoftmaxSampler, softmax_rate


class Softmax:
    """Draws a world by the softmax of its value (see `softmax_probabilities`), then one of its nodes.

    Values are standardised over the worlds that can be drawn. Needs no virtual loss: draws are independent already.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        self._arms = Arms(frontier)
        self._sampler = SoftmaxSampler()
        self._tree = frontier.tree
        self._temperature = config.temperature

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        for arm, value in self._arms.changes():
            self._sampler[arm] = -math.inf if value is None else value
        if not len(self._arms):
            return self._arms.fallback()
        tree = self._tree
        magnitude = max(abs(tree.least), abs(tree.greatest))
        rate = softmax_rate(self._arms.moments.deviation, magnitude, self._temperature)
        return self._arms.node(self._sampler.draw(rng, rate), rng)
