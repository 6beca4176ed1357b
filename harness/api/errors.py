"""The errors a tool call raises inside a program.

    ToolError
    ├── InvalidArgumentError   the call itself is wrong (also a ValueError and an AssertionError)
    ├── NotFoundError          there is no such thing there
    ├── OutOfReachError        the character is too far away
    ├── BlockedError           something is in the way
    ├── MissingItemsError      the inventory lacks what the call needs
    ├── InventoryFullError     no room for what the call would give
    ├── NotAvailableError      a recipe or technology is unknown, locked or not for this machine or this moment
    └── BudgetError            the program has used up its calls or its game time

A `ToolError` that is none of these has a code of its own; `code` always says which.
They are data for a program and its author (a model), not part of the harness's own error tree: they never leave a
worker except as the `ProgramFault` of an outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ToolError(Exception):
    """A tool could not do what it was asked; the world is unchanged.

    Attributes:
        message: what went wrong.
        code: a stable word for the kind of failure.
        expected: what the tool needed, if there is one thing to name.
        found: what it met instead.
        hint: what to do about it.
        tool: the tool that failed.
    """

    code = "failed"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        expected: Any = None,
        found: Any = None,
        hint: str | None = None,
        tool: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.expected = expected
        self.found = found
        self.hint = hint
        self.tool = tool

    def __str__(self) -> str:
        text = self.message if self.message.endswith((".", "!", "?")) else f"{self.message}."
        if self.expected is not None and _in_words(self.expected) not in text:
            text += f" Expected {_in_words(self.expected)}, found {_in_words(self.found)}."
        return f"{text} {self.hint}" if self.hint else text

    def __repr__(self) -> str:
        """All there is to know: a program that prints an error prints this."""
        known = {"expected": self.expected, "found": self.found, "hint": self.hint}
        told = [f"{name}={value!r}" for name, value in known.items() if value is not None]
        return f"{type(self).__name__}({', '.join([repr(self.message), *told])})"


def _in_words(value: Any) -> str:
    """`5 coal` for a counted item, lists with commas, anything else as it is."""
    if isinstance(value, Mapping):
        if set(value) == {"name", "count"}:
            return f"{value['count']} {value['name']}"
        return ", ".join(f"{key} {_in_words(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_in_words(item) for item in value)
    return str(value)


class InvalidArgumentError(ToolError, ValueError, AssertionError):
    """The arguments make no sense; nothing was sent to the server, or it refused them.

    Programs written for other environments catch it as one or the other of Python's own errors.
    """

    code = "invalid_argument"


class NotFoundError(ToolError):
    """There is no such entity, resource or place."""

    code = "not_found"


class OutOfReachError(ToolError):
    """The character is too far away, or cannot get there."""

    code = "out_of_reach"


class BlockedError(ToolError):
    """Something is in the way."""

    code = "blocked"


class MissingItemsError(ToolError):
    """The inventory does not hold what the call needs."""

    code = "missing_items"


class InventoryFullError(ToolError):
    """There is no room for what the call would give."""

    code = "inventory_full"


class NotAvailableError(ToolError):
    """A recipe or technology does not exist, is locked or done already, or does not fit."""

    code = "not_available"


class BudgetError(ToolError):
    """The program has used up its calls or its game time."""

    code = "budget"


_KINDS: dict[str, type[ToolError]] = {
    "invalid_argument": InvalidArgumentError,
    "bad_argument": InvalidArgumentError,
    "not_found": NotFoundError,
    "no_resource": NotFoundError,
    "exhausted": NotFoundError,
    "out_of_reach": OutOfReachError,
    "no_path": OutOfReachError,
    "blocked": BlockedError,
    "no_space": BlockedError,
    "missing_items": MissingItemsError,
    "inventory_full": InventoryFullError,
    "not_available": NotAvailableError,
    "no_research": NotAvailableError,
    "locked": NotAvailableError,
    "recursive": NotAvailableError,
    "already_researched": NotAvailableError,
    "missing_prerequisites": NotAvailableError,
    "not_enabled": NotAvailableError,
    "not_started": NotAvailableError,
    "trigger_technology": NotAvailableError,
    "budget": BudgetError,
}


def tool_error(tool: str, error: Mapping[str, Any]) -> ToolError:
    """The exception for an error record from the server (`code`, `message`, `expected`, `found`, `hint`)."""
    code = str(error.get("code") or ToolError.code)
    return _KINDS.get(code, ToolError)(
        str(error.get("message") or f"{tool} failed"),
        code=code,
        expected=error.get("expected"),
        found=error.get("found"),
        hint=error.get("hint"),
        tool=tool,
    )
