"""Recognises programs that differ in formatting and comments only."""

from __future__ import annotations

import ast

from harness.core.hashing import hash_json


def normalised_ast_key(code: str) -> str:
    """Names a program by its syntax tree, docstrings included; one that does not parse by its text."""
    try:
        return hash_json(["tree", ast.dump(ast.parse(code))])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return hash_json(["text", code])
