"""Fits a dialogue to a token budget by rule: the newest turns whole, a line for each older one, then a count of them.

A turn is a pair, what the world said and what the model answered, and is never split. Nothing here asks a model, so the
same dialogue always comes to the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from harness.core.conversation import Conversation, Message
from harness.core.errors import ConfigError
from harness.core.text import estimate_tokens
from harness.llm.summaries import summarise_turn

MIN_ROOM_TOKENS: Final = 64
"""Room beside the standing instructions below which a dialogue cannot be told at all."""

SUMMARY_SHARE: Final = 0.25
"""Room that lines about older turns have before any but the newest turn is told whole."""

CUT_ORDER: Final = ("Entities", "Output", "Warnings")
"""Sections of an observation that is too long by itself, the least important first."""

Count = Callable[[str], int]


def fit_conversation(
    conversation: Conversation, max_tokens: int, *, count: Callable[[str], int] = estimate_tokens
) -> Conversation:
    """The dialogue in at most `max_tokens`.

    System messages are kept as they are. As many of the newest turns as there is room for are kept whole; of the older
    ones the first user message kept tells, in a line each, what the program set out to do and how it ended, and how
    many are older still. The newest user message is whole too, unless it is too long by itself: then it loses the end
    of its entities, of its output and of its warnings, in this order.

    Args:
        conversation: user and assistant in turn, ending with the user.
        max_tokens: of all messages together.
        count: tokens of a text.

    Raises:
        ConfigError: the standing instructions leave no room, or the messages are not in turn.
    """
    system = tuple(message for message in conversation.messages if message.role == "system")
    turns = tuple(message for message in conversation.messages if message.role != "system")
    _require_turns(turns)
    fixed = sum(count(message.content) for message in system)
    room = max_tokens - fixed
    if room < MIN_ROOM_TOKENS:
        raise ConfigError(
            f"dialogue: expected room for at least {fixed + MIN_ROOM_TOKENS} tokens (the standing instructions take "
            f"{fixed}), got {max_tokens}; raise model_options.context_tokens (max_dialogue_tokens)"
        )
    return Conversation((*system, *_fit_turns(turns, room, count)))


def _require_turns(turns: Sequence[Message]) -> None:
    roles = [turn.role for turn in turns]
    expected = ["assistant" if index % 2 else "user" for index in range(len(turns))]
    if roles != expected or not len(turns) % 2:
        raise ConfigError(f"dialogue: expected user and assistant in turn, ending with user, got {', '.join(roles)}")


def _fit_turns(turns: Sequence[Message], room: int, count: Count) -> Sequence[Message]:
    costs = [count(turn.content) for turn in turns]
    if sum(costs) <= room:
        return turns
    lines = [summarise_turn(turns[i + 1].content, turns[i + 2].content) for i in range(0, len(turns) - 1, 2)]
    for start in range(2, len(turns), 2):
        rest = room - sum(costs[start + 1 :])
        is_newest = start + 1 == len(turns)
        head = _head(lines[: start // 2], rest - costs[start] if is_newest else int(SUMMARY_SHARE * room), count)
        if head is not None and count(told := f"{head}\n\n{turns[start].content}") <= rest:
            return (Message("user", told), *turns[start + 1 :])
    return (Message("user", _alone(turns[-1].content, len(lines), room, count)),)


def _head(lines: Sequence[str], room: int, count: Count) -> str | None:
    """What is told of older turns: the newest of their lines that fit; `None` if not even their number does."""
    for first in range(len(lines) + 1):
        told = [f"{first + index + 1}. {line}" for index, line in enumerate(lines[first:])]
        left_out = [_left_out(first)] if first else []
        head = "\n".join(["Earlier programs, the oldest first:", *left_out, *told] if told else left_out)
        if count(head) < room:
            return head
    return None


def _left_out(number: int) -> str:
    return f"({number} earlier exchange{'s' if number > 1 else ''} left out)"


def _alone(text: str, num_older: int, room: int, count: Count) -> str:
    """The newest message, which has no whole turn beside it, with the number of turns before it."""
    head = f"{_left_out(num_older)}\n\n" if num_older else ""
    return head + cut_text(text, room - count(head) - 1 if head else room, count=count)


def cut_text(text: str, max_tokens: int, *, count: Callable[[str], int] = estimate_tokens) -> str:
    """An observation, or a question that holds one, in at most `max_tokens`; each cut is told in a line."""
    for title in CUT_ORDER:
        if count(text) <= max_tokens:
            return text
        text = _cut_section(text, title, max_tokens, count)
    return text if count(text) <= max_tokens else _cut_middle(text, max_tokens, count)


def _cut_section(text: str, title: str, max_tokens: int, count: Count) -> str:
    """The text with as many lines of a section as fit, none of them if that is not enough."""
    lines = text.split("\n")
    if f"{title}:" not in lines:
        return text
    start = lines.index(f"{title}:") + 1
    end = start
    while end < len(lines) and _belongs(lines[end], title):
        end += 1
    gone = _already_left_out(lines[end - 1]) if end > start else 0
    members = lines[start : end - 1 if gone else end]

    def kept(number: int) -> str:
        note = f"({len(members) - number + gone} more left out)"
        return "\n".join([*lines[:start], *members[:number], note, *lines[end:]])

    return kept(_most(len(members) - 1, lambda number: count(kept(number)) <= max_tokens)) if members else text


def _belongs(line: str, title: str) -> bool:
    if title == "Output":
        return not line.startswith(("Tick:", "Task:", "Error"))
    return line.startswith("- ") or _already_left_out(line) > 0


def _already_left_out(line: str) -> int:
    number = line.removeprefix("(").removesuffix(" more left out)")
    return int(number) if number.isdecimal() and line == f"({number} more left out)" else 0


def _cut_middle(text: str, max_tokens: int, count: Count) -> str:
    """The beginning and the end of the text, for where no section is to blame."""

    def kept(number: int) -> str:
        note = f"\n({len(text) - number} characters left out)\n"
        return text[: number - number // 2] + note + text[len(text) - number // 2 :]

    return kept(_most(len(text) - 1, lambda number: count(kept(number)) <= max_tokens))


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `limit` that fits, 0 if none does; what fits must not depend on more fitting."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
