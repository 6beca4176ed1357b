"""The states of a run, on disk as they come and read when they are needed.

A long run has gigabytes of them, and few are gone back to. So what a search holds of a state is its name.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from anyio.to_thread import run_sync

from harness.evaluation import Bar, EvaluationResult, Evaluator, Program
from harness.game import GameState
from harness.records import RunReader, RunWriter

_MOST_HELD = 32
"""States of a run that are held in memory: those used last."""


class StoredState:
    """A state in a run's folder; stands in for the `GameState` it is, whose name alone it holds."""

    def __init__(self, name: str, read: Callable[[str], GameState]) -> None:
        self.hash = name
        self._read = read

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # Not of a state; while one is copied there is nothing to read with yet.
            raise AttributeError(name)
        return getattr(self._read(self.hash), name)


class StateStore:
    """Gives the states of a run by their names, and takes those that are new. Safe to use from several threads.

    What is given raises `RecordError` on use if the state is lost or damaged by then.

    Args:
        reader: of the run's folder.
        writer: of the same folder; only needed to `keep` states.
    """

    def __init__(self, reader: RunReader, writer: RunWriter | None = None) -> None:
        self._reader = reader
        self._writer = writer
        self._held: OrderedDict[str, GameState] = OrderedDict()
        self._holding = threading.Lock()
        self._writing = threading.Lock()

    def named(self, name: str) -> GameState:
        """The state of that name, which is read on its first use."""
        return cast("GameState", StoredState(name, self._read))

    def keep(self, state: GameState) -> GameState:
        """Writes a state, and gives what stands in for it.

        Raises:
            RecordError: it cannot be written.
        """
        if isinstance(state, StoredState):
            return state
        assert self._writer is not None, "keep: expected a store with a writer"
        name, content = state.hash, state.to_bytes()
        with self._writing:
            self._writer.write_state(name, content)
        self._hold(name, state)
        return self.named(name)

    def _read(self, name: str) -> GameState:
        with self._holding:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        state = GameState.from_bytes(self._reader.state(name))
        self._hold(name, state)
        return state

    def _hold(self, name: str, state: GameState) -> None:
        with self._holding:
            self._held[name] = state
            self._held.move_to_end(name)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)


class KeepingEvaluator:
    """An `Evaluator` that has each result's state written and gives it by its name, so that memory does not fill."""

    def __init__(self, evaluator: Evaluator, store: StateStore) -> None:
        self._evaluator = evaluator
        self._store = store

    @property
    def accrual_ticks(self) -> int:
        """See `Evaluator`."""
        return self._evaluator.accrual_ticks

    @property
    def max_program_ticks(self) -> int:
        """See `Evaluator`."""
        return self._evaluator.max_program_ticks

    @property
    def num_slots(self) -> int:
        """See `Evaluator`."""
        return self._evaluator.num_slots

    async def evaluate(
        self, programs: Sequence[Program], timeout: float, bars: Sequence[Bar] | None = None
    ) -> list[EvaluationResult]:
        """See `Evaluator`; beyond that, `RecordError` where a state cannot be written."""
        results = await self._evaluator.evaluate(programs, timeout, bars)
        return [replace(result, state=await run_sync(self._store.keep, result.state)) for result in results]
