"""How programs are written and how they fail: the columns that published tables call coding style.

What a program holds is read off its syntax tree, never searched for in its text; how it failed is the class of the
exception that ended it.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, get_args

from harness.records import ProgramRecord

Failure = Literal["assertion", "code", "environment", "killed"]
"""`assertion`: an assert did not hold; `environment`: a tool could not do what it was asked, whatever else its error is
an instance of; `code`: any other exception, a syntax error too; `killed`: out of time, or its process died."""

TOOL_ERRORS: Final = frozenset(
    {
        "BlockedError",
        "BudgetError",
        "InvalidArgumentError",
        "InventoryFullError",
        "MissingItemsError",
        "NotAvailableError",
        "NotFoundError",
        "OutOfReachError",
        "ToolError",
    }
)
"""Classes of the exceptions that tools raise. Reports read records alone, so the names stand here; a test holds them to
the API."""

_NO_PROGRAM = frozenset({"no_code", "model_error"})
_NO_VERDICT = frozenset({"ok", "stopped", "server_lost", "pending"})
"""Statuses that are no failure of the program's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One program, all its chunks together.

    Attributes:
        lines: that are not blank.
        parses: whether it is Python; without a syntax tree nothing is known of prints and asserts.
        prints, asserts: whether it calls print, or holds an assert.
        failure: how it failed, if it did.
    """

    lines: int
    parses: bool
    prints: bool
    asserts: bool
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Many programs.

    Attributes:
        num_programs: replies that held a program.
        num_unparsed: of them, those that are not Python.
        mean_lines: lines a program that are not blank.
        prints, asserts: share of those that are Python; `None` if there is none.
        failed: share of all programs.
        failures: by kind, share of the failed ones; empty if none failed.
    """

    num_programs: int
    num_unparsed: int
    mean_lines: float
    prints: float | None
    asserts: float | None
    failed: float
    failures: dict[Failure, float]


def written_programs(records: Sequence[ProgramRecord], replies: Sequence[str] = ()) -> list[Written]:
    """Every program of a run, in the order of asking.

    Args:
        records: of the run.
        replies: code of the model's replies. The chunks after one that failed are never run and stand there alone.
    """
    nodes = sorted((each for each in records if each.parent_id is not None), key=_reply)
    left = list(replies)
    found = []
    for _, group in groupby(nodes, key=_reply):
        chunks = sorted(group, key=lambda record: record.chunk)
        if chunks[0].status in _NO_PROGRAM:
            continue
        text = "".join(chunk.code for chunk in chunks)
        if len(chunks) < chunks[0].chunks:
            text = _whole(text, left)
        found.append(_written(text, chunks[-1]))
    return found


def _reply(record: ProgramRecord) -> tuple[int, int, int]:
    """What the chunks of one reply have in common, and the steps of one plan have not: the depth it began at."""
    return record.iteration, record.sample, record.depth - record.chunk


def _whole(beginning: str, replies: list[str]) -> str:
    """The reply that begins so, taken out of `replies`; the beginning itself if there is none."""
    place = next((index for index, code in enumerate(replies) if code.startswith(beginning)), None)
    return beginning if place is None else replies.pop(place)


def _written(code: str, last: ProgramRecord) -> Written:
    tree = _parse(code)
    nodes = [] if tree is None else list(ast.walk(tree))
    return Written(
        lines=sum(1 for line in code.splitlines() if line.strip()),
        parses=tree is not None,
        prints=any(isinstance(node, ast.Call) and _is_print(node.func) for node in nodes),
        asserts=any(isinstance(node, ast.Assert) for node in nodes),
        failure=failure_of(last),
    )


def _is_print(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "print"


def _parse(code: str) -> ast.Module | None:
    with warnings.catch_warnings():
        # Python warns of odd escapes in what it parses; they are the program's own affair.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def failure_of(record: ProgramRecord) -> Failure | None:
    """How a program failed, by the class of the exception that ended it; `None` if it did not."""
    if record.status in _NO_VERDICT:
        return None
    if record.status in ("timeout", "crashed"):
        return "killed"
    kind = record.meta.get("fault", {}).get("type", "")
    if kind == "AssertionError":
        return "assertion"
    return "environment" if kind in TOOL_ERRORS else "code"


def style_of(programs: Sequence[Written]) -> Style | None:
    """The columns for many programs; `None` if there are none."""
    if not programs:
        return None
    python = [each for each in programs if each.parses]
    failures = [each.failure for each in programs if each.failure is not None]
    kinds: tuple[Failure, ...] = get_args(Failure)
    return Style(
        num_programs=len(programs),
        num_unparsed=len(programs) - len(python),
        mean_lines=sum(each.lines for each in programs) / len(programs),
        prints=_share(python, lambda each: each.prints),
        asserts=_share(python, lambda each: each.asserts),
        failed=len(failures) / len(programs),
        failures={kind: failures.count(kind) / len(failures) for kind in kinds} if failures else {},
    )


def _share(programs: Iterable[Written], holds: Callable[[Written], bool]) -> float | None:
    found = [holds(each) for each in programs]
    return sum(found) / len(found) if found else None
