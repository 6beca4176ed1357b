"""What a program changes of the things it starts with: it lasts for that program only, so it is named as not kept."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any

from harness.programs.anatomy import is_class, vars_of
from harness.programs.imports import ALLOWED_MODULES

_REASON = "the next program finds what is built in as it was; keep this in a variable of your own"


class Surroundings:
    """How the modules and classes were that a program starts with.

    Args:
        initial: the values by their names.
    """

    def __init__(self, initial: Mapping[str, Any]) -> None:
        self._held = [(label, held, dict(held)) for label, held in _holders(initial)]

    def changed(self) -> dict[str, str]:
        """The attributes that are not what they were, as `Owner.name`, with why they are lost."""
        return {
            f"{label}.{name}": _REASON
            for label, held, before in self._held
            for name in [*held, *(name for name in before if name not in held)]
            if type(name) is str and not _is_pythons(name) and held.get(name, self) is not before.get(name, self)
        }


def _holders(initial: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    seen: set[int] = set()
    for name, value in {**{name: sys.modules[name] for name in ALLOWED_MODULES}, **initial}.items():
        if id(value) in seen:
            continue
        seen.add(id(value))
        if is_class(value):
            yield value.__name__, vars_of(value)
        elif isinstance(value, types.ModuleType):
            yield name, value.__dict__


def _is_pythons(name: str) -> bool:
    """Whether an attribute is one that Python and its library set when they please."""
    return name.startswith("__") and name.endswith("__")
