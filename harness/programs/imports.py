"""Which modules a program may import, and the `import` that holds it to them.

The list keeps honest programs deterministic and tells them early what is not there: nothing that reads a clock, the
machine or the network (`clock.py` and `chance.py` see to the two modules that would). It is not the wall that keeps
hostile ones in; `confinement.py` is.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from harness.programs.chance import tame_random

ALLOWED_MODULES = (
    "__future__",
    "abc",
    "array",
    "bisect",
    "cmath",
    "collections",
    "collections.abc",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "pprint",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "types",
    "typing",
)

_OF_INTERPRETER = ("unicodedata",)
"""Modules that Python itself asks for, to read names beyond ASCII. They are there for it, not for programs."""

_HINTS = {
    "time": "Let game time pass with sleep(seconds).",
    "os": "Programs have no files, processes or environment.",
    "sys": "Programs have no files, processes or environment.",
    "subprocess": "Programs have no files, processes or environment.",
    "socket": "Programs have no network; the tools are the only way out.",
    "requests": "Programs have no network; the tools are the only way out.",
    "numpy": "Use math, statistics and lists.",
}


def preload() -> None:
    """Imports all allowed modules, since a confined worker can read no files; chance is made the harness's.

    For processes that run nothing but programs: modules are changed for good.
    """
    tame_random()
    for name in (*ALLOWED_MODULES, *_OF_INTERPRETER):
        importlib.import_module(name)


def guarded_import(
    name: str,
    globals: Mapping[str, object] | None = None,  # noqa: A002 - the signature of __import__
    locals: Mapping[str, object] | None = None,  # noqa: A002
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    """`__import__` for programs.

    Raises:
        ImportError: the module is not on the list.
    """
    if level == 0 and name in ALLOWED_MODULES and name in sys.modules:
        return builtins.__import__(name, globals, locals, fromlist or (), 0)
    if name in _OF_INTERPRETER and type(fromlist) is list and not fromlist:
        # The parser's own request, by way of a program's `eval` or `exec`: it takes the module from elsewhere.
        return None
    if level == 0 and name.split(".")[0] == "harness":
        raise ImportError(
            f"import of {name!r} is not needed: Prototype, Position, the tools and the rest are there already"
        )
    hint = _HINTS.get(name.split(".")[0], f"Available are {', '.join(ALLOWED_MODULES[1:])}.")
    raise ImportError(f"import of {name or 'a relative module'!r} is not available to programs. {hint}")
