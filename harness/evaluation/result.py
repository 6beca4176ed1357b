"""What came of evaluating one program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.evaluation.program import Program, ProgramStatus

if TYPE_CHECKING:
    from harness.game import GameState


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRecord:
    """The fault that ended a program: exception class, one line for a reader, 1-based line of the program."""

    type: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line is not None else ""
        return f"{place}{self.type}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationResult:
    """One program's run, accrual window and comparison with the holdout. Fields as in `Program`.

    Attributes:
        reward: change of the production score from before the program to the end of its accrual window.
        holdout_reward: the same for waiting as long from the same state.
        score: production score at the end of the window.
        ticks: charged to the program; the accrual window comes on top.
        state: the world at the end of the window, the very one that earned `reward`.
        fault: what ended the program early.
        response: what it printed.
        static, dynamic: made by hand and by machines over program and window.
        throughput: made by machines in the accrual window, per game minute.
        wall_s: seconds on the clock.
    """

    status: ProgramStatus
    reward: float
    holdout_reward: float
    score: float
    ticks: int
    num_calls: int
    state: GameState
    fault: FaultRecord | None = None
    response: str = ""
    static: Mapping[str, float] = field(default_factory=dict)
    dynamic: Mapping[str, float] = field(default_factory=dict)
    throughput: Mapping[str, float] = field(default_factory=dict)
    wall_s: float = 0.0

    @property
    def advantage(self) -> float:
        """What the program earned beyond waiting."""
        return self.reward - self.holdout_reward

    def applied_to(self, program: Program) -> Program:
        """`program` with this result.

        What a model is told besides the fields of a program goes into `meta["fault"]` and `meta["throughput"]`.
        """
        fault = self.fault
        meta = dict(program.meta)
        if self.throughput:
            meta["throughput"] = dict(self.throughput)
        if fault is not None:
            meta["fault"] = {"type": fault.type, "message": fault.message, "line": fault.line}
        return replace(
            program,
            value=self.advantage,
            state=self.state,
            status=self.status,
            reward=self.reward,
            holdout_reward=self.holdout_reward,
            score=self.score,
            ticks=self.ticks,
            num_calls=self.num_calls,
            error=None if fault is None else str(fault),
            response=self.response,
            static=self.static,
            dynamic=self.dynamic,
            wall_s=self.wall_s,
            meta=meta,
        )
