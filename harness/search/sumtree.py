"""Complete binary trees over numbered leaves: draws in proportion to weights, and the greatest of values.

Each inner node is computed from its two children and from nothing else, so the whole depends on the leaves and not on
the order in which they were set, last digits included: what the exactness of a search's draws rests on.

Source: binary-tree method for discrete variates with changing weights, Wong and Easton, SIAM J. Comput. 9 (1980).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_ROOM: Final = 64


class SumTree:
    """Weights of leaves 0, 1, 2, ...; a leaf never set weighs 0. Setting and drawing take O(log n)."""

    def __init__(self, weights: Sequence[float] = ()) -> None:
        leaves = _padded(np.asarray(weights, np.float64), 0.0)
        self._size = len(leaves)
        self._nodes = _combined(leaves, np.add)

    @property
    def total(self) -> float:
        """Sum of all weights."""
        return self._nodes[1]

    def __getitem__(self, leaf: int) -> float:
        return self._nodes[self._size + leaf] if leaf < self._size else 0.0

    def __setitem__(self, leaf: int, weight: float) -> None:
        while leaf >= self._size:
            self._nodes = _doubled(self._nodes, 0.0)
            self._size *= 2
        nodes = self._nodes
        node = self._size + leaf
        nodes[node] = weight
        while node > 1:
            node >>= 1
            nodes[node] = nodes[2 * node] + nodes[2 * node + 1]

    def find(self, point: float) -> int:
        """The leaf at `point` when weights are laid end to end from 0 to `total`; never one of weight 0.

        The total must be above 0.
        """
        nodes = self._nodes
        node = 1
        while node < self._size:
            node *= 2
            left = nodes[node]
            if point >= left and nodes[node + 1] > 0:
                point -= left
                node += 1
        return node - self._size


class MaxTree:
    """Values of leaves 0, 1, 2, ...; a leaf never set, or taken out, holds -infinity."""

    def __init__(self, values: Floats | None = None) -> None:
        leaves = _padded(np.zeros(0) if values is None else values, -np.inf)
        self._size = len(leaves)
        self._nodes = _combined(leaves, np.maximum)

    @property
    def greatest(self) -> float:
        """The greatest value; -infinity if there is none."""
        return self._nodes[1]

    def __getitem__(self, leaf: int) -> float:
        return self._nodes[self._size + leaf] if leaf < self._size else -np.inf

    def __setitem__(self, leaf: int, value: float) -> None:
        while leaf >= self._size:
            self._nodes = _doubled(self._nodes, -np.inf)
            self._size *= 2
        nodes = self._nodes
        node = self._size + leaf
        nodes[node] = value
        while node > 1:
            node >>= 1
            left, right = nodes[2 * node], nodes[2 * node + 1]
            greater = left if left >= right else right
            if nodes[node] == greater:
                break
            nodes[node] = greater

    def leaves(self) -> Floats:
        """The values of all leaves."""
        return np.array(self._nodes[self._size :])


def _padded(leaves: Floats, blank: float) -> Floats:
    size = max(_ROOM, 1 << max(len(leaves) - 1, 0).bit_length())
    return np.concatenate([leaves, np.full(size - len(leaves), blank)])


def _combined(leaves: Floats, combine: np.ufunc) -> array[float]:
    """Node 1 is the root; the children of node i are 2 i and 2 i + 1; leaves come last."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        levels.append(combine(levels[-1][0::2], levels[-1][1::2]))
    nodes = array("d", [0.0])
    for level in reversed(levels):
        nodes.frombytes(level.tobytes())
    return nodes


def _doubled(nodes: array[float], blank: float) -> array[float]:
    """The tree as the left half of one with twice the leaves, the right half blank."""
    doubled = array("d", [0.0, nodes[1]])
    width = 1
    while 2 * width <= len(nodes):
        doubled += nodes[width : 2 * width] + array("d", [blank]) * width
        width *= 2
    return doubled
