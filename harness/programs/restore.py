"""Bringing stored variables back to life in a new worker: the inverse of `persist.py`.

Functions are rebuilt from code objects, without running anything. Classes are brought back by running their statement
(so decorators, bases and dataclass machinery do their work), each after the names its text mentions. Tools refuse calls
meanwhile.
"""

from __future__ import annotations

import ast
import base64
import collections
import functools
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from harness.programs.sources import Source, SourceBook, class_node

_PENDING = object()


class Decoder:
    """Fills the globals of one worker."""

    def __init__(
        self, data: Mapping[str, Any], book: SourceBook, initial: Mapping[str, Any], program_globals: dict[str, Any]
    ) -> None:
        self._names: Mapping[str, Any] = data.get("names", {})
        self._records: list[Any] = data.get("objects", [])
        self._sources = [Source(*source) for source in data.get("sources", [])]
        self._book = book
        self._initial = initial
        self._globals = program_globals
        self._made: dict[int, Any] = {}
        self._bound: set[str] = set()

    def restore(self) -> dict[str, str]:
        """Binds all names; those that could not be are returned with the reason."""
        lost: dict[str, str] = {}
        for name in self._names:
            try:
                self._bind(name)
            except Exception as error:  # noqa: BLE001 - class statements are the program's code
                lost[name] = f"it could not be brought back: {type(error).__name__}: {error}"
        return lost

    def _bind(self, name: str) -> None:
        if name in self._names and name not in self._bound:
            self._bound.add(name)
            self._globals[name] = self._value(self._names[name])

    def _value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        ((tag, content),) = data.items()
        if tag == "ref":
            return self._object(content)
        if tag == "name":
            return self._initial[content]
        return int(content, 16) if tag == "int" else float(content)

    def _object(self, index: int) -> Any:
        if index not in self._made:
            record = self._records[index]
            made = _READERS[record["kind"]](self, index, record)
            self._made.setdefault(index, made)
        return self._made[index]

    def _values(self, data: list[Any]) -> list[Any]:
        return [self._value(item) for item in data]

    def _pairs(self, data: list[Any]) -> dict[Any, Any]:
        return {self._value(key): self._value(value) for key, value in data}

    def _list(self, index: int, record: Mapping[str, Any]) -> list[Any]:
        made: list[Any] = []
        self._made[index] = made
        made.extend(self._values(record["items"]))
        return made

    def _set(self, index: int, record: Mapping[str, Any]) -> set[Any]:
        made: set[Any] = set()
        self._made[index] = made
        made.update(self._values(record["items"]))
        return made

    def _dict(self, index: int, record: Mapping[str, Any]) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        self._made[index] = made
        made.update(self._pairs(record["pairs"]))
        return made

    def _defaultdict(self, index: int, record: Mapping[str, Any]) -> Any:
        made: Any = collections.defaultdict(None)
        self._made[index] = made
        made.default_factory = self._value(record["factory"])
        made.update(self._pairs(record["pairs"]))
        return made

    def _cell(self, index: int, record: Mapping[str, Any]) -> types.CellType:
        made = types.CellType()
        self._made[index] = made
        if "value" in record:
            made.cell_contents = self._value(record["value"])
        return made

    def _function(self, index: int, record: Mapping[str, Any]) -> types.FunctionType:
        qualname, line, ordinal = record["code"]
        code = self._book.load(self._sources[record["source"]], (qualname, line, ordinal))
        # Cells are made empty first: one of them may hold this very function.
        cells = tuple(self._empty_cell(item["ref"]) for item in record["closure"])
        made = types.FunctionType(code, self._globals, record["name"], None, cells)
        self._made[index] = made
        made.__qualname__ = record["qualname"]
        made.__doc__ = record["doc"]
        if record["defaults"] is not None:
            made.__defaults__ = tuple(self._values(record["defaults"]))
        if record["kwdefaults"] is not None:
            made.__kwdefaults__ = self._pairs(record["kwdefaults"])
        vars(made).update(self._pairs(record["attributes"]))
        for item in record["closure"]:
            self._fill_cell(item["ref"])
        return made

    def _empty_cell(self, index: int) -> types.CellType:
        cell: types.CellType = self._made.setdefault(index, types.CellType())
        return cell

    def _fill_cell(self, index: int) -> None:
        record, cell = self._records[index], self._made[index]
        if "value" in record:
            cell.cell_contents = self._value(record["value"])

    def _class(self, index: int, record: Mapping[str, Any]) -> type:
        qualname, line, ordinal = record["code"]
        source = self._sources[record["source"]]
        node = class_node(source, (qualname, line, ordinal))
        for mentioned in ast.walk(node):
            if isinstance(mentioned, ast.Name) and mentioned.id != node.name:
                self._bind(mentioned.id)
        if index in self._made:
            made: type = self._made[index]
            return made
        self._book.note_lines(source.file, source.text, source.first_line)
        before = self._globals.get(node.name, _PENDING)
        exec(self._book.compile(ast.Module([node], []), source), self._globals)
        made = self._globals[node.name]
        if before is _PENDING:
            del self._globals[node.name]
        else:
            self._globals[node.name] = before
        self._made[index] = made
        for name, value in record["data"]:
            setattr(made, name, self._value(value))
        return made

    def _namedtuple(self, _index: int, record: Mapping[str, Any]) -> type:
        defaults = list(self._pairs(record["defaults"]).values())
        return collections.namedtuple(record["name"], record["fields"], defaults=defaults, module="__main__")

    def _instance(self, index: int, record: Mapping[str, Any]) -> Any:
        kind: type = self._value(record["class"])
        made = self._blank(kind, record)
        self._made[index] = made
        if isinstance(made, dict):
            dict.update(made, self._pairs(record["pairs"]))
        elif isinstance(made, list):
            list.extend(made, self._values(record["items"]))
        elif isinstance(made, set):
            set.update(made, self._values(record["items"]))
        for key, value in record["state"]:
            object.__setattr__(made, key, self._value(value))
        return made

    def _blank(self, kind: Any, record: Mapping[str, Any]) -> Any:
        for base in (tuple, frozenset):
            if issubclass(kind, base):
                return base.__new__(kind, self._values(record["items"]))
        if issubclass(kind, BaseException):
            args = self._values(record["items"])
            made = BaseException.__new__(kind, *args)
            made.args = tuple(args)
            return made
        if "scalar" in record:
            scalar = self._value(record["scalar"])
            return type(scalar).__new__(kind, scalar)
        mutable = next((base for base in (list, dict, set) if issubclass(kind, base)), object)
        return mutable.__new__(kind)

    def _call(self, _index: int, record: Mapping[str, Any]) -> Any:
        return self._value(record["function"])(*self._values(record["args"]))

    def _bytes(self, _index: int, record: Mapping[str, Any]) -> bytes | bytearray:
        content = base64.b64decode(record["base64"])
        return bytearray(content) if record["kind"] == "bytearray" else content

    def _partial(self, _index: int, record: Mapping[str, Any]) -> Any:
        keywords = self._pairs(record["keywords"])
        return functools.partial(self._value(record["function"]), *self._values(record["args"]), **keywords)


_READERS: dict[str, Callable[[Decoder, int, Mapping[str, Any]], Any]] = {
    "list": Decoder._list,
    "tuple": lambda coder, _, record: tuple(coder._values(record["items"])),
    "set": Decoder._set,
    "frozenset": lambda coder, _, record: frozenset(coder._values(record["items"])),
    "dict": Decoder._dict,
    "defaultdict": Decoder._defaultdict,
    "bytes": Decoder._bytes,
    "bytearray": Decoder._bytes,
    "call": Decoder._call,
    "cell": Decoder._cell,
    "function": Decoder._function,
    "method": lambda coder, _, record: types.MethodType(coder._value(record["function"]), coder._value(record["self"])),
    "module": lambda _coder, _, record: sys.modules[record["name"]],
    "import": lambda _coder, _, record: getattr(sys.modules[record["module"]], record["name"]),
    "class": Decoder._class,
    "inner": lambda coder, _, record: getattr(coder._value(record["outer"]), record["name"]),
    "member": lambda coder, _, record: coder._value(record["class"])[record["name"]],
    "namedtuple": Decoder._namedtuple,
    "instance": Decoder._instance,
    "partial": Decoder._partial,
    "cached": lambda coder, _, record: functools.lru_cache(record["maxsize"], record["typed"])(
        coder._value(record["function"])
    ),
}
