"""Recognises programs that do the same because they differ only in what Python does not run.

That is formatting, comments, and strings that stand alone between the statements of a program, which models write as
headings. Docstrings of functions and classes count, since they can be read; so do all names, since they show in errors
and in what a program leaves behind.
"""

from __future__ import annotations

import ast

from harness.core.hashing import hash_json
from harness.programs.parsing import parse_program


def normalised_ast_key(code: str) -> str:
    """Names a program by its syntax tree without headings; one that does not parse by its text."""
    try:
        tree = parse_program(code)
        if "__doc__" not in code:
            tree.body = [statement for statement in tree.body if not _is_heading(statement)]
        return hash_json(["tree", ast.dump(tree)])
    except (SyntaxError, RecursionError, MemoryError):
        return hash_json(["text", code])


def _is_heading(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
