"""Every exchange with a model, recorded as it happens and never paid for twice.

Owns the record's shape and the replay. Where records are kept is the caller's business: it is handed each record before
the reply is handed on, so a reply that was used is a reply that was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import anyio

from harness.core.errors import ModelError
from harness.llm.model import Model, ModelReply, ModelRequest, Purpose

ReplayKey = tuple[str, str, int]
"""Model name, request digest, seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One exchange, or one that failed.

    Attributes:
        model: `provider/model`.
        purpose: what the reply was for.
        request_hash: `ModelRequest.digest`.
        seed: the request's.
        messages: the dialogue as plain data.
        reply: None if the call failed.
        error: why it failed; None if it did not.
        replayed: the reply came from an earlier record and cost nothing now.
    """

    model: str
    purpose: Purpose
    request_hash: str
    seed: int
    messages: tuple[dict[str, str], ...]
    reply: ModelReply | None
    error: str | None = None
    replayed: bool = False

    @property
    def key(self) -> ReplayKey:
        """What a later request must match to be answered by this one."""
        return (self.model, self.request_hash, self.seed)


class RecordingModel:
    """A model whose every exchange is handed to a callback, and which answers from records what they hold.

    Args:
        model: the model asked when the records have no answer.
        on_call: called once for each exchange, failed ones included, before the reply is returned.
        replay: earlier records; those that failed are ignored.
    """

    def __init__(self, model: Model, on_call: Callable[[ModelCall], None], *, replay: Iterable[ModelCall] = ()) -> None:
        self._model = model
        self._on_call = on_call
        self._known: dict[ReplayKey, ModelReply] = {call.key: call.reply for call in replay if call.reply is not None}
        self._asking: dict[ReplayKey, anyio.Lock] = {}

    @property
    def name(self) -> str:
        """The wrapped model's."""
        return self._model.name

    async def complete(self, request: ModelRequest) -> ModelReply:
        """The recorded reply to the same request and seed, else one completion; see `Model.complete`."""
        key = (self.name, request.digest, request.seed)
        async with self._asking.setdefault(key, anyio.Lock()):
            reply = self._known.get(key)
            replayed = reply is not None
            if reply is None:
                reply = await self._ask(request)
                self._known[key] = reply
        self._on_call(self._call(request, reply=reply, replayed=replayed))
        return reply

    async def close(self) -> None:
        """Closes the wrapped model."""
        await self._model.close()

    async def _ask(self, request: ModelRequest) -> ModelReply:
        try:
            return await self._model.complete(request)
        except ModelError as error:
            self._on_call(self._call(request, error=str(error)))
            raise

    def _call(
        self,
        request: ModelRequest,
        *,
        reply: ModelReply | None = None,
        error: str | None = None,
        replayed: bool = False,
    ) -> ModelCall:
        return ModelCall(
            model=self.name,
            purpose=request.purpose,
            request_hash=request.digest,
            seed=request.seed,
            messages=tuple({"role": message.role, "content": message.content} for message in request.messages),
            reply=reply,
            error=error,
            replayed=replayed,
        )
