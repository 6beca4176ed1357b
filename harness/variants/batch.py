"""The samples of one iteration: done in any order, entered in the order they were asked for, or as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.core.errors import BudgetExceededError, ModelError, ServerError
from harness.evaluation import Program
from harness.search import Trial
from harness.variants.budget import Allowance

Ending = ServerError | BudgetExceededError | ModelError | None
"""What cut a sample short, if anything did."""

Enter = Callable[[Trial, Sequence[Program]], None]
"""Takes the programs of one sample, none if it came to nothing."""


class Batch:
    """Takes in what samples came to, and enters it once it is open.

    An ordered batch holds each sample back until all before it are entered. A sample without any reply is held back
    until another sample has one: if none does, the model is out of reach, and nothing of the batch shall be on record,
    so that it can be asked again. A batch of one sample tells little about that, so where it `forgives` a failure that
    can pass is on record as a sample lost.

    Args:
        iteration: counts from 0.
        trials: one for each sample, all below the same parent.
        allowances: one for each sample.
        enter: takes the programs of one sample.
        ordered: whether samples are entered in the order of the trials.
        forgives: whether a failure that can pass is a sample lost.

    Attributes:
        num_missing: samples not delivered yet.
        unanswered: whether a sample without a reply was forgiven.
    """

    def __init__(
        self,
        iteration: int,
        trials: Sequence[Trial],
        allowances: Sequence[Allowance],
        enter: Enter,
        *,
        ordered: bool,
        forgives: bool = False,
    ) -> None:
        self.iteration = iteration
        self.trials = tuple(trials)
        self.allowances = tuple(allowances)
        self.num_missing = len(trials)
        self._done: list[tuple[Sequence[Program], Ending] | None] = [None] * len(trials)
        self._enter = enter
        self._ordered = ordered
        self._held = list(range(len(trials)))
        self._is_open = False
        self._forgives = forgives
        self._has_reply = False
        self.unanswered = False

    def open(self) -> None:
        """Enters what was delivered so far, and from now on what is."""
        self._is_open = True
        self._enter_ready()

    def deliver(self, index: int, programs: Sequence[Program], ending: Ending = None) -> None:
        """Takes a sample's programs, and enters whatever may be."""
        self._done[index] = (programs, ending)
        self.num_missing -= 1
        if isinstance(ending, ModelError) and self._forgives and ending.retryable:
            self.unanswered, ending = True, None
            self._done[index] = (programs, None)
        self._has_reply = self._has_reply or not isinstance(ending, ModelError)
        self._enter_ready()

    def close(self) -> None:
        """Ends the batch once all samples were delivered.

        Raises:
            ModelError: no sample had a reply.
            ServerError: a server broke under a sample; an ordered batch has entered those before it.
        """
        endings = [entry[1] for entry in self._done if entry is not None]
        for ending in endings:
            if ending is not None and (_broken(ending) or not self._has_reply):
                raise ending

    @property
    def short_of(self) -> str | None:
        """The budget that cut a sample short, of the first that was."""
        endings = [entry[1] for entry in self._done if entry is not None]
        return next((ending.budget for ending in endings if isinstance(ending, BudgetExceededError)), None)

    @property
    def held(self) -> list[Trial]:
        """The trials not entered."""
        return [self.trials[index] for index in self._held]

    def _enter_ready(self) -> None:
        if not (self._is_open and self._has_reply):
            return
        for index in list(self._held):
            entry = self._done[index]
            if entry is None or _broken(entry[1]):
                if self._ordered:
                    return
                continue
            self._held.remove(index)
            self._enter(self.trials[index], entry[0])


def _broken(ending: Ending) -> bool:
    return isinstance(ending, ServerError)
