"""The in-game name of what a program passes to a tool: a member of an enumeration, or its name as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from typing import Any

from harness.api.errors import InvalidArgumentError
from harness.api.prototypes import Prototype, RecipeName, Resource, Technology, prototype_by_name
from harness.data import prototypes as facts

_NUM_SUGGESTIONS = 3


def from_prototype(value: Any, what: str) -> str:
    """The in-game name of a `Prototype`, of its member's name or of a name of the game.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, Prototype):
        return value.prototype_name
    if isinstance(value, str):
        if value in Prototype.__members__:
            return Prototype[value].prototype_name
        if value in prototype_by_name or value in facts.entities() or value in facts.items():
            return value
        raise InvalidArgumentError(
            f"{what}: expected a Prototype or its name, got {value!r}",
            hint=_suggestion(value, _prototype_names()) or "Write for example Prototype.StoneFurnace.",
        )
    raise InvalidArgumentError(
        f"{what}: expected a Prototype, got {shown(value)}", hint="Write for example Prototype.StoneFurnace."
    )


def from_recipe(value: Any, what: str) -> str:
    """The in-game name of a recipe, meant by its product's `Prototype`, a `RecipeName` or either's name.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, RecipeName):
        return str(value.value)
    if isinstance(value, str):
        if value in RecipeName.__members__:
            return str(RecipeName[value].value)
        if value in facts.others("recipe"):
            return value
    return from_prototype(value, what)


def from_technology(value: Any) -> str:
    """The in-game name of a `Technology`, of its member's name or of a name of the game.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, Technology):
        return str(value.value)
    if isinstance(value, str):
        return str(Technology[value].value) if value in Technology.__members__ else value
    raise InvalidArgumentError(
        f"technology: expected a Technology or its name, got {shown(value)}",
        hint="Write for example Technology.Automation.",
    )


def from_resource(value: Any, what: str) -> str:
    """The in-game name of a `Resource`, or of a `Prototype`, or of either's name.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return value[0]
    if isinstance(value, str):
        member = vars(Resource).get(value)
        if isinstance(member, tuple):
            return str(member[0])
        if value in _resource_names():
            return value
    if isinstance(value, (Prototype, str)):
        return from_prototype(value, what)
    raise InvalidArgumentError(
        f"{what}: expected a Resource or a Prototype, got {shown(value)}", hint="Write for example Resource.IronOre."
    )


def shown(value: Any) -> str:
    """A value as an error message shows it."""
    text = repr(value).strip()
    return text if len(text) <= 120 else f"{text[:117]}..."


def _suggestion(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=_NUM_SUGGESTIONS, cutoff=0.6)
    return f"Did you mean {', '.join(close)}?" if close else ""


@cache
def _prototype_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*Prototype.__members__, *prototype_by_name)))


@cache
def _resource_names() -> frozenset[str]:
    short = {"copper", "iron", "uranium"}  # what the game's ores are called for short
    return frozenset({value[0] for value in vars(Resource).values() if isinstance(value, tuple)} | short)
