"""How the next parent is chosen. One Protocol, several plain policies, chosen by name in `POLICIES`.

A policy reads the tree and draws from the generator it is given; it keeps nothing of its own.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from harness.core.errors import ConfigError
from harness.search.tree import FAILED, ROOT, WORKED, Floats, Ints, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyConfig:
    """What policies can be told; each reads what concerns it."""

    temperature: float = 1.0
    """Of `softmax`, in standard deviations of the values; near 0 is greedy, infinity uniform."""

    exploration_constant: float = 1.41
    """Of `uct`: weight of the confidence bound against the mean, which lies in 0..1."""

    widening_factor: float = 2.0
    """Of `uct`: a node visited N times may have `widening_factor * N ** widening_exponent` children."""

    widening_exponent: float = 0.5
    """Of `uct`; see `widening_factor`."""

    failed_parents: bool = False
    """Whether failed nodes may be continued."""

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise ConfigError(f"temperature: expected a number above 0, got {self.temperature}")
        if not self.exploration_constant >= 0:
            raise ConfigError(f"exploration_constant: expected a number of at least 0, got {self.exploration_constant}")
        if not (self.widening_factor > 0 and 0 <= self.widening_exponent <= 1):
            raise ConfigError(
                "progressive widening: expected widening_factor above 0 and widening_exponent in 0..1, got "
                f"{self.widening_factor} and {self.widening_exponent}"
            )


class Policy(Protocol):
    """Chooses which node to continue."""

    def select(self, tree: Tree, candidates: Ints, rng: random.Random) -> int:
        """One of `candidates`, the numbers of the nodes that may be continued, ascending and never empty."""


def softmax_probabilities(values: Floats, temperature: float) -> Floats:
    """Probabilities proportional to exp(z / temperature), z the standardised `values`.

    Standardising first makes the choice independent of the scale and the offset of rewards. If all values are equal
    the probabilities are too.

    Source: Boltzmann exploration, Sutton and Barto, Reinforcement Learning (2018), section 2.8, on z-scores.
    """
    deviation = values.std()
    if deviation <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return np.full(len(values), 1 / len(values))
    scaled = (values - values.mean()) / deviation / temperature
    weights = np.exp(scaled - scaled.max())
    return np.asarray(weights / weights.sum())


def uct_scores(
    value_sums: Floats, visits: Ints, in_flight: Ints, parent_visits: int, exploration_constant: float
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


def max_children(visits: int, factor: float, exponent: float) -> int:
    """How many children a node may have after `visits` results: floor(factor * visits ** exponent), at least 1.

    Source: progressive widening, Couetoux et al., LION 5 (2011), section 3.
    """
    return max(1, math.floor(factor * math.pow(visits, exponent) + 1e-9))


@dataclass(frozen=True, slots=True)
class Softmax:
    """Draws a node by the softmax of its own value. Needs no virtual loss: draws are independent already."""

    config: PolicyConfig

    def select(self, tree: Tree, candidates: Ints, rng: random.Random) -> int:
        """See `Policy`."""
        probabilities = softmax_probabilities(tree.values[candidates], self.config.temperature)
        return int(rng.choices(candidates.tolist(), weights=probabilities.tolist())[0])


@dataclass(frozen=True, slots=True)
class Uct:
    """Goes down from the root by upper confidence bounds of the backed-up means.

    At each node it stops if the node may have another child (progressive widening) or has none that can be continued;
    else it moves to the child of the greatest bound, the oldest on a tie. Results are scaled by the least and the
    greatest in the tree.
    """

    config: PolicyConfig

    def select(self, tree: Tree, candidates: Ints, rng: random.Random) -> int:
        """See `Policy`."""
        del rng
        may_continue = np.zeros(tree.num_nodes, np.bool_)
        may_continue[candidates] = True
        node = ROOT
        while True:
            children = tree.children(node)
            open_children = children[may_continue[children]]
            if len(open_children) == 0 or (may_continue[node] and self._may_widen(tree, node)):
                return node
            node = int(open_children[np.argmax(self._scores(tree, node, open_children))])

    def _may_widen(self, tree: Tree, node: int) -> bool:
        visits = int(tree.visits[node] + tree.in_flight[node])
        limit = max_children(visits, self.config.widening_factor, self.config.widening_exponent)
        return int(tree.num_children[node]) < limit

    def _scores(self, tree: Tree, node: int, children: Ints) -> Floats:
        results = tree.values[: tree.num_nodes][tree.visits[: tree.num_nodes] > 0]
        least, span = float(results.min()), float(np.ptp(results))
        sums, visits = tree.sums[children], tree.visits[children]
        scaled = np.asarray((sums - least * visits) / span if span > 0 else 0.5 * visits, np.float64)
        parent_visits = int(tree.visits[node] + tree.in_flight[node])
        return uct_scores(scaled, visits, tree.in_flight[children], parent_visits, self.config.exploration_constant)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Draws any node with equal chance."""

    config: PolicyConfig

    def select(self, tree: Tree, candidates: Ints, rng: random.Random) -> int:
        """See `Policy`."""
        del tree
        return int(rng.choice(candidates.tolist()))


@dataclass(frozen=True, slots=True)
class RootOnly:
    """Always the root: independent programs, the best-of-N baseline."""

    config: PolicyConfig

    def select(self, tree: Tree, candidates: Ints, rng: random.Random) -> int:
        """See `Policy`."""
        del tree, candidates, rng
        return ROOT


@dataclass(frozen=True, slots=True)
class Latest:
    """Always the newest node that can be continued: one growing dialogue, the sequential refinement baseline."""

    config: PolicyConfig

    def select(self, tree: Tree, candidates: Ints, rng: random.Random) -> int:
        """See `Policy`."""
        del tree, rng
        return int(candidates[-1])


POLICIES: Final[Mapping[str, Callable[[PolicyConfig], Policy]]] = {
    "softmax": Softmax,
    "uct": Uct,
    "uniform": Uniform,
    "root": RootOnly,
    "latest": Latest,
}
"""Every policy by the name configurations use."""


def make_policy(name: str, config: PolicyConfig | None = None) -> Policy:
    """The policy called `name`.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in POLICIES:
        raise ConfigError(f"policy: expected one of {', '.join(POLICIES)}, got {name!r}")
    return POLICIES[name](config or PolicyConfig())


def continuable(tree: Tree, *, failed_parents: bool) -> Ints:
    """Numbers of the nodes that may be continued: those that worked and, if asked for, those that failed."""
    if failed_parents:
        return tree.with_status(WORKED, FAILED)
    return tree.with_status(WORKED)
