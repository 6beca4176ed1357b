"""What a tree search has to beat, under the same interface and the same budgets.

Every baseline writes whole programs; they differ in what they continue.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

from harness.core.conversation import Conversation, Message
from harness.core.errors import ConfigError
from harness.evaluation import Program
from harness.search import ROOT
from harness.variants.asking import Place
from harness.variants.budget import Allowance
from harness.variants.mcts import MCTS
from harness.variants.worldview import observation_text

PUT_BACK: Final = "Note: the program failed, so the world was put back to where it was before it."
"""Told after a failed program that is to be written anew."""


class BestOfN(MCTS):
    """Independent programs from the initial state. See `Search` for the arguments."""

    POLICY = "root"
    FIXED_POLICY = True


class RandomParent(MCTS):
    """Continues any program that worked, with equal chance. See `Search` for the arguments."""

    POLICY = "uniform"
    FIXED_POLICY = True


class BeamSearch(MCTS):
    """Continues the best programs of one depth before it goes deeper. See `Search` for the arguments."""

    POLICY = "beam"
    FIXED_POLICY = True


class Sequential(MCTS):
    """One growing dialogue: each program goes on from the one before it, whatever came of that.

    Samples are asked for one by one. See `Search` for the arguments.
    """

    POLICY = "latest"
    FIXED_POLICY = True
    FAILED_PARENTS = True
    ONE_BY_ONE = True


class Backtracking(MCTS):
    """One growing dialogue, but a program that failed is written anew from the world before it.

    The model is told of the failure each time. After `max_retries` failures in a row from one world they are dropped
    from the dialogue, and the step is begun afresh. Samples are asked for one by one. See `Search` for the other
    arguments.

    Args:
        max_retries: failures in a row that one dialogue may hold.

    Raises:
        ConfigError: a setting is not usable.
    """

    POLICY = "latest"
    FIXED_POLICY = True
    FAILED_PARENTS = True
    ONE_BY_ONE = True

    def __init__(self, *arguments: Any, max_retries: int = 3, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if max_retries < 1:
            raise ConfigError(f"max_retries: expected at least 1, got {max_retries}")
        self._max_retries = max_retries

    def _choose(self) -> int:
        latest = self._programs_at[super()._choose()]
        start = self._start_of(latest)
        num_failed = latest.depth - start.depth
        return self._nodes[start.id] if num_failed >= self._max_retries else self._nodes[latest.id]

    def _start_of(self, program: Program) -> Program:
        """The last program of its line that worked, whose world the next one starts from."""
        while program.failed:
            program = self._programs_at[self._nodes[program.parent_id or self.programs[ROOT].id]]
        return program

    def _dialogue(self, parent: Program) -> Conversation:
        start = self._start_of(parent)
        return super()._dialogue(parent) if start is parent else _dialogue_after_failure(parent, start)

    async def _expand(
        self, parent: Program, place: Place, allowance: Allowance, timeout: float
    ) -> AsyncIterator[Program]:
        start = self._start_of(parent)
        program = await self._sampler.write(parent, self._dialogue(parent), place, allowance)
        program = replace(program, meta={**program.meta, "starts_from": start.id})
        yield program if program.failed else await self._sampler.evaluate(program, start, place, allowance, timeout)


def _dialogue_after_failure(failed: Program, start: Program) -> Conversation:
    """The dialogue that led to a failure, what it came to, and the world as it stands again."""
    told = replace(failed, state=start.state, score=start.score, reward=None, static={}, dynamic={})
    return failed.conversation.append(Message("user", f"{observation_text(told)}\n{PUT_BACK}"))
