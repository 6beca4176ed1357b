"""Runs scenes and judges what they showed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.core.errors import SimError
from harness.fidelity.checks import Check, Value
from harness.fidelity.scene import NothingHappenedError

Verdict = Literal["holds", "differs", "cannot be run"]
Measure = Callable[[], Mapping[str, Value]]
"""A scene: builds a world of its own, runs it, and gives what it measured by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one check.

    Attributes:
        got: measured values by name; empty when the scene could not be run.
        verdict: whether every expected quantity was met.
        reason: why it could not be run or nothing could be measured; empty otherwise.
    """

    check: Check
    got: Mapping[str, Value]
    verdict: Verdict
    reason: str = ""

    @property
    def expected(self) -> bool:
        """Whether the verdict is the one the check's file foresees."""
        return (self.verdict == "holds") == (not self.check.differs)


def run_checks(checks: Iterable[Check], scenes: Mapping[int, Measure]) -> Iterator[Outcome]:
    """Runs the scene of every check, in order; each outcome comes as soon as it is known."""
    for check in checks:
        yield _run(check, scenes[check.id])


def verdict_counts(outcomes: Iterable[Outcome]) -> dict[Verdict, int]:
    """How many checks came out which way."""
    counts: Counter[Verdict] = Counter(outcome.verdict for outcome in outcomes)
    return {verdict: counts[verdict] for verdict in ("holds", "differs", "cannot be run")}


def _run(check: Check, measure: Measure) -> Outcome:
    try:
        got = dict(measure())
    except NothingHappenedError as error:
        return Outcome(check=check, got={}, verdict="differs", reason=str(error))
    except SimError as error:
        reason = " ".join(str(error).split())
        return Outcome(check=check, got={}, verdict="cannot be run", reason=reason)
    missing = check.expected.keys() - got.keys()
    if missing:
        raise KeyError(f"check {check.id}: its scene does not measure {', '.join(sorted(missing))}")
    met = all(expected.holds(got[name]) for name, expected in check.expected.items())
    return Outcome(check=check, got=got, verdict="holds" if met else "differs")
