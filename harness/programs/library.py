"""What the allowed modules hold, by name: functions, classes and constants of theirs persist as a name, not a value.

The table is made in the template before any program runs, so what a program does to a module changes nothing.
"""

from __future__ import annotations

import sys
import types
from functools import cache
from typing import NamedTuple

from harness.programs.imports import ALLOWED_MODULES

_COPIED = (
    *(type(None), bool, int, float, complex, str, bytes, list, dict, set, frozenset, tuple),
    types.ModuleType,
)
"""Values of these types are written out: programs may change some, and the others have no identity to keep."""


class LibraryName(NamedTuple):
    """A module and a name in it."""

    module: str
    name: str


@cache
def library_names() -> dict[int, LibraryName]:
    """`id` of each object of the allowed modules -> where it is found; public names and own modules before others."""
    names: dict[int, tuple[int, LibraryName]] = {}
    for module in ALLOWED_MODULES:
        for name, value in vars(sys.modules[module]).items():
            if isinstance(value, _COPIED) or (name.startswith("__") and name.endswith("__")):
                continue
            rank = 2 * name.startswith("_") + (getattr(value, "__module__", None) != module)
            if id(value) not in names or rank < names[id(value)][0]:
                names[id(value)] = rank, LibraryName(module, name)
    return {key: name for key, (_, name) in names.items()}


def library_module(name: str) -> types.ModuleType:
    """An allowed module.

    Raises:
        LookupError: it is none.
    """
    if name not in ALLOWED_MODULES:
        raise LookupError(f"module {name} is not available to programs")
    return sys.modules[name]


def from_library(module: str, name: str) -> object:
    """What an allowed module holds by a name.

    Raises:
        LookupError: there is no such thing.
    """
    held = vars(library_module(module))
    if name not in held:
        raise LookupError(f"module {module} has no {name}")
    found: object = held[name]
    return found
