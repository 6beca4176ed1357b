"""What a run looked like: the numbers, the best programs and the curve of the best value, from its records alone."""

from harness.report.curves import Curve, anytime_curve, write_curves
from harness.report.ranking import best_path, ranked

__all__ = ["Curve", "anytime_curve", "best_path", "ranked", "write_curves"]
