"""Which program of a tree was the first of those that are equal and start from equal worlds."""

from __future__ import annotations

from harness.evaluation import Bar, Program
from harness.programs.duplicates import normalised_ast_key

RunStart = tuple[str, Bar]
"""Where a run begins: the world, and the bar it races against."""


class FirstRuns:
    """Programs in the order they were entered. Those that are only noted are read when one is held against them.

    Reading takes a program apart, and a search that is resumed enters thousands before it asks for one that is new.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[RunStart, str], str] = {}
        self._unread: dict[RunStart, list[Program]] = {}

    def note(self, start: RunStart, program: Program) -> None:
        """Takes a program of which nobody asks what is the first of its like."""
        self._unread.setdefault(start, []).append(program)

    def first_like(self, start: RunStart, program: Program) -> str:
        """The id of the first program entered that is equal to this one; its own if there was none."""
        for earlier in self._unread.pop(start, ()):
            self._first.setdefault((start, normalised_ast_key(earlier.code)), earlier.id)
        return self._first.setdefault((start, normalised_ast_key(program.code)), program.id)
