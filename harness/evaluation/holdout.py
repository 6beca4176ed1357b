"""What waiting earns: the measure every program is compared with.

The game is deterministic, so the worth of waiting depends on (state, ticks) alone: it is measured once and remembered,
and a longer wait from the state just measured goes on where the shorter one ended. So waits from one state that are
wanted at the same time are measured in the order of their length: together they cost no more than the longest, and one
holdout keeps up with many slots.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from harness.evaluation.slot import Slot, state_key

if TYPE_CHECKING:
    from harness.game import GameState


class Holdout:
    """What is known of waiting, on whichever slot is there for it. Safe to ask from several threads.

    Args:
        price_profile: of the production score.

    Attributes:
        num_measured: waits really carried out, not answered from memory.
    """

    def __init__(self, *, price_profile: str) -> None:
        self._slot: Slot | None = None
        self._price_profile = price_profile
        self._known: dict[tuple[str, int], float] = {}
        self._busy = threading.Lock()
        self._wanted: dict[str, set[int]] = {}
        self._wanting = threading.Lock()
        self._waiting_from: str | None = None
        self._waited = 0
        self._score_before = 0.0
        self.num_measured = 0

    def known(self, state: GameState | None, ticks: int) -> float | None:
        """The reward of waiting if it was measured before."""
        return self._known.get((state_key(state), ticks))

    def expect(self, state: GameState | None, ticks: int) -> None:
        """Says that `reward` will be asked for this, so that it may be measured along with a longer wait."""
        with self._wanting:
            self._wanted.setdefault(state_key(state), set()).add(ticks)

    def reward(self, slot: Slot, state: GameState | None, ticks: int) -> float:
        """Change of the production score over `ticks` of waiting from `state` on `slot`.

        Raises:
            ServerError: the slot broke.
        """
        key = state_key(state)
        with self._busy:
            if (key, ticks) not in self._known:
                for each in self._take_wanted(key, ticks):
                    self._known[key, each] = self._measure(slot, key, state, each)
            return self._known[key, ticks]

    def _take_wanted(self, key: str, ticks: int) -> list[int]:
        """All that is wanted of a state, what is known left out, the shortest first."""
        with self._wanting:
            wanted = self._wanted.pop(key, set()) | {ticks}
        return sorted(each for each in wanted if (key, each) not in self._known)

    def _measure(self, slot: Slot, key: str, state: GameState | None, ticks: int) -> float:
        if slot is not self._slot or self._waiting_from != key or self._waited > ticks:
            self._slot, self._waiting_from = slot, None
            slot.reset(state)
            self._score_before = self._score(slot)
            self._waited = 0
        # Unknown until the wait is over: an error halfway must not leave a wrong place to go on from.
        self._waiting_from = None
        slot.advance(ticks - self._waited)
        self._waiting_from, self._waited = key, ticks
        self.num_measured += 1
        return self._score(slot) - self._score_before

    def _score(self, slot: Slot) -> float:
        return slot.production().score(self._price_profile)
