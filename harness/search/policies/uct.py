"""UCT: down the tree by upper confidence bounds of what was backed up."""

from __future__ import annotations

import math
import random
from typing import Final

import numpy as np

from harness.search.config import PolicyConfig
from harness.search.frontier import Frontier
from harness.search.tree import ROOT, Floats, Ints

_FACTOR: Final = 2.0
"""Of progressive widening, if it is not configured; without it the root would get all children."""


def uct_scores(
    value_sums: Floats, visits: Floats, in_flight: Floats, parent_visits: int, exploration_constant: float
) -> Floats:
    """Upper confidence bounds of siblings.

    score = S / n + C * sqrt(ln(N) / n), where n counts a sibling's results and, as losses worth 0, its results in
    flight; S sums results scaled to 0..1; N is the parent's n.

    Source: UCB1, Auer et al., Machine Learning 47 (2002), theorem 1; on trees: Kocsis and Szepesvari, ECML 2006;
    virtual loss: Chaslot et al., Parallel Monte-Carlo Tree Search, CG 2008.

    Args:
        value_sums: (K,) sums of scaled results.
        visits: (K,) results, each at least 1.
        in_flight: (K,) results awaited.
        parent_visits: N, at least 1.
        exploration_constant: C.
    """
    counts = visits + in_flight
    return np.asarray(value_sums / counts + exploration_constant * np.sqrt(math.log(parent_visits) / counts))


def puct_scores(
    value_sums: Floats,
    visits: Floats,
    in_flight: Floats,
    priors: Floats,
    parent_visits: int,
    exploration_constant: float,
) -> Floats:
    """Predictor bounds of siblings: score = S / n + C * P * sqrt(N) / (1 + n), P their priors divided by the sum.

    Letters as in `uct_scores`.

    Source: Rosin, Multi-armed Bandits with Episode Context (2011), in the form of Silver et al., Nature 550 (2017),
    Methods, "Select".

    Args:
        value_sums: (K,) as in `uct_scores`, as are the next two.
        visits: (K,).
        in_flight: (K,).
        priors: (K,) weights of the siblings, with a sum above 0.
        parent_visits: N, at least 1.
        exploration_constant: C.
    """
    counts = visits + in_flight
    bonus = exploration_constant * (priors / priors.sum()) * math.sqrt(parent_visits) / (1 + counts)
    return np.asarray(value_sums / counts + bonus)


class Uct:
    """Goes down from the root by upper confidence bounds of the backed-up means.

    At each node it stops if the node may have another child (progressive widening) or has none that can be continued;
    else it moves to the child of the greatest bound, the oldest on a tie. Results are scaled by the least and the
    greatest in the tree; a child that shares its world is judged by the results of the world.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        frontier.widen_by_default(_FACTOR)
        frontier.follow_children()
        self._frontier = frontier
        self._tree = frontier.tree
        self._constant = config.exploration_constant
        self._uses_priors = config.bound == "puct"

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        del rng
        node = ROOT
        while not self._frontier.is_open(node):
            children = self._frontier.growing_children(node)
            if not children:
                return node
            node = (
                children[int(np.argmax(self._scores(node, np.array(children))))] if len(children) > 1 else children[0]
            )
        return node

    def _scores(self, node: int, children: Ints) -> Floats:
        tree = self._tree
        visits, in_flight, sums, _ = tree.statistics(children).T
        span = tree.greatest - tree.least
        scaled = np.asarray((sums - tree.least * visits) / span if span > 0 else 0.5 * visits, np.float64)
        parent_visits = tree.seen(node)
        if self._uses_priors:
            return puct_scores(scaled, visits, in_flight, tree.priors[children], parent_visits, self._constant)
        return uct_scores(scaled, visits, in_flight, parent_visits, self._constant)
