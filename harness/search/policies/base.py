"""What a policy is."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from harness.search.config import PolicyConfig
from harness.search.frontier import Frontier


class Policy(Protocol):
    """Chooses which node to continue. It is made for one frontier and may keep what it learns of it."""

    def select(self, rng: random.Random) -> int:
        """A node that may be continued.

        The choice is a function of the tree and of `rng`, and not of how the tree came to be: policies hold sums
        exactly and keep structures whose state depends on their contents alone.
        """


PolicyMaker = Callable[[Frontier, PolicyConfig], Policy]
"""Makes a policy for a frontier; policies' classes are such makers."""
