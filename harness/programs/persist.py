"""Turning a program's variables into JSON data. It runs inside workers only; `restore.py` is the way back.

Values form a graph: scalars are written in place, everything else once into a table of objects and referred to by
its index, so aliases stay aliases and cycles are no problem. Functions and classes are stored as source
(`sources.py`). There is no pickle and no compiled code in the data. What cannot be written is left out by name, with
the reason.
"""

from __future__ import annotations

import base64
import collections
import decimal
import fractions
import functools
import math
import re
import sys
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from harness.programs.imports import ALLOWED_MODULES
from harness.programs.sources import SourceBook

MAX_OBJECTS = 200_000
"""Most objects kept in a namespace."""

MAX_TEXT = 4_000_000
"""Most characters of text kept in a namespace; with `MAX_OBJECTS` this keeps it well within one frame."""

MAX_REASON = 500
"""Most characters of the reason why a name is lost."""

_MAX_CLASS_NAME = 200
_BIG = 1 << 62
_BASES = (tuple, list, dict, set, frozenset, str, int, float, BaseException)


class UnstorableError(Exception):
    """A value has no place in a namespace; the text says which and why."""


class Encoder:
    """Writes the variables of one worker.

    Attributes:
        names_of: `id` of each object a program starts with (tools, API classes, builtins) -> its name.
    """

    def __init__(self, book: SourceBook, names_of: Mapping[int, str], program_globals: Mapping[str, Any]) -> None:
        self._book = book
        self._names_of = names_of
        self._globals = program_globals
        self._objects: list[Any] = []
        self._index: dict[int, int] = {}
        self._keep: list[Any] = []
        self._sources: list[Any] = []
        self._source_index: dict[Any, int] = {}
        self._text = 0

    def encode(self, variables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """The namespace's data, and the names left out with the reasons; in the order of names, not of their making."""
        names: dict[str, Any] = {}
        lost: dict[str, str] = {}
        for name, value in sorted(variables.items(), key=lambda item: item[0]):
            mark = len(self._objects), self._text
            try:
                names[name] = self._value(value)
            except UnstorableError as error:
                lost[name] = str(error)[:MAX_REASON]
            except RecursionError:
                lost[name] = "it is nested too deeply"
            except MemoryError:
                raise
            except BaseException as error:  # noqa: BLE001 - attributes and conversions are the program's code
                lost[name] = f"it cannot be read ({class_name(error)})"
            if name in lost:
                self._roll_back(*mark)
        return {"names": names, "objects": self._objects, "sources": self._sources}, lost

    def _roll_back(self, num_objects: int, text: int) -> None:
        del self._objects[num_objects:], self._keep[num_objects:]
        self._index = {key: index for key, index in self._index.items() if index < num_objects}
        self._text = text

    def _value(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if -_BIG < value < _BIG else {"int": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if kind is str:
            self._count_text(len(value))
            return value
        if id(value) in self._names_of:
            return {"name": self._names_of[id(value)]}
        return {"ref": self._object(value)}

    def _object(self, value: Any) -> int:
        if id(value) in self._index:
            return self._index[id(value)]
        if len(self._objects) >= MAX_OBJECTS:
            raise UnstorableError(f"the variables hold more than {MAX_OBJECTS} objects")
        index = len(self._objects)
        self._index[id(value)] = index
        self._objects.append(None)
        self._keep.append(value)
        self._objects[index] = self._record(value)
        return index

    def _record(self, value: Any) -> dict[str, Any]:
        writer = _WRITERS.get(type(value))
        if writer is not None:
            return writer(self, value)
        imported = self._imported(value)
        if imported is not None:
            return imported
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, Enum):
            return {"kind": "member", "class": self._value(type(value)), "name": value.name}
        return self._instance(value)

    def _count_text(self, length: int) -> None:
        self._text += length
        if self._text > MAX_TEXT:
            raise UnstorableError(f"the variables hold more than {MAX_TEXT} characters of text")

    def _values(self, values: Any) -> list[Any]:
        return [self._value(value) for value in values]

    def _pairs(self, values: Mapping[Any, Any]) -> list[Any]:
        return [[self._value(key), self._value(value)] for key, value in values.items()]

    def _list(self, value: Any) -> dict[str, Any]:
        return {"kind": type(value).__name__, "items": self._values(value)}

    def _dict(self, value: dict[Any, Any]) -> dict[str, Any]:
        return {"kind": "dict", "pairs": self._pairs(value)}

    def _bytes(self, value: bytes | bytearray) -> dict[str, Any]:
        self._count_text(2 * len(value))
        return {"kind": type(value).__name__, "base64": base64.b64encode(value).decode("ascii")}

    def _call(self, function: Callable[..., Any], *args: Any) -> dict[str, Any]:
        return {"kind": "call", "function": self._value(function), "args": self._values(args)}

    def _cell(self, value: types.CellType) -> dict[str, Any]:
        try:
            return {"kind": "cell", "value": self._value(value.cell_contents)}
        except ValueError:
            return {"kind": "cell"}

    def _function(self, value: types.FunctionType) -> dict[str, Any]:
        found = self._book.locate(value.__code__)
        if found is None or value.__globals__ is not self._globals:
            imported = self._imported(value)
            if imported is None:
                raise UnstorableError(f"the source of function {value.__qualname__} is not known")
            return imported
        source, key = found
        return {
            "kind": "function",
            "source": self._source(source),
            "code": list(key),
            "name": value.__name__,
            "qualname": value.__qualname__,
            "defaults": None if value.__defaults__ is None else self._values(value.__defaults__),
            "kwdefaults": None if value.__kwdefaults__ is None else self._pairs(value.__kwdefaults__),
            "closure": self._values(value.__closure__ or ()),
            "attributes": self._pairs(vars(value)),
            "doc": self._value(value.__doc__) if isinstance(value.__doc__, str) else None,
        }

    def _source(self, source: Any) -> int:
        if source not in self._source_index:
            self._count_text(len(source.text))
            self._source_index[source] = len(self._sources)
            self._sources.append([source.text, source.first_line, source.index, source.file, source.flags])
        return self._source_index[source]

    def _module(self, value: types.ModuleType) -> dict[str, Any]:
        if value.__name__ not in ALLOWED_MODULES:
            raise UnstorableError(f"module {value.__name__} is not available to programs")
        return {"kind": "module", "name": value.__name__}

    def _imported(self, value: Any) -> dict[str, Any] | None:
        """A function or class of an allowed module, by its name there."""
        module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
        if not isinstance(module, str) or not isinstance(name, str):
            return None
        for candidate in (module, module.lstrip("_")):
            home = sys.modules.get(candidate) if candidate in ALLOWED_MODULES else None
            if home is not None and vars(home).get(name) is value:
                return {"kind": "import", "module": candidate, "name": name}
        return None

    def _class(self, value: type) -> dict[str, Any]:
        if issubclass(value, tuple) and hasattr(value, "_fields") and self._book.locate_class(value) is None:
            defaults: dict[str, Any] = getattr(value, "_field_defaults", {})
            fields = [*value._fields]
            return {"kind": "namedtuple", "name": value.__name__, "fields": fields, "defaults": self._pairs(defaults)}
        found = self._book.locate_class(value)
        outer, _, inner = value.__qualname__.rpartition(".")
        if found is None or "<locals>" in value.__qualname__:
            raise UnstorableError(f"class {value.__qualname__} was not made by a class statement of its own")
        if outer:
            return {"kind": "inner", "outer": self._value(self._resolve(outer, value)), "name": inner}
        source, key = found
        data = (
            {}
            if issubclass(value, Enum)
            else {name: item for name, item in vars(value).items() if _is_data(name, item)}
        )
        return {"kind": "class", "source": self._source(source), "code": list(key), "data": self._plain_pairs(data)}

    def _resolve(self, qualname: str, inner: type) -> Any:
        first, *rest = qualname.split(".")
        found = self._globals.get(first)
        for name in rest:
            found = getattr(found, name, None)
        if not isinstance(found, type):
            raise UnstorableError(f"class {inner.__qualname__} was made inside one that is gone")
        return found

    def _plain_pairs(self, values: Mapping[str, Any]) -> list[Any]:
        """The attributes of a class that can be written; the others come back by running its statement."""
        pairs = []
        for name, value in values.items():
            mark = len(self._objects), self._text
            try:
                pairs.append([name, self._value(value)])
            except UnstorableError:
                self._roll_back(*mark)
        return pairs

    def _instance(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        base = next((base for base in _BASES if isinstance(value, base)), None)
        if base is None and kind.__module__ in sys.stdlib_module_names:
            raise UnstorableError(f"a {kind.__name__} cannot be kept")
        record: dict[str, Any] = {"kind": "instance", "class": self._value(kind), "state": self._pairs(_state(value))}
        if base is dict:
            record["pairs"] = [[self._value(key), self._value(item)] for key, item in dict.items(value)]
        elif base is BaseException:
            record["items"] = self._values(value.args)
        elif base in (tuple, list, set, frozenset):
            record["items"] = self._values(base.__iter__(value))
        elif base is not None:
            record["scalar"] = self._value(base(value))
        return record


def class_name(value: object) -> str:
    """The name of its class as Python keeps it, whatever a metaclass of the program makes of `__name__`."""
    name: str = type.__dict__["__name__"].__get__(type(value))
    return name[:_MAX_CLASS_NAME]


def _state(value: Any) -> dict[str, Any]:
    slots = [
        name
        for kind in type(value).__mro__
        for name in _slot_names(vars(kind).get("__slots__", ()))
        if name not in ("__dict__", "__weakref__")
    ]
    state = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    state.update(getattr(value, "__dict__", {}))
    return state


def _slot_names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _is_data(name: str, value: Any) -> bool:
    made_by_statement = (types.FunctionType, classmethod, staticmethod, property, type, types.MemberDescriptorType)
    return not name.startswith("__") and not name.startswith("_abc") and not isinstance(value, made_by_statement)


_WRITERS: dict[type, Callable[[Encoder, Any], dict[str, Any]]] = {
    list: Encoder._list,
    tuple: Encoder._list,
    set: Encoder._list,
    frozenset: Encoder._list,
    dict: Encoder._dict,
    bytes: Encoder._bytes,
    bytearray: Encoder._bytes,
    types.CellType: Encoder._cell,
    types.FunctionType: Encoder._function,
    types.ModuleType: Encoder._module,
    types.MethodType: lambda coder, value: {
        "kind": "method",
        "function": coder._value(value.__func__),
        "self": coder._value(value.__self__),
    },
    range: lambda coder, value: coder._call(range, value.start, value.stop, value.step),
    slice: lambda coder, value: coder._call(slice, value.start, value.stop, value.step),
    complex: lambda coder, value: coder._call(complex, value.real, value.imag),
    decimal.Decimal: lambda coder, value: coder._call(decimal.Decimal, str(value)),
    fractions.Fraction: lambda coder, value: coder._call(fractions.Fraction, value.numerator, value.denominator),
    re.Pattern: lambda coder, value: coder._call(re.compile, value.pattern, int(value.flags)),
    collections.deque: lambda coder, value: coder._call(collections.deque, list(value), value.maxlen),
    functools._lru_cache_wrapper: lambda coder, value: {
        "kind": "cached",
        "function": coder._value(value.__wrapped__),
        **value.cache_parameters(),
    },
    functools.partial: lambda coder, value: {
        "kind": "partial",
        "function": coder._value(value.func),
        "args": coder._values(value.args),
        "keywords": coder._pairs(value.keywords),
    },
    collections.defaultdict: lambda coder, value: {
        "kind": "defaultdict",
        "factory": coder._value(value.default_factory),
        "pairs": coder._pairs(value),
    },
}
