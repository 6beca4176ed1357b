"""Recognises programs that do the same because they differ only in what Python does not run.

That is formatting, comments, and strings that stand alone between the statements of a program, which models write as
headings. Docstrings of functions and classes count, since they can be read; so do all names, since they show in errors
and in what a program leaves behind.

How a program is written shows in a little of what comes of it all the same: in the numbers of the lines that print, in
the lines quoted by an error, and in the functions and classes it leaves behind, which keep their text.
"""

from __future__ import annotations

import ast
from typing import TypeGuard

from harness.core.hashing import hash_json
from harness.programs.outcome import renumbered
from harness.programs.parsing import parse_program


def normalised_ast_key(code: str) -> str:
    """Names a program by its syntax tree without headings; one that does not parse by its text."""
    try:
        return hash_json(["tree", ast.dump(_without_headings(code))])
    except (SyntaxError, RecursionError, MemoryError):
        return hash_json(["text", code])


def output_as_of(code: str, ran: str, output: str) -> str | None:
    """What `code` would have printed, to the letter, given the output of an equal program that ran to its end.

    Args:
        code: the program that is not to be run.
        ran: the one that was; their `normalised_ast_key` is the same.
        output: of `ran`, as a model is shown it.

    Returns:
        `None` where only running it can tell.
    """
    if code == ran:
        return output
    nodes, others = list(ast.walk(_without_headings(ran))), list(ast.walk(_without_headings(code)))
    if any(isinstance(node, _KEEPS_ITS_TEXT) for node in nodes):
        return None
    pairs = zip(nodes, others, strict=True)
    lines = {(node.lineno, other.lineno) for node, other in pairs if _is_statement(node) and _is_statement(other)}
    numbers = dict(lines)
    if len(numbers) < len(lines):
        return None  # Statements that share a line here do not there.
    return renumbered(output, lambda line: numbers.get(line, line))


_KEEPS_ITS_TEXT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _without_headings(code: str) -> ast.Module:
    tree = parse_program(code)
    if "__doc__" not in code:
        tree.body = [statement for statement in tree.body if not _is_heading(statement)]
    return tree


def _is_statement(node: ast.AST) -> TypeGuard[ast.stmt]:
    return isinstance(node, ast.stmt)


def _is_heading(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
