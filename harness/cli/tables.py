"""`harness tables`: our runs as the tables of the field, beside published ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from harness.core.errors import RecordError
from harness.core.files import write_atomic
from harness.llm import extract_code
from harness.report.episodes import Episode, find_folders, read_episode
from harness.report.leaderboard import PROFILE, leaderboard_records, read_leaderboard, write_leaderboard
from harness.report.tables import Tables, distinct, tabulate, to_json, to_markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to make of the runs.

    Attributes:
        names: `NAME` or `NAME/vNNN`; none stands for all there are.
        method: the only one to count, if one is named.
        markdown, json, leaderboard: files to write.
        others: files of leaderboard records to set beside ours.
        submitted_by: of our leaderboard records.
    """

    names: Sequence[str]
    method: str | None
    markdown: Path | None
    json: Path | None
    leaderboard: Path | None
    others: Sequence[Path]
    submitted_by: str


def show(results: Path, wanted: Wanted, console: Console) -> None:
    """Prints the tables, or writes them where that was asked for.

    Raises:
        RecordError: there is no finished run, or a file cannot be read or written.
    """
    tables = _tables(results, wanted)
    text = to_markdown(tables)
    if wanted.json:
        _write(wanted.json, json.dumps(to_json(tables), indent=2, ensure_ascii=False) + "\n", console)
    if wanted.leaderboard:
        if not tables.num_own:
            raise RecordError(
                f"--leaderboard: expected runs of lab tasks, or of open play at price profile {PROFILE}, found none"
            )
        write_leaderboard(wanted.leaderboard, tables.leaderboard[: tables.num_own])
        _told(wanted.leaderboard, console)
    if wanted.markdown:
        _write(wanted.markdown, text, console)
    elif console.is_terminal:
        console.print(Markdown(text))
    else:
        console.print(text, markup=False, highlight=False, soft_wrap=True, end="")


def _tables(results: Path, wanted: Wanted) -> Tables:
    others = [record for path in wanted.others for record in read_leaderboard(path)]
    read, left_out = _read(results, wanted.names)
    chosen = [each for each in read if wanted.method in (None, each.method)]
    if not chosen:
        raise RecordError(_nothing(results, wanted, read, left_out))
    episodes = distinct(chosen)
    left_out |= {
        "of other methods": len(read) - len(chosen),
        "equal to another to the last node": len(chosen) - len(episodes),
    }
    own = leaderboard_records(episodes, wanted.submitted_by)
    return tabulate(episodes, left_out=left_out, own=own, others=others)


def _read(results: Path, names: Sequence[str]) -> tuple[list[Episode], dict[str, int]]:
    """Finished runs, and how many others there are, by why they do not count.

    Where no run is named, one that cannot be read does not keep the others from being shown.
    """
    episodes, num_unfinished, num_unreadable = [], 0, 0
    for found in find_folders(results, names):
        try:
            episode = read_episode(found, results, extract_code)
        except RecordError:
            if names:
                raise
            num_unreadable += 1
            continue
        if episode is None:
            num_unfinished += 1
        else:
            episodes.append(episode)
    return episodes, {"not finished": num_unfinished, "unreadable": num_unreadable}


def _nothing(results: Path, wanted: Wanted, read: Sequence[Episode], left_out: Mapping[str, int]) -> str:
    if read:
        methods = ", ".join(sorted({each.method for each in read}))
        return f"--method: expected one of {methods}, got {wanted.method!r}"
    where = ", ".join(wanted.names) or str(results)
    found = ", ".join(f"{count} {why}" for why, count in left_out.items() if count) or "none"
    return f"{where}: expected finished runs, found {found}; make some with: harness run, or harness compare"


def _write(path: Path, text: str, console: Console) -> None:
    try:
        write_atomic(path, text)
    except OSError as error:
        raise RecordError(f"{path}: expected to be able to write, got: {error}") from error
    _told(path, console)


def _told(path: Path, console: Console) -> None:
    console.print(f"written: {path}", markup=False, highlight=False, soft_wrap=True)
