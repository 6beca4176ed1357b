"""Which programs did best, and how the tree led to them."""

from __future__ import annotations

from collections.abc import Sequence

from harness.records import ProgramRecord


def ranked(records: Sequence[ProgramRecord]) -> list[ProgramRecord]:
    """Programs that ran well, best value first; among equals the one asked for earlier."""
    worked = [record for record in records if record.parent_id is not None and record.status == "ok"]
    return sorted(worked, key=lambda record: (-record.value, record.index))


def best_path(records: Sequence[ProgramRecord], program_id: str) -> list[ProgramRecord]:
    """The nodes from the root to a program, the root first."""
    by_id = {record.id: record for record in records}
    path: list[ProgramRecord] = []
    node = by_id.get(program_id)
    while node is not None:
        path.append(node)
        node = by_id.get(node.parent_id) if node.parent_id is not None else None
    return path[::-1]
