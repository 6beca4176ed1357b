"""Beam search: layer by layer, the best few nodes of each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from heapq import nsmallest

from harness.search.config import PolicyConfig
from harness.search.exact import Exact, to_exact
from harness.search.frontier import Frontier
from harness.search.tree import FAILED, WORKED


@dataclass(slots=True)
class Layer:
    """The nodes of one depth.

    Attributes:
        num_told: those that were told.
        growing: those that may be continued.
        beam: the best of them, best first; `None` if it must be found anew.
    """

    num_told: int = 0
    growing: list[int] = field(default_factory=list)
    beam: list[int] | None = None


class Beam:
    """The best `beam_width` nodes of the deepest finished layer; of these the one with the fewest children.

    A layer is finished when `beam_width * beam_branching` of its nodes were told and one of them may be continued; the
    root's layer always is. Of nodes in equal worlds a beam holds the oldest. Results awaited count as children, so a
    batch is spread over the beam. If progressive widening leaves none of them room, the beam of the next layer is
    continued, finished or not.

    Source: Lowerre, The HARPY Speech Recognition System (1976); as a search over a model's thoughts: Yao et al., Tree
    of Thoughts, arXiv 2305.10601 (2023), algorithm 1.
    """

    def __init__(self, frontier: Frontier, config: PolicyConfig) -> None:
        self._frontier = frontier
        self._tree = frontier.tree
        self._width = config.beam_width
        self._quota = config.beam_width * config.beam_branching
        self._watch = frontier.watch(room=False)
        self._layers: list[Layer] = []
        self._ended: set[int] = set()

    def select(self, rng: random.Random) -> int:
        """See `Policy`."""
        del rng
        self._update()
        depth = len(self._layers) - 1
        while depth > 0 and not self._is_finished(self._layers[depth]):
            depth -= 1
        first = depth
        while depth < len(self._layers) and self._layers[depth].growing:
            roomy = [node for node in self._beam(self._layers[depth]) if self._frontier.has_room(node)]
            if roomy:
                return min(roomy, key=self._tree.num_children.__getitem__)
            depth += 1
        return min(self._beam(self._layers[first]), key=self._tree.num_children.__getitem__)

    def _is_finished(self, layer: Layer) -> bool:
        return layer.num_told >= self._quota and bool(layer.growing)

    def _beam(self, layer: Layer) -> list[int]:
        if layer.beam is None:
            worlds = self._tree.worlds
            oldest: dict[int, int] = {}
            for node in sorted(layer.growing):
                oldest.setdefault(worlds.representative(node), node)
            layer.beam = nsmallest(self._width, oldest.values(), key=lambda node: (-self._value(node), node))
        return layer.beam

    def _value(self, node: int) -> Exact:
        world = self._tree.worlds.of(node)
        return to_exact(float(self._tree.values[node])) if world is None else world.value

    def _update(self) -> None:
        tree = self._tree
        for node in self._watch:
            if tree.statuses[node] in (WORKED, FAILED) and node not in self._ended:
                self._ended.add(node)
                self._take(node)
        self._watch.clear()

    def _take(self, node: int) -> None:
        """Enters a node that was told."""
        depth = int(self._tree.depths[node])
        while depth >= len(self._layers):
            self._layers.append(Layer())
        layer = self._layers[depth]
        layer.num_told += 1
        if self._frontier.may_continue(node):
            layer.growing.append(node)
            layer.beam = None
            world = self._tree.worlds.of(node)
            depths = {int(self._tree.depths[member]) for member in world.members} if world else set()
            for each in self._layers[: max(depths, default=-1) + 1]:
                each.beam = None
