"""One Lua 5.2 state for one script (a mod, or the level): sandboxed, bounded, and closed to Python.

It owns the state and the ways in and out; what scripts can do to the world comes from the API classes that are bound to
it, and who calls when is `harness.simulator.lua.scripts`. Text crosses as Latin-1, so every byte of a script's string
survives the way through Python unchanged, valid UTF-8 or not.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import lupa.lua52 as lupa
import numba

from harness.core.errors import SimError
from harness.simulator.lua.binder import Binder
from harness.simulator.lua.binding import ApiClass
from harness.simulator.lua.context import ApiObject

ENCODING = "latin-1"

PRELUDE = ("sandbox.lua", "text.lua", "storage.lua", "objects.lua", "util.lua", "globals.lua", "patterns.lua")

MAX_INSTRUCTIONS = 1_000_000_000
"""A call into a script that runs longer is an endless loop: two to three seconds of plain Lua. Every crossing into the
engine counts as `CROSSING_INSTRUCTIONS` of them."""

MAX_SECONDS = 600.0 if numba.config.DISABLE_JIT else 10.0
"""Processor time of one call, for work that is no instruction; interpreted kernels are some hundred times slower."""

MAX_MEMORY_BYTES = 512 * 1024**2

_LOG = logging.getLogger(__name__)


class ScriptError(SimError):
    """A script failed; the message is what the game would show, with chunk and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a state is built with.

    Attributes:
        name: the script's name: a mod's name, or `level`.
        game_version: `helpers.game_version`.
        active_mods: names and versions.
        defines: groups of named numbers.
        read_module: gives (source, chunk name) of a `require`d module, or (None, reason).
        functions: more host functions and values, by name, for prelude files.
        classes: the API classes.
        roots: global objects, by name: class and handle.
        context: first argument of every member's function.
        max_instructions: of one call into the script.
        max_seconds: processor time of one call into the script.
    """

    name: str
    game_version: str
    active_mods: Mapping[str, str]
    defines: Mapping[str, Any]
    read_module: Callable[[str], tuple[str | None, str]]
    functions: Mapping[str, Any]
    classes: Iterable[ApiClass]
    roots: Mapping[str, tuple[str, tuple[Any, ...]]]
    context: object
    max_instructions: int = MAX_INSTRUCTIONS
    max_seconds: float = MAX_SECONDS


class ScriptState:
    """A running Lua state.

    Attributes:
        name: the script's name.
    """

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._max_instructions = setup.max_instructions
        self._max_seconds = setup.max_seconds
        self._depth = 0
        self._runtime = lupa.LuaRuntime(
            unpack_returned_tuples=True,
            register_eval=False,
            register_builtins=False,
            encoding=ENCODING,
            source_encoding=ENCODING,
            max_memory=MAX_MEMORY_BYTES,
            attribute_filter=_no_attributes,
        )
        self._host = self._runtime.table()
        self._fill_host(setup)
        for name in PRELUDE:
            self._run_prelude(name)
        self._bind(setup)
        self._enter = self._host["enter"]

    def call(self, function: str, *arguments: Any) -> Any:
        """Calls one of the prelude's entry points under the budget.

        Raises:
            ScriptError: the script failed.
        """
        budget = None if self._depth else self._max_instructions
        self._depth += 1
        try:
            result = self._enter(budget, self._max_seconds, self._host[function], *arguments)
        except lupa.LuaError as error:  # memory or instructions ran out on the very way out
            raise ScriptError(str(error)) from error
        finally:
            self._depth -= 1
        if isinstance(result, tuple):
            problem, value = result[0], result[1]
        else:
            problem, value = result, None
        if problem is not None:
            raise ScriptError(problem)
        return value

    def call_raw(self, function: str, *arguments: Any) -> Any:
        """Calls a prelude function that runs no script code."""
        return self._host[function](*arguments)

    def run(self, code: str, chunk: str) -> None:
        """Runs source text; `chunk` names it in messages, in Lua's notation.

        Raises:
            ScriptError: it does not compile, or failed.
        """
        self.call("run_code", code, chunk)

    def to_table(self, value: Any) -> Any:
        """Nested Python data as a Lua table; other values unchanged."""
        return self._runtime.table_from(value, recursive=True) if isinstance(value, dict | list | tuple) else value

    def _to_tree(self, value: Any) -> Any:
        """As `to_table`, with every `ApiObject` in it turned into an object of its class."""
        if isinstance(value, ApiObject):
            return self._host["wrap"](value.name, *value.handle)
        if isinstance(value, dict):
            return self._runtime.table_from({key: self._to_tree(item) for key, item in value.items()})
        if isinstance(value, list | tuple):
            return self._runtime.table_from([self._to_tree(item) for item in value])
        return value

    def _fill_host(self, setup: Setup) -> None:
        host = self._host
        host["mod_name"], host["game_version"] = setup.name, setup.game_version
        host["active_mods"] = self.to_table(dict(setup.active_mods))
        host["defines"] = self.to_table(dict(setup.defines))
        host["read_module"] = setup.read_module
        host["from_json"] = self._from_json
        host["shortest"] = lambda value: repr(float(value))
        host["log"] = lambda text: _LOG.info("Script %s: %s", setup.name, text)
        for name, function in setup.functions.items():
            host[name] = function

    def _run_prelude(self, name: str) -> None:
        source = files(__package__).joinpath("prelude", name).read_text(encoding="utf-8")
        self._runtime.compile(source, name=b"=(engine)")(self._host)

    def _bind(self, setup: Setup) -> None:
        classes = list(setup.classes)
        binder = Binder(setup.context, self.to_table, self._to_tree, {api.name: len(api.handle) for api in classes})
        for api in classes:
            source, functions = binder.source(api)
            self._runtime.compile(source, name=b"=(engine)")(self._host, self._runtime.table_from(functions))
        wrap, globals_ = self._host["wrap"], self._runtime.globals()
        for name, (api_name, handle) in setup.roots.items():
            globals_[name] = wrap(api_name, *handle)

    def _from_json(self, text: str) -> Any:
        escaped = "\\u" in text
        if escaped:
            text = text.encode(ENCODING).decode("utf-8", "replace")
        try:
            value = json.loads(text, parse_int=float, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None  # as the game: what is no JSON is nil
        return self.to_table(_as_bytes(value) if escaped else value)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _as_bytes(value: Any) -> Any:
    """Turns characters into the UTF-8 bytes scripts hold, each as one Latin-1 character."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode(ENCODING)
    if isinstance(value, list):
        return [_as_bytes(item) for item in value]
    if isinstance(value, dict):
        return {_as_bytes(key): _as_bytes(item) for key, item in value.items()}
    return value


def _no_attributes(_object: object, name: str, _setting: bool) -> str:
    raise AttributeError(f"scripts cannot see Python: {name}")
