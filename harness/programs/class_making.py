"""How records of classes become classes again: the inverse of `class_records.py`.

A class is made bare by the library's metaclass nearest to its own, past what the program wrote, then filled by `type`'s
own means.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.programs.anatomy import mro_of, vars_of
from harness.programs.enum_making import ENUM_READERS
from harness.programs.library import library_names
from harness.programs.reading import Reader

if TYPE_CHECKING:
    from harness.programs.restore import Decoder

Record = Mapping[str, Any]

_ROLES: dict[str, Any] = {"_FIELD": object, "_FIELD_CLASSVAR": typing.ClassVar, "_FIELD_INITVAR": dataclasses.InitVar}
_NOT_CALLED = ("_TypedDictMeta", "NamedTupleMeta")
"""Metaclasses that make something else of a class than what it was made with."""


def _needs_of_class(record: Record) -> Any:
    fields = record.get("dataclass", {}).get("fields", ())
    return (record["meta"], record["bases"], record.get("generic"), record.get("early"), list(fields))


def _class(coder: Decoder, record: Record) -> type:
    meta, bases = coder.value(record["meta"]), tuple(coder.values(record["bases"]))
    body: dict[str, Any] = {"__module__": "__main__", "__qualname__": record["qualname"], "__doc__": record["doc"]}
    body.update(coder.pairs(record.get("early", ())))
    if "generic" in record:
        body["__orig_bases__"] = tuple(coder.values(record["generic"]))
    if any(name == "__post_init__" for name, _ in record["members"]):
        # Dataclasses look whether there is one.
        body["__post_init__"] = None
    if any(name == "__call__" for name, _ in record["members"]):
        # What takes functions looks whether it can be called.
        body["__call__"] = _not_yet
    dataclass = record.get("dataclass")
    options = _field_bodies(coder, record, body) if dataclass else {}
    if "slots" in record and not options.get("slots"):
        body["__slots__"] = tuple(record["slots"])
    made: type = _maker(meta).__new__(meta, record["name"], bases, body)
    if dataclass:
        made = dataclasses.dataclass(**options)(made)
    if "abstract" in record:
        type.__setattr__(made, "__abstractmethods__", frozenset(record["abstract"]))
    coder.book.note_class(made)
    return made


def _not_yet(*_args: object) -> None:
    """Holds the place of a method until the class is filled."""


def _maker(meta: type) -> Any:
    """The library's class that makes classes of a metaclass."""
    known = library_names()
    for base in mro_of(meta):
        if base is type or (id(base) in known and base.__name__ not in _NOT_CALLED):
            return base
    return type


def _field_bodies(coder: Decoder, record: Record, body: dict[str, Any]) -> dict[str, Any]:
    """Puts the fields of a dataclass into its body; the options to make it with."""
    described = record["dataclass"]
    names = [field["name"] for field in described["fields"]]
    slots = record.get("slots")
    has_own_slots = slots is not None and not {*slots} <= {*names, "__weakref__", "__dict__"}
    body["__annotations__"] = {field["name"]: _ROLES[field["role"]] for field in described["fields"]}
    for field in described["fields"]:
        if field["role"] == "_FIELD" and not has_own_slots:
            body[field["name"]] = _field(coder, field)
        elif "default" in field:
            body[field["name"]] = coder.value(field["default"])
    options = {**described["options"], "match_args": described["match"]}
    if slots is not None and not has_own_slots:
        options["slots"] = True
        if "__weakref__" in slots:
            options["weakref_slot"] = True
    return options


def _field(coder: Decoder, field: Record) -> Any:
    options = {name: field[name] for name in ("init", "repr", "hash", "compare", "kw_only")}
    for name in ("default", "default_factory"):
        if name in field:
            options[name] = coder.value(field[name])
    if "metadata" in field:
        options["metadata"] = dict(coder.pairs(field["metadata"]))
    return dataclasses.field(**options)


def _fill_class(coder: Decoder, record: Record, made: type) -> None:
    own = vars_of(made)
    for name, data in record["members"]:
        value = coder.value(data)
        # Anew, so that attributes stand in the order in which the program made them.
        if name in own:
            type.__delattr__(made, name)
        type.__setattr__(made, name, value)
    if "annotations" in record:
        annotations = dict(coder.pairs(record["annotations"]))
        type.__setattr__(made, "__annotations__", annotations)
        for name, field in own.get("__dataclass_fields__", {}).items():
            if name in annotations:
                field.type = annotations[name]
    for other in coder.values(record.get("registered", ())):
        abc.ABCMeta.register(made, other)  # type: ignore[arg-type]
    if "slots" in record:
        type.__setattr__(made, "__slots__", coder.value(record["slots_given"]))


def _named_tuple(coder: Decoder, record: Record) -> Any:
    defaults = [value for _, value in coder.pairs(record["defaults"])]
    make: Any = collections.namedtuple
    made = make(record["name"], record["fields"], rename=True, defaults=defaults, module="__main__")
    made.__qualname__ = record["qualname"]
    made.__doc__ = record["doc"]
    return made


CLASS_READERS: dict[str, Reader] = {
    "type": Reader(_needs_of_class, _class, _fill_class),
    "namedtuple": Reader(lambda record: record["defaults"], _named_tuple, _fill_class),
    **ENUM_READERS,
}
