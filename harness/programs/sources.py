"""The source text behind a program's functions and classes, so that both can be stored as text and found again.

A function lives on as: the statement that defined it, and which code object in that statement it is. Compiling the same
text again gives the same code objects, so nothing compiled is ever stored, and nothing is run to bring it back.
"""

from __future__ import annotations
import __future__

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from harness.programs.parsing import parse_program, split_lines
from harness.programs.rewriting import as_run

FUTURE_FLAGS = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}


@dataclass(frozen=True, slots=True)
class Source:
    """Whole source lines that hold a statement.

    Attributes:
        text: the lines.
        first_line: the line number (from 1) of the first of them in its program.
        index: which statement of `text` is meant.
        file: the name of the program in tracebacks.
        flags: compiler flags of the `__future__` imports in force.
    """

    text: str
    first_line: int
    index: int
    file: str
    flags: int


class ClassStatement(NamedTuple):
    """What a class statement hands to Python: its body as a function, its bases and keywords."""

    body: FunctionType
    bases: tuple[Any, ...]
    keywords: dict[str, Any]


CodeKey = tuple[str, int, int]
"""Qualified name, first line, and ordinal among those with the same two."""


class SourceBook:
    """All sources and code objects of a worker."""

    def __init__(self) -> None:
        self._code_at: dict[int, tuple[CodeType, Source, CodeKey]] = {}
        self._class_at: dict[int, tuple[type, ClassStatement | None]] = {}
        self._compiled: dict[Source, dict[CodeKey, CodeType]] = {}
        self._lines: dict[tuple[str, int], str] = {}

    def compile(self, tree: ast.Module, source: Source) -> CodeType:
        """Compiles a tree whose code comes from `source`, and remembers every code object in it."""
        code: CodeType = compile(tree, source.file, "exec", flags=source.flags, dont_inherit=True)
        for key, nested in _walk(code):
            self._code_at[id(nested)] = (nested, source, key)
        return code

    def note_lines(self, file: str, text: str, first_line: int = 1) -> None:
        """Remembers source lines for `line_text`."""
        for number, line in enumerate(split_lines(text), first_line):
            self._lines[file, number] = line.strip()

    def line_text(self, file: str, line: int) -> str | None:
        """The text of a source line, stripped; `None` if the file is no program's."""
        return self._lines.get((file, line))

    def build_class(self, statement: ClassStatement, name: str) -> Any:
        """Makes a class as its statement says, before decorators, and remembers how."""
        kind = builtins.__build_class__(statement.body, name, *statement.bases, **statement.keywords)
        if isinstance(kind, type):
            self._class_at[id(kind)] = kind, statement
        return kind

    def note_class(self, kind: type, statement: ClassStatement | None = None) -> None:
        """Remembers that a class is the program's, which was brought back without running its statement."""
        self._class_at[id(kind)] = kind, statement

    def locate(self, code: CodeType) -> tuple[Source, CodeKey] | None:
        """Where a code object came from, or `None` if it is no program's."""
        found = self._code_at.get(id(code))
        return found[1:] if found else None

    def has_class(self, kind: type) -> bool:
        """Whether the class is known to be a program's."""
        return id(kind) in self._class_at

    def class_statement(self, kind: type) -> ClassStatement | None:
        """The statement that made a class, or `None` if none of a program's did."""
        found = self._class_at.get(id(kind))
        return None if found is None else found[1]

    def load(self, source: Source, key: CodeKey) -> CodeType:
        """The code object `key` of `source`, compiled again.

        Raises:
            KeyError: there is none.
        """
        if source not in self._compiled:
            self.note_lines(source.file, source.text, source.first_line)
            code = self.compile(ast.Module([statement_of(source)], []), source)
            self._compiled[source] = dict(_walk(code))
        return self._compiled[source][key]


def statement_of(source: Source) -> ast.stmt:
    """The syntax tree of a source's statement with its original line numbers."""
    statement = parse_program(source.text).body[source.index]
    ast.increment_lineno(statement, source.first_line - 1)
    return as_run(statement)


def sources_of(tree: ast.Module, code: str, file: str) -> Iterator[tuple[ast.stmt, Source]]:
    """Each top-level statement with the source lines that hold it, statements that share a line together."""
    lines = split_lines(code)
    flags = 0
    start, index, last = 1, 0, 0
    for position, statement in enumerate(tree.body):
        first = min([statement.lineno, *(item.lineno for item in getattr(statement, "decorator_list", []))])
        start, index = (start, index + 1) if first <= last else (first, 0)
        last = statement.end_lineno or statement.lineno
        group_end = _group_end(tree.body, position, last)
        yield statement, Source("".join(lines[start - 1 : group_end]), start, index, file, flags)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            flags |= sum(FUTURE_FLAGS.get(alias.name, 0) for alias in statement.names)


def _group_end(body: list[ast.stmt], position: int, last: int) -> int:
    """The last line of the statements that begin on the line where their forerunner ends."""
    for statement in body[position + 1 :]:
        if statement.lineno > last:
            break
        last = statement.end_lineno or statement.lineno
    return last


def _walk(code: CodeType) -> Iterator[tuple[CodeKey, CodeType]]:
    counts: dict[tuple[str, int], int] = {}
    pending = [code]
    while pending:
        current = pending.pop()
        name = (current.co_qualname, current.co_firstlineno)
        counts[name] = counts.get(name, -1) + 1
        yield (*name, counts[name]), current
        pending += [constant for constant in reversed(current.co_consts) if isinstance(constant, CodeType)]
