"""What the evaluator needs of a place to run programs, and nothing more.

`harness.game.FactorioInstance` satisfies `Slot`; so does the in-memory world the tests play in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from harness.game import GameState, ProductionStatistics


class Fault(Protocol):
    """The fault that ended a program."""

    @property
    def type(self) -> str:
        """The exception's class name."""

    @property
    def message(self) -> str:
        """One line a model can act on."""

    @property
    def line(self) -> int | None:
        """1-based line of the program; 0 or `None` if it has none."""


class Outcome(Protocol):
    """How a program ended."""

    @property
    def status(self) -> str:
        """`ok`, `error`, `timeout` or `crashed`."""

    @property
    def error(self) -> Fault | None:
        """What ended it early."""

    @property
    def num_calls(self) -> int:
        """Tool calls made."""

    @property
    def left(self) -> bool:
        """Whether it ended itself well, by `return` or `exit()`."""


class Run(Protocol):
    """A program's run."""

    @property
    def result(self) -> Outcome:
        """How it ended."""

    @property
    def response(self) -> str:
        """What it printed, a line each; after a program that failed, the last line is its fault."""


class Slot(Protocol):
    """A server to run programs on. One thread at a time; every method raises `ServerError` if the server broke."""

    def reset(self, state: GameState | None = None) -> None:
        """Back to `state` exactly, or to the initial state."""

    def eval(self, code: str, timeout: float = 60) -> Run:
        """Runs a program for at most `timeout` seconds on the clock. Its own faults are in the result."""

    def advance(self, ticks: int) -> None:
        """Runs the game without a program."""

    def production(self, *, full: bool = False) -> ProductionStatistics:
        """The statistics now; in full with machines and technologies."""

    def state(self) -> GameState:
        """The world now."""


def state_key(state: GameState | None) -> str:
    """Names a state by its content; the initial state has a name of its own."""
    return "initial" if state is None else state.hash
