"""Recorded states that are read when they are needed: a long run has gigabytes of them, and few are gone back to."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from harness.game import GameState
from harness.records import RunReader

_MOST_READ = 32
"""States of a run that are held in memory once they were read."""


class StoredState:
    """A state in a run's folder; stands in for the `GameState` it is, whose name alone it holds."""

    def __init__(self, name: str, read: Callable[[str], GameState]) -> None:
        self.hash = name
        self._read = read

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # Not of a state; while one is copied there is nothing to read with yet.
            raise AttributeError(name)
        return getattr(self._read(self.hash), name)


def state_source(reader: RunReader) -> Callable[[str], GameState]:
    """Gives the states of a run by their names.

    What is given raises `RecordError` on use if the state is lost or damaged by then.
    """

    @lru_cache(_MOST_READ)
    def read(name: str) -> GameState:
        return GameState.from_bytes(reader.state(name))

    return lambda name: cast("GameState", StoredState(name, read))
