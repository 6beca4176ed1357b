"""Text from strangers made fit for files and wires."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` with lone surrogates written out as escapes: no file and no model's wire takes them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
