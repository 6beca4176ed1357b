"""One program on one slot, from the state it starts from to the end of its accrual window.

The world is read before, when the program has ended, at the end of the window and at each checkpoint of a race, and
captured once, at the end, so what children start from is what earned the value. A task may look ahead from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from harness.core.errors import ServerLostError
from harness.evaluation.coverage import Coverage
from harness.evaluation.milestones import Milestones
from harness.evaluation.profiles import production_profile, throughput
from harness.evaluation.program import Program, ProgramStatus
from harness.evaluation.racing import Bar, Racing
from harness.evaluation.result import EvaluationResult, FaultRecord
from harness.evaluation.slot import Outcome, Slot
from harness.evaluation.verify import verify

if TYPE_CHECKING:
    from harness.game import ProductionStatistics
    from harness.tasks import Task

RUN_STATUSES = ("ok", "error", "timeout", "crashed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How programs are measured; the same for all that are compared.

    Attributes:
        accrual_ticks: how long the game runs on after a program.
        price_profile: of the production score.
        task: judges the world a program leaves.
        racing: when a program that loses is stopped; `None` for never.
    """

    accrual_ticks: int
    price_profile: str
    task: Task | None = None
    racing: Racing | None = None


class _Window:
    """An accrual window under way.

    Attributes:
        curve: rewards so far at the checkpoints passed.
        lost: whether the race was lost.
        after: the last reading, in full.
    """

    def __init__(self, slot: Slot, rules: Rules, before: ProductionStatistics) -> None:
        self._slot = slot
        self._rules = rules
        self._score_before = before.score(rules.price_profile)
        self.curve: Bar = ()
        self.lost = False
        self.after = before

    def run(self, bar: Bar) -> None:
        """Runs it to its end, or to the checkpoint at which the race is lost."""
        racing = self._rules.racing
        *stretches, last = (
            [self._rules.accrual_ticks] if racing is None else racing.stretches(self._rules.accrual_ticks)
        )
        for ticks in stretches:
            self._slot.advance(ticks)
            self.after = self._slot.production(full=True)
            self.curve = (*self.curve, self.reward)
            if racing is not None and racing.is_lost(self.curve, bar):
                self.lost = True
                return
        self._slot.advance(last)
        self.after = self._slot.production(full=True)

    @property
    def reward(self) -> float:
        """Change of the production score since before the program."""
        return self.after.score(self._rules.price_profile) - self._score_before


def measure(slot: Slot, program: Program, rules: Rules, *, timeout_s: float, bar: Bar = ()) -> EvaluationResult:
    """Runs `program` from `program.state` and lets its machines earn for a while more.

    Returns:
        The result, that of the holdout not yet in it.

    Raises:
        ServerError: the slot broke.
    """
    started = time.perf_counter()
    slot.reset(program.state)
    before = slot.production(full=True)
    run = slot.eval(program.code, timeout_s)
    ended = slot.production(full=True)
    window = _Window(slot, rules, before)
    window.run(bar)
    after = window.after
    profile = production_profile(before, after)
    made = throughput(ended, after)
    coverage = Coverage(after.since(ended))
    result = EvaluationResult(
        status="stopped" if window.lost else _status(run.result),
        reward=window.reward,
        score=after.score(rules.price_profile),
        automated_score=after.automated_score(rules.price_profile),
        price_profile=rules.price_profile,
        ticks=ended.tick - before.tick,
        accrual_ticks=after.tick - ended.tick,
        num_calls=run.result.num_calls,
        left=run.result.left,
        state=slot.state(),
        fault=_fault(run.result),
        response=run.response,
        static=profile.static,
        dynamic=profile.dynamic,
        throughput=made,
        covered={name: share for name in made if (share := coverage.of(name)) < 1},
        milestones=Milestones.between(before, after),
        curve=window.curve,
    )
    if rules.task is not None and not window.lost:
        result = replace(result, verdict=verify(rules.task, slot, after, result.state, rules.price_profile))
    return replace(result, wall_s=time.perf_counter() - started)


def _status(outcome: Outcome) -> ProgramStatus:
    if outcome.status not in RUN_STATUSES:
        raise ServerLostError(f"outcome of a program: expected one of {RUN_STATUSES}, got {outcome.status!r}")
    return cast(ProgramStatus, outcome.status)


def _fault(outcome: Outcome) -> FaultRecord | None:
    if outcome.error is None:
        return None
    return FaultRecord(type=outcome.error.type, message=outcome.error.message, line=outcome.error.line or None)
