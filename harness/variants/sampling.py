"""What one sample does on its way: ask the model, run what it wrote, and pay for both out of its allowance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal

import anyio

from harness.core.conversation import Conversation
from harness.evaluation import Bar, EvaluationResult, Evaluator, Program
from harness.evaluation.slot import state_key
from harness.llm import ModelReply, Purpose
from harness.programs.duplicates import normalised_ast_key, output_as_of
from harness.variants.asking import Asker, Place
from harness.variants.budget import Allowance, Spend
from harness.variants.firsts import RunStart
from harness.variants.observer import Activity, Watchers
from harness.variants.recorded import Recorded
from harness.variants.writing import program_from

REPEATABLE = frozenset({"ok", "error"})
"""Statuses that the program and its world alone decided; the others depend on a clock or on a process."""

RunKey = tuple[str, Bar, str]
"""What two runs have in common that come to the same: the world, the bar, the program but for its formatting."""


class _Runs:
    """What programs came to, so that an equal one in an equal world is not run again.

    What is handed out is to the letter what a run of the program itself would have given. So nothing hangs on which of
    two equal programs was run first, or whether one of them was run in an earlier sitting.
    """

    def __init__(self) -> None:
        self._known: dict[RunKey, list[tuple[str, EvaluationResult]]] = {}
        self._running: dict[RunKey, anyio.Lock] = {}

    async def result(self, key: RunKey, code: str, run: Callable[[], Awaitable[EvaluationResult]]) -> EvaluationResult:
        """The result, of this run or of an equal one before it."""
        async with self._running.setdefault(key, anyio.Lock()):
            for ran, known in self._known.get(key, ()):
                if known.status == "ok" or ran == code:
                    response = output_as_of(code, ran, known.response)
                    if response is not None:
                        return replace(known, response=response, wall_s=0.0)
            result = await run()
            if result.status in REPEATABLE:
                self._known.setdefault(key, []).append((code, result))
            return result


class Sampler:
    """One search's way to programs and their results.

    Args:
        asker: puts requests to the model.
        evaluator: values programs.
        watchers: told when a sample moves on.
        recorded: what an earlier sitting found.

    Attributes:
        bars: for racing, by iteration: the program its samples start from, and what they race against.
    """

    def __init__(self, asker: Asker, evaluator: Evaluator, watchers: Watchers, recorded: Recorded) -> None:
        self.asker = asker
        self._evaluator = evaluator
        self._watchers = watchers
        self._recorded = recorded
        self._runs = _Runs()
        self.bars: dict[int, tuple[str, Bar]] = {}

    async def write(self, parent: Program, dialogue: Conversation, place: Place, allowance: Allowance) -> Program:
        """A program not yet run that goes on from `parent`; of status `no_code` if the reply holds none."""
        reply = await self.ask(dialogue, place, "program", allowance)
        return program_from(reply, parent, dialogue, place)

    async def ask(
        self, dialogue: Conversation, place: Place, purpose: Purpose, allowance: Allowance, ordinal: int = 0
    ) -> ModelReply:
        """A completion of `dialogue`; see `Asker.ask`."""
        self._tell(place, "asking")
        return await self.asker.ask(self.asker.request(dialogue, place, purpose, ordinal), place, allowance)

    async def evaluate(
        self, program: Program, start: Program, place: Place, allowance: Allowance, timeout: float
    ) -> Program:
        """`program` with its result from the world `start` left; from the records if it is there.

        A program equal to one that was run from an equal world, but for its formatting and comments, takes over that
        one's result, unless how it is written shows in it (`output_as_of`). It is charged its ticks all the same: which
        of two comes first must not decide what either may spend.

        Raises:
            BudgetExceededError: its run might overrun the budget.
        """
        recorded = self._recorded.result_of(program)
        if recorded is not None:
            allowance.charge(Spend(ticks=self.spend_of(recorded).ticks))
            return recorded
        worst = self.worst_run()
        allowance.reserve(worst)
        done = Spend()
        self._tell(place, "evaluating")
        try:
            begun = self.run_start(program, start)
            key = (*begun, normalised_ast_key(program.code))
            unrun = replace(program, state=start.state)
            with allowance.deadline():
                result = await self._runs.result(key, program.code, lambda: self._run(unrun, timeout, begun[1]))
            done = Spend(ticks=result.ticks + result.accrual_ticks)
        finally:
            allowance.settle(worst, done)
        return result.applied_to(program)

    def run_start(self, program: Program, start: Program) -> RunStart:
        """Where a run of `program` from the world `start` left begins."""
        raced, bar = self.bars.get(program.iteration, ("", ()))
        return state_key(start.state), bar if raced == start.id else ()

    def worst_run(self) -> Spend:
        """The most that one evaluation can take."""
        return Spend(ticks=self._evaluator.accrual_ticks + self._evaluator.max_program_ticks)

    def spend_of(self, program: Program) -> Spend:
        """What a node and the calls booked on it took."""
        tokens = program.input_tokens + program.output_tokens
        return Spend(ticks=program.played_ticks, tokens=tokens, usd=program.cost_usd or 0.0)

    async def _run(self, program: Program, timeout: float, bar: Bar) -> EvaluationResult:
        (result,) = await self._evaluator.evaluate([program], timeout, [bar])
        return result

    def _tell(self, place: Place, stage: Literal["asking", "evaluating"]) -> None:
        self._watchers.on_activity(Activity(iteration=place.iteration, sample=place.sample, stage=stage))
