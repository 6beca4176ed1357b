"""The API reference a model is given, made from signatures and docstrings, so it cannot drift from them.

Two forms: the full one has all that is known of every tool, with an example each; the short one a line a tool. Both
name all members of the enumerations and all fields and methods of the classes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from harness.api import entities, errors, groups, values
from harness.api.direction import CONSTANTS
from harness.api.prototypes import Prototype, RecipeName, Resource, Technology
from harness.api.status import EntityStatus
from harness.api.tools import tool_functions

_INTERNAL = ("self", "ignored")

_RULES = """\
Every tool either does all it says or raises a ToolError that tells why, and then nothing has changed. Wherever a
Prototype is expected, its name may stand as text: Prototype.StoneFurnace, "StoneFurnace" or "stone-furnace". Game time
passes only where Ticks says so; 60 ticks are one second. print(..) tells you what you want to know.

An argument of a wrong kind raises InvalidArgumentError in every tool but send_message. Counts are whole: a fraction is
cut off. Maps are 512 x 512 tiles around the origin.
Positions: `a == b` means less than one tile apart in x and in y; `a + b`, `a - b`, `a.distance(b)`.
Inventories: ask `inventory[x] > 0`; `x in inventory` looks among pairs of name and count.
get_entities groups belts, pipes, poles and walls, unless it is given kinds and no position: then all come one by one.
Groups have no warnings; look at those of their members."""


def api_reference(*, full: bool = True) -> str:
    """The reference as Markdown.

    Args:
        full: with arguments, results, errors and examples of every tool; otherwise one line a tool. Both have the
            names of the enumerations' members and the fields of all classes.
    """
    parts = [f"## Tools\n{_RULES}", *(_tool(name, tool, full) for name, tool in tool_functions().items())]
    parts += ["## Names", *_enumerations(), "## Classes", *_classes(), "## Errors", *_errors()]
    return ("\n\n" if full else "\n").join(parts) + "\n"


def tool_examples() -> dict[str, str]:
    """The example program of every tool, by the tool's name."""
    found = {}
    for name, tool in tool_functions().items():
        example = _section(inspect.getdoc(tool) or "", "Example")
        if example:
            found[name] = example
    return found


def _section(documentation: str, title: str) -> str:
    """The text of one section of a docstring, without its indentation; empty if there is none."""
    found = re.search(rf"^{title}:\n((?:(?: {{4}}.*)?\n?)*)", documentation, re.MULTILINE)
    return inspect.cleandoc(found[1]) if found else ""


def _tool(name: str, tool: Callable[..., Any], full: bool) -> str:
    documentation = inspect.getdoc(tool) or ""
    head = f"{name}{_signature(tool)}"
    if full:
        return f"### {name}\n```python\n{head}\n```\n{_compact(documentation)}"
    ticks = _section(documentation, "Ticks")
    return f"- `{head}`: {documentation.splitlines()[0]}" + ("" if ticks in ("", "0") else f" Ticks: {ticks}.")


def _compact(documentation: str) -> str:
    """A docstring whose one-line sections stand on their title's line."""
    return re.sub(r"^(Ticks|Returns):\n +(.*)(?=\n\n|\Z)", r"\1: \2", documentation, flags=re.MULTILINE)


def _signature(function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    shown = []
    for parameter in signature.parameters.values():
        if parameter.name in _INTERNAL:
            continue
        default = parameter.default
        if isinstance(default, frozenset):
            parameter = parameter.replace(default=set(default))
        shown.append(parameter)
    text = str(signature.replace(parameters=shown))
    return re.sub(r"'([^']*)'", r"\1", text).replace("Position(x=0.0, y=0.0)", "Position(0, 0)")


def _enumerations() -> list[str]:
    resources = [name for name in vars(Resource) if not name.startswith("_")]
    named: list[tuple[str, list[str]]] = [
        ("Prototype", [member.name for member in Prototype]),
        ("Resource", resources),
        ("RecipeName", [member.name for member in RecipeName]),
        ("Technology", [member.name for member in Technology]),
        ("EntityStatus", [member.name for member in EntityStatus]),
        ("Direction", ["UP", "RIGHT", "DOWN", "LEFT"]),
    ]
    lines = [f"`{name}`: {', '.join(members)}" for name, members in named]
    return [*lines, f"Directions by their bare names: {', '.join(CONSTANTS)}"]


def _classes() -> list[str]:
    return [_class(kind) for module in (values, entities, groups) for kind in _own_classes(module)]


def _own_classes(module: Any) -> list[type]:
    own = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__]
    return [kind for kind in own if not kind.__name__.startswith("_")]


def _class(kind: type) -> str:
    bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
    own = vars(kind).get("__annotations__", {})
    shown = [item for item in fields(kind) if item.name in own] if is_dataclass(kind) else []
    listed = ", ".join(f"{item.name}: {item.type}" for item in shown)
    text = f"`{kind.__name__}{f'({bases})' if bases else ''}`: {_summary(kind)}"
    text += f"\n  fields: {listed}" if listed else ""
    methods = ", ".join(_methods(kind))
    return text + (f"\n  methods: {methods}" if methods else "")


def _methods(kind: type) -> list[str]:
    """What can be called on or asked of an object, as a program writes it."""
    found = []
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(value, property):
            found.append(f"{name} (no call)")
        elif inspect.isfunction(value):
            found.append(f"{name}({', '.join(_parameters(value))})")
    return found


def _parameters(method: Callable[..., Any]) -> list[str]:
    shown = []
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name not in (*_INTERNAL, "cls"):
            default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
            shown.append(parameter.name + default)
    return shown


def _errors() -> list[str]:
    return [f"`{kind.__name__}`: {_summary(kind)}" for kind in _own_classes(errors)]


def _summary(kind: type) -> str:
    return (inspect.getdoc(kind) or "").split("\n", maxsplit=1)[0]
