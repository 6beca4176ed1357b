"""A finished or interrupted run as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from harness.core.errors import ConfigError, HarnessError, RecordError
from harness.evaluation import Milestones
from harness.experiment.compare import count_done
from harness.records import ProgramRecord, RunFolder, RunReader, list_runs
from harness.report import best_path, ranked
from harness.tasks import Task, World

_NUM_BEST = 5

_UNITS = {"usd": "US dollars", "wall_s": "s"}


def print_run(folder: RunFolder, console: Console, *, code: bool) -> None:
    """Prints a run's numbers and its best programs; with `code` also the programs that led to the best."""
    reader = RunReader(folder)
    manifest, summary, records = reader.manifest(), reader.summary(), reader.programs()
    facts: list[tuple[str, str]] = []
    ending = f": {manifest.message}" if manifest.status == "finished" and manifest.message else ""
    facts.append(("run", f"{folder.root} ({manifest.status}{ending})"))
    facts.append(("search", f"{manifest.variant} with {manifest.model}, seed {manifest.seed}{_mode(reader)}"))
    if summary is not None:
        facts.append(("programs", f"{summary.num_programs}, {summary.num_failed} failed, {summary.num_nodes} nodes"))
        facts.append(("ticks", f"{summary.ticks:,} on the slots, {summary.wall_s:.1f} s on the clock"))
        cost = "unknown" if summary.cost_usd is None else f"${summary.cost_usd:.4f}"
        facts.append(("tokens", f"{summary.input_tokens:,} in, {summary.output_tokens:,} out, cost {cost}"))
        facts.append(("spent", budget_text(summary.budget)))
    best = _nearest_to_goal(records)[:_NUM_BEST]
    _print_facts([*facts, *_task_lines(records), *_score_lines(best), *_milestone_lines(records, best)], console)
    if not best:
        console.print("no program ran to its end")
        return
    console.print(_table(best))
    if code:
        for record in best_path(records, best[0].id)[1:]:
            console.print(Text(f"\n{record.id[:12]}  depth {record.depth}, value {record.value:.1f}", style="bold"))
            _print_code(record.code.strip("\n"), console)
    console.print(
        f"programs: harness show {folder.name}   records: {folder.root}   curve: {folder.curves}", soft_wrap=True
    )


def _mode(reader: RunReader) -> str:
    """Whether the tree hangs on the seed alone or on the timing too; nothing where the configuration is lost."""
    try:
        search = reader.config().get("search")
    except RecordError:
        return ""
    modes = {True: ", deterministic", False: ", throughput mode"}
    return modes.get(search.get("deterministic", True), "") if isinstance(search, dict) else ""


def _nearest_to_goal(records: Sequence[ProgramRecord]) -> list[ProgramRecord]:
    """The programs that worked, best first: on a task those that reached its goal, then by throughput, then by value.

    A program that failed may have reached the goal on its way.
    """
    verdicts = {record.id: record.meta.get("task", {}) for record in records}
    failed = [each for each in records if each.status != "ok" and verdicts[each.id].get("success")]
    return sorted(
        [*ranked(records), *failed],
        key=lambda each: (not verdicts[each.id].get("success"), -float(verdicts[each.id].get("throughput", 0.0))),
    )


def _print_code(code: str, console: Console) -> None:
    """In colours on a terminal; as it is anywhere else, where lines are not to be cut."""
    if console.is_terminal:
        console.print(Syntax(code, "python", theme="ansi_dark", word_wrap=True))
    else:
        console.print(code, markup=False, highlight=False, soft_wrap=True)


def _print_facts(facts: Sequence[tuple[str, str]], console: Console) -> None:
    """Two columns on a terminal; a line each anywhere else, where folded ones could not be searched."""
    if not console.is_terminal:
        for name, text in facts:
            console.print(f"{name:<12}{text}", markup=False, highlight=False, soft_wrap=True)
        return
    table = Table.grid(padding=(0, 2))
    for name, text in facts:
        table.add_row(name, Text(text))
    console.print(table)


def _task_lines(records: Sequence[ProgramRecord]) -> list[tuple[str, str]]:
    """What came of the run's task, and how far it got on the way."""
    verdicts = [(index, record.meta["task"]) for index, record in enumerate(records) if "task" in record.meta]
    if not verdicts:
        return []
    solved = [index for index, verdict in verdicts if verdict["success"]]
    state = f"done by {len(solved)} node{'s'[: len(solved) > 1]}, first by node {solved[0]}" if solved else "not done"
    rates = [verdict for _, verdict in verdicts if "quota" in verdict]
    if rates:
        best = max(rates, key=lambda verdict: float(verdict["throughput"]))
        state += f"; at most {best['throughput']:g} of {best['quota']:g} {best['item']} a minute"
    reached = max((list(verdict["reached"]) for _, verdict in verdicts), key=len)
    lines = [("task", f"{verdicts[0][1]['name']}: {state}")]
    if reached:
        lines.append(("on the way", f"made by machines: {', '.join(reached)}"))
    return lines


def _score_lines(best: Sequence[ProgramRecord]) -> list[tuple[str, str]]:
    """What the world after the best program is worth, and in whose prices, which differ widely."""
    if not best or best[0].score is None:
        return []
    valued = best[0].meta.get("evaluation", {})
    text = f"{best[0].score:,.1f} after the best program"
    if "automated_score" in valued:
        text += f", {valued['automated_score']:,.1f} of it by machines"
    return [("score", text + (f"; {valued['price_profile']} prices" if "price_profile" in valued else ""))]


def _milestone_lines(records: Sequence[ProgramRecord], best: Sequence[ProgramRecord]) -> list[tuple[str, str]]:
    """What the path to the best program reached."""
    if not best:
        return []
    reached = Milestones.on_path(best_path(records, best[0].id))
    counts = f"{reached.count} ({len(reached.goods)} goods, {len(reached.technologies)} technologies)"
    return [("milestones", f"{counts}, {len(reached.automated)} automated, on the path to the best program")]


def budget_text(budget: Mapping[str, Mapping[str, float | None]]) -> str:
    """What was spent of each budget, with the limit behind it where there is one."""
    parts = []
    for name, entry in budget.items():
        spent, limit = entry["spent"] or 0, entry["limit"]
        text = f"{_amount(name, spent)} of {_amount(name, limit)}" if limit is not None else _amount(name, spent)
        parts.append(f"{text} {_UNITS.get(name, name)}")
    return ", ".join(parts)


def _amount(name: str, amount: float) -> str:
    if name == "usd" or 0 < amount < 1:
        return f"{amount:.4f}".rstrip("0").rstrip(".")
    return f"{round(amount, 1):,}".removesuffix(".0")


def _table(records: list[ProgramRecord]) -> Table:
    verdicts = [record.meta.get("task", {}) for record in records]
    rated = any("quota" in verdict for verdict in verdicts)
    table = Table(title="best programs", title_justify="left")
    for name, justify in (
        ("program", "left"),
        *([("of quota", "right")] if rated else []),
        ("value", "right"),
        ("depth", "right"),
        ("made by machines", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for record, verdict in zip(records, verdicts, strict=True):
        made = sorted(record.dynamic.items(), key=lambda pair: (-pair[1], pair[0]))
        text = ", ".join(f"{name} {count:g}" for name, count in made[:4])
        share = [f"{float(verdict['throughput']) / float(verdict['quota']):.0%}" if "quota" in verdict else ""]
        cells = [*(share if rated else []), f"{record.value:.1f}", str(record.depth), text or "nothing"]
        table.add_row(record.id[:12], *cells)
    return table


def print_runs(experiments: list[str], results: Path, console: Console) -> None:
    """Prints every experiment with its runs."""
    table = Table(title="experiments", title_justify="left")
    for name in ("experiment", "run", "status", "model", "best value"):
        table.add_column(name, overflow="fold")
    for experiment in experiments:
        runs = list_runs(results, experiment)
        if not runs:
            table.add_row(experiment, "none yet", "", "", "")
        for folder in runs:
            reader = RunReader(folder)
            try:
                if folder.is_comparison:
                    done, total = count_done(folder.root)
                    table.add_row(experiment, folder.version, f"comparison, {done} of {total} runs", "", "")
                    continue
                manifest, summary = reader.manifest(), reader.summary()
            except HarnessError:
                table.add_row(experiment, folder.version, "unreadable", "", "")
                continue
            best = "" if summary is None or summary.best_value is None else f"{summary.best_value:.1f}"
            table.add_row(experiment, folder.version, manifest.status, manifest.model, best)
    console.print(table)


def print_tasks(tasks: Sequence[Task], problems: Sequence[ConfigError], console: Console) -> None:
    """Prints every task with its quota, its world and its goal, and below them what is wrong with other files.

    All but the goal is whole however narrow the terminal, so that it can be copied; anywhere else the goal is too.
    """
    rows = [("task", "a minute", "world", "goal"), *map(_task_row, tasks)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        line = "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        cut = console.is_terminal and console.width < len(line)
        text = Text(line[: max(console.width - 1, sum(widths) + 6)] + "…" if cut else line)
        console.print(text, style="bold" if row is rows[0] else "", soft_wrap=True, highlight=False)
    for problem in problems:
        console.print(f"unreadable: {problem}", markup=False, highlight=False, soft_wrap=True)


def _task_row(task: Task) -> tuple[str, str, str, str]:
    wanted = task.throughput
    rate = f"{wanted.quota:g} {wanted.item}" if wanted else ""
    held = task.world.inventory if isinstance(task.world.inventory, str) else "own inventory"
    known = "all technologies" if task.world.all_technologies else "research from scratch"
    world = "lab play" if task.world == World(seed=task.world.seed) else f"{task.world.map}, {held}, {known}"
    return task.name, rate, world, task.goal_text.partition(".")[0]
