"""Text from strangers made fit for files and wires, and how long a model finds a text."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` with lone surrogates written out as escapes: no file and no model's wire takes them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


CHARS_PER_TOKEN = 4.0
"""Characters a token stands for in English text and Python; used where no provider counts for us."""


def estimate_tokens(text: str) -> int:
    """Tokens of `text`, estimated from its length."""
    return int(len(text) / CHARS_PER_TOKEN) + 1
