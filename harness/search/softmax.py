"""Exact draws from the softmax of many values whose temperature changes all the time.

Rewards are standardised before the softmax, so with every result the deviation changes and with it every probability;
computing 100,000 of them for each draw would take milliseconds. Instead a sum tree holds the weights exp(b * value) for
a rate `b` on a coarse grid, a leaf is drawn from it, and rejection turns the draw into one for the exact rate.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from harness.search.sumtree import MaxTree, SumTree

GRID: Final = 8
"""Points of the grid of rates in an octave. With r the ratio of rate to grid point, 1 <= r < 2**(1/8) = 1.091."""

_SPAN: Final = 64.0
"""Greatest exponent of a weight; the reference value moves by steps of this, so it need not follow every maximum."""

_KEPT: Final = 2
"""Sum trees kept: that of the last rate, and that of a neighbour for rates that go back and forth over the border."""


def softmax_probabilities(values: npt.NDArray[np.float64], temperature: float) -> npt.NDArray[np.float64]:
    """Probabilities proportional to exp(z / temperature), z the standardised `values`.

    Standardising first makes the choice independent of the scale and the offset of rewards. If all values are equal
    the probabilities are too.

    Source: Boltzmann exploration, Sutton and Barto, Reinforcement Learning (2018), section 2.8, on z-scores.
    """
    rate = softmax_rate(float(values.std()), float(np.abs(values).max()), temperature)
    weights = np.exp(rate * (values - values.max()))
    return np.asarray(weights / weights.sum())


def softmax_rate(deviation: float, magnitude: float, temperature: float) -> float:
    """What values are multiplied with in the exponent: 1 / (deviation * temperature).

    The mean cancels out of a softmax. 0, which makes all probabilities equal, if the deviation is no more than the
    rounding of values of that magnitude.
    """
    if deviation <= 1e-12 * max(1.0, magnitude):
        return 0.0
    return 1 / (deviation * temperature)


class SoftmaxSampler:
    """Draws leaves with probability proportional to exp(rate * value), for a rate given with each draw.

    A draw from the tree of rate b is kept with probability exp(-(rate - b) * (top - value)), top the greatest value,
    else drawn again: rejection sampling, exact. With r = rate / b a draw is kept with a chance of at least n**(1 - r)
    for n leaves: by Jensen's inequality it is at least exp(-(r - 1) E[b * (top - value)]), and that expectation is the
    entropy of the draw less the logarithm of a sum that is at least 1. So 100,000 leaves need 2.9 draws at worst.

    Which leaf is drawn depends on the values, the rate and the chance, and not on how they came to be what they are:
    grid point and reference are functions of the present values alone.

    Source: rejection, von Neumann (1951); Devroye, Non-Uniform Random Variate Generation (1986), section II.3.
    """

    def __init__(self) -> None:
        self._values = MaxTree()
        self._trees: dict[tuple[int | None, float], SumTree] = {}

    @property
    def top(self) -> float:
        """The greatest value; -infinity if there is none."""
        return self._values.greatest

    def __getitem__(self, leaf: int) -> float:
        return self._values[leaf]

    def __setitem__(self, leaf: int, value: float) -> None:
        """Sets a leaf's value; -infinity takes it out."""
        self._values[leaf] = value
        for key in list(self._trees):
            exponent = _exponent(key, value)
            if exponent > 10 * _SPAN:
                del self._trees[key]
            else:
                self._trees[key][leaf] = math.exp(exponent)

    def fill(self, values: npt.NDArray[np.float64]) -> None:
        """Sets all leaves at once; those beyond `values` are taken out."""
        self._values = MaxTree(values)
        self._trees.clear()

    def draw(self, rng: random.Random, rate: float) -> int:
        """A leaf; there must be one with a value.

        Args:
            rng: source of chance.
            rate: at least 0.
        """
        top = self.top
        key = _key(rate, top)
        tree = self._tree(key)
        excess = 0.0 if key[0] is None else rate - _base(key[0])
        while True:
            leaf = tree.find(rng.random() * tree.total)
            if excess <= 0 or rng.random() < math.exp(-excess * (top - self._values[leaf])):
                return leaf

    def _tree(self, key: tuple[int | None, float]) -> SumTree:
        tree = self._trees.pop(key, None)
        if tree is None:
            tree = SumTree(_weights(key, self._values.leaves()))
            if len(self._trees) >= _KEPT:
                del self._trees[next(iter(self._trees))]
        self._trees[key] = tree
        return tree


def _base(level: int) -> float:
    return math.pow(2.0, level / GRID)


def _key(rate: float, top: float) -> tuple[int | None, float]:
    """Grid point and reference value for a rate."""
    if rate <= 0:
        return None, 0.0
    level = math.floor(GRID * math.log2(rate))
    step = _SPAN / _base(level)
    return level, math.floor(top / step) * step


def _weights(key: tuple[int | None, float], values: npt.NDArray[np.float64]) -> Sequence[float]:
    """Exponentials of the `_exponent` of each value, by what is used for a single one: NumPy's may round otherwise."""
    level, reference = key
    if level is None:
        return [0.0 if value == -math.inf else 1.0 for value in values.tolist()]
    return list(map(math.exp, (_base(level) * (values - reference)).tolist()))


def _exponent(key: tuple[int | None, float], value: float) -> float:
    level, reference = key
    if value == -math.inf:
        return -math.inf
    return 0.0 if level is None else _base(level) * (value - reference)
