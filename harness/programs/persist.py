"""Turning a program's variables into JSON data. It runs inside workers only; `restore.py` is the way back.

Values form a graph: scalars are written in place, everything else once into a table of objects and referred to by
its index, so aliases stay aliases, cycles are no problem and depth is none either. Functions are stored as source
(`sources.py`), classes as what they hold (`class_records.py`). There is no pickle and no compiled code in the data.
What cannot be written is left out by name, with the reason.

Equal variables give equal data: names and the members of sets are sorted, everything else has an order of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum, Flag
from itertools import islice
from json.encoder import encode_basestring_ascii
from math import isfinite
from typing import Any

from harness.programs.anatomy import class_name, dict_of, is_class, mro_of, slot_values
from harness.programs.class_records import class_record
from harness.programs.library import library_names
from harness.programs.sources import Source, SourceBook
from harness.programs.writers import BASES, WRITERS, UnstorableError, has_plain_layout, reason_against

MAX_OBJECTS = 200_000
"""Most objects kept in a namespace."""

MAX_BYTES = 8_000_000
"""Most bytes of JSON that values take in a namespace, about; this keeps it well within one frame."""

MAX_EFFORT = 4 * MAX_OBJECTS
"""Most objects looked at, those included that turn out to have no place."""

MAX_REASON = 500
"""Most characters of the reason why a name is lost."""

_BIG = 1 << 62
_SCALARS = (int, str, float, bool, type(None))
_SORT_DEPTH = 2
_SORTED_BY = 24


class _Effort:
    """What is left of the work that may be spent on one namespace."""

    def __init__(self) -> None:
        self.left = MAX_EFFORT


class Encoder:
    """Writes the variables of one worker.

    Args:
        book: the sources of the program's functions.
        names_of: `id` of each object a program starts with (tools, API classes, builtins) -> its name.
        program_globals: the globals of functions of the program.
        effort: what may still be spent, if it is shared with another encoder.
        sort_depth: how many levels of sets within sets are sorted by what their members are.
        most: write only so many objects, and items of each; for a look at what a value is.

    Attributes:
        lost_parts: attributes of classes that had to be left out, with the reason.
    """

    def __init__(
        self,
        book: SourceBook,
        names_of: Mapping[int, str],
        program_globals: Mapping[str, Any],
        *,
        effort: _Effort | None = None,
        sort_depth: int = _SORT_DEPTH,
        most: int | None = None,
    ) -> None:
        self.book = book
        self.program_globals = program_globals
        self.lost_parts: dict[str, str] = {}
        self._names_of = names_of
        self._library = library_names()
        self._effort = effort or _Effort()
        self._sort_depth = sort_depth
        self._most = most
        self._objects: list[Any] = []
        self._keep: list[Any] = []
        self._index: dict[int, int] = {}
        self._sources: list[Source] = []
        self._source_index: dict[Source, int] = {}
        self._owner_of_dict: dict[int, Any] = {}
        self._spent = 0

    def encode(self, variables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """The namespace's data, and the names left out with the reasons; in the order of names, not of their making."""
        names: dict[str, Any] = {}
        lost: dict[str, str] = {}
        for name, value in sorted(variables.items(), key=lambda item: item[0]):
            try:
                self.text(name)
                names[name] = self.attempt(value)
            except UnstorableError as error:
                lost[name] = str(error)[:MAX_REASON]
        sources = [[each.text, each.first_line, each.index, each.file, each.flags] for each in self._sources]
        return {"names": names, "objects": self._objects, "sources": sources}, {**self.lost_parts, **lost}

    def attempt(self, value: Any) -> Any:
        """A value with all that hangs on it; nothing of it is left behind if a part has no place.

        Raises:
            UnstorableError: a part has no place.
        """
        marks = len(self._objects), len(self._sources), self._spent
        try:
            data = self.value(value)
            index = marks[0]
            while index < (len(self._objects) if self._most is None else min(len(self._objects), self._most)):
                if self._objects[index] is None:
                    self._objects[index] = self._record(self._keep[index])
                index += 1
        except MemoryError:
            raise
        except UnstorableError:
            self._roll_back(*marks)
            raise
        except BaseException as error:  # noqa: BLE001 - some of what is asked is the program's code
            self._roll_back(*marks)
            raise UnstorableError(f"it cannot be read ({class_name(error)})") from None
        return data

    def value(self, value: Any) -> Any:
        """A value as it is referred to: scalars in place, what has a name by its name, the rest by its index."""
        kind = type(value)
        if value is None or kind is bool:
            self.spend(6)
            return value
        if kind is int:
            return self._integer(value)
        if kind is float:
            digits = repr(value)
            self.spend(len(digits) + 1)
            return value if isfinite(value) else {"float": digits}
        if kind is str:
            return self.text(value)
        self.spend(14)
        name = self._names_of.get(id(value))
        return {"ref": self._index_of(value)} if name is None else {"name": name}

    def text(self, text: str) -> str:
        """A text, its length counted."""
        self.spend(len(text) if text.isascii() and text.isalnum() else len(encode_basestring_ascii(text)))
        return text

    def values(self, values: Iterable[Any]) -> list[Any]:
        """Values in order."""
        return [self.value(value) for value in islice(values, self._most)]

    def pairs(self, items: Iterable[tuple[Any, Any]]) -> list[Any]:
        """Keys with their values, in order."""
        return [[self.value(key), self.value(value)] for key, value in islice(items, self._most)]

    def members(self, values: Iterable[Any]) -> list[Any]:
        """The members of a set, in an order that hangs on what they are and not on where they lie in memory."""
        items = list(values)
        kinds = {type(item) for item in items}
        if kinds <= {int} or kinds <= {str}:
            return self.values(sorted(items))
        return self.values(sorted(items, key=self._sort_key))

    def source(self, source: Source) -> int:
        """The index of a source text, which is written once."""
        if source not in self._source_index:
            self.text(source.text)
            self._source_index[source] = len(self._sources)
            self._sources.append(source)
        return self._source_index[source]

    def library_name(self, value: Any) -> dict[str, Any] | None:
        """An object of an allowed module by its name there, or `None`."""
        found = self._library.get(id(value))
        return None if found is None else {"kind": "import", "module": found.module, "name": found.name}

    def is_named(self, value: Any) -> bool:
        """Whether a program finds a value without anyone keeping it."""
        return id(value) in self._names_of or id(value) in self._library

    def spend(self, num_bytes: int) -> None:
        """Counts bytes of JSON.

        Raises:
            UnstorableError: there are too many.
        """
        self._spent += num_bytes
        if self._spent > MAX_BYTES:
            raise UnstorableError(f"the variables take more than {MAX_BYTES} bytes")

    def _integer(self, value: int) -> Any:
        if -_BIG < value < _BIG:
            self.spend(len(str(value)) + 1)
            return value
        # Decimal digits of very large numbers take time that grows with their square; hexadecimal ones do not.
        digits = hex(value)
        self.spend(len(digits) + 10)
        return {"int": digits}

    def _index_of(self, value: Any) -> int:
        known = self._index.get(id(value))
        if known is not None:
            return known
        self._effort.left -= 1
        if len(self._objects) >= MAX_OBJECTS or self._effort.left < 0:
            raise UnstorableError(f"the variables hold more than {MAX_OBJECTS} objects")
        index = len(self._objects)
        self._index[id(value)] = index
        self._objects.append(None)
        self._keep.append(value)
        self.spend(40)
        return index

    def _roll_back(self, num_objects: int, num_sources: int, spent: int) -> None:
        for value in self._keep[num_objects:]:
            del self._index[id(value)]
        del self._objects[num_objects:], self._keep[num_objects:]
        for source in self._sources[num_sources:]:
            del self._source_index[source]
        del self._sources[num_sources:]
        self._spent = spent
        kept = self._owner_of_dict.items()
        self._owner_of_dict = {key: owner for key, owner in kept if id(owner) in self._index}

    def _record(self, value: Any) -> dict[str, Any]:
        """What stands in the table for a value; what it refers to is put behind it in the table."""
        owner = self._owner_of_dict.get(id(value))
        if owner is not None:
            return {"kind": "vars", "of": self.value(owner)}
        found = self.library_name(value)
        if found is not None:
            return found
        writer = WRITERS.get(type(value))
        if writer is not None:
            return writer(self, value)
        if is_class(value):
            return class_record(self, value)
        if Enum in mro_of(type(value)):
            return self._enum_member(value)
        return self._instance(value)

    def _enum_member(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        name, content = object.__getattribute__(value, "_name_"), object.__getattribute__(value, "_value_")
        if Flag in mro_of(kind) and (name is None or kind.__members__.get(name) is not value):
            return {"kind": "call", "function": self.value(kind), "args": [self.value(content)]}
        return {"kind": "member", "class": self.value(kind), "name": name}

    def _instance(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        base = next((base for base in BASES if base in mro_of(kind)), None)
        if base is None and not has_plain_layout(kind):
            raise UnstorableError(reason_against(kind))
        record: dict[str, Any] = {"kind": "instance", "class": self.value(kind)}
        if base is not None:
            record["base"] = base.__name__
            record |= BASES[base](self, value)
        # A date keeps its hash once it was asked for; that is not part of what it is.
        slots = [(name, -1 if name == "_hashcode" else item) for name, item in slot_values(value)]
        if slots:
            record["slots"] = self.pairs(slots)
        state = dict_of(value)
        if state is None:
            return record
        if id(state) in self._owner_of_dict or id(state) in self._index:
            record["shares"] = self.value(self._owner_of_dict.get(id(state), state))
        else:
            self._owner_of_dict[id(state)] = value
            record["state"] = self.pairs(state.items())
        return record

    def _sort_key(self, value: Any) -> tuple[str, int]:
        """Says what a value is, as far as the first few objects it refers to; then, whether it was written before."""
        known = self._index.get(id(value), MAX_OBJECTS)
        if type(value) in _SCALARS:
            return f"{class_name(value)} {hex(value) if type(value) is int else repr(value)}", known
        if self._sort_depth == 0:
            return class_name(value), known
        scratch = Encoder(
            self.book,
            self._names_of,
            self.program_globals,
            effort=self._effort,
            sort_depth=self._sort_depth - 1,
            most=_SORTED_BY,
        )
        data = scratch.attempt(value)
        return json.dumps([data, scratch._objects, [source.text for source in scratch._sources]]), known
