"""Reading a program's text: is it Python, and if not, what is wrong where. Nothing is run here."""

from __future__ import annotations

import ast
import re
import threading
import warnings
from itertools import accumulate

from harness.programs.outcome import ProgramFault

MAX_PROGRAM_BYTES = 256 * 1024
"""Longest program accepted. Models write a few kilobytes; the bound keeps the parser's work bounded."""

NOT_COMPILED = (ValueError, MemoryError, RecursionError, ImportError, OverflowError, SystemError)
"""What the parser and the compiler raise of a text, beside `SyntaxError`."""

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
        raise _faulty(f"the program is too long: expected at most {MAX_PROGRAM_BYTES} bytes, got more", 1)
    try:
        # An odd escape such as "\d" warns; the warning filter belongs to the process, so one thread at a time.
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError as error:
        if error.lineno is None:
            raise _faulty(error.msg, _line_at(code, max(code.find("\0"), 0))) from None
        raise
    except UnicodeEncodeError as error:
        raise _faulty(f"a program cannot hold {code[error.start]!r}", _line_at(code, error.start)) from None
    except NOT_COMPILED as error:
        raise not_compiled(error, _deepest_line(code)) from None


def not_compiled(error: Exception, line: int) -> SyntaxError:
    """What Python says of a program's text in other ways than a `SyntaxError`, as one at `line`."""
    if isinstance(error, (MemoryError, RecursionError)):
        return _faulty("the program is nested too deeply", line)
    return _faulty(str(error) or type(error).__name__, line)


def _faulty(message: str, line: int) -> SyntaxError:
    return SyntaxError(message, (None, line, None, None))


def _line_at(code: str, position: int) -> int:
    """The number of the line (from 1) that holds the character at `position`."""
    return max(len(split_lines(code[: position + 1])), 1)


def _deepest_line(code: str) -> int:
    """The line at whose end most brackets are open, for a parser that gives up without saying where."""
    depths = list(accumulate(sum(map(line.count, "([{")) - sum(map(line.count, ")]}")) for line in split_lines(code)))
    return 1 + depths.index(max(depths)) if depths else 1


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
