"""Text from strangers made fit for files and wires, and how long a model finds a text."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` with lone surrogates written out as escapes: no file and no model's wire takes them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


CHARS_PER_TOKEN = 4.0
"""Characters a token stands for in English text and Python; used where no provider counts for us. Characters beyond
ASCII count as a token each: what is written in them would else take several times the room it was given."""


def estimate_tokens(text: str) -> int:
    """Tokens of `text`, estimated from its length."""
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return int(plain / CHARS_PER_TOKEN) + len(text) - plain + 1
