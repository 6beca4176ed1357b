"""What came of evaluating one program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.evaluation.milestones import Milestones
from harness.evaluation.program import Program, ProgramStatus
from harness.evaluation.verify import Verdict

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
        automated_score: the part of it that machines made.
        price_profile: of all of these.
        ticks: charged to the program; the accrual window comes on top.
        accrual_ticks: length of the window; less than asked for if the program was stopped in it.
        state: the world at the end of the window, the very one that earned `reward`.
        left: whether the program ended itself well, by `return` or `exit()`.
        fault: what ended the program early.
        response: what it printed.
        static, dynamic: made by hand and by machines over program and window.
        throughput: made by machines in the accrual window, per game minute.
        covered: of goods in it for which stocks were used up, the share that was made without (`coverage`).
        milestones: what it was the first to reach on its way from the root.
        verdict: what the task says, if there is one.
        curve: rewards so far at the checkpoints of a race.
        wall_s: seconds on the clock.
    """

    status: ProgramStatus
    reward: float
    holdout_reward: float = 0.0
    score: float
    automated_score: float = 0.0
    price_profile: str = "reference"
    ticks: int
    accrual_ticks: int = 0
    num_calls: int
    state: GameState
    left: bool = False
    fault: FaultRecord | None = None
    response: str = ""
    static: Mapping[str, float] = field(default_factory=dict)
    dynamic: Mapping[str, float] = field(default_factory=dict)
    throughput: Mapping[str, float] = field(default_factory=dict)
    covered: Mapping[str, float] = field(default_factory=dict)
    milestones: Milestones = field(default_factory=Milestones)
    verdict: Verdict | None = None
    curve: tuple[float, ...] = ()
    wall_s: float = 0.0

    @property
    def advantage(self) -> float:
        """What the program earned beyond waiting."""
        return self.reward - self.holdout_reward

    def applied_to(self, program: Program) -> Program:
        """`program` with this result.

        What has no field of its own in a program goes into its `meta`: `fault`, `throughput`, `covered`, `task` (the
        verdict) and `evaluation` (how it was valued, the automated score, milestones, the curve, and `left`).
        """
        fault = self.fault
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
            meta={**program.meta, **self._meta()},
        )

    def _meta(self) -> dict[str, Any]:
        evaluation: dict[str, Any] = {
            "accrual_ticks": self.accrual_ticks,
            "price_profile": self.price_profile,
            "automated_score": self.automated_score,
            "milestones": self.milestones.to_json(),
        }
        if self.left:
            evaluation["left"] = True
        if self.curve:
            evaluation["curve"] = list(self.curve)
        meta: dict[str, Any] = {"evaluation": evaluation}
        if self.throughput:
            meta["throughput"] = dict(self.throughput)
        if self.covered:
            meta["covered"] = {name: round(share, 4) for name, share in sorted(self.covered.items())}
        if self.fault is not None:
            meta["fault"] = {"type": self.fault.type, "message": self.fault.message, "line": self.fault.line}
        if self.verdict is not None:
            meta["task"] = self.verdict.to_json()
        return meta
