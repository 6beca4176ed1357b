"""The search tree as a struct of arrays.

Owns the shape of the tree and the nodes' own results, and shows what is known of each subtree (`subtrees`); knows
nothing of programs, models or policies. Nodes are numbered in the order they were asked for, so a parent's number is
always below its children's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from harness.search.exact import Exact, Moments, to_exact
from harness.search.subtrees import NO_PARENT, Subtrees
from harness.search.worlds import ROOM, SPREAD, SUM, VISITS, Worlds

ROOT: Final = 0
"""The node every other one descends from."""

NO_NODE: Final = -1
"""What `first_children`, `last_children` and `next_siblings` hold where there is none."""

PENDING: Final = 0
"""Status of a node whose result is awaited."""

WORKED: Final = 1
"""Status of a node whose program worked."""

FAILED: Final = 2
"""Status of a node whose program failed."""

CANCELLED: Final = 3
"""Status of a node whose result will never come."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_INTS: Final = (
    "parents",
    "depths",
    "statuses",
    "num_children",
    "first_children",
    "last_children",
    "next_siblings",
)
_FLOATS: Final = ("values", "priors")


def _ints() -> Ints:
    return np.zeros(ROOM, np.int64)


def _floats() -> Floats:
    return np.zeros(ROOM, np.float64)


@dataclass(slots=True)
class Tree:
    """Counts and values of all nodes. N: room for nodes; only the first `num_nodes` entries mean anything.

    Only `add`, `settle` and `cancel` change it. Sums are exact (`harness.search.exact`), so the tree depends on which
    results it was given and not on the order they came in.

    Attributes:
        parents: (N,) int64, number of the parent; `NO_PARENT` for the root.
        depths: (N,) int64, steps from the root.
        statuses: (N,) int64, `PENDING`, `WORKED`, `FAILED` or `CANCELLED`.
        num_children: (N,) int64, children of any status.
        first_children, last_children: (N,) int64, oldest and newest child, or `NO_NODE`.
        next_siblings: (N,) int64, the next newer child of the same parent, or `NO_NODE`.
        values: (N,) float64, a node's own result; 0 while there is none.
        priors: (N,) float64, weight of a node among its siblings before it was tried, as it was told.
        num_nodes: how many nodes there are.
        results: moments of all results told.
        least, greatest: range of all results told.
    """

    parents: Ints = field(default_factory=_ints)
    depths: Ints = field(default_factory=_ints)
    statuses: Ints = field(default_factory=_ints)
    num_children: Ints = field(default_factory=_ints)
    first_children: Ints = field(default_factory=_ints)
    last_children: Ints = field(default_factory=_ints)
    next_siblings: Ints = field(default_factory=_ints)
    values: Floats = field(default_factory=_floats)
    priors: Floats = field(default_factory=_floats)
    num_nodes: int = 0
    results: Moments = field(default_factory=Moments)
    least: float = np.inf
    greatest: float = -np.inf
    _subtrees: Subtrees = field(default_factory=Subtrees)

    @classmethod
    def planted(cls, root_value: float = 0.0, state_key: str | None = None) -> Tree:
        """A tree of nothing but a root that worked."""
        tree = cls()
        tree.add(NO_PARENT)
        tree.settle(ROOT, root_value, worked=True, state_key=state_key)
        return tree

    def add(self, parent: int) -> int:
        """Adds a pending child and returns its number."""
        if self.num_nodes == len(self.parents):
            self._grow()
        node = self.num_nodes
        self.num_nodes += 1
        self.parents[node] = parent
        self.first_children[node] = self.last_children[node] = self.next_siblings[node] = NO_NODE
        self.priors[node] = 1.0
        if parent != NO_PARENT:
            self.depths[node] = self.depths[parent] + 1
            self._link(parent, node)
        self._subtrees.add(node)
        return node

    def settle(
        self, node: int, value: float, *, worked: bool, state_key: str | None = None, prior: float = 1.0
    ) -> None:
        """Records a pending node's result.

        Args:
            node: its number.
            value: its result.
            worked: whether its program did.
            state_key: hash of the world after it, if it may share what is known of equal worlds.
            prior: its weight among its siblings.

        Raises:
            ValueError: the node is not pending, or `value` is not a number (see `to_exact`).
        """
        self._expect_pending(node)
        try:
            exact = to_exact(value)
        except ValueError as error:
            raise ValueError(f"value of node {node}: {error}") from None
        self.statuses[node] = WORKED if worked else FAILED
        self.values[node] = value
        self.priors[node] = prior
        self.results.add(exact)
        self.least, self.greatest = min(self.least, value), max(self.greatest, value)
        self._subtrees.settle(node, exact, value if worked else -np.inf, state_key)

    def cancel(self, node: int) -> None:
        """Takes back what a pending node holds up: its result will never come.

        Raises:
            ValueError: the node is not pending.
        """
        self._expect_pending(node)
        self.statuses[node] = CANCELLED
        self._subtrees.cancel(node)

    @property
    def visits(self) -> Ints:
        """(N,) int64, results in the node's subtree, its own included."""
        return self._known.visits

    @property
    def in_flight(self) -> Ints:
        """(N,) int64, pending nodes in the subtree, itself included: the virtual losses."""
        return self._known.in_flight

    @property
    def sums(self) -> Floats:
        """(N,) float64, sum of the results in the subtree."""
        return self._known.table[:, SUM]

    @property
    def spreads(self) -> Floats:
        """(N,) float64, sum of squared deviations of the results in the subtree from their mean."""
        return self._known.table[:, SPREAD]

    @property
    def bests(self) -> Floats:
        """(N,) float64, greatest result of a node that worked in the subtree; -inf if there is none."""
        return self._known.bests

    @property
    def worlds(self) -> Worlds:
        """Which nodes stand in equal worlds."""
        return self._subtrees.worlds

    def seen(self, node: int) -> int:
        """Results and pending nodes in a node's subtree."""
        known = self._known
        return known.visits.item(node) + known.in_flight.item(node)

    def totals(self, node: int) -> tuple[int, Exact, int]:
        """Visits of a node, and the exact sums of results and of their squares in its subtree."""
        return self._known.totals(node)

    def statistics(self, nodes: Ints) -> Floats:
        """(K, 4) float64: results, pending nodes, sum and spread below each node, or of the world it shares."""
        return self._known.worlds.known(nodes)

    def mean(self, node: int) -> float:
        """Mean result in a node's subtree; 0 where there is none yet."""
        table = self._known.table
        visits = table.item(node, VISITS)
        return table.item(node, SUM) / visits if visits else 0.0

    def means(self) -> Floats:
        """(num_nodes,) mean result in each subtree; 0 where there is none yet."""
        visits = self.visits[: self.num_nodes]
        return np.where(visits > 0, self.sums[: self.num_nodes] / np.maximum(visits, 1), 0.0)

    def path(self, node: int) -> list[int]:
        """The numbers from `node` up to the root, both included."""
        path = [node]
        while (parent := int(self.parents[path[-1]])) != NO_PARENT:
            path.append(parent)
        return path

    def children(self, node: int) -> Ints:
        """Numbers of a node's children of any status, ascending."""
        listed = []
        child = self.first_children.item(node)
        while child != NO_NODE:
            listed.append(child)
            child = self.next_siblings.item(child)
        return np.array(listed, np.int64)

    def with_status(self, *statuses: int) -> Ints:
        """Numbers of the nodes whose status is one of `statuses`, ascending."""
        return np.flatnonzero(np.isin(self.statuses[: self.num_nodes], statuses))

    def to_bytes(self) -> bytes:
        """Everything that is known of the nodes, in one canonical form: equal trees have equal bytes."""
        size = self.num_nodes
        arrays = (self.parents, self.statuses, self.values, self.priors, self.bests, self._known.table)
        parts = [array[:size].astype("<f8").tobytes() for array in arrays]
        representatives = np.array([self.worlds.representative(node) for node in range(size)], "<f8")
        return size.to_bytes(8, "little") + b"".join(parts) + representatives.tobytes()

    def digest(self) -> str:
        """SHA-256 of `to_bytes`, in hexadecimal."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def _known(self) -> Subtrees:
        """What is known of subtrees, after all results told have been backed up."""
        return self._subtrees.up_to_date(self.parents)

    def _expect_pending(self, node: int) -> None:
        if self.statuses[node] != PENDING:
            raise ValueError(f"node {node}: expected a pending one, got one that is settled or cancelled")

    def _link(self, parent: int, node: int) -> None:
        newest = self.last_children[parent]
        if newest == NO_NODE:
            self.first_children[parent] = node
        else:
            self.next_siblings[newest] = node
        self.last_children[parent] = node
        self.num_children[parent] += 1

    def _grow(self) -> None:
        for name in (*_INTS, *_FLOATS):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
        self._subtrees.grow()
