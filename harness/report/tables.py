"""The tables a field compares models by, from our runs: lab success, open play, coding style; beside published ones.

Rows are a model and a method. What cannot be pooled is not: price profiles have rows of their own, runs that are not
finished, of other tasks, or equal to another to the last node are left out, and how many is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, get_args

import numpy as np

from harness.report import markdown
from harness.report.episodes import Episode, lab_tasks
from harness.report.leaderboard import LeaderboardRecord, to_plain
from harness.report.published import published_json, published_markdown
from harness.report.statistics import Estimate, Floats, pass_at_k, stratified_bootstrap, success_rate
from harness.report.style import Failure, Style, style_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a run took, mean over runs; `usd` is `None` if the price of one of them is not known."""

    samples: float
    tokens: float
    usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabRow:
    """One model with one method on the lab tasks.

    Attributes:
        num_tasks: different ones played.
        success: rate over episodes, with its 95 % interval.
        pass_at: by k, the chance that one of k runs of a task succeeds, mean over tasks; k goes up to the fewest runs
            that a task has.
    """

    model: str
    method: str
    num_episodes: int
    num_tasks: int
    success: Estimate
    pass_at: Mapping[int, float]
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """One model with one method in open play: medians over runs.

    Attributes:
        score: with its 95 % bootstrap interval; of a single run the interval says nothing and is not shown.
        price_profile: of the score.
    """

    model: str
    method: str
    num_runs: int
    price_profile: str
    score: Estimate
    milestones: float
    automated: float
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRow:
    """How one model writes with one method, over all its runs, whatever their task."""

    model: str
    method: str
    num_runs: int
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All that is said of the runs.

    Attributes:
        num_runs: counted, those of other tasks included.
        left_out: why runs are in no table, or in that of coding style only -> how many.
        servers: what was played on.
        leaderboard: our records, then those read from files.
        num_own: how many of them are ours.
    """

    num_runs: int
    left_out: Mapping[str, int]
    servers: Sequence[str]
    lab: Sequence[LabRow]
    open: Sequence[OpenRow]
    style: Sequence[StyleRow]
    leaderboard: Sequence[LeaderboardRecord]
    num_own: int


def distinct(episodes: Iterable[Episode]) -> list[Episode]:
    """Without runs that repeat another one to the last node: they are no sample of their own."""
    return list({(each.model, each.method, each.fingerprint): each for each in reversed(list(episodes))}.values())[::-1]


def tabulate(
    episodes: Sequence[Episode],
    *,
    left_out: Mapping[str, int],
    own: Sequence[LeaderboardRecord],
    others: Sequence[LeaderboardRecord] = (),
) -> Tables:
    """Reduces distinct, finished runs to tables.

    Args:
        episodes: of which each counts once.
        left_out: reason -> how many runs were left out before.
        own: our leaderboard records.
        others: those read from files.
    """
    other = sum(1 for each in episodes if each.kind == "other")
    lab = _grouped(each for each in episodes if each.kind == "lab")
    played = _grouped((each for each in episodes if each.kind == "open"), by_profile=True)
    styles = []
    for (model, method, _), runs in _grouped(episodes).items():
        if style := style_of([program for run in runs for program in run.programs]):
            styles.append(StyleRow(model=model, method=method, num_runs=len(runs), style=style))
    return Tables(
        num_runs=len(episodes),
        left_out={**left_out, "neither a lab task nor open play, in the table of coding style only": other},
        servers=sorted({each.server for each in episodes if each.server}),
        lab=[_lab_row(model, method, runs) for (model, method, _), runs in lab.items()],
        open=[_open_row(model, method, profile, runs) for (model, method, profile), runs in played.items()],
        style=styles,
        leaderboard=[*own, *others],
        num_own=len(own),
    )


def _grouped(episodes: Iterable[Episode], *, by_profile: bool = False) -> dict[tuple[str, str, str], list[Episode]]:
    groups: dict[tuple[str, str, str], list[Episode]] = {}
    for each in episodes:
        key = each.model, each.method, each.price_profile if by_profile else ""
        groups.setdefault(key, []).append(each)
    return dict(sorted(groups.items()))


def _cost(runs: Sequence[Episode]) -> Cost:
    prices = [run.usd for run in runs if run.usd is not None]
    return Cost(
        samples=fmean(run.samples for run in runs),
        tokens=fmean(run.tokens for run in runs),
        usd=fmean(prices) if len(prices) == len(runs) else None,
    )


def _lab_row(model: str, method: str, runs: Sequence[Episode]) -> LabRow:
    by_task: dict[str, list[bool]] = {}
    for run in runs:
        by_task.setdefault(run.task, []).append(run.success)
    fewest = min(len(each) for each in by_task.values())
    return LabRow(
        model=model,
        method=method,
        num_episodes=len(runs),
        num_tasks=len(by_task),
        success=success_rate(sum(run.success for run in runs), len(runs)),
        pass_at={
            k: fmean(pass_at_k(len(each), sum(each), k) for each in by_task.values()) for k in range(1, fewest + 1)
        },
        cost=_cost(runs),
    )


def _open_row(model: str, method: str, profile: str, runs: Sequence[Episode]) -> OpenRow:
    return OpenRow(
        model=model,
        method=method,
        num_runs=len(runs),
        price_profile=profile,
        score=stratified_bootstrap({"": np.array([run.score for run in runs])}, _median),
        milestones=float(np.median([run.milestones for run in runs])),
        automated=float(np.median([run.automated for run in runs])),
        cost=_cost(runs),
    )


def _median(values: Floats) -> Floats:
    return np.asarray(np.median(values, axis=-1))


def to_json(tables: Tables) -> dict[str, Any]:
    """As plain data; intervals are `[value, low, high]`. Published figures stand under a key of their own."""
    return {
        "runs": tables.num_runs,
        "left_out": dict(tables.left_out),
        "servers": list(tables.servers),
        "lab": [_plain(asdict(row)) for row in tables.lab],
        "open": [_plain(asdict(row)) for row in tables.open],
        "style": [_plain(asdict(row)) for row in tables.style],
        "leaderboard": {
            "ours": to_plain(tables.leaderboard[: tables.num_own]),
            "others": to_plain(tables.leaderboard[tables.num_own :]),
        },
        "published": published_json(),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def to_markdown(tables: Tables) -> str:
    """All tables as Markdown."""
    out = "; ".join(f"{count} {reason}" for reason, count in tables.left_out.items() if count)
    lines = [f"{tables.num_runs} runs of ours{f'; not counted: {out}' if out else ''}."]
    if tables.servers:
        lines.append(f"Played on: {'; '.join(tables.servers)}.")
    lines += ["", *_lab(tables.lab), *_open(tables.open), *_style(tables.style)]
    lines += [*_leaderboard(tables), *published_markdown()]
    return "\n".join(lines)


def _lab(rows: Sequence[LabRow]) -> list[str]:
    if not rows:
        return ["No run of a lab task.", ""]
    num_tasks = len(lab_tasks())
    about = (
        f"Success: share of runs that reached their quota, 95 % interval of Wilson. There are {num_tasks} lab tasks;"
    )
    about += " rates over fewer, or other ones, are not comparable. Samples, tokens and cost: mean of a run."
    head = ["model", "method", "runs", "tasks", "success", "pass@k", "samples", "tokens", "cost"]
    return ["## Lab tasks", "", about, "", *markdown.table(head, [_lab_cells(row, num_tasks) for row in rows])]


def _lab_cells(row: LabRow, num_tasks: int) -> list[str]:
    most = max(row.pass_at)
    passed = f"{markdown.share(row.pass_at[most])} (k = {most})" if most > 1 else ""
    facts = [row.model, row.method, str(row.num_episodes), f"{row.num_tasks} of {num_tasks}"]
    return [*facts, markdown.rate(row.success), passed, *_cost_cells(row.cost)]


def _open(rows: Sequence[OpenRow]) -> list[str]:
    if not rows:
        return ["No run of open play.", ""]
    about = "Medians over runs, the score with its 95 % bootstrap interval. Milestones: goods made or mined and "
    about += "technologies researched on the way to the best world; automation: goods that machines made on it."
    head = ["model", "method", "runs", "price profile", "production score", "milestones", "automation"]
    head += ["samples", "tokens", "cost"]
    cells = [
        [
            *(row.model, row.method, str(row.num_runs), f"`{row.price_profile}`"),
            markdown.interval(row.score) if row.num_runs > 1 else markdown.number(row.score.value),
            *(markdown.number(row.milestones), markdown.number(row.automated)),
            *_cost_cells(row.cost),
        ]
        for row in rows
    ]
    return ["## Open play", "", about, "", *markdown.table(head, cells)]


def _cost_cells(cost: Cost) -> list[str]:
    return [markdown.number(cost.samples), f"{cost.tokens:,.0f}", markdown.dollars(cost.usd)]


def _style(rows: Sequence[StyleRow]) -> list[str]:
    if not rows:
        return []
    about = "Lines that are not blank; shares with prints and asserts are of the programs that are Python; failures by "
    about += "the exception that ended the program."
    head = ["model", "method", "programs", "lines", "prints", "asserts", "failed"]
    kinds: tuple[Failure, ...] = get_args(Failure)
    cells = [
        [
            *(row.model, row.method, f"{row.style.num_programs:,}", f"{row.style.mean_lines:.1f}"),
            *(markdown.share(part) for part in (row.style.prints, row.style.asserts, row.style.failed)),
            *(markdown.share(row.style.failures.get(kind)) for kind in kinds),
        ]
        for row in rows
    ]
    return ["## Coding style", "", about, "", *markdown.table([*head, *kinds], cells)]


def _leaderboard(tables: Tables) -> list[str]:
    if len(tables.leaderboard) == tables.num_own:
        return []
    head = ["name", "from", "production score", "milestones", "automation", "lab success", "most complex item", "by"]
    cells = [
        [
            *(record.name, "our runs" if place < tables.num_own else "file"),
            *(
                "" if figure is None else markdown.number(figure)
                for figure in (record.production_score, record.milestones, record.automation_milestones)
            ),
            "" if record.lab_tasks_success_rate is None else f"{record.lab_tasks_success_rate:.1f} %",
            *(record.most_complex_item or "", f"{record.submitted_by}, {record.submission_date or 'no date'}"),
        ]
        for place, record in enumerate(tables.leaderboard)
    ]
    about = "Rows from a file are as they stand there: who counted what, and at which price profile, is theirs to say."
    return ["## Leaderboard", "", about, "", *markdown.table(head, cells)]
