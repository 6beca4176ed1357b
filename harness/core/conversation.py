"""The dialogue that leads to a program: what a model was told and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from harness.core.errors import ConfigError

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a dialogue.

    Attributes:
        role: `system` (the standing instructions), `user` (what the world says) or `assistant` (the model).
        content: plain text.
    """

    role: Role
    content: str

    def __post_init__(self) -> None:
        if self.role not in get_args(Role):
            raise ConfigError(f"message role: expected one of {', '.join(get_args(Role))}, got {self.role!r}")


def _parse(message: Message | dict[str, Any]) -> Message:
    if isinstance(message, Message):
        return message
    try:
        return Message(role=message["role"], content=message["content"])
    except (KeyError, TypeError) as error:
        raise ConfigError(f"message: expected a Message or {{'role': .., 'content': ..}}, got {message!r}") from error


@dataclass(frozen=True, slots=True)
class Conversation:
    """An immutable sequence of messages; `append` gives a new one.

    Attributes:
        messages: `Message`s, or mappings with `role` and `content`, oldest first.
    """

    messages: Sequence[Message] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        object.__setattr__(self, "messages", tuple(_parse(message) for message in self.messages))

    def append(self, *messages: Message | dict[str, Any]) -> Conversation:
        """This conversation with `messages` after it."""
        return Conversation((*self.messages, *messages))  # type: ignore[arg-type]

    def to_json(self) -> list[dict[str, str]]:
        """As plain data: `[{"role": .., "content": ..}, ..]`."""
        return [{"role": message.role, "content": message.content} for message in self.messages]

    @classmethod
    def from_json(cls, data: Sequence[dict[str, Any]]) -> Conversation:
        """The inverse of `to_json`."""
        return cls(tuple(_parse(item) for item in data))
