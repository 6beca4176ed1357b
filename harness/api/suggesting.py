"""Close names for a wrong one: in messages, and of the members of the API's enumerations."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import EnumMeta
from typing import Any

_NUM_SUGGESTIONS = 3


def suggestion(name: str, known: Iterable[str]) -> str:
    """The question whether one of the known names was meant; empty if none is close."""
    close = difflib.get_close_matches(name, known, n=_NUM_SUGGESTIONS, cutoff=0.6)
    return f"Did you mean {', '.join(close)}?" if close else ""


class SuggestingEnum(EnumMeta):
    """An enumeration that answers a wrong member name with the closest right ones."""

    def __getattr__(cls, name: str) -> Any:
        raise _unknown(cls.__name__, name, cls.__members__)


class SuggestingNames(type):
    """A plain class of names that does the same."""

    def __getattr__(cls, name: str) -> Any:
        raise _unknown(cls.__name__, name, [known for known in vars(cls) if not known.startswith("_")])


def _unknown(owner: str, name: str, known: Iterable[str]) -> AttributeError:
    if name.startswith("_"):
        return AttributeError(name)
    return AttributeError(f"{owner} has no member {name!r}. {suggestion(name, known)}".rstrip())
