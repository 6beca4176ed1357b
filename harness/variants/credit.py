"""What a node counts in the tree as. A program's `value` is its advantage, whatever the search goes by."""

from __future__ import annotations

from typing import Literal

from harness.evaluation import Program

Credit = Literal["step", "world"]


def credit_of(program: Program, parent_credit: float, credit: Credit | None) -> float:
    """What the tree is told of a program.

    `step` is its advantage: a good step from a poor world counts like one from a rich world. `world` is what the world
    after it is worth, as a run is judged by the best world it reaches: on a task with a quota the verified throughput
    as a share of it, which replaces the reward in the reference environment too (arXiv 2503.09617, lab play); else the
    sum of the advantages from the root.

    Args:
        program: with its result.
        parent_credit: what the node before it counts as.
        credit: `None` is `world` on a task with a quota, else `step`.
    """
    verdict = program.meta.get("task", {})
    has_quota = "quota" in verdict
    if credit == "step" or (credit is None and not has_quota):
        return program.value
    if has_quota:
        return float(verdict["throughput"]) / float(verdict["quota"])
    return parent_credit + program.value
