"""Markdown tables, and numbers as readers can tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.report.statistics import Estimate


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; what would end a cell is escaped."""
    lines = [_line(head), f"|{'---|' * len(head)}"]
    return [*lines, *(_line(row) for row in rows), ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def number(value: float) -> str:
    """Whole from 100 on, two digits below; whole numbers stay whole."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.2f}"


def interval(estimate: Estimate) -> str:
    """The value and its interval."""
    return f"{number(estimate.value)} ({number(estimate.low)} to {number(estimate.high)})"


def share(value: float | None) -> str:
    """A share in percent; nothing where there is nothing to divide by."""
    return "" if value is None else f"{100 * value:.1f} %"


def rate(estimate: Estimate) -> str:
    """A rate and its interval, in percent."""
    return f"{100 * estimate.value:.1f} % ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def dollars(usd: float | None) -> str:
    """What was paid, if it is known."""
    return "unknown" if usd is None else f"${usd:,.2f}"
