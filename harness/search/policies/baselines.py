"""Policies that learn nothing: what the others are to be compared with."""

from __future__ import annotations

import random
from heapq import heappop, heappush

from harness.search.config import PolicyConfig
from harness.search.frontier import Frontier
from harness.search.sumtree import SumTree
from harness.search.tree import ROOT


class Uniform:
    """Draws any open node with equal chance."""

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        del config
        self._frontier = frontier
        self._watch = frontier.watch(room=True)
        self._counts = SumTree()

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        for node in set(self._watch):
            self._counts[node] = float(self._frontier.is_open(node))
        self._watch.clear()
        total = self._counts.total
        return self._counts.find(rng.random() * total) if total else ROOT


class RootOnly:
    """Always the root: independent programs, the best-of-N baseline. No limit on children holds here."""

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        del frontier, config

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        del rng
        return ROOT


class Latest:
    """Always the newest open node: one growing dialogue, the sequential refinement baseline."""

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        del config
        self._frontier = frontier
        self._watch = frontier.watch(room=True)
        self._newest: list[int] = []

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        del rng
        for node in sorted(set(self._watch)):
            if self._frontier.is_open(node):
                heappush(self._newest, -node)
        self._watch.clear()
        while self._newest and not self._frontier.is_open(-self._newest[0]):
            heappop(self._newest)
        return -self._newest[0] if self._newest else ROOT
