"""Reading a program's text: is it Python, and if not, what is wrong where. Nothing is run here."""

from __future__ import annotations

import ast
import re
import threading
import warnings

from harness.programs.outcome import ProgramFault

MAX_PROGRAM_BYTES = 256 * 1024
"""Longest program accepted. Models write a few kilobytes; the bound keeps the parser's work bounded."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_warnings_lock = threading.Lock()


def split_lines(code: str) -> list[str]:
    """The lines of a program with their ends, split where Python splits them (not at form feeds and the like)."""
    return _LINE.findall(code)


def parse_program(code: str) -> ast.Module:
    """The program's syntax tree.

    Raises:
        SyntaxError: it is not Python, with the line and what is wrong.
    """
    if len(code) > MAX_PROGRAM_BYTES or len(code.encode("utf-8", "surrogatepass")) > MAX_PROGRAM_BYTES:
        raise SyntaxError(f"the program is too long: expected at most {MAX_PROGRAM_BYTES} bytes, got more")
    try:
        # An odd escape such as "\d" warns; the warning filter belongs to the process, so one thread at a time.
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError:
        raise
    except (ValueError, MemoryError, RecursionError) as error:
        raise SyntaxError(str(error) or "the program is nested too deeply") from None


def check_syntax(code: str) -> ProgramFault | None:
    """The fault of a program that is not Python, or `None`."""
    try:
        parse_program(code)
    except SyntaxError as error:
        return syntax_fault(error, code)
    return None


def syntax_fault(error: SyntaxError, code: str) -> ProgramFault:
    """A `SyntaxError` as a fault that shows the line."""
    line = error.lineno or 0
    lines = split_lines(code)
    trace = ((line, lines[line - 1].strip()),) if 0 < line <= len(lines) else ()
    kind = type(error).__name__
    return ProgramFault(
        type=kind, message=f"{error.msg} (line {line})" if line else error.msg, line=line, code="syntax", trace=trace
    )
