"""Cutting a program into chunks that can run one after the other.

The text of the chunks, put together, is the program, byte for byte; each of them parses. Cuts are made only at the
start of a line between two top-level statements, so no statement, decorator, string or comment is ever torn.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from harness.programs.parsing import parse_program, split_lines

_TASK_COMMENT = re.compile(r"#+\s*(?:(?:step|task|phase|part|stage)\b|\(?\d+\s*[.):\-])", re.IGNORECASE)


def chunk_program(code: str) -> list[str]:
    """The chunks of a program: one for each top-level docstring with what follows it, and one for what comes before.

    Without docstrings the cuts are made at numbered or task comments at the start of a line (`# Step 1`, `# 2. ...`);
    without those the program is one chunk. Text with no statement in it joins the chunk after it (at the end: before
    it). A program that does not parse is one chunk.
    """
    try:
        tree = parse_program(code)
    except SyntaxError:
        return [code]
    lines = split_lines(code)
    cuts = _docstring_lines(tree) or _comment_lines(tree, lines)
    chunks = _join_idle(_cut(lines, [line for line in cuts if _starts_line(tree, line)]))
    return chunks if all(_parses(chunk) for chunk in chunks) else [code]


def _docstring_lines(tree: ast.Module) -> list[int]:
    return [statement.lineno for statement in tree.body if _is_docstring(statement)]


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _comment_lines(tree: ast.Module, lines: list[str]) -> list[int]:
    inside = {line for statement in tree.body for line in range(_first_line(statement), _last_line(statement) + 1)}
    return [number for number, line in enumerate(lines, 1) if number not in inside and _TASK_COMMENT.match(line)]


def _starts_line(tree: ast.Module, line: int) -> bool:
    """Whether a cut before `line` (from 1) leaves every statement whole and none behind a `;` of the line."""
    crossing = any(_first_line(statement) < line <= _last_line(statement) for statement in tree.body)
    return not crossing


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _cut(lines: list[str], cuts: list[int]) -> list[str]:
    bounds = sorted({0, *(cut - 1 for cut in cuts), len(lines)})
    pieces = ["".join(lines[start:end]) for start, end in pairwise(bounds)]
    return pieces or [""]


def _join_idle(pieces: list[str]) -> list[str]:
    """Pieces that do nothing joined to the next, the last such to the one before."""
    chunks: list[str] = []
    pending = ""
    for piece in pieces:
        pending += piece
        if not _is_idle(pending):
            chunks.append(pending)
            pending = ""
    if pending and chunks:
        chunks[-1] += pending
    elif pending or not chunks:
        chunks.append(pending)
    return chunks


def _is_idle(piece: str) -> bool:
    try:
        return all(_is_docstring(statement) for statement in parse_program(piece).body)
    except SyntaxError:
        return False


def _parses(chunk: str) -> bool:
    try:
        parse_program(chunk)
    except SyntaxError:
        return False
    return True
