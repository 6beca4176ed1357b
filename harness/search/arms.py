"""What policies that draw by reward draw from: worlds, each with the mean value of its nodes.

Nodes in equal worlds are one arm, named by the oldest of them; so the many programs that change nothing do not win by
their number. Which of an arm's nodes is continued is drawn evenly from those that are open.
"""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from collections.abc import Iterator

from harness.search.exact import Exact, Moments, to_exact, to_float
from harness.search.frontier import Frontier
from harness.search.tree import ROOT


class Arms:
    """The arms that can be drawn now; call `changes` before anything else is read.

    Attributes:
        moments: of their values.
    """

    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier
        self._watch = frontier.watch(room=True)
        self._values: dict[int, Exact] = {}
        self._open: dict[int, list[int]] = {}
        self.moments = Moments()

    def __len__(self) -> int:
        return len(self._values)

    def changes(self) -> Iterator[tuple[int, float | None]]:
        """The arms that changed since the last call, each with its value, `None` if it cannot be drawn any more."""
        nodes = sorted(set(self._watch))
        self._watch.clear()
        for node in nodes:
            if self._frontier.may_continue(node):
                yield from self._refreshed(node)

    def node(self, arm: int, rng: random.Random) -> int:
        """One of the open nodes of an arm."""
        members = self._open.get(arm)
        return arm if members is None else rng.choice(members)

    def fallback(self) -> int:
        """The node to continue when none has room, which only results still awaited can bring about."""
        return ROOT

    def _refreshed(self, node: int) -> Iterator[tuple[int, float | None]]:
        tree = self._frontier.tree
        world = tree.worlds.of(node)
        if world is None:
            is_open = self._frontier.has_room(node)
            yield from self._set(node, to_exact(float(tree.values[node])) if is_open else None)
            return
        arm = world.members[0]
        members = self._open.get(arm)
        if members is None:
            # Several nodes may have joined since the last look, so the name it had can be that of any but the oldest.
            for former in world.members[1:]:
                yield from self._set(former, None)
                self._open.pop(former, None)
            members = self._open[arm] = [each for each in world.members if self._frontier.is_open(each)]
        else:
            self._place(members, node)
        yield from self._set(arm, world.value if members else None)

    def _place(self, members: list[int], node: int) -> None:
        index = bisect_left(members, node)
        is_in = index < len(members) and members[index] == node
        if self._frontier.has_room(node):
            if not is_in:
                insort(members, node)
        elif is_in:
            del members[index]

    def _set(self, arm: int, value: Exact | None) -> Iterator[tuple[int, float | None]]:
        former = self._values.get(arm)
        if former == value:
            return
        if former is not None:
            self.moments.remove(former)
            del self._values[arm]
        if value is not None:
            self.moments.add(value)
            self._values[arm] = value
        yield arm, None if value is None else to_float(value)
