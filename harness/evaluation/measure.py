"""One program on one slot, from the state it starts from to the end of its accrual window.

The world is read three times (before, when the program has ended, at the end of the window) and captured once, at the
end, so what children start from is what earned the value.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from harness.core.errors import ServerLostError
from harness.evaluation.profiles import Profile, production_profile, throughput
from harness.evaluation.program import Program, ProgramStatus
from harness.evaluation.result import EvaluationResult, FaultRecord
from harness.evaluation.slot import Outcome, Slot

if TYPE_CHECKING:
    from harness.game import GameState

RUN_STATUSES = ("ok", "error", "timeout", "crashed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """An `EvaluationResult` that lacks only its comparison with the holdout."""

    status: ProgramStatus
    reward: float
    score: float
    ticks: int
    num_calls: int
    state: GameState
    fault: FaultRecord | None
    response: str
    profile: Profile
    throughput: dict[str, float]
    wall_s: float

    def beside(self, holdout_reward: float) -> EvaluationResult:
        """The whole result."""
        return EvaluationResult(
            status=self.status,
            reward=self.reward,
            holdout_reward=holdout_reward,
            score=self.score,
            ticks=self.ticks,
            num_calls=self.num_calls,
            state=self.state,
            fault=self.fault,
            response=self.response,
            static=self.profile.static,
            dynamic=self.profile.dynamic,
            throughput=self.throughput,
            wall_s=self.wall_s,
        )


def measure(slot: Slot, program: Program, *, accrual_ticks: int, timeout_s: float, price_profile: str) -> Measurement:
    """Runs `program` from `program.state` and lets its machines earn for `accrual_ticks` more.

    Raises:
        ServerError: the slot broke.
    """
    started = time.perf_counter()
    slot.reset(program.state)
    before = slot.production()
    run = slot.eval(program.code, timeout_s)
    ended = slot.production()
    slot.advance(accrual_ticks)
    after = slot.production()
    return Measurement(
        status=_status(run.result),
        reward=after.score(price_profile) - before.score(price_profile),
        score=after.score(price_profile),
        ticks=ended.tick - before.tick,
        num_calls=run.result.num_calls,
        state=slot.state(),
        fault=_fault(run.result),
        response=run.response,
        profile=production_profile(before, after),
        throughput=throughput(ended, after),
        wall_s=time.perf_counter() - started,
    )


def _status(outcome: Outcome) -> ProgramStatus:
    if outcome.status not in RUN_STATUSES:
        raise ServerLostError(f"outcome of a program: expected one of {RUN_STATUSES}, got {outcome.status!r}")
    return cast(ProgramStatus, outcome.status)


def _fault(outcome: Outcome) -> FaultRecord | None:
    if outcome.error is None:
        return None
    return FaultRecord(type=outcome.error.type, message=outcome.error.message, line=outcome.error.line or None)
