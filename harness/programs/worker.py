"""Running one program, statement by statement. This is the untrusted side: it runs in a confined child process.

The semantics are plain Python's: one global dict, statements compiled and run in order, the first uncaught exception
ends the program. The worker talks to the host in frames and knows nothing else of the world.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import os
import re
import socket
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from harness.api import ToolError, program_names, tool_error
from harness.programs.anatomy import class_name
from harness.programs.chance import random_record, resume_random, seed_random
from harness.programs.frames import Channel, ChannelError
from harness.programs.imports import guarded_import
from harness.programs.outcome import MAX_OUTPUT_LINES, ProgramFault
from harness.programs.parsing import NOT_COMPILED, not_compiled, parse_program, syntax_fault
from harness.programs.persist import Encoder
from harness.programs.restore import TAKEN, Decoder
from harness.programs.rewriting import (
    LEAVE,
    OF_MODULES,
    REFUSE,
    RESTORED_NAMES,
    LeaveProgram,
    annotated_names,
    as_run,
    refuse_name,
)
from harness.programs.sources import FUTURE_FLAGS, ClassStatement, Source, SourceBook, sources_of
from harness.programs.surroundings import Surroundings

MAX_LINE_CHARACTERS = 64 * 1024
"""Longest output of one `print`; the rest is cut off with a note."""

_FILE = "<program {}>"

_FILE_NUMBER = re.compile(r"<program (\d+)>")

_NO_NAME = "only texts name variables"

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Memory addresses in texts differ from run to run, so they are left out: the same program says the same."""


class HostTransport:
    """Sends a program's tool calls to the host and waits for the replies."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._calls = 0
        self.is_open = False

    def call(self, tool: str, args: Mapping[str, Any]) -> Any:
        """The result of `tool` on the host's server.

        Raises:
            ToolError: the tool refused.
        """
        if not self.is_open:
            raise ToolError(f"{tool} cannot be called while variables are being restored", code="restoring")
        self._calls += 1
        try:
            self._channel.send({"op": "call", "id": self._calls, "tool": tool, "args": dict(args)})
            reply = self._channel.receive()
        except ValueError:
            hint = "look for nan, inf or something very long among the arguments"
            message = f"{tool}: expected finite numbers and short texts, got what cannot be sent; {hint}"
            raise tool_error(tool, {"code": "bad_argument", "message": message}) from None
        except ChannelError:
            # The host has ended the program; there is nobody left to tell.
            os._exit(1)
        if not reply.get("ok"):
            raise tool_error(tool, reply.get("error") or {})
        return reply.get("result")


class _Statement(NamedTuple):
    """One of a program's statements.

    Attributes:
        module: it alone, as it is run.
        source: its text.
        code: it, compiled.
        names: what its annotations name that it does not bind itself.
        line: where it begins.
    """

    module: ast.Module
    source: Source
    code: types.CodeType
    names: frozenset[str]
    line: int


class Program:
    """One program being run.

    Attributes:
        globals: its global names.
    """

    def __init__(self, code: str, channel: Channel, data: Mapping[str, Any]) -> None:
        self._code = code
        self._channel = channel
        self._data = data
        self._file = _FILE.format(_number_of_run(data))
        self._book = SourceBook()
        self._line = 0
        self._num_lines = 0
        self._left = False
        self._starts: dict[int, int] = {}
        self._fresh_chance = random_record()
        self._transport = HostTransport(channel)
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.globals: dict[str, Any] = module.__dict__
        self._initial = self._first_names()
        self._surroundings = Surroundings(self._initial)

    def run(self) -> dict[str, Any]:
        """Runs the program; the result is the `done` frame."""
        try:
            tree = parse_program(self._code)
            statements = self._compiled(tree)
        except SyntaxError as error:
            return {"op": "done", "status": "error", "error": syntax_fault(error, self._code).to_json()}
        lost = Decoder(self._data, self._book, self._initial, self.globals).restore()
        lost |= self._restore_chance()
        self._book.note_lines(self._file, self._code)
        self._starts = _statement_starts(tree)
        self._transport.is_open = True
        fault = self._run_statements(statements)
        self._transport.is_open = False
        return self._done(fault, lost)

    def _first_names(self) -> dict[str, Any]:
        """Builtins and the API, all in the program's globals or its `__builtins__`."""
        names = {**program_names(self._transport), "log": self._print}
        replaced: dict[str, Any] = {
            "__import__": guarded_import,
            "__build_class__": self._build_class,
            REFUSE: refuse_name,
            LEAVE: LeaveProgram,
            "print": self._print,
            "open": _refusal("open", "Programs have no files; variables are kept for the next program."),
            "input": _refusal("input", "Nobody is there to answer."),
            "breakpoint": _refusal("breakpoint", "There is no debugger; use print."),
            "help": _refusal("help", "See the API reference in the instructions."),
        }
        safe = {**vars(builtins), **replaced}
        self.globals.update(names)
        self.globals["__builtins__"] = safe
        return {**{name: value for name, value in safe.items() if not name.startswith("_")}, **names}

    def _compiled(self, tree: ast.Module) -> list[_Statement]:
        """All statements ready to run, so that nothing runs of a program Python refuses anywhere.

        Raises:
            SyntaxError: it does.
        """
        statements = []
        for statement, source in sources_of(tree, self._code, self._file):
            try:
                module = ast.Module([as_run(statement)], [])
                code = self._book.compile(module, source)
            except NOT_COMPILED as error:
                raise not_compiled(error, statement.lineno) from None
            statements.append(_Statement(module, source, code, annotated_names(statement), statement.lineno))
        return statements

    def _code_of(self, statement: _Statement) -> types.CodeType:
        """The code of a statement; its annotations stay texts where they name what is not there."""
        if all(name in self.globals or name in self.globals["__builtins__"] for name in statement.names):
            return statement.code
        source = replace(statement.source, flags=statement.source.flags | FUTURE_FLAGS["annotations"])
        return self._book.compile(statement.module, source)

    def _run_statements(self, statements: Sequence[_Statement]) -> ProgramFault | None:
        """Runs statement after statement; a name bound by one that fails is bound as before."""
        for statement in statements:
            self._line = statement.line
            before = dict(self.globals)
            try:
                exec(self._code_of(statement), self.globals)
            except LeaveProgram as ending:
                self._left = True
                self._print_returned(ending)
                return None
            except SystemExit as ending:
                if not _means_success(ending.code):
                    return self._failed(ending, before)
                self._left = True
                self._note_exit(ending)
                return None
            except BaseException as error:  # noqa: BLE001 - a program may raise anything
                return self._failed(error, before)
        return None

    def _print_returned(self, ending: LeaveProgram) -> None:
        self._find_line(ending)
        if ending.value is not None:
            self._print(ending.value)

    def _note_exit(self, ending: SystemExit) -> None:
        self._find_line(ending)
        self._print("program ended by exit()")

    def _find_line(self, ending: BaseException) -> None:
        at = ending.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename == self._file:
                self._line = self._starts.get(at.tb_lineno, at.tb_lineno)
                return
            at = at.tb_next

    def _failed(self, error: BaseException, before: dict[str, Any]) -> ProgramFault:
        fault = self._fault(error)
        self.globals.clear()
        self.globals.update(before)
        return fault

    def _build_class(self, body: Any, name: str, /, *bases: Any, **keywords: Any) -> Any:
        return self._book.build_class(ClassStatement(body, bases, keywords), name)

    def _print(self, *values: Any, sep: Any = None, end: Any = None, file: Any = None, flush: Any = False) -> None:
        if not self._transport.is_open:
            return
        text = _ADDRESS.sub("", repr(values))
        if len(text) > MAX_LINE_CHARACTERS:
            text = f"{text[:MAX_LINE_CHARACTERS]}... ({len(text)} characters)"
        self._num_lines += 1
        if self._num_lines <= MAX_OUTPUT_LINES:
            self._send_line(self._current_line(), text)

    def _send_line(self, line: int, text: str) -> None:
        try:
            self._channel.send({"op": "line", "line": line, "text": text})
        except ChannelError:
            os._exit(1)

    def _current_line(self) -> int:
        """The first line of the program's own statement being run, however deep the calls below it are."""
        frame = sys._getframe()
        line = self._line
        while frame is not None:
            if frame.f_code.co_name == "<module>" and frame.f_code.co_filename == self._file:
                line = self._starts.get(frame.f_lineno, frame.f_lineno)
            frame = frame.f_back  # type: ignore[assignment]
        return line

    def _fault(self, error: BaseException) -> ProgramFault:
        trace: list[tuple[int, str]] = []
        line = self._line
        at = error.__traceback__
        while at is not None:
            code, number = at.tb_frame.f_code, at.tb_lineno
            text = self._book.line_text(code.co_filename, number)
            if text is not None:
                trace.append((number, text))
                if code.co_name == "<module>" and code.co_filename == self._file:
                    line = self._starts.get(number, number)
            at = at.tb_next
        code_word = error.code if isinstance(error, ToolError) else "exception"
        return ProgramFault(
            type=class_name(error),
            message=self._message(error)[:MAX_LINE_CHARACTERS],
            line=line,
            code=code_word if type(code_word) is str else "exception",
            trace=tuple(trace[:1] + trace[1:][-10:]),
        )

    def _message(self, error: BaseException) -> str:
        """What the error says; asking it runs the program's code, which may do anything but hang unseen."""
        try:
            message = str(error) if not isinstance(error, KeyError) else f"key {error} not found"
            return _ADDRESS.sub("", message) + self._suggestions(error)
        except BaseException as second:  # noqa: BLE001 - the error's own __str__ may raise anything
            return f"(its text cannot be shown: {class_name(second)})"

    def _suggestions(self, error: BaseException) -> str:
        if not isinstance(error, NameError) or not error.name:
            return ""
        known = {name: value for name, value in {**self._initial, **self.globals}.items() if isinstance(name, str)}
        close = difflib.get_close_matches(error.name, list(known), n=3, cutoff=0.6)
        named = [f"{name} ({type(known[name]).__name__})" for name in dict.fromkeys(close)]
        return f"\nDid you mean one of these?\n{named}" if named else ""

    def _done(self, fault: ProgramFault | None, lost_before: dict[str, str]) -> dict[str, Any]:
        if self._num_lines > MAX_OUTPUT_LINES:
            self._send_line(self._line, f"({self._num_lines - MAX_OUTPUT_LINES} more lines of output were cut off)")
        variables = {
            name: value
            for name, value in self.globals.items()
            if type(name) is str and name not in OF_MODULES and self._initial.get(name, self) is not value
        }
        taken = {name: TAKEN for name in variables if name in RESTORED_NAMES}
        kept = {name: value for name, value in variables.items() if name not in taken}
        data, lost = Encoder(self._book, self._names_of(), self.globals).encode(kept)
        chance = random_record()
        if chance != self._fresh_chance:
            data["random"] = chance
        odd = {f"a name that is {class_name(name)}": _NO_NAME for name in self.globals if type(name) is not str}
        lost = {**lost_before, **self._surroundings.changed(), **odd, **taken, **lost}
        return {
            "op": "done",
            "status": "ok" if fault is None else "error",
            "error": fault.to_json() if fault else None,
            "left": self._left,
            "namespace": {"schema": 1, "data": data, "lost": lost},
        }

    def _names_of(self) -> dict[int, str]:
        """The name of each object a program starts with."""
        names_of = {id(value): name for name, value in reversed(self._initial.items())}
        # A class has several names (a prototype's as well as its own); its own says most in a record.
        return names_of | {id(value): name for name, value in self._initial.items() if _is_called(value, name)}

    def _restore_chance(self) -> dict[str, str]:
        """Goes on where the last program stopped to draw; what of that could not be, with the reason."""
        self._fresh_chance = random_record()
        if "random" in self._data:
            try:
                resume_random(self._data["random"])
            except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
                return {"random": f"where it stopped could not be read ({class_name(error)}); it starts from its seed"}
        return {}


def serve(end: socket.socket) -> None:
    """Runs the one program the host sends, and reports how it went. To be called in a confined process of its own."""
    channel = Channel(end)
    order = channel.receive()
    seed_random(order.get("seed", 0))
    try:
        frame = Program(order["code"], channel, order["namespace"]).run()
        channel.send(frame)
    except (MemoryError, ValueError) as error:
        # What it would leave behind does not fit; the program's result stands without it.
        fault = ProgramFault(type=type(error).__name__, message=str(error) or "out of memory", code="exception")
        channel.send({"op": "done", "status": "error", "error": fault.to_json()})


def _number_of_run(data: Mapping[str, Any]) -> int:
    """A number for the program that none has whose text is still in use."""
    found = [_FILE_NUMBER.fullmatch(str(source[3])) for source in data.get("sources", ())]
    return 1 + max((int(match[1]) for match in found if match), default=0)


def _is_called(value: object, name: str) -> bool:
    return isinstance(value, type) and value.__name__ == name


def _means_success(code: object) -> bool:
    return code is None or (type(code) in (int, bool) and code == 0)


def _refusal(name: str, hint: str) -> Callable[..., Any]:
    def refuse(*_args: Any, **_keywords: Any) -> Any:
        raise PermissionError(f"{name} is not available to programs. {hint}")

    refuse.__name__ = name
    return refuse


def _own_nodes(statement: ast.AST) -> list[ast.AST]:
    """All nodes of a statement that belong to the program's own scope, not to that of a function, class or lambda."""
    nodes = [statement]
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return nodes
    for child in ast.iter_child_nodes(statement):
        nodes += _own_nodes(child)
    return nodes


def _statement_starts(tree: ast.Module) -> dict[int, int]:
    """For each line the first line of the innermost of the program's own statements that covers it."""
    starts: dict[int, int] = {}
    for node in _own_nodes(tree):
        if isinstance(node, ast.stmt):
            starts.update(dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.lineno))
    return starts
