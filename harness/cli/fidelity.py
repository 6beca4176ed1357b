"""`harness fidelity`: runs the checks, shows the table, says whether all is as expected."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from harness.core.errors import ConfigError, HarnessError
from harness.core.files import write_atomic
from harness.fidelity import SCENES, Check, Outcome, load_checks, markdown, rich_table, run_checks, verdict_counts


def hold(file: Path, only: str, page: Path | None, console: Console) -> None:
    """Runs the checks of a file and prints what came out; writes the page if asked to.

    Raises:
        HarnessError: a check that should hold does not, or the other way round.
    """
    checks = _chosen(load_checks(file), only)
    if page is not None and only:
        raise ConfigError("--write: expected all checks to be run, got --only; leave one of them out.")
    outcomes = []
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("compiling kernels, running checks", total=len(checks))
        for outcome in run_checks(checks, SCENES):
            outcomes.append(outcome)
            progress.update(task, advance=1, description=f"check {outcome.check.id}")
    console.print(rich_table(outcomes))
    console.print(", ".join(f"{count} {verdict}" for verdict, count in verdict_counts(outcomes).items()))
    if page is not None:
        write_atomic(page, markdown(outcomes))
    _judge(outcomes)


def _chosen(checks: tuple[Check, ...], only: str) -> tuple[Check, ...]:
    if not only:
        return checks
    known = {str(check.id): check for check in checks}
    names = [name.strip() for name in only.split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(f"--only: expected numbers from 1 to {len(checks)}, got {', '.join(unknown)}.")
    return tuple(known[name] for name in names)


def _judge(outcomes: list[Outcome]) -> None:
    broken = [str(outcome.check.id) for outcome in outcomes if not outcome.expected and not outcome.check.differs]
    if broken:
        raise HarnessError(f"expected these checks to hold, they do not: {', '.join(broken)}")
    stale = [str(outcome.check.id) for outcome in outcomes if not outcome.expected]
    if stale:
        raise HarnessError(f"these checks hold now; take `differs` away from them in the file: {', '.join(stale)}")
