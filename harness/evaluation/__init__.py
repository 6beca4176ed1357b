"""Values programs: parallel runs on slots, the accrual window, and the holdout that only waits."""

from harness.evaluation.evaluator import BatchLostError, Evaluation, Evaluator, FactorioEvaluator
from harness.evaluation.holdout import Holdout
from harness.evaluation.profiles import Profile, production_profile
from harness.evaluation.program import Program, ProgramStatus
from harness.evaluation.result import EvaluationResult, FaultRecord
from harness.evaluation.slot import Slot

__all__ = [
    "BatchLostError",
    "Evaluation",
    "EvaluationResult",
    "Evaluator",
    "FactorioEvaluator",
    "FaultRecord",
    "Holdout",
    "Profile",
    "Program",
    "ProgramStatus",
    "Slot",
    "production_profile",
]
