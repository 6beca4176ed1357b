"""The most tokens that a text can have, for budgets that must hold and for replies that do not say what they took."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from harness.core.conversation import Message

CHARS_PER_TOKEN_LOW: Final = 2.5
"""Fewer characters a token than the standing instructions have, whose English and Python is the harness's own."""

BYTES_PER_TOKEN_LEAST: Final = 1
"""Of what programs print and models write, which may be anything: no tokeniser that works on bytes gives more."""

MESSAGE_OVERHEAD_CHARS: Final = 16
"""What a message's role and frame cost beyond its text, in characters, on the safe side."""


def most_tokens(messages: Iterable[Message]) -> int:
    """More tokens than a request of these messages can have."""
    return sum(map(_most_of_message, messages))


def most_tokens_of(text: str) -> int:
    """More tokens than a text of strangers can have."""
    return len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN_LEAST + 1


def _most_of_message(message: Message) -> int:
    if message.role == "system":
        return int((len(message.content) + MESSAGE_OVERHEAD_CHARS) / CHARS_PER_TOKEN_LOW) + 1
    return most_tokens_of(message.content) - 1 + MESSAGE_OVERHEAD_CHARS // BYTES_PER_TOKEN_LEAST
