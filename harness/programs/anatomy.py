"""What Python itself keeps of a value, whatever the program's classes say of it.

A program may define `__class__`, `__dict__`, `__getattribute__` or a metaclass that lies, raises or never ends. What is
read here comes from the interpreter's own descriptors, so none of a program's code runs.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Any

_MRO = type.__dict__["__mro__"]
_VARS = type.__dict__["__dict__"]
_NAME = type.__dict__["__name__"]
_QUALNAME = type.__dict__["__qualname__"]
_BASES = type.__dict__["__bases__"]
_DICT_OFFSET = type.__dict__["__dictoffset__"]
_FLAGS = type.__dict__["__flags__"]
_HEAP_TYPE = 1 << 9

_MAX_NAME = 200


def mro_of(kind: type) -> tuple[type, ...]:
    """The order in which a class and its bases are asked."""
    found: tuple[type, ...] = _MRO.__get__(kind)
    return found


def vars_of(kind: type) -> Mapping[str, Any]:
    """The attributes of a class itself."""
    found: Mapping[str, Any] = _VARS.__get__(kind)
    return found


def bases_of(kind: type) -> tuple[type, ...]:
    """The direct bases of a class."""
    found: tuple[type, ...] = _BASES.__get__(kind)
    return found


def name_of(kind: type) -> str:
    """The name of a class."""
    name: str = _NAME.__get__(kind)
    return name[:_MAX_NAME]


def qualname_of(kind: type) -> str:
    """The qualified name of a class."""
    name: str = _QUALNAME.__get__(kind)
    return name[:_MAX_NAME]


def class_name(value: object) -> str:
    """The name of a value's class."""
    return name_of(type(value))


def is_class(value: object) -> bool:
    """Whether a value is a class."""
    return type in mro_of(type(value))


def is_written_in_python(kind: type) -> bool:
    """Whether a class may have been made by a class statement or a call of `type`; those of C modules may look so."""
    return bool(_FLAGS.__get__(kind) & _HEAP_TYPE)


def dict_of(value: object) -> dict[str, Any] | None:
    """The attributes of an instance, or `None` if it has no place for any.

    Raises:
        LookupError: it has, but its class hides them.
    """
    kind = type(value)
    for base in mro_of(kind):
        found: Any = vars_of(base).get("__dict__")
        if type(found) in (types.GetSetDescriptorType, types.MemberDescriptorType):
            state: dict[str, Any] = found.__get__(value)
            return state
    if _DICT_OFFSET.__get__(kind):
        raise LookupError("its class hides its attributes")
    return None


def share_dict(value: object, state: dict[str, Any]) -> None:
    """Makes `state` itself the attributes of an instance."""
    for base in mro_of(type(value)):
        found = vars_of(base).get("__dict__")
        if type(found) is types.GetSetDescriptorType:
            found.__set__(value, state)
            return


def slots_of(kind: type) -> Iterator[tuple[str, Any]]:
    """Name and descriptor of each slot of a class written in Python, inherited ones included."""
    seen: set[str] = set()
    for base in mro_of(kind):
        attributes = vars_of(base)
        if "__slots__" not in attributes:
            continue
        for name, descriptor in attributes.items():
            if type(descriptor) is types.MemberDescriptorType and name not in seen:
                seen.add(name)
                yield name, descriptor


def slot_values(value: object) -> Iterator[tuple[str, Any]]:
    """Name and value of each slot of an instance that has one."""
    for name, descriptor in slots_of(type(value)):
        try:
            yield name, descriptor.__get__(value)
        except AttributeError:
            continue
