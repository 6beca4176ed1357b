"""Which nodes may be continued: those that worked (or failed, if asked for) and have room for another child.

Room is progressive widening: a node seen N times may have at most `widening_factor * N ** widening_exponent` children
that can grow. Children that failed or were cancelled leave their place to others.
"""

from __future__ import annotations

import math
from array import array
from bisect import insort
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from harness.search.config import PolicyConfig
from harness.search.tree import FAILED, WORKED, Tree


class Profile(NamedTuple):
    """Item or fluid -> amount that a program made, by hand (static) and by machines (dynamic)."""

    static: Mapping[str, float]
    dynamic: Mapping[str, float]


def max_children(visits: int, factor: float, exponent: float) -> float:
    """How many children a node may have after `visits` visits: floor(factor * visits ** exponent), at least 1.

    Source: progressive widening, Couetoux et al., Continuous Upper Confidence Trees, LION 5 (2011), section 3.
    """
    if math.isinf(factor):
        return math.inf
    return max(1, math.floor(factor * math.pow(visits, exponent) + 1e-9))


class Frontier:
    """The nodes of a tree that may be continued, and what changed about them since a policy last looked.

    Attributes:
        tree: the tree; policies read it.
        profiles: node -> what its program made, for those that were told.
    """

    def __init__(self, tree: Tree, config: PolicyConfig) -> None:
        self.tree = tree
        self.profiles: dict[int, Profile] = {}
        self._failed_parents = config.failed_parents
        self._factor = math.inf if config.widening_factor is None else config.widening_factor
        self._factor_is_set = config.widening_factor is not None
        self._exponent = config.widening_exponent
        self._num_growing = [0]
        self._watches: list[list[int]] = []
        self._room_watches: list[list[int]] = []
        self._growing: dict[int, array[int]] | None = None

    def widen_by_default(self, factor: float) -> None:
        """Limits children by `factor` unless the configuration says otherwise."""
        if not self._factor_is_set:
            self._factor = factor

    def watch(self, *, room: bool) -> list[int]:
        """A list to which the numbers of nodes are appended that were told or cancelled; the caller empties it.

        Args:
            room: whether those are wanted too that may have found or lost room for another child.
        """
        watch = list(range(self.tree.num_nodes))
        self._watches.append(watch)
        if room:
            self._room_watches.append(watch)
        return watch

    def follow_children(self) -> None:
        """Keeps what `growing_children` tells, from now on; the tree must hold nothing but its root."""
        self._growing = {}

    def may_continue(self, node: int) -> bool:
        """Whether a node's program ended so that it can be a parent."""
        status = self.tree.statuses.item(node)
        return bool(status == WORKED or (self._failed_parents and status == FAILED))

    def has_room(self, node: int) -> bool:
        """Whether progressive widening allows a node another child."""
        if math.isinf(self._factor):
            return True
        seen = self.tree.seen(node)
        return self._num_growing[node] < max_children(seen, self._factor, self._exponent)

    def is_open(self, node: int) -> bool:
        """Whether a node may be continued now."""
        return self.may_continue(node) and self.has_room(node)

    def growing_children(self, node: int) -> Sequence[int]:
        """Numbers of a node's children that may be continued, ascending; read only. See `follow_children`."""
        assert self._growing is not None, "growing_children: expected follow_children to have been called"
        return self._growing.get(node, ())

    def asked(self, node: int) -> None:
        """Takes note of a new pending node."""
        self._num_growing.append(0)
        parent = int(self.tree.parents[node])
        self._num_growing[parent] += 1
        self._notify(parent)

    def ended(self, node: int) -> None:
        """Takes note of a node that was told or cancelled."""
        parent = int(self.tree.parents[node])
        if not self.may_continue(node):
            self._num_growing[parent] -= 1
        elif self._growing is not None:
            insort(self._growing.setdefault(parent, array("q")), node)
        for watch in self._watches:
            watch.append(node)
        self._notify(parent)

    def _notify(self, parent: int) -> None:
        """Room depends on the visits of every node above the one that changed; without a limit it never changes."""
        if self._room_watches and not math.isinf(self._factor):
            path = self.tree.path(parent)
            for watch in self._room_watches:
                watch += path
