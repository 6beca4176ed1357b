"""Compressed rewards with a schedule that swings between exploring and exploiting."""

from __future__ import annotations

import math
import random
from typing import Final

from harness.search.arms import Arms
from harness.search.config import PolicyConfig
from harness.search.frontier import Frontier
from harness.search.sumtree import MaxTree, SumTree

_FLOOR: Final = 1e-6
"""Least weight of an arm, so that none is left out."""


def compression_at(step: int, period: int) -> float:
    """Strength of the preference for high rewards at a step: (sin(2 pi step / period) + 1) / 2, in 0..1.

    0 is uniform (explore), 1 the strongest (exploit).

    Source: the sinusoidal schedule of the dynamic reward weighted sampler published with arXiv 2503.09617.
    """
    return (math.sin(2 * math.pi * (step % period) / period) + 1) / 2


def weight(score: float, compression: float) -> float:
    """Weight of an arm: (tanh(compression * z) + 1) / 2 + 1e-6, z its standardised reward.

    tanh bounds what an outlier can take: twice the weight of a mediocre arm, whatever its reward.

    Source: as `compression_at`.
    """
    return (math.tanh(compression * score) + 1) / 2 + _FLOOR


class Weighted:
    """Draws a world in proportion to the `weight` of its value, then one of its nodes.

    Weights change with every step, so draws are made evenly and kept with the chance weight / greatest weight, which
    is exact; since scores have mean 0 and variance 1, a few draws suffice.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        self._tree = frontier.tree
        self._arms = Arms(frontier)
        self._counts = SumTree()
        self._values = MaxTree()
        self._period = config.period
        self._compression = config.compression

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        for arm, value in self._arms.changes():
            self._counts[arm] = 0.0 if value is None else 1.0
            self._values[arm] = -math.inf if value is None else value
        if not len(self._arms):
            return self._arms.fallback()
        compression = self._compression
        if compression is None:
            compression = compression_at(self._tree.num_nodes, self._period)
        mean, deviation = self._arms.moments.mean, self._arms.moments.deviation
        scale = compression / deviation if deviation > 0 else 0.0
        greatest = weight(self._values.greatest - mean, scale)
        while True:
            arm = self._counts.find(rng.random() * self._counts.total)
            if rng.random() * greatest < weight(self._values[arm] - mean, scale):
                return self._arms.node(arm, rng)
