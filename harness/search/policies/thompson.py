"""Adaptive branching: Thompson sampling decides at each node between a new child and going deeper."""

from __future__ import annotations

import math
import random
from typing import Final, NamedTuple, TypeVar

import numpy as np

from harness.search.config import PolicyConfig
from harness.search.exact import Exact, spread, to_exact, to_float
from harness.search.frontier import Frontier
from harness.search.subtrees import NO_PARENT
from harness.search.tree import FAILED, ROOT, WORKED, Floats, Ints

TURN: Final = 2 * math.pi

_FACTOR: Final = 4.0
"""Of progressive widening, if it is not configured: it bounds the draws at a node, and binds only from 16 visits on."""

_FEW: Final = 16
"""Children up to which numbers are drawn one by one: arrays cost more than they save."""


_COSINES: Final = np.cos(TURN * (np.arange(2**16) + 0.5) / 2**16)
"""Of 65,536 angles at equal distances: looked up in less than half the time it takes to work them out."""

_TINY: Final = 1e-300
"""Changes no count but 0, by which it makes division possible."""

Numbers = TypeVar("Numbers", float, Floats)
"""One number, or as many as there are nodes to compare: the formulas are the same."""


class Prior(NamedTuple):
    """A normal-inverse-gamma prior of a mean.

    Attributes:
        centre: m.
        weight: kappa, how many results the centre is worth.
        freedom: nu, degrees of freedom, how many results the variance is worth.
        variance: tau squared, the scale of the variance.
    """

    centre: float
    weight: float
    freedom: float
    variance: float


def sample_mean(
    num: Numbers, total: Numbers, squares: Numbers, prior: Prior, radius: Numbers, cosine: Numbers
) -> Numbers:
    """A draw from the posterior of a mean, after results with known sums.

    The posterior: kappa' = kappa + n; nu' = nu + n; m' = (kappa m + n x) / kappa';
    nu' tau'^2 = nu tau^2 + D + kappa n (x - m)^2 / kappa'.
    The draw: m' + sqrt(tau'^2 / kappa') * t, where t = sqrt(nu' * (u^(-2 / nu') - 1)) * cos(2 pi v) is Student's with
    nu' degrees of freedom for uniform u in (0, 1] and v in [0, 1).

    Source: Murphy, Probabilistic Machine Learning: Advanced Topics (2023), section 3.4.3.3; used for adaptive
    branching by Inoue et al., arXiv 2503.04412 (2025), AB-MCTS-A with Gaussian scores. Bailey, Polar Generation of
    Random Variates with the t-Distribution, Mathematics of Computation 62 (1994).

    Args:
        num: n, how many results.
        total: n x, their sum.
        squares: D, their sum of squared deviations.
        prior: m, kappa, nu and tau squared.
        radius: u.
        cosine: cos(2 pi v).
    """
    centre, kappa, freedom, variance = prior
    count, degrees = kappa + num, freedom + num
    gap = total - num * centre  # n (x - m)
    shift = gap / count  # m' - m
    # kappa n (x - m)^2 / kappa' = kappa gap shift / n, and 0 if n is
    scaled = squares + freedom * variance + gap * shift * kappa / (num + _TINY)
    # (tau'^2 / kappa') * nu' * (...): nu' cancels
    reach = (scaled / count * (radius ** (-2 / degrees) - 1)) ** 0.5
    drawn: Numbers = shift + centre + reach * cosine
    return drawn


def draws(rng: random.Random, num: int) -> tuple[Floats, Floats]:
    """(num,) numbers u drawn evenly from (0, 1], and (num,) cosines of angles drawn evenly from `_COSINES`."""
    drawn = rng.randbytes(6 * num)
    radii = np.frombuffer(drawn, "<u4", num) + 1.0
    return radii * 2.0**-32, _COSINES.take(np.frombuffer(drawn, "<u2", num, offset=4 * num))


class Thompson:
    """AB-MCTS-A with Gaussian scores: at each node, from the root on, two draws decide.

    One is of the mean of a *new child*, from the results of the children asked for here (failed ones included); the
    other of *going deeper*, from the results below those children. If the new child's is the greater the node is
    continued; else draws for each child that may grow, from the results of its subtree (or of its world), say which
    one is entered, and the same is done there. A node without such children is continued.

    The prior is on the scale of all results, standardised by their mean and deviation. Needs no virtual loss: draws
    are independent already.

    Source: Inoue et al., Wider or Deeper? Scaling LLM Inference-Time Compute with Adaptive Branching Tree Search, arXiv
    2503.04412 (2025), section 3 and its published code. Beyond it, progressive widening bounds the children of a node;
    `widening_factor` infinity takes the bound away.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        frontier.widen_by_default(_FACTOR)
        frontier.follow_children()
        self._frontier = frontier
        self._tree = frontier.tree
        self._standard_prior = Prior(config.prior_mean, config.prior_count, config.prior_freedom, config.prior_variance)
        self._prior = self._standard_prior
        self._watch = frontier.watch(room=False)
        self._born: list[tuple[int, Exact, int]] = []
        self._seen: set[int] = set()

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        self._update()
        results = self._tree.results
        deviation = results.deviation
        centre, weight, freedom, variance = self._standard_prior
        self._prior = Prior(results.mean + centre * deviation, weight, freedom, variance * deviation**2)
        node = ROOT
        while True:
            children = self._frontier.growing_children(node)
            if not children or (self._frontier.has_room(node) and self._prefers_new(node, rng)):
                return node
            best_of = self._best_of_few if len(children) <= _FEW else self._best_of_many
            node = children[best_of(np.array(children), rng) if len(children) > 1 else 0]

    def _update(self) -> None:
        """Adds new results to the sums of the children of each node."""
        tree = self._tree
        self._born += [(0, 0, 0)] * (tree.num_nodes - len(self._born))
        for node in self._watch:
            parent = int(tree.parents[node])
            if node not in self._seen and self._was_told(node) and parent != NO_PARENT:
                self._seen.add(node)
                exact = to_exact(float(tree.values[node]))
                count, total, squares = self._born[parent]
                self._born[parent] = (count + 1, total + exact, squares + exact * exact)
        self._watch.clear()

    def _was_told(self, node: int) -> bool:
        return self._tree.statuses[node] in (WORKED, FAILED)

    def _prefers_new(self, node: int, rng: random.Random) -> bool:
        count, total, squares = self._tree.totals(node)
        own = to_exact(float(self._tree.values[node]))
        born, born_total, born_squares = self._born[node]
        new = self._draw(born, born_total, born_squares, rng)
        below = (count - 1 - born, total - own - born_total, squares - own * own - born_squares)
        return new >= self._draw(*below, rng)

    def _draw(self, count: int, total: Exact, squares: int, rng: random.Random) -> float:
        """A draw of the mean of results with these sums."""
        around = spread(count, total, squares) if count else 0.0
        radius, cosine = 1 - rng.random(), math.cos(TURN * rng.random())
        return sample_mean(float(count), to_float(total), around, self._prior, radius, cosine)

    def _best_of_few(self, children: Ints, rng: random.Random) -> int:
        """The place of the child whose subtree's mean is drawn the greatest, drawn one by one."""
        best, greatest = 0, -math.inf
        for place, (visits, _, total, squares) in enumerate(self._tree.statistics(children).tolist()):
            radius, cosine = 1 - rng.random(), math.cos(TURN * rng.random())
            drawn = sample_mean(visits, total, squares, self._prior, radius, cosine)
            if drawn > greatest:
                best, greatest = place, drawn
        return best

    def _best_of_many(self, children: Ints, rng: random.Random) -> int:
        """The same, drawn all at once."""
        visits, _, totals, squares = self._tree.statistics(children).T
        return int(sample_mean(visits, totals, squares, self._prior, *draws(rng, len(children))).argmax())
