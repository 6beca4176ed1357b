"""A comparison written out: as Markdown for readers, as plain data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.report import markdown
from harness.report.comparison import Comparison, Duel, Row, Section
from harness.report.statistics import Estimate


def to_json(comparison: Comparison) -> dict[str, Any]:
    """As plain data; intervals are `[value, low, high]`."""
    return {
        "price_profile": comparison.price_profile,
        "sections": [
            {
                "title": section.title,
                "tasks": list(section.tasks),
                "unit": _unit(section),
                "seeds": {task: list(seeds) for task, seeds in section.seeds.items()},
                "methods": [{name: _plain(getattr(row, name)) for name in Row.__slots__} for row in section.rows],
                "duels": [{name: _plain(getattr(duel, name)) for name in Duel.__slots__} for duel in section.duels],
            }
            for section in comparison.sections
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def _unit(section: Section) -> str:
    return "share of the quota" if section.has_quota else "production score"


def to_markdown(comparison: Comparison) -> str:
    """The tables as Markdown."""
    lines: list[str] = []
    for section in comparison.sections:
        unit = _unit(section) if section.has_quota else f"{_unit(section)}, price profile `{comparison.price_profile}`"
        over = "; mean over tasks" if len(section.tasks) > 1 else ""
        about = f"Value: {unit}{over}; mean of the runs with its 95 % bootstrap interval; IQM: interquartile mean."
        lines += [f"## {section.title}", "", about, "", *_methods(section), *_duels(section)]
    return "\n".join(lines)


def _methods(section: Section) -> list[str]:
    rated = all(row.success is not None for row in section.rows)
    head = ["method", "runs", "value", "IQM", *(["success", "pass@k"] if rated else [])]
    return markdown.table(
        [*head, "samples", "ticks", "tokens", "cost"],
        [_cells(row, rated=rated, spread=_has_spread(section)) for row in section.rows],
    )


def _has_spread(section: Section) -> bool:
    """Whether intervals say anything: of a single run of a task they would be a point."""
    return min(map(len, section.seeds.values())) > 1


def _cells(row: Row, *, rated: bool, spread: bool) -> list[str]:
    shown = _interval if spread else _value_of
    cells = [row.method, str(row.num_runs), shown(row.mean), shown(row.iqm)]
    if rated and row.success is not None:
        k = max(row.pass_at) // 2
        percent = [f"{100 * part:.0f}" for part in row.success]
        cells += [f"{percent[0]} % ({percent[1]} to {percent[2]})"]
        cells += [f"{100 * row.pass_at[k]:.0f} % (k = {k})" if k > 1 else ""]
    spent = [f"{row.samples:.0f}", f"{row.ticks:,.0f}", f"{row.tokens:,.0f}", markdown.dollars(row.usd)]
    return [*cells, *spent]


def _duels(section: Section) -> list[str]:
    if not section.duels:
        return []
    shown = _interval if _has_spread(section) else _value_of
    rows = []
    for duel in section.duels:
        chance = [f"{100 * part:.0f}" for part in duel.improvement]
        better = f"{chance[0]} % ({chance[1]} to {chance[2]})" if _has_spread(section) else f"{chance[0]} %"
        differences = [shown(duel.difference), shown(duel.at_equal_ticks)]
        rows.append([duel.first, duel.second, *differences, better, duel.verdict])
    head = ["method", "against", "paired difference", "at equal ticks", "chance of a better run", ""]
    return markdown.table(head, rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _value_of(estimate: Estimate) -> str:
    return _number(estimate.value)


def _interval(estimate: Estimate) -> str:
    return f"{_number(estimate.value)} ({_number(estimate.low)} to {_number(estimate.high)})"
