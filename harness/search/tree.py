"""The search tree as a struct of arrays.

Owns the counts and values of nodes and their backup to the root; knows nothing of programs, models or policies. Nodes
are numbered in the order they were asked for, so a parent's number is always below its children's.

Backup is lazy: results wait in a backlog until somebody reads the sums, and those that wait together climb together.
So a policy that never reads them grows a chain of 100,000 nodes without walking it once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.search.exact import Exact, Moments, spread, to_exact, to_float
from harness.search.worlds import ALONE, IN_FLIGHT, ROOM, SPREAD, SUM, VISITS, Worlds

ROOT: Final = 0
"""The node every other one descends from."""

NO_PARENT: Final = -1
"""What `parents` holds for the root."""

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
    "_visits",
    "_in_flight",
)
_FLOATS: Final = ("values", "priors", "_bests", "_table")


def _ints() -> Ints:
    return np.zeros(ROOM, np.int64)


def _floats() -> Floats:
    return np.zeros(ROOM, np.float64)


class Change(NamedTuple):
    """What one or more results add to the sums of every node above them."""

    visits: int
    in_flight: int
    total: Exact
    squares: int
    best: float

    def and_also(self, other: Change) -> Change:
        """Both at once."""
        return Change(
            self.visits + other.visits,
            self.in_flight + other.in_flight,
            self.total + other.total,
            self.squares + other.squares,
            max(self.best, other.best),
        )


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
        worlds: which nodes stand in equal worlds.
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
    worlds: Worlds = field(default_factory=Worlds)
    _visits: Ints = field(default_factory=_ints)
    _in_flight: Ints = field(default_factory=_ints)
    _table: Floats = field(default_factory=lambda: np.zeros((ROOM, 4)))
    _bests: Floats = field(default_factory=_floats)
    _totals: list[Exact] = field(default_factory=list)
    _squares: list[int] = field(default_factory=list)
    _backlog: list[tuple[int, Change]] = field(default_factory=list)
    _newcomers: list[int] = field(default_factory=list)

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
        self._bests[node] = -np.inf
        self._totals.append(0)
        self._squares.append(0)
        if parent != NO_PARENT:
            self.depths[node] = self.depths[parent] + 1
            self._link(parent, node)
        self._backlog.append((node, Change(0, 1, 0, 0, -np.inf)))
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
        self._backlog.append((node, Change(1, -1, exact, exact * exact, value if worked else -np.inf)))
        if state_key is not None:
            self._newcomers += self.worlds.join(node, state_key, exact)

    def cancel(self, node: int) -> None:
        """Takes back what a pending node holds up: its result will never come.

        Raises:
            ValueError: the node is not pending.
        """
        self._expect_pending(node)
        self.statuses[node] = CANCELLED
        self._backlog.append((node, Change(0, -1, 0, 0, -np.inf)))

    @property
    def visits(self) -> Ints:
        """(N,) int64, results in the node's subtree, its own included."""
        self._back_up()
        return self._visits

    @property
    def in_flight(self) -> Ints:
        """(N,) int64, pending nodes in the subtree, itself included: the virtual losses."""
        self._back_up()
        return self._in_flight

    @property
    def sums(self) -> Floats:
        """(N,) float64, sum of the results in the subtree."""
        self._back_up()
        return self._table[:, SUM]

    @property
    def spreads(self) -> Floats:
        """(N,) float64, sum of squared deviations of the results in the subtree from their mean."""
        self._back_up()
        return self._table[:, SPREAD]

    @property
    def bests(self) -> Floats:
        """(N,) float64, greatest result of a node that worked in the subtree; -inf if there is none."""
        self._back_up()
        return self._bests

    def totals(self, node: int) -> tuple[int, Exact, int]:
        """Visits of a node, and the exact sums of results and of their squares in its subtree."""
        self._back_up()
        return int(self._visits[node]), self._totals[node], self._squares[node]

    def statistics(self, nodes: Ints) -> Floats:
        """(K, 4) float64: results, pending nodes, sum and spread below each node, or of the world it shares."""
        self._back_up()
        found = self._table[nodes]
        if self.worlds.any_shared:
            indices = self.worlds.indices[nodes]
            shares = indices != ALONE
            if shares.any():
                found[shares] = self.worlds.table[indices[shares]]
        return found

    def mean(self, node: int) -> float:
        """Mean result in a node's subtree; 0 where there is none yet."""
        visits = int(self.visits[node])
        return self._table.item(node, SUM) / visits if visits else 0.0

    def means(self) -> Floats:
        """(num_nodes,) mean result in each subtree; 0 where there is none yet."""
        visits = self.visits[: self.num_nodes]
        return np.where(visits > 0, self._table[: self.num_nodes, SUM] / np.maximum(visits, 1), 0.0)

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
        self._back_up()
        size = self.num_nodes
        names = ("parents", "statuses", "values", "priors", "_bests", "_table")
        parts = [np.ascontiguousarray(getattr(self, name)[:size]).astype("<f8").tobytes() for name in names]
        representatives = np.array([self.worlds.representative(node) for node in range(size)], "<f8")
        return size.to_bytes(8, "little") + b"".join(parts) + representatives.tobytes()

    def digest(self) -> str:
        """SHA-256 of `to_bytes`, in hexadecimal."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

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

    def _back_up(self) -> None:
        """Lets what waits in the backlog climb to the root, deepest numbers first, joining where paths meet."""
        if not self._backlog:
            return
        waiting: dict[int, Change] = {}
        for node, change in self._backlog:
            met = waiting.get(node)
            waiting[node] = change if met is None else met.and_also(change)
        self._backlog = []
        heap = [-node for node in waiting]
        heapify(heap)
        while heap:
            node = -heappop(heap)
            change = waiting.pop(node)
            self._apply(node, change)
            parent = int(self.parents[node])
            if parent == NO_PARENT:
                break
            met = waiting.get(parent)
            if met is None:
                heappush(heap, -parent)
                waiting[parent] = change
            else:
                waiting[parent] = met.and_also(change)
        self._admit()

    def _apply(self, node: int, change: Change) -> None:
        visits, in_flight, total, squares, best = change
        if in_flight:
            self._in_flight[node] += in_flight
            self._table[node, IN_FLIGHT] += in_flight
        if visits:
            self._visits[node] += visits
            self._totals[node] += total
            self._squares[node] += squares
            num, sum_, squared = self._visits.item(node), self._totals[node], self._squares[node]
            row = self._table[node]
            row[VISITS], row[SUM], row[SPREAD] = num, to_float(sum_), spread(num, sum_, squared)
            if best > self._bests[node]:
                self._bests[node] = best
        self.worlds.apply(node, visits, in_flight, total, squares)

    def _admit(self) -> None:
        """Counts the subtrees of nodes that joined a world towards it, unless an ancestor's holds them already."""
        newcomers, self._newcomers = sorted(self._newcomers), []
        for node in newcomers:
            if self._has_equal_ancestor(node):
                continue
            for other in self.worlds.heads_of(node) if self.num_children[node] else ():
                if node in self.path(other):
                    self.worlds.remove_head(other, self._subtree(other))
            self.worlds.add_head(node, self._subtree(node))

    def _has_equal_ancestor(self, node: int) -> bool:
        world = self.worlds.index(node)
        above = int(self.parents[node])
        while above != NO_PARENT:
            if self.worlds.index(above) == world:
                return True
            above = int(self.parents[above])
        return False

    def _subtree(self, node: int) -> tuple[int, int, Exact, int]:
        return int(self._visits[node]), int(self._in_flight[node]), self._totals[node], self._squares[node]

    def _grow(self) -> None:
        for name in (*_INTS, *_FLOATS):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
        self.worlds.make_room(len(self.parents))
