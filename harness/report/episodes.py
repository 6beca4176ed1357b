"""Finished runs as episodes: what each was after, what it reached and what it spent.

A lab episode is a run of one of the lab tasks that come with the harness, unchanged; an open-play episode a run of open
play, unchanged. Runs of anything else are no part of tables that stand beside published ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from harness.core.errors import RecordError
from harness.core.hashing import hash_json
from harness.records import Manifest, ProgramRecord, RunFolder, RunReader, Summary, list_runs, split_name
from harness.report.ranking import best_path
from harness.report.style import Written, written_programs
from harness.tasks import Task, list_tasks

Kind = Literal["lab", "open", "other"]

_WORLD = ("map", "inventory", "all_technologies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One finished run.

    Attributes:
        name: of its folder, below the results.
        model, method, seed: what played; a method is a comparison's, or the variant of a run by itself.
        kind, task: what was played.
        success: whether any program's verification found the task's goal reached.
        score: greatest production score of a world that a program left without failing, at least 0.
        milestones: goods made or mined and technologies researched on the way from the root to that world.
        automated: goods that machines made on that way.
        goods: all that any program was the first to make on its way.
        samples, tokens, usd: spent; `usd` is `None` if a price is not known.
        price_profile: of the score.
        ended_on: day, UTC, `YYYY-MM-DD`.
        server: what it was played on.
        programs: how each was written.
        fingerprint: equal for two runs of one configuration that grew the same tree.
    """

    name: str
    model: str
    method: str
    seed: int
    kind: Kind
    task: str
    success: bool
    score: float
    milestones: int
    automated: int
    goods: tuple[str, ...]
    samples: float
    tokens: int
    usd: float | None
    price_profile: str
    ended_on: str
    server: str
    programs: tuple[Written, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Found:
    """A run folder and the method a comparison calls it, if it is part of one."""

    folder: RunFolder
    method: str | None


def find_folders(results: Path, names: Sequence[str] = ()) -> list[Found]:
    """Runs by `NAME` (all its versions) or `NAME/vNNN`, those in comparisons too; no name stands for all there are.

    Raises:
        RecordError: nothing goes by a name.
    """
    if not names:
        names = sorted(each.name for each in results.iterdir() if each.is_dir()) if results.is_dir() else []
        return [found for name in names for found in _named(results, name)]
    chosen: dict[Path, Found] = {}
    for name in names:
        found = list(_named(results, name))
        if not found:
            raise RecordError(f"run {name!r}: expected runs in {results / name}, found none; list them: harness list")
        chosen |= {each.folder.root: each for each in found}
    return list(chosen.values())


def _named(results: Path, name: str) -> Iterator[Found]:
    wanted, version, rest = split_name(results, name)
    for run in list_runs(results, wanted):
        if version and run.version != version:
            continue
        if run.manifest.exists() and not rest:
            yield Found(run, None)
        for manifest in sorted(run.root.glob(f"{rest or 'runs/*/*/seed-*'}/manifest.json")):
            yield Found(RunFolder(manifest.parent), manifest.parents[2].name)


def read_episode(found: Found, results: Path, code_of: Callable[[str], str | None]) -> Episode | None:
    """A run as an episode; `None` while it is not finished.

    Args:
        found: the run.
        results: folder that names are told from.
        code_of: takes the program out of a model's reply.

    Raises:
        RecordError: the folder cannot be read.
    """
    reader = RunReader(found.folder)
    manifest, summary = reader.manifest(), reader.summary()
    if manifest.status != "finished" or summary is None:
        return None
    records, config = reader.programs(), reader.config()
    kind, task = _kind(config)
    is_cut = any(record.status != "ok" and record.chunk + 1 < record.chunks for record in records)
    replies = [code for call in reader.model_calls() if (code := code_of(call.text))] if is_cut else []
    milestones = _on_best_path(records)
    return Episode(
        name=found.folder.root.relative_to(results).as_posix(),
        model=manifest.model,
        method=found.method or manifest.variant,
        seed=manifest.seed,
        kind=kind,
        task=task,
        success=any(record.meta.get("task", {}).get("success") is True for record in records),
        score=max((record.score or 0.0 for record in _worked(records)), default=0.0),
        milestones=len(milestones["goods"]) + len(milestones["technologies"]),
        automated=len(milestones["automated"]),
        goods=tuple(sorted({name for record in records for name in _reached(record, "goods")})),
        samples=_samples(summary),
        tokens=summary.input_tokens + summary.output_tokens,
        usd=summary.cost_usd,
        price_profile=summary.price_profile,
        ended_on=(manifest.ended_at or manifest.started_at)[:10],
        server=manifest.server,
        programs=tuple(written_programs(records, replies)),
        fingerprint=_fingerprint(manifest, records),
    )


def _worked(records: Sequence[ProgramRecord]) -> list[ProgramRecord]:
    return [record for record in records if record.parent_id is not None and record.status == "ok"]


def _on_best_path(records: Sequence[ProgramRecord]) -> Mapping[str, set[str]]:
    """What was reached on the way to the world of the greatest production score; of equal ones the earliest."""
    best = max(_worked(records), key=lambda record: (record.score or 0.0, -record.index), default=None)
    path = best_path(records, best.id) if best else []
    kinds = ("goods", "automated", "technologies")
    return {kind: {name for record in path for name in _reached(record, kind)} for kind in kinds}


def _reached(record: ProgramRecord, kind: str) -> Sequence[str]:
    names: Sequence[str] = record.meta.get("evaluation", {}).get("milestones", {}).get(kind, ())
    return names


def _samples(summary: Summary) -> float:
    return float(summary.budget.get("samples", {}).get("spent") or 0.0)


def _fingerprint(manifest: Manifest, records: Sequence[ProgramRecord]) -> str:
    """The configuration's digest, and every node's program and value."""
    return hash_json([manifest.config_hash, [[each.id, each.status, each.score] for each in records]])


def _kind(config: Mapping[str, Any]) -> tuple[Kind, str]:
    task = config.get("task")
    if task is None:
        return "other", ""
    name = str(task.get("name", ""))
    known = _built_in().get(name)
    if known is None or not _is_unchanged(known, task, config.get("world") or {}):
        return "other", name
    return ("lab" if known.throughput else "open"), name


@cache
def _built_in() -> dict[str, Task]:
    return {task.name: task for task in list_tasks()}


def lab_tasks() -> tuple[str, ...]:
    """The lab tasks that come with the harness, by name."""
    return tuple(name for name, task in sorted(_built_in().items()) if task.throughput)


def _is_unchanged(known: Task, task: Mapping[str, Any], world: Mapping[str, Any]) -> bool:
    """Whether a recorded task asks for the same, from the same world, as the built-in one; maps may differ in seed."""
    if any(world.get(key) != getattr(known.world, key) for key in _WORLD):
        return False
    success = task.get("success") or {}
    wanted = success.get("throughput")
    if known.throughput is None:
        return not success
    if wanted is None or any(value for key, value in success.items() if key != "throughput"):
        return False
    return (wanted.get("item"), wanted.get("quota")) == (known.throughput.item, known.throughput.quota)
