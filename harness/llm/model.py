"""What the rest of the harness means by a language model: one request, one reply, one Protocol.

Owns the shapes only. Providers, the scripted stand-in and the wrappers (recording, budgets) all satisfy `Model`, so a
search never knows which of them it talks to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from harness.core.conversation import Message
from harness.core.errors import ConfigError
from harness.core.hashing import hash_json

Purpose = Literal["program", "objective", "plan", "step", "judge"]
"""What a reply is for: a program to run, or one of the exchanges of a planning search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One completion to ask for.

    Attributes:
        messages: the dialogue, system message first; the last one is from the user.
        purpose: what the reply is for. Recorded; the scripted model also answers by it.
        seed: tells samples of one dialogue apart. Providers that take a seed are given it.
        max_tokens: cap on the reply.
        temperature: None leaves the provider's default.
        stop: the reply ends before the first of these.
    """

    messages: tuple[Message, ...]
    purpose: Purpose = "program"
    seed: int = 0
    max_tokens: int = 2048
    temperature: float | None = None
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "messages", tuple(self.messages))
        if self.purpose not in get_args(Purpose):
            expected = ", ".join(get_args(Purpose))
            raise ConfigError(f"purpose of a model request: expected one of {expected}, got {self.purpose!r}")
        if not self.messages or self.messages[-1].role == "system":
            raise ConfigError("model request: expected a dialogue with at least one user message, got none")
        if self.max_tokens < 1:
            raise ConfigError(f"model request: expected max_tokens of at least 1, got {self.max_tokens}")

    @property
    def digest(self) -> str:
        """Content hash of everything that shapes the reply except the seed; the same in every process."""
        return hash_json(
            {
                "messages": [[message.role, message.content] for message in self.messages],
                "purpose": self.purpose,
                "max_tokens": self.max_tokens,
                "temperature": self.temperature,
                "stop": list(self.stop),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What came back.

    Attributes:
        text: the reply; may be empty.
        model: the model's name, as `provider/model`.
        input_tokens: billed tokens of the request; the most it can have where the provider does not say. Attempts
            before it that may have been billed, as their replies came broken or too late, count at the most too.
        output_tokens: billed tokens of the reply, likewise.
        cost_usd: None where no price is known.
        finish_reason: `stop`, `length`, `refusal` or the provider's own word.
        wall_s: seconds from the first attempt to the reply, retries included, queueing not.
    """

    text: str
    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    finish_reason: str
    wall_s: float


class Model(Protocol):
    """A language model that can be asked from many tasks at once."""

    @property
    def name(self) -> str:
        """`provider/model`, as it shows in results."""

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One completion.

        Raises:
            ModelError: the call failed for good; retries the model makes itself are already spent.
            BudgetExceededError: the call would overrun a budget and was not made.
        """

    async def close(self) -> None:
        """Releases connections; the model may be used again afterwards."""
