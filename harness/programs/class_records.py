"""How classes of a program are written: as what they hold, so that nothing of theirs is run to bring them back.

A class comes back as a bare one with the same bases, into which methods and attributes are put as they were; class
bodies, decorators, metaclasses and `__init_subclass__` do not run again. What the library made of a class is made
anew by the library: the methods of dataclasses and named tuples, the machinery of abstract classes and protocols.
Only enumerations that make members in a way of their own are made by their own body, and their members compared.
"""

from __future__ import annotations

import abc
import dataclasses
import types
from enum import Enum
from typing import TYPE_CHECKING, Any

from harness.programs.anatomy import bases_of, is_written_in_python, mro_of, name_of, qualname_of, slots_of, vars_of
from harness.programs.writers import UnstorableError, annotations_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.programs.persist import Encoder

Record = dict[str, Any]

_APART = {
    *("__module__", "__qualname__", "__doc__", "__annotations__", "__dict__", "__weakref__", "__slots__"),
    *("__abstractmethods__", "_abc_impl", "__parameters__", "__orig_bases__", "__static_attributes__"),
    *("__dataclass_fields__", "__dataclass_params__", "__protocol_attrs__", "__non_callable_proto_members__"),
    *("__firstlineno__", "__annotate__", "__annotate_func__", "__annotations_cache__"),
}
"""Attributes that are written in a way of their own, or are Python's to make."""

_MADE_BY_LIBRARY = {
    *("__init__", "__repr__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__setattr__"),
    *("__delattr__", "__getstate__", "__setstate__", "__replace__", "__subclasshook__"),
}
"""Methods that dataclasses and protocols make; those are left to them, a program's own are written."""

_OF_NAMED_TUPLES = {
    *("_fields", "_field_defaults", "__new__", "_make", "_replace", "__replace__", "__repr__", "_asdict"),
    *("__getnewargs__", "__match_args__"),
}


_OF_VALUES = (object, int, str, float, bytes, tuple)
"""What members may be built on so that their own values make them again."""

_OF_TYPE = {name for name, item in vars(type).items() if hasattr(item, "__set__")} | {"__class__"}
"""What `type` would take for an order to it when set on a class that is there already."""


def class_record(coder: Encoder, kind: Any) -> Record:
    """What stands in the table for a class.

    Raises:
        UnstorableError: it is none of the program's.
    """
    # Those made by a call are of the module `types` if the library made it for the program.
    is_known = coder.book.has_class(kind) or vars_of(kind).get("__module__") in ("__main__", "types")
    if not (is_written_in_python(kind) and is_known):
        raise UnstorableError(f"class {name_of(kind)} is none of the program's")
    if Enum in mro_of(kind):
        return _enumeration(coder, kind)
    record: Record = {"name": name_of(kind), "qualname": qualname_of(kind), "doc": _doc(coder, kind)}
    own = vars_of(kind)
    if tuple in mro_of(kind) and "_fields" in own and "_field_defaults" in own:
        record |= {
            "kind": "namedtuple",
            "fields": [coder.text(str(name)) for name in own["_fields"]],
            "defaults": coder.pairs(own["_field_defaults"].items()),
        }
        left_out = {*_OF_NAMED_TUPLES, *own["_fields"]}
    else:
        record |= {"kind": "type", "meta": coder.value(type(kind)), "bases": coder.values(bases_of(kind))}
        record |= _shape(coder, kind)
        left_out = set()
    record["members"] = _members(coder, kind, left_out)
    if own.get("__annotations__"):
        record["annotations"] = annotations_record(coder, own["__annotations__"])
    return record


def _doc(coder: Encoder, kind: type) -> str | None:
    doc = vars_of(kind).get("__doc__")
    return coder.text(doc) if type(doc) is str else None


def _shape(coder: Encoder, kind: type) -> Record:
    """What must be known of a class before there can be one."""
    own = vars_of(kind)
    shape: Record = {}
    early = [(name, own[name]) for name in sorted(_OF_TYPE & {*own}) if not _is_usual(kind, name, own[name])]
    if early:
        shape["early"] = coder.pairs(early)
    if "__orig_bases__" in own:
        shape["generic"] = coder.values(own["__orig_bases__"])
    if "__slots__" in own:
        inner = {id(descriptor) for descriptor in own.values()}
        names = [name for name, descriptor in slots_of(kind) if id(descriptor) in inner]
        shape["slots"] = [*names, *(name for name in ("__dict__", "__weakref__") if name in own)]
        shape["slots_given"] = coder.value(own["__slots__"])
    if "__abstractmethods__" in own:
        shape["abstract"] = sorted(own["__abstractmethods__"])
    if "_abc_impl" in own:
        registered, *_ = vars(abc)["_get_dump"](kind)
        shape["registered"] = coder.members(each() for each in registered if each() is not None)
    if "__dataclass_params__" in own:
        shape["dataclass"] = _dataclass(coder, kind)
    return shape


def _is_usual(kind: type, name: str, value: Any) -> bool:
    """Whether an attribute of those `type` looks after is as it makes it, or written elsewhere."""
    if name == "__doc__":
        return value is None or type(value) is str
    if name == "__module__":
        return type(value) is str
    return name in ("__annotations__", "__abstractmethods__") or _is_slot(kind, value)


def _dataclass(coder: Encoder, kind: type) -> Record:
    own = vars_of(kind)
    inherited = {
        id(field) for base in mro_of(kind)[1:] for field in vars_of(base).get("__dataclass_fields__", {}).values()
    }
    fields = [field for field in own["__dataclass_fields__"].values() if id(field) not in inherited]
    params = own["__dataclass_params__"]
    options = {name: getattr(params, name) for name in ("init", "repr", "eq", "order", "unsafe_hash", "frozen")}
    return {"options": options, "match": "__match_args__" in own, "fields": [_field(coder, field) for field in fields]}


def _field(coder: Encoder, field: Any) -> Record:
    record: Record = {"name": field.name, "role": field._field_type.name}
    record |= {name: getattr(field, name) for name in ("init", "repr", "hash", "compare")}
    record["kw_only"] = field.kw_only is True
    for name in ("default", "default_factory"):
        if getattr(field, name) is not dataclasses.MISSING:
            record[name] = coder.value(getattr(field, name))
    if field.metadata:
        record["metadata"] = coder.pairs(field.metadata.items())
    return record


def _members(coder: Encoder, kind: type, left_out: set[str]) -> list[Any]:
    """Methods and attributes in their order; those that have no place are left out and named."""
    own = vars_of(kind)
    is_of_library = "__dataclass_params__" in own or own.get("_is_protocol") is True
    chosen = []
    for name, value in own.items():
        is_apart = name in _APART or name in _OF_TYPE
        if is_apart or name in left_out or _is_slot(kind, value):
            continue
        if is_of_library and name in _MADE_BY_LIBRARY and _is_foreign(coder, value):
            continue
        chosen.append((name, value))
    return _pairs(coder, kind, chosen)


def _pairs(coder: Encoder, kind: Any, chosen: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Names and values of a class; a value that cannot be stored is left out and named."""
    pairs = []
    for name, value in chosen:
        try:
            pairs.append([coder.text(str(name)), coder.attempt(value)])
        except UnstorableError as error:
            coder.lost_parts[f"{qualname_of(kind)}.{name}"] = str(error)[:500]
    return pairs


def _is_slot(kind: type, value: Any) -> bool:
    return type(value) in (types.MemberDescriptorType, types.GetSetDescriptorType) and value.__objclass__ is kind


def _is_foreign(coder: Encoder, value: Any) -> bool:
    function = value.__func__ if isinstance(value, classmethod) else value
    return isinstance(function, types.FunctionType) and not _is_own_method(coder, function)


def _enumeration(coder: Encoder, kind: Any) -> Record:
    statement = coder.book.class_statement(kind)
    values = [[name, coder.value(member._value_)] for name, member in kind.__members__.items()]
    if statement is None:
        return {"kind": "members", "name": name_of(kind), "base": coder.value(bases_of(kind)[-1]), "members": values}
    found = coder.book.locate(statement.body.__code__)
    if found is None:
        raise UnstorableError(f"the source of class {qualname_of(kind)} is not known")
    source, key = found
    record = {
        "kind": "enumeration",
        "source": coder.source(source),
        "code": list(key),
        "name": name_of(kind),
        "qualname": qualname_of(kind),
        "doc": _doc(coder, kind),
        "closure": coder.values(statement.body.__closure__ or ()),
        "bases": coder.values(statement.bases),
        "keywords": coder.pairs(statement.keywords.items()),
        "values": values,
        "aliases": [[name, member._name_] for name, member in kind.__members__.items() if member._name_ != name],
        "given": _is_given_values(coder, kind),
        "data": _enum_data(coder, kind),
        "attributes": _enum_attributes(coder, kind),
    }
    if vars_of(kind).get("__annotations__"):
        record["annotations"] = annotations_record(coder, vars_of(kind)["__annotations__"])
    return record


def _is_given_values(coder: Encoder, kind: Any) -> bool:
    """Whether members made with the values they have get those; those that are made the program's own way may not."""
    maker = kind._new_member_
    is_own = isinstance(maker, types.FunctionType) and coder.book.locate(maker.__code__) is not None
    return kind._member_type_ in _OF_VALUES and not is_own


def _enum_data(coder: Encoder, kind: Any) -> list[Any]:
    """Attributes of an enumeration's members, which may have changed since its body ran."""
    data = []
    for name, member in kind.__members__.items():
        state = [(key, value) for key, value in vars(member).items() if not _is_of_enum(key)]
        if state and member._name_ == name:
            data.append([name, coder.pairs(state)])
    return data


def _enum_attributes(coder: Encoder, kind: Any) -> list[Any]:
    """What an enumeration holds besides its members, which may have changed since its body ran."""
    return _pairs(
        coder,
        kind,
        [
            (name, value)
            for name, value in vars_of(kind).items()
            if name not in kind.__members__ and (not _is_of_enum(name) or _is_own_method(coder, value))
        ],
    )


def _is_own_method(coder: Encoder, value: Any) -> bool:
    function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
    return isinstance(function, types.FunctionType) and coder.book.locate(function.__code__) is not None


def _is_of_enum(name: str) -> bool:
    return name.startswith("_") and name.endswith("_")
