"""What a running search tells whoever watches: the records, the progress display, a test.

Observers are called from the search's own task and must not block; what they are told they may keep, since it is
immutable. An error they raise stops the search: a record that cannot be written must not be lost silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from harness.evaluation.program import Program
from harness.llm.model import ModelReply, ModelRequest
from harness.variants.budget import Spend

Stage = Literal["asking", "evaluating", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationStarted:
    """A batch of samples is about to be asked for.

    Attributes:
        iteration: counts from 0.
        parent_ids: the program each sample continues, in the order of the samples.
        spend: what the search has spent before it.
    """

    iteration: int
    parent_ids: tuple[str, ...]
    spend: Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationFinished:
    """All programs of a batch are in the tree.

    Attributes:
        iteration: counts from 0.
        num_programs, num_failed: nodes added by this iteration.
        best_id, best_value: the best program of the whole search so far; `None` before the first that worked.
        spend: what the search has spent, this iteration included.
    """

    iteration: int
    num_programs: int
    num_failed: int
    best_id: str | None
    best_value: float | None
    spend: Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One exchange with a model; `reply` is `None` if it failed, and `error` then says how."""

    iteration: int
    sample: int
    request: ModelRequest
    reply: ModelReply | None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A sample moved on; for progress displays. Activities arrive in the order things happen, not in ask order."""

    iteration: int
    sample: int
    stage: Stage


class Observer(Protocol):
    """Told of everything a search does. Derive from `SilentObserver` to handle only some of it."""

    def on_iteration_started(self, event: IterationStarted) -> None:
        """Before the first model call of a batch."""

    def on_model_call(self, event: ModelCall) -> None:
        """After each exchange, in the order of completion, and before the program it led to is run."""

    def on_activity(self, event: Activity) -> None:
        """Whenever a sample moves on."""

    def on_program(self, program: Program, *, replayed: bool) -> None:
        """Once for each node, in ask order; `replayed` ones came from `resume` and are already on record."""

    def on_iteration_finished(self, event: IterationFinished) -> None:
        """After the last program of a batch."""


class SilentObserver:
    """An `Observer` that does nothing."""

    def on_iteration_started(self, event: IterationStarted) -> None:
        """Does nothing."""

    def on_model_call(self, event: ModelCall) -> None:
        """Does nothing."""

    def on_activity(self, event: Activity) -> None:
        """Does nothing."""

    def on_program(self, program: Program, *, replayed: bool) -> None:
        """Does nothing."""

    def on_iteration_finished(self, event: IterationFinished) -> None:
        """Does nothing."""


class Watchers:
    """Several observers as one, told in their order."""

    def __init__(self, observers: Iterable[Observer]) -> None:
        self._observers = tuple(observers)

    def on_iteration_started(self, event: IterationStarted) -> None:
        """Passes it on."""
        for observer in self._observers:
            observer.on_iteration_started(event)

    def on_model_call(self, event: ModelCall) -> None:
        """Passes it on."""
        for observer in self._observers:
            observer.on_model_call(event)

    def on_activity(self, event: Activity) -> None:
        """Passes it on."""
        for observer in self._observers:
            observer.on_activity(event)

    def on_program(self, program: Program, *, replayed: bool) -> None:
        """Passes it on."""
        for observer in self._observers:
            observer.on_program(program, replayed=replayed)

    def on_iteration_finished(self, event: IterationFinished) -> None:
        """Passes it on."""
        for observer in self._observers:
            observer.on_iteration_finished(event)
