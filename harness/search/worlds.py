"""Equal worlds: nodes whose states have the same hash share what is known of them.

Two programs may lead to the same world (two that only print, or the same steps in another order). What follows from a
world does not depend on how it came about, so a policy that compares nodes sees, for each, the statistics of its world:

- the *value* of a world is the mean of its nodes' own values;
- its *results* are those in the union of its nodes' subtrees; a result below two of them counts once.

Backup itself goes along the paths of the tree, so there are no cycles to guard against, and what a parent counts as its
children's results is not changed by it.

Source: Childs, Brodeur and Kocsis, Transpositions and Move Groups in Monte Carlo Tree Search (CIG 2008), where moves
are judged by the statistics of the position they lead to and results are backed up along the path taken.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from harness.search.exact import Exact, divided, spread, to_float

ROOM: Final = 64
"""Nodes for which there is room at first, here and in the tree."""

ALONE: Final = -1
"""Index of the world of a node that shares it with none."""

VISITS: Final = 0
"""Columns of tables of results, here and in the tree."""
IN_FLIGHT: Final = 1
SUM: Final = 2
SPREAD: Final = 3

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class World:
    """A world that several nodes stand in.

    Attributes:
        members: their numbers, ascending.
        value_total: sum of their own values.
        heads: those of them that descend from no other; their subtrees make up the results.
        total, squares: sums of the results and of their squares.
    """

    members: list[int]
    value_total: Exact
    heads: list[int] = field(default_factory=list)
    total: Exact = 0
    squares: int = 0

    @property
    def value(self) -> Exact:
        """Mean of the members' own values."""
        return divided(self.value_total, len(self.members))


@dataclass(slots=True)
class Worlds:
    """Which worlds are equal, and the table of results of nodes and worlds. N: room for nodes.

    A world gets a row when a second node joins it. Nodes have the rows from the front, worlds those from the end, so
    that what is known of any number of nodes is taken from one array in one go. There are no more worlds that are
    shared than half the nodes.

    Attributes:
        places: (N,) int64, the row of a node that stands alone, which is its number; else that of its world, counted
            from the end: -1, -2, ..
        table: (N + N // 2, 4) float64, of the results of a node's subtree or a world: how many there are (`VISITS`),
            how many are awaited (`IN_FLIGHT`), their sum (`SUM`), and the sum of their squared deviations from their
            mean (`SPREAD`). Rows of nodes are the tree's to write.
    """

    places: Ints = field(default_factory=lambda: np.arange(ROOM))
    table: Floats = field(default_factory=lambda: np.zeros((ROOM + ROOM // 2, 4)))
    _firsts: dict[str, tuple[int, Exact]] = field(default_factory=dict)
    _shared: dict[str, int] = field(default_factory=dict)
    _rows: list[World] = field(default_factory=list)
    _heads: set[int] = field(default_factory=set)

    def join(self, node: int, state_key: str, value: Exact) -> tuple[int, ...]:
        """Puts a node in the world of that hash; returns the nodes whose subtrees are to be counted towards it."""
        if state_key in self._shared:
            index = self._shared[state_key]
            row = self._rows[index]
            insort(row.members, node)
            row.value_total += value
            self.places[node] = -1 - index
            return (node,)
        if state_key not in self._firsts:
            self._firsts[state_key] = (node, value)
            return ()
        first, first_value = self._firsts.pop(state_key)
        index = self._shared[state_key] = len(self._rows)
        self._rows.append(World(sorted((first, node)), first_value + value))
        self.places[first] = self.places[node] = -1 - index
        return (first, node)

    def index(self, node: int) -> int:
        """The world a node shares with others, or `ALONE`."""
        place = self.places.item(node)
        return ALONE if place >= 0 else -1 - place

    def known(self, nodes: Ints) -> Floats:
        """(K, 4) rows of `table`: of a node's world if it shares one, else its own."""
        return self.table.take(self.places.take(nodes), axis=0)

    def of(self, node: int) -> World | None:
        """The world a node shares with others, or `None`."""
        index = self.index(node)
        return None if index == ALONE else self._rows[index]

    def representative(self, node: int) -> int:
        """The oldest node that stands in the same world."""
        world = self.of(node)
        return node if world is None else world.members[0]

    def apply(self, node: int, visits: int, in_flight: int, total: Exact, squares: int) -> None:
        """Adds to a world what was added to the subtree of a node, if that subtree is counted towards it."""
        if node not in self._heads:
            return
        index = self.index(node)
        row = self._rows[index]
        row.total += total
        row.squares += squares
        known = self.table[-1 - index]
        num = int(known[VISITS]) + visits
        around = spread(num, row.total, row.squares) if num else 0.0
        known[:] = (num, known[IN_FLIGHT] + in_flight, to_float(row.total), around)

    def heads_of(self, node: int) -> tuple[int, ...]:
        """The heads of a node's world."""
        return tuple(self._rows[self.index(node)].heads)

    def add_head(self, node: int, subtree: tuple[int, int, Exact, int]) -> None:
        """Counts a node's subtree towards its world."""
        self._rows[self.index(node)].heads.append(node)
        self._heads.add(node)
        self.apply(node, *subtree)

    def remove_head(self, node: int, subtree: tuple[int, int, Exact, int]) -> None:
        """Counts a node's subtree no longer."""
        visits, in_flight, total, squares = subtree
        self.apply(node, -visits, -in_flight, -total, -squares)
        self._heads.remove(node)
        self._rows[self.index(node)].heads.remove(node)

    def make_room(self, num_nodes: int) -> None:
        """Makes room for so many nodes, more than there was for."""
        before, num_worlds = len(self.places), len(self._rows)
        table = np.zeros((num_nodes + num_nodes // 2, 4))
        table[:before] = self.table[:before]
        table[len(table) - num_worlds :] = self.table[len(self.table) - num_worlds :]
        self.table = table
        self.places = np.concatenate([self.places, np.arange(before, num_nodes)])
