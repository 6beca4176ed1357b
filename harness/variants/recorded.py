"""The programs of an earlier sitting, found again by their place and by their content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.core.errors import ConfigError
from harness.evaluation import Program
from harness.variants.asking import Place


class Recorded:
    """What is known of a search before it begins.

    Args:
        root_id: of the search that is to go on; records of another are refused.
    """

    def __init__(self, root_id: str) -> None:
        self._root_id = root_id
        self._programs: dict[str, Program] = {}
        self._chains: dict[Place, list[Program]] = {}
        self._parents: dict[int, str] = {}

    def __contains__(self, program: Program) -> bool:
        return program.id in self._programs

    def add(self, programs: Iterable[Program]) -> None:
        """Takes programs in the order they were recorded in.

        Raises:
            ConfigError: their root is another one.
        """
        for program in programs:
            if program.parent_id is None and program.id != self._root_id:
                raise ConfigError(
                    f"resume: expected records of a search from root {self._root_id}, got {program.id}; "
                    "resume with the world, seed and server build the records were made with"
                )
            self._programs[program.id] = program
            if program.parent_id is not None:
                self._chains.setdefault(Place(iteration=program.iteration, sample=program.sample), []).append(program)
                if program.chunk_index == 0:
                    self._parents.setdefault(program.iteration, program.parent_id)

    @property
    def programs(self) -> Sequence[Program]:
        """All programs, in the order they were recorded in."""
        return list(self._programs.values())

    def parent_of(self, iteration: int) -> str | None:
        """Id of the program that an iteration continued; `None` if nothing of it is on record."""
        return self._parents.get(iteration)

    def result_of(self, program: Program) -> Program | None:
        """The same program as it was recorded, with its result."""
        return self._programs.get(program.id)

    def chain(self, place: Place) -> Sequence[Program]:
        """All programs recorded for a sample, in order."""
        return self._chains.get(place, ())
