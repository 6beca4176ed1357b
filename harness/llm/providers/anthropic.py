"""Anthropic's messages API through its own SDK."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import anthropic

from harness.llm.model import ModelRequest
from harness.llm.providers.remote import RawReply, RemoteOptions

_FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length"}


class AnthropicProvider:
    """Sends requests to one Anthropic model."""

    sdk: ModuleType = anthropic

    def __init__(self, model: str, options: RemoteOptions) -> None:
        self._model = model
        self._options = options
        self._client: anthropic.AsyncAnthropic | None = None

    async def send(self, request: ModelRequest) -> Any:
        """One attempt; see `Provider.send`."""
        return await self._connect().messages.create(**self._arguments(request))

    def read(self, reply: Any) -> RawReply:
        """Text, reason and usage of a message; see `Provider.read`."""
        texts = [block.text for block in reply.content if block.type == "text"]
        reason, usage = reply.stop_reason, reply.usage
        return RawReply(
            text="".join(texts),
            finish_reason=None if reason is None else _FINISH.get(reason, reason),
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
        )

    async def close(self) -> None:
        """Closes connections; a later `send` opens them anew."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _connect(self) -> anthropic.AsyncAnthropic:
        if self._client is None:
            options = self._options
            self._client = anthropic.AsyncAnthropic(
                api_key=options.api_key, base_url=options.base_url, timeout=options.timeout_s, max_retries=0
            )
        return self._client

    def _arguments(self, request: ModelRequest) -> dict[str, Any]:
        system = "\n\n".join(message.content for message in request.messages if message.role == "system")
        turns = [message for message in request.messages if message.role != "system"]
        arguments: dict[str, Any] = {
            "model": self._model,
            "max_tokens": request.max_tokens,
            # The API refuses empty turns, and a model may well have answered nothing.
            "messages": [{"role": turn.role, "content": turn.content.strip() or "(nothing)"} for turn in turns],
        }
        if system:
            arguments["system"] = system
        if request.stop:
            arguments["stop_sequences"] = list(request.stop)
        if request.temperature is not None:
            # The SDK's signature dropped the parameter when newer models did; older models still take it.
            arguments["extra_body"] = {"temperature": request.temperature}
        return arguments
