"""A model that answers from a function, so that wrappers can be watched from outside."""

from collections.abc import Callable

import anyio

from harness.core.conversation import Message
from harness.llm.model import ModelReply, ModelRequest


class CountingModel:
    """Answers with the number of the call; may pause or fail as told."""

    name = "test/counting"

    def __init__(self, *, pause_s: float = 0.0, fail: Callable[[int], Exception | None] = lambda _: None):
        self.num_calls = 0
        self.closed = False
        self._pause_s = pause_s
        self._fail = fail

    async def complete(self, request: ModelRequest) -> ModelReply:
        self.num_calls += 1
        number = self.num_calls
        await anyio.sleep(self._pause_s)
        failure = self._fail(number)
        if failure is not None:
            raise failure
        return ModelReply(
            text=f"reply {number}",
            model=self.name,
            input_tokens=100,
            output_tokens=10,
            cost_usd=0.01,
            finish_reason="stop",
            wall_s=0.0,
        )

    async def close(self) -> None:
        self.closed = True


def request(text: str = "hello", **fields) -> ModelRequest:
    return ModelRequest(messages=(Message("system", "rules"), Message("user", text)), **fields)
