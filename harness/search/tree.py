"""The search tree as a struct of arrays.

Owns the counts and values of nodes and their backup to the root; knows nothing of programs, models or policies. Nodes
are numbered in the order they were asked for, so a parent's number is always below its children's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

ROOT: Final = 0
"""The node every other one descends from."""

NO_PARENT: Final = -1
"""What `parents` holds for the root."""

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


def _ints() -> Ints:
    return np.zeros(64, np.int64)


def _floats() -> Floats:
    return np.zeros(64, np.float64)


@dataclass(slots=True)
class Tree:
    """Counts and values of all nodes. N: room for nodes; only the first `num_nodes` entries mean anything.

    Only `add` and `settle` change it. A node's sums are those of its own result and of its children in the
    order of their numbers, so the tree depends on which results it was given and not on the order they came in.

    Attributes:
        parents: (N,) int64, number of the parent; `NO_PARENT` for the root.
        depths: (N,) int64, steps from the root.
        statuses: (N,) int64, `PENDING`, `WORKED`, `FAILED` or `CANCELLED`.
        values: (N,) float64, a node's own result; 0 while pending.
        visits: (N,) int64, results in the node's subtree, its own included.
        in_flight: (N,) int64, pending nodes in the subtree, itself included: the virtual losses.
        sums: (N,) float64, sum of the results in the subtree.
        bests: (N,) float64, greatest result of a node that worked in the subtree; -inf if there is none.
        num_children: (N,) int64, children of any status.
        num_nodes: how many nodes there are.
    """

    parents: Ints = field(default_factory=_ints)
    depths: Ints = field(default_factory=_ints)
    statuses: Ints = field(default_factory=_ints)
    values: Floats = field(default_factory=_floats)
    visits: Ints = field(default_factory=_ints)
    in_flight: Ints = field(default_factory=_ints)
    sums: Floats = field(default_factory=_floats)
    bests: Floats = field(default_factory=_floats)
    num_children: Ints = field(default_factory=_ints)
    num_nodes: int = 0

    @classmethod
    def planted(cls, root_value: float = 0.0) -> Tree:
        """A tree of nothing but a root that worked."""
        tree = cls()
        tree.add(NO_PARENT)
        tree.settle(ROOT, root_value, worked=True)
        return tree

    def add(self, parent: int) -> int:
        """Adds a pending child and returns its number."""
        if self.num_nodes == len(self.parents):
            self._grow()
        node = self.num_nodes
        self.num_nodes += 1
        self.parents[node] = parent
        self.bests[node] = -np.inf
        if parent != NO_PARENT:
            self.depths[node] = self.depths[parent] + 1
            self.num_children[parent] += 1
        for each in self.path(node):
            self.in_flight[each] += 1
        return node

    def settle(self, node: int, value: float, *, worked: bool) -> None:
        """Records a pending node's result and backs it up to the root.

        Raises:
            ValueError: the node is not pending, or `value` is not finite.
        """
        if self.statuses[node] != PENDING:
            raise ValueError(f"node {node}: expected a pending one, got one that is settled")
        if not np.isfinite(value):
            raise ValueError(f"value of node {node}: expected a finite number, got {value}")
        self.statuses[node] = WORKED if worked else FAILED
        self.values[node] = value
        for each in self.path(node):
            self.visits[each] += 1
            self.in_flight[each] -= 1
            self._refresh(each)

    def cancel(self, node: int) -> None:
        """Takes a pending node's virtual loss back; its result will never come.

        Raises:
            ValueError: the node is not pending.
        """
        if self.statuses[node] != PENDING:
            raise ValueError(f"node {node}: expected a pending one, got one that is settled")
        self.statuses[node] = CANCELLED
        for each in self.path(node):
            self.in_flight[each] -= 1

    def path(self, node: int) -> list[int]:
        """The numbers from `node` up to the root, both included."""
        path = [node]
        while self.parents[path[-1]] != NO_PARENT:
            path.append(int(self.parents[path[-1]]))
        return path

    def children(self, node: int) -> Ints:
        """Numbers of a node's children of any status, ascending."""
        return np.flatnonzero(self.parents[: self.num_nodes] == node)

    def means(self) -> Floats:
        """(num_nodes,) mean result in each subtree; 0 where there is none yet."""
        visits = self.visits[: self.num_nodes]
        return np.where(visits > 0, self.sums[: self.num_nodes] / np.maximum(visits, 1), 0.0)

    def with_status(self, *statuses: int) -> Ints:
        """Numbers of the nodes whose status is one of `statuses`, ascending."""
        return np.flatnonzero(np.isin(self.statuses[: self.num_nodes], statuses))

    def _refresh(self, node: int) -> None:
        children = self.children(node)
        own = self.values[node] if self.statuses[node] in (WORKED, FAILED) else 0.0
        self.sums[node] = own + self.sums[children].sum()
        best = self.values[node] if self.statuses[node] == WORKED else -np.inf
        self.bests[node] = max(best, self.bests[children].max(initial=-np.inf))

    def _grow(self) -> None:
        for name in ("parents", "depths", "statuses", "values", "visits", "in_flight", "sums", "bests", "num_children"):
            array = getattr(self, name)
            setattr(self, name, np.concatenate([array, np.zeros_like(array)]))
