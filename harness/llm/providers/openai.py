"""OpenAI's chat completions API, and every provider that speaks it, through OpenAI's SDK."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import openai

from harness.llm.model import ModelRequest
from harness.llm.providers.remote import RawReply, RemoteOptions

DEEPSEEK_URL = "https://api.deepseek.com"


class OpenAIProvider:
    """Sends requests to one model of OpenAI's."""

    sdk: ModuleType = openai
    default_url: str | None = None
    is_own = True
    """Whether it is OpenAI itself: it takes a seed and names the cap on the reply differently."""

    def __init__(self, model: str, options: RemoteOptions) -> None:
        self._model = model
        self._options = options
        self._client: openai.AsyncOpenAI | None = None

    async def send(self, request: ModelRequest) -> Any:
        """One attempt; see `Provider.send`."""
        return await self._connect().chat.completions.create(**self._arguments(request))

    def read(self, reply: Any) -> RawReply:
        """Text, reason and usage of a completion; see `Provider.read`."""
        choice, usage = reply.choices[0], reply.usage
        return RawReply(
            text=choice.message.content or choice.message.refusal or "",
            finish_reason="refusal" if choice.message.refusal else choice.finish_reason,
            input_tokens=usage.prompt_tokens if usage is not None else None,
            output_tokens=usage.completion_tokens if usage is not None else None,
        )

    async def close(self) -> None:
        """Closes connections; a later `send` opens them anew."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _connect(self) -> openai.AsyncOpenAI:
        if self._client is None:
            options = self._options
            self._client = openai.AsyncOpenAI(
                api_key=options.api_key,
                base_url=options.base_url or self.default_url,
                timeout=options.timeout_s,
                max_retries=0,
            )
        return self._client

    def _arguments(self, request: ModelRequest) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "max_completion_tokens" if self.is_own else "max_tokens": request.max_tokens,
        }
        if self.is_own:
            arguments["seed"] = request.seed
        if request.stop:
            arguments["stop"] = list(request.stop)
        if request.temperature is not None:
            arguments["temperature"] = request.temperature
        return arguments


class DeepSeekProvider(OpenAIProvider):
    """DeepSeek's API: OpenAI's protocol at another address, without a seed."""

    default_url = DEEPSEEK_URL
    is_own = False
