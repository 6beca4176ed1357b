"""Turns described classes (`binding.py`) into the Lua classes scripts see.

It writes Lua source that unpacks arguments, crosses into Python once with plain scalars, and packs the result. Nothing
else crosses, so a read costs a fraction of a microsecond. It knows no particular class; `harness.simulator.lua.members`
does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from harness.core.errors import SimError
from harness.simulator.lua.binding import ApiClass, Function, Method, Read

_ARITY = {
    "position": 2,
    "area": 4,
    "connector": 3,
    "entity": 2,
    "goal": 4,
    "inventory": 2,
    "slot": 3,
    "stack": 2,
    "tile": 2,
    "tiles": 2,
}
"""Scalars an argument arrives as, where not one."""

_PAIRS = ("goal", "tile")
"""Kinds that are made of two arguments of a call."""

_LISTS = ("data", "objects", "records", "named")
"""What arrives as a Lua table; an empty one as false, since the table is made four times as fast on the other side."""

CROSSING_INSTRUCTIONS = 500
"""What one call into the engine takes from a script's budget: about the instructions Lua runs in the same time."""

_UNFIT = (OverflowError, MemoryError, TypeError, ValueError)
"""What an argument leads to that no check has caught."""

_LOG = logging.getLogger(__name__)


class Binder:
    """Binds classes to one Lua state and one context object that every member function receives first."""

    def __init__(
        self,
        context: object,
        to_table: Callable[[Any], Any],
        to_tree: Callable[[Any], Any],
        arities: dict[str, int],
    ) -> None:
        """Prepares to bind.

        Args:
            context: first argument of every member function.
            to_table: makes a Lua table of nested Python data.
            to_tree: the same where an `ApiObject` may be anywhere in it.
            arities: number of handle fields by class name.
        """
        self._context = context
        self._to_table = to_table
        self._to_tree = to_tree
        self._arities = arities
        self._functions: list[Function] = []
        self._lines: list[str] = []

    def source(self, api: ApiClass) -> tuple[str, list[Function]]:
        """Lua source of one class, to be called with (host, functions), and those functions."""
        self._functions, self._lines = [], ["local host, F = ...", "local A, B, C = host.A, host.B, host.C"]
        self._lines += ["local convert, type, error, budget = host.convert, host.raw_type, error, host.budget"]
        self._lines += ["local readers, writers, index, length, items, put = {}, {}"]
        for name, member in api.members.items():
            if isinstance(member, Method):
                self._method(api, name, member)
            else:
                self._attribute(api, name, member)
        self._operators(api)
        self._lines.append(f'host.new_class("{api.name}", readers, writers, index, length, items, put, "{api.keep}")')
        return "\n".join(self._lines), self._functions

    def _self(self, api: ApiClass) -> list[str]:
        return [f"self[{letter}]" for letter, _ in zip("ABC", api.handle, strict=False)]

    def _attribute(self, api: ApiClass, name: str, member: Read) -> None:
        handle = self._self(api)
        if member.lua:
            self._lines.append(f'readers["{name}"] = function(self) return {member.lua} end')
        elif member.read is not None:
            call = self._call(api, member.read, member.gives, handle, member.guarded)
            if (member.fixed or api.fixed) and _may_be_kept(member.gives):
                call = _kept(call, handle[0])
            self._lines.append(
                f'readers["{name}"] = (function() {call.prelude} return function(self) {call.body} end end)()'
            )
        if member.write is not None:
            prepare, values = _prepare(member.takes, "value", "a")
            call = self._call(api, member.write, "nothing", [*handle, *values], member.guarded)
            self._lines.append(
                f'writers["{name}"] = (function() {call.prelude} '
                f"return function(self, value) {prepare} {call.body} end end)()"
            )

    def _method(self, api: ApiClass, name: str, member: Method) -> None:
        letters = "ABC"[: len(api.handle)]
        handle = [f"h{letter}" for letter in letters]
        parameters, prepared, values = self._arguments(name, member)
        call = self._call(api, member.call, member.gives, [*handle, *values], member.guarded)
        unpack = f"local {', '.join(handle)} = {', '.join(f'self[{letter}]' for letter in letters)}" if handle else ""
        self._lines.append(
            f'readers["{name}"] = (function() {call.prelude} return function(self) {unpack}\n'
            f"local function method({', '.join(parameters)}) {prepared} {call.body} end\n"
            f'host.raw_set(self, "{name}", method) return method end end)()'
        )

    def _arguments(self, name: str, member: Method) -> tuple[list[str], str, list[str]]:
        prepared, values, parameters = [], [], []
        if member.fields:
            parameters = ["t"]
            if member.optional:
                prepared.append("t = t or {}")
            prepared.append(
                f"if type(t) ~= 'table' then "
                f"error('{name}: wrong argument: expected a table, got ' .. type(t) .. '.', 2) end"
            )
        for position, text in enumerate(member.fields or member.takes):
            key, kind = text.split(":") if member.fields else (f"p{position}", text)
            if not member.fields:
                parameters += [key, f"{key}y"] if kind in _PAIRS else [key]
            prepare, got = _prepare(kind, f"t.{key}" if member.fields else key, f"v{position}_")
            prepared.append(prepare)
            values += got
        return parameters, " ".join(prepared), values

    def _operators(self, api: ApiClass) -> None:
        handle = self._self(api)
        if api.index is not None:
            call = self._call(api, api.index, api.index_gives, [*handle, "key"], True)
            if api.fixed and _may_be_kept(api.index_gives):
                call = _kept(call, handle[0], "key")
            self._lines.append(f"index = (function() {call.prelude} return function(self, key) {call.body} end end)()")
        if api.index_write is not None:
            prepare, values = _prepare("table?", "value", "a")
            call = self._call(api, api.index_write, "nothing", [*handle, "key", *values], True)
            self._lines.append(
                f"put = (function() {call.prelude} return function(self, key, value) {prepare} {call.body} end end)()"
            )
        if api.length is not None:
            call = self._call(api, api.length, "value", handle, True)
            self._lines.append(f"length = (function() {call.prelude} return function(self) {call.body} end end)()")
        if api.items is not None:
            call = self._call(api, api.items, "data", handle, True)
            self._lines.append(f"items = (function() {call.prelude} return function(self) {call.body} end end)()")

    def _call(self, api: ApiClass, function: Function, gives: str, arguments: Sequence[str], guarded: bool) -> _Call:
        kind, _, name = gives.partition(":")
        name, _, field = name.partition(":")
        width = {"position": 2, "box": 4, "object": self._arities.get(name, 1)}.get(kind, 1)
        guard = api.guard if guarded else None
        alone = list(arguments) == self._self(api)
        self._functions.append(self._crossing(api, function, kind, width, guard, alone))
        charge = f"budget[1] = budget[1] - {CROSSING_INSTRUCTIONS}"
        results = ", ".join(f"r{number}" for number in range(width))
        arity, given = self._arities.get(name, 1), ", ".join(arguments)
        crossed = f"{charge} local {results}, e = f({given}) if e then error(e, 2) end"
        if kind == "pair":
            keys = ", ".join(f'"{key}"' for key in field.split(":"))
            crossed = f'{charge} local r0 = host.to_pair("{name}", {arity}, {keys}, f({given}))'
        elif kind in _LISTS:
            crossed += " if r0 == false then r0 = {} end"
        value = {
            "value": "r0",
            "data": "r0",
            "tree": "r0",
            "nothing": "",
            "position": f"host.to_position({results})",
            "box": f"host.to_box({results})",
            "object": f'host.wrap("{name}", {results})',
            "records": f'host.with_objects("{name}", "{field}", r0)',
            "named": f'host.to_named("{name}", {arity}, r0)',
            "objects": f'host.to_objects("{name}", {arity}, r0)',
            "pair": "r0",
        }[kind]
        return _Call(prelude=f"local f = F[{len(self._functions)}]", crossing=crossed, value=value)

    def _to_list(self, value: Any) -> Any:
        is_empty = not value and isinstance(value, dict | list | tuple)
        return False if is_empty else self._to_table(value)

    def _crossing(
        self, api: ApiClass, function: Function, kind: str, width: int, guard: Function | None, alone: bool
    ) -> Function:
        """The Python function that Lua calls: never raises a `SimError`, but gives its text behind the results.

        `alone` says that the handle is all it is called with.
        """
        context, to_table, nothing = self._context, self._to_table, (None,) * width
        num_fields, flat = len(api.handle), kind in _LISTS
        if flat:
            to_table = self._to_list
        elif kind == "tree":
            to_table, flat = self._to_tree, True
        invalid = (*nothing, f"{api.name} API call when {api.name} was invalid.")

        def cross(*arguments: Any) -> Any:
            try:
                if guard is not None:
                    target = guard(context, *arguments[:num_fields])
                    if target is None:
                        return invalid
                    arguments = (*target, *arguments[num_fields:])
                result = function(context, *arguments)
            except SimError as error:
                return (*nothing, str(error))
            except _UNFIT as error:
                return (*nothing, _unfit(api, error, arguments))
            except Exception:
                # A fault of ours or an argument of a type nobody thought of: Lua would hide where it came from.
                _LOG.exception("Error in a member of %s, called with %s", api.name, arguments)
                raise
            if flat and result is not None:
                return to_table(result)
            return nothing if result is None else result

        if guard is None or num_fields != 2 or not alone:
            return cross
        alive = guard

        def read(first: Any, second: Any) -> Any:
            """As `cross`: reading an attribute of an entity is most of what scripts do, and so takes half the time."""
            try:
                target = alive(context, first, second)
                if target is None:
                    return invalid
                result = function(context, *target)
            except SimError as error:
                return (*nothing, str(error))
            except _UNFIT as error:
                return (*nothing, _unfit(api, error, (first, second)))
            except Exception:
                # A fault of ours or an argument of a type nobody thought of: Lua would hide where it came from.
                _LOG.exception("Error in a member of %s, called with %s", api.name, (first, second))
                raise
            if flat and result is not None:
                return to_table(result)
            return nothing if result is None else result

        return read


def _kept(call: _Call, handle: str, key: str | None = None) -> _Call:
    """The call made once for each handle, or each key of it; nil is asked for again."""
    prelude, find, name = f"{call.prelude} local kept = {{}}", "", key or handle
    if key is not None:
        prelude = f"{call.prelude} local tables = {{}}"
        find = f"local kept = tables[{handle}] if not kept then kept = {{}} tables[{handle}] = kept end "
    known = f"{find}local known = kept[{name}] if known ~= nil then return known end"
    keep = f"local value = {call.value} if value ~= nil then kept[{name}] = value end"
    return _Call(prelude=prelude, crossing=f"{known} {call.crossing} {keep}", value="value")


def _may_be_kept(gives: str) -> bool:
    """Whether it is nothing that scripts could write into."""
    return gives == "value" or gives.startswith("object:")


def _unfit(api: ApiClass, error: Exception, arguments: tuple[Any, ...]) -> str:
    """What Lua hears of an argument that no check has caught; Python's own words mean nothing to a script."""
    _LOG.warning("A member of %s was called with %s", api.name, arguments)
    _LOG.debug("What came of it:", exc_info=error)
    reason = "" if isinstance(error, OverflowError | MemoryError) else f" ({error})"
    return f"{api.name}: an argument is out of range or of the wrong type{reason}"


@dataclass(frozen=True, slots=True)
class _Call:
    """Lua source of one call into Python.

    Attributes:
        prelude: locals that it needs, set once.
        crossing: statements that call.
        value: an expression of what they gave; nothing if it gives nothing.
    """

    prelude: str
    crossing: str
    value: str

    @property
    def body(self) -> str:
        """Statements that call and return the value."""
        return f"{self.crossing} return {self.value}"


def _prepare(kind: str, source: str, prefix: str) -> tuple[str, list[str]]:
    """Lua statements that turn the value at `source` into scalars, and the names of those."""
    optional, kind = kind.endswith("?"), kind.rstrip("?")
    if kind == "any":
        return "", [source]
    names = [f"{prefix}{number}" for number in range(_ARITY.get(kind, 1))]
    declared = f"local {', '.join(names)}"
    conversion = f"{', '.join(names)} = convert.{kind}({source}{f', {source}y' if kind in _PAIRS else ''})"
    if optional:
        return f"{declared} if {source} ~= nil then {conversion} end", names
    return f"{declared} {conversion}", names
