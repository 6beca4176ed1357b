"""Adaptive branching: Thompson sampling decides at each node between a new child and going deeper."""

from __future__ import annotations

import math
import random
from typing import Final, Generic, NamedTuple, TypeVar

import numpy as np

from harness.search.config import PolicyConfig
from harness.search.exact import Exact, spread, to_exact, to_float
from harness.search.frontier import Frontier
from harness.search.tree import FAILED, NO_PARENT, ROOT, WORKED, Floats, Ints

_FACTOR: Final = 4.0
"""Of progressive widening, if it is not configured: it bounds the draws at a node, and binds only from 16 visits on."""

_FEW: Final = 16
"""Children up to which numbers are drawn one by one: arrays cost more than they save."""


Numbers = TypeVar("Numbers", float, Floats)
"""One number, or as many as there are nodes to compare: the formulas are the same."""


class Posterior(NamedTuple, Generic[Numbers]):
    """Normal-inverse-gamma posterior of a mean.

    Attributes:
        centre: m.
        strength: kappa, how many results the centre is worth.
        freedom: nu, degrees of freedom.
        variance: tau squared, the scale of the variance.
    """

    centre: Numbers
    strength: Numbers
    freedom: Numbers
    variance: Numbers


def posterior(num: Numbers, mean: Numbers, squares: Numbers, config: PolicyConfig) -> Posterior[Numbers]:
    """The posterior after results with known sums, from the configured prior (m, kappa, nu, tau squared).

    kappa' = kappa + n; nu' = nu + n; m' = (kappa m + n x) / kappa';
    nu' tau'^2 = nu tau^2 + D + kappa n (x - m)^2 / kappa'.

    Source: Murphy, Probabilistic Machine Learning: Advanced Topics (2023), section 3.4.3.3; used for adaptive
    branching by Inoue et al., arXiv 2503.04412 (2025), AB-MCTS-A with Gaussian scores.

    Args:
        num: n, how many results.
        mean: x, their mean; any number where n is 0.
        squares: D, their sum of squared deviations.
        config: holds the prior.
    """
    strength, freedom = config.prior_count + num, config.prior_freedom + num
    centre = (config.prior_count * config.prior_mean + num * mean) / strength
    off = config.prior_count * num * (mean - config.prior_mean) ** 2 / strength
    variance = (config.prior_freedom * config.prior_variance + squares + off) / freedom
    return Posterior(centre, strength, freedom, variance)


def sample_mean(of: Posterior[Numbers], radius: Numbers, cosine: Numbers) -> Numbers:
    """A draw of the mean: m + sqrt(tau^2 / kappa) * t, t Student's with nu degrees of freedom.

    t = sqrt(nu * (u^(-2/nu) - 1)) * cos(2 pi v) for uniform u in (0, 1] and v in [0, 1).

    Source: marginal of the normal-inverse-gamma, Murphy (2023), as above; Bailey, Polar Generation of Random Variates
    with the t-Distribution, Mathematics of Computation 62 (1994).

    Args:
        of: the posterior.
        radius: u.
        cosine: cos(2 pi v).
    """
    student: Numbers = (of.freedom * (radius ** (-2 / of.freedom) - 1)) ** 0.5 * cosine
    drawn: Numbers = of.centre + (of.variance / of.strength) ** 0.5 * student
    return drawn


def uniforms(rng: random.Random, num: int) -> Floats:
    """(num,) numbers drawn evenly from [0, 1), multiples of 2**-53."""
    return np.asarray((np.frombuffer(rng.randbytes(8 * num), "<u8") >> np.uint64(11)) * 2.0**-53)


class Thompson:
    """AB-MCTS-A with Gaussian scores: at each node, from the root on, two draws decide.

    One is of the mean of a *new child*, from the results of the children asked for here (failed ones included); the
    other of *going deeper*, from the results below those children. If the new child's is the greater the node is
    continued; else draws for each child that may grow, from the results of its subtree (or of its world), say which
    one is entered, and the same is done there. A node without such children is continued.

    Results are standardised by the mean and the deviation of all results; the prior is on that scale. Needs no virtual
    loss: draws are independent already.

    Source: Inoue et al., Wider or Deeper? Scaling LLM Inference-Time Compute with Adaptive Branching Tree Search, arXiv
    2503.04412 (2025), section 3 and its published code. Beyond it, progressive widening bounds the children of a node;
    `widening_factor` infinity takes the bound away.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        frontier.widen_by_default(_FACTOR)
        self._frontier = frontier
        self._tree = frontier.tree
        self._config = config
        self._watch = frontier.watch()
        self._born: list[tuple[int, Exact, int]] = []
        self._seen: set[int] = set()
        self._scale = (0.0, 0.0)

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        self._update()
        results = self._tree.results
        deviation = results.deviation
        self._scale = results.mean, 1 / deviation if deviation > 0 else 0.0
        node = ROOT
        while True:
            children = self._frontier.growing_children(node)
            if len(children) == 0:
                return node
            if self._frontier.has_room(node) and self._prefers_new(node, rng):
                return node
            node = self._deeper(children, rng) if len(children) > 1 else int(children[0])

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
        """A draw of the mean of results with these sums, on the standardised scale."""
        centre, scale = self._scale
        mean = (to_float(total) / count - centre) * scale if count else 0.0
        around = spread(count, total, squares) * scale**2 if count else 0.0
        after = posterior(float(count), mean, around, self._config)
        return sample_mean(after, 1 - rng.random(), math.cos(2 * math.pi * rng.random()))

    def _deeper(self, children: Ints, rng: random.Random) -> int:
        """The child whose subtree's mean is drawn the greatest."""
        if len(children) <= _FEW:
            draws = [self._draw(*self._shared_totals(child), rng) for child in children.tolist()]
            return int(children[draws.index(max(draws))])
        visits, _, sums, spreads = self._tree.statistics(children)
        centre, scale = self._scale
        means = (sums / visits - centre) * scale
        after = posterior(visits.astype(np.float64), means, spreads * scale**2, self._config)
        radii, turns = uniforms(rng, 2 * len(children)).reshape(2, -1)
        return int(children[np.argmax(sample_mean(after, 1 - radii, np.asarray(np.cos(2 * math.pi * turns))))])

    def _shared_totals(self, node: int) -> tuple[int, Exact, int]:
        of_node = self._tree.totals(node)
        index = self._tree.worlds.index(node)
        world = self._tree.worlds.of(node)
        return of_node if world is None else (int(self._tree.worlds.visits[index]), world.total, world.squares)
