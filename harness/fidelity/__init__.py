"""How true the embedded server is: published figures of the game, each held against a scene that is built and run.

It owns the scenes, the verdicts and the table. It does not own the figures: they are data (`tests/data/fidelity.yaml`),
each with its source and how far it can be trusted, so a figure is changed without touching what measures it.
"""

from harness.fidelity.checks import Check, Expected, load_checks
from harness.fidelity.run import Outcome, run_checks, verdict_counts
from harness.fidelity.scenes import SCENES
from harness.fidelity.table import markdown, rich_table

__all__ = [
    "SCENES",
    "Check",
    "Expected",
    "Outcome",
    "load_checks",
    "markdown",
    "rich_table",
    "run_checks",
    "verdict_counts",
]
