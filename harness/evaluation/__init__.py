"""Values programs: parallel runs on slots, the accrual window, and the holdout that only waits."""

from harness.evaluation.evaluator import BatchLostError, Evaluation, Evaluator, FactorioEvaluator
from harness.evaluation.holdout import Holdout
from harness.evaluation.milestones import Milestones
from harness.evaluation.profiles import Profile, production_profile
from harness.evaluation.program import Program, ProgramStatus
from harness.evaluation.racing import Bar, Bars, Racing
from harness.evaluation.result import EvaluationResult, FaultRecord
from harness.evaluation.slot import Slot
from harness.evaluation.verify import Rate, Verdict

__all__ = [
    "Bar",
    "Bars",
    "BatchLostError",
    "Evaluation",
    "EvaluationResult",
    "Evaluator",
    "FactorioEvaluator",
    "FaultRecord",
    "Holdout",
    "Milestones",
    "Profile",
    "Program",
    "ProgramStatus",
    "Racing",
    "Rate",
    "Slot",
    "Verdict",
    "production_profile",
]
