"""Outcomes as tables: for a terminal, and as the Markdown of docs/fidelity.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.markup import escape
from rich.table import Table

from harness.fidelity.checks import Check, Value
from harness.fidelity.run import Outcome, verdict_counts

_COLORS = {"holds": "green", "differs": "red", "cannot be run": "yellow"}

_HEAD = """# How true the embedded server is

`harness fidelity --write docs/fidelity.md` wrote this page; do not edit it. Every row is a scene that was built in the
embedded server and run; "got" is what it showed. The figures, their tolerances and their sources are data:
[tests/data/fidelity.yaml](../tests/data/fidelity.yaml). No copy of the game was used. Where a reading of the game and
a page disagree, the reading is what is expected, and the note says so.

How far a figure can be trusted: *data* is read from the game's prototype files, *measured* is a reading of the game,
*published* is a wiki page, thread or changelog, *inferred* is worked out from several of these, *recalled* is common
knowledge without a page to point at.
"""


def rich_table(outcomes: Iterable[Outcome]) -> Table:
    """The table for a terminal."""
    table = Table(title="embedded server against the game's figures", title_justify="left")
    for name in ("id", "scenario", "expected", "got", "tolerance", "source", "verdict"):
        table.add_column(name, overflow="fold")
    for outcome in outcomes:
        check, color = outcome.check, _COLORS[outcome.verdict]
        cells = (check.scenario, _expected(check, "\n"), _got(outcome, "\n"), _tolerance(check, "\n"), check.source)
        table.add_row(str(check.id), *(escape(cell) for cell in cells), f"[{color}]{outcome.verdict}[/{color}]")
    return table


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The page; the same outcomes give the same text."""
    counts = verdict_counts(outcomes)
    lines = [_HEAD, ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) + ".", ""]
    for area, group in groupby(outcomes, key=lambda outcome: outcome.check.area):
        lines += [f"## {area}", "", "| # | scenario | expected | got | tolerance | source | verdict |"]
        lines.append("|---|---|---|---|---|---|---|")
        lines += [_row(outcome) for outcome in group]
        lines.append("")
    return "\n".join(lines)


def _row(outcome: Outcome) -> str:
    check = outcome.check
    source = f"{check.source} (*{check.confidence}*)"
    verdict = outcome.verdict if outcome.verdict == "holds" else f"**{outcome.verdict}**"
    if check.differs:
        verdict += f": {check.differs}"
    scenario = f"{check.scenario} {check.note}".strip()
    cells = (str(check.id), scenario, _expected(check, "<br>"), _got(outcome, "<br>"), _tolerance(check, "<br>"))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (*cells, source, verdict)) + " |"


def _expected(check: Check, between: str) -> str:
    return between.join(
        f"{name}: {_number(expected.value)} {expected.unit}".strip() for name, expected in check.expected.items()
    )


def _got(outcome: Outcome, between: str) -> str:
    if outcome.reason:
        return outcome.reason
    return between.join(_number(outcome.got[name]) for name in outcome.check.expected)


def _tolerance(check: Check, between: str) -> str:
    return between.join(expected.tolerance for expected in check.expected.values())


def _number(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.replace("_", " ") if isinstance(value, str) else f"{value:.6g}"
