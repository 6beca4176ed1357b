"""What is known of the results in each subtree, and how it gets there.

Backup is lazy: results wait in a backlog until somebody reads the sums, and those that wait together climb together.
So a policy that never reads them grows a chain of 100,000 nodes without walking it once. Sums are exact
(`harness.search.exact`), so they depend on which results there were and not on the order they came in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.search.exact import Exact, spread, to_float
from harness.search.worlds import IN_FLIGHT, ROOM, SPREAD, SUM, VISITS, Worlds

NO_PARENT: Final = -1
"""What `Tree.parents` holds for the root."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


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
class Subtrees:
    """Sums over the results in each subtree. N: room for nodes, as in `Tree`.

    Attributes:
        visits: (N,) int64, results, the node's own included.
        in_flight: (N,) int64, pending nodes, itself included.
        bests: (N,) float64, greatest result of a node that worked; -inf if there is none.
        worlds: which nodes stand in equal worlds, and the table of what policies read at once, of nodes and worlds.
    """

    visits: Ints = field(default_factory=lambda: np.zeros(ROOM, np.int64))
    in_flight: Ints = field(default_factory=lambda: np.zeros(ROOM, np.int64))
    bests: Floats = field(default_factory=lambda: np.full(ROOM, -np.inf))
    worlds: Worlds = field(default_factory=Worlds)
    _totals: list[Exact] = field(default_factory=list)
    _squares: list[int] = field(default_factory=list)
    _backlog: list[tuple[int, Change]] = field(default_factory=list)
    _newcomers: list[int] = field(default_factory=list)

    def add(self, node: int) -> None:
        """Takes note of a new node, which is pending."""
        self._totals.append(0)
        self._squares.append(0)
        self._backlog.append((node, Change(0, 1, 0, 0, -np.inf)))

    def settle(self, node: int, value: Exact, best: float, state_key: str | None) -> None:
        """Takes note of a pending node's result."""
        self._backlog.append((node, Change(1, -1, value, value * value, best)))
        if state_key is not None:
            self._newcomers += self.worlds.join(node, state_key, value)

    def cancel(self, node: int) -> None:
        """Takes note that a pending node will have no result."""
        self._backlog.append((node, Change(0, -1, 0, 0, -np.inf)))

    def grow(self) -> None:
        """Makes room for twice as many nodes."""
        for name, blank in (("visits", 0), ("in_flight", 0), ("bests", -np.inf)):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.full_like(old, blank)]))
        self.worlds.make_room(len(self.visits))

    def totals(self, node: int) -> tuple[int, Exact, int]:
        """Visits of a node, and the exact sums of results and of their squares."""
        return self.visits.item(node), self._totals[node], self._squares[node]

    @property
    def table(self) -> Floats:
        """(N, 4) float64, of each node's subtree; columns as in `Worlds.table`."""
        return self.worlds.table[: len(self.visits)]

    def up_to_date(self, parents: Ints) -> Subtrees:
        """Itself, after what waits has climbed to the root: greatest numbers first, joining where paths meet."""
        if not self._backlog:
            return self
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
            parent = parents.item(node)
            if parent == NO_PARENT:
                break
            met = waiting.get(parent)
            if met is None:
                heappush(heap, -parent)
                waiting[parent] = change
            else:
                waiting[parent] = met.and_also(change)
        newcomers, self._newcomers = sorted(self._newcomers), []
        for node in newcomers:
            self._admit(node, parents)
        return self

    def _apply(self, node: int, change: Change) -> None:
        visits, in_flight, total, squares, best = change
        row = self.worlds.table[node]
        if in_flight:
            self.in_flight[node] += in_flight
            row[IN_FLIGHT] += in_flight
        if visits:
            self.visits[node] += visits
            self._totals[node] += total
            self._squares[node] += squares
            num, total_, squares_ = self.totals(node)
            row[VISITS], row[SUM], row[SPREAD] = num, to_float(total_), spread(num, total_, squares_)
            if best > self.bests[node]:
                self.bests[node] = best
        self.worlds.apply(node, visits, in_flight, total, squares)

    def _admit(self, node: int, parents: Ints) -> None:
        """Counts the subtree of a node that joined a world towards it, unless that of an equal ancestor holds it."""
        world = self.worlds.index(node)
        if any(self.worlds.index(above) == world for above in _above(node, parents)):
            return
        if self.visits[node] + self.in_flight[node] > 1:
            for other in self.worlds.heads_of(node):
                if node in _above(other, parents):
                    self.worlds.remove_head(other, self._subtree(other))
        self.worlds.add_head(node, self._subtree(node))

    def _subtree(self, node: int) -> tuple[int, int, Exact, int]:
        return self.visits.item(node), self.in_flight.item(node), self._totals[node], self._squares[node]


def _above(node: int, parents: Ints) -> Iterator[int]:
    """The ancestors of a node, from its parent to the root."""
    while (node := parents.item(node)) != NO_PARENT:
        yield node
