"""The API reference a model is given, made from signatures and docstrings, so it cannot drift from them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from harness.api import entities, groups, values
from harness.api.prototypes import Prototype, RecipeName, Resource, Technology
from harness.api.status import EntityStatus
from harness.api.tools import tool_functions

_INTERNAL = ("self", "ignored")


def api_reference(*, full: bool = True) -> str:
    """The reference as Markdown.

    Args:
        full: with arguments, results, errors and examples of every tool; otherwise one line a tool. Both have the
            names of the enumerations' members and the fields of all classes.
    """
    parts = ["## Tools", *(_tool(name, tool, full) for name, tool in tool_functions().items())]
    parts += ["## Names", *_enumerations(), "## Classes", *_classes()]
    return ("\n\n" if full else "\n").join(parts) + "\n"


def _tool(name: str, tool: Callable[..., Any], full: bool) -> str:
    documentation = inspect.getdoc(tool) or ""
    head = f"{name}{_signature(tool)}"
    if not full:
        return f"- `{head}`: {documentation.splitlines()[0]}"
    return f"### {name}\n```python\n{head}\n```\n{documentation}"


def _signature(tool: Callable[..., Any]) -> str:
    signature = inspect.signature(tool)
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
    return [f"`{name}`: {', '.join(members)}" for name, members in named]


def _classes() -> list[str]:
    return [
        _class(kind)
        for module in (values, entities, groups)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and not kind.__name__.startswith("_")
    ]


def _class(kind: type) -> str:
    documentation = (inspect.getdoc(kind) or "").splitlines()
    bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
    own = vars(kind).get("__annotations__", {})
    shown = [item for item in fields(kind) if item.name in own] if is_dataclass(kind) else []
    listed = ", ".join(f"{item.name}: {item.type}" for item in shown)
    methods = [name for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("_")]
    text = f"`{kind.__name__}{f'({bases})' if bases else ''}`: {documentation[0] if documentation else ''}"
    text += f"\n  fields: {listed}" if listed else ""
    return text + (f"\n  methods: {', '.join(methods)}" if methods else "")
