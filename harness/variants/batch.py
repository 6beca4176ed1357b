"""The samples of one iteration: done in any order, entered in the order they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.core.errors import BudgetExceededError, ModelError, ServerError
from harness.evaluation import Program

Ending = ServerError | BudgetExceededError | ModelError | None
"""What cut a sample short, if anything did."""


class Batch:
    """Holds samples back until all before them are entered.

    A sample without any reply is held back until another sample has one: if none does, the model is out of reach, and
    nothing of the batch shall be on record, so that it can be asked again.

    Args:
        size: number of samples.
        enter: takes the programs of one sample.

    Attributes:
        stopped_by: the budget that cut a sample short, the first in ask order.
    """

    def __init__(self, size: int, enter: Callable[[Sequence[Program]], None]) -> None:
        self._done: list[tuple[Sequence[Program], Ending] | None] = [None] * size
        self._enter = enter
        self._next = 0
        self._has_reply = False
        self.stopped_by: BudgetExceededError | None = None

    def deliver(self, index: int, programs: Sequence[Program], ending: Ending = None) -> None:
        """Takes a sample's programs, and enters whatever is next in order."""
        self._done[index] = (programs, ending)
        self._has_reply = self._has_reply or not isinstance(ending, ModelError)
        while self._has_reply and self._next < len(self._done):
            entry = self._done[self._next]
            if entry is None or self._broken(entry[1]):
                return
            self._next += 1
            self._enter(entry[0])
            if isinstance(entry[1], BudgetExceededError) and self.stopped_by is None:
                self.stopped_by = entry[1]

    def close(self) -> None:
        """Ends the batch once all samples were delivered.

        Raises:
            ModelError: no sample had a reply.
            ServerError: a server broke under a sample; those before it were entered.
        """
        endings = [entry[1] for entry in self._done if entry is not None]
        for ending in endings:
            if ending is not None and (self._broken(ending) or not self._has_reply):
                raise ending

    def _broken(self, ending: Ending) -> bool:
        return isinstance(ending, ServerError)
