"""Outcomes as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from harness.conformance.check import Outcome


def rich_table(outcomes: Sequence[Outcome], title: str) -> Table:
    """One row a check; what was found is not repeated where it is just what was expected."""
    table = Table(title=title, title_justify="left")
    for name in ("check", "expected", "found", "ok"):
        table.add_column(name, overflow="fold")
    for outcome in outcomes:
        table.add_row(Text(outcome.name), Text(outcome.expected), Text(_found(outcome)), _verdict(outcome))
    return table


def plain_lines(outcomes: Sequence[Outcome], title: str) -> list[str]:
    """The same for where no width is known: a line a check, with tabs between its columns."""
    rows = [(each.name, each.expected, _found(each), _verdict(each).plain) for each in outcomes]
    return [title, *("\t".join(" ".join(column.split()) for column in row) for row in rows)]


def _found(outcome: Outcome) -> str:
    return "as expected" if outcome.found == outcome.expected else outcome.found


def as_json(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """One object a check."""
    return [
        {"check": each.name, "expected": each.expected, "found": each.found, "ok": each.ok, "needed": each.needed}
        for each in outcomes
    ]


def _verdict(outcome: Outcome) -> Text:
    if outcome.ok:
        return Text("yes", style="green")
    return Text("NO", style="bold red") if outcome.needed else Text("no", style="yellow")
