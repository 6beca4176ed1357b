"""Makes a model from its name: `provider/model`.

Owns the list of providers, where each finds its key, and the checks made before anything is spent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module

from harness.core.errors import ConfigError
from harness.llm.model import Model, ModelReply, ModelRequest
from harness.llm.pricing import Price, price_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remote:
    """Where a provider's adapter is and which variable holds its key. Loaded on use: the SDKs take a second."""

    module: str
    adapter: str
    key_variable: str


_REMOTES = {
    "anthropic": _Remote(
        module="harness.llm.providers.anthropic", adapter="AnthropicProvider", key_variable="ANTHROPIC_API_KEY"
    ),
    "deepseek": _Remote(
        module="harness.llm.providers.openai", adapter="DeepSeekProvider", key_variable="DEEPSEEK_API_KEY"
    ),
    "openai": _Remote(module="harness.llm.providers.openai", adapter="OpenAIProvider", key_variable="OPENAI_API_KEY"),
}
_SCRIPTED = ("builder",)
_FORMS = ", ".join([*(f"{provider}/<model>" for provider in _REMOTES), *(f"scripted/{name}" for name in _SCRIPTED)])


class LLMFactory:
    """A language model by name; satisfies `Model`.

    Making one checks the name only; the key is looked for by `check()` and, at the latest, by the first call.

    Args:
        name: `anthropic/<model>`, `openai/<model>`, `deepseek/<model>`, or `scripted/builder` (offline, free).
        seed: root of the scripted model's chance and of the jitter between retries.
        base_url: another address of the same API (a proxy, a test server).
        api_key: None takes it from ANTHROPIC_API_KEY, OPENAI_API_KEY or DEEPSEEK_API_KEY.
        timeout_s: for one attempt.
        max_retries: attempts after the first, for failures that can pass.
        max_concurrency: calls in flight at once.
        price: overrides the price table, or supplies what it lacks.

    Raises:
        ConfigError: the name or an option is not usable.
    """

    def __init__(
        self,
        name: str,
        *,
        seed: int = 0,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 120.0,
        max_retries: int = 4,
        max_concurrency: int = 8,
        price: Price | None = None,
    ) -> None:
        provider, _, model = name.partition("/") if isinstance(name, str) else ("", "", "")
        if not model or (provider not in _REMOTES and (provider != "scripted" or model not in _SCRIPTED)):
            raise ConfigError(f"model name: expected one of {_FORMS}, got {name!r}")
        if timeout_s <= 0 or max_retries < 0 or max_concurrency < 1:
            raise ConfigError(
                f"{name}: expected timeout_s > 0, max_retries >= 0 and max_concurrency >= 1, "
                f"got {timeout_s}, {max_retries} and {max_concurrency}"
            )
        self._name = name
        self._provider, self._model = provider, model
        self._seed = seed
        self._base_url, self._api_key = base_url, api_key
        self._timeout_s, self._max_retries, self._max_concurrency = timeout_s, max_retries, max_concurrency
        self._price = price if price is not None else price_of(name)
        self._made: Model | None = None

    def __repr__(self) -> str:
        return f"LLMFactory({self._name!r})"

    @property
    def name(self) -> str:
        """`provider/model`."""
        return self._name

    @property
    def price(self) -> Price | None:
        """What tokens cost: zero for the scripted model, None where unknown."""
        return Price(input_usd=0.0, output_usd=0.0) if self._provider == "scripted" else self._price

    def check(self) -> None:
        """Says before anything is spent whether the model can be called at all; sends nothing.

        Raises:
            ConfigError: no API key.
        """
        self._model_made()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One completion; see `Model.complete`.

        Raises:
            ConfigError: no API key.
        """
        return await self._model_made().complete(request)

    async def close(self) -> None:
        """Closes connections, if any were opened."""
        if self._made is not None:
            await self._made.close()

    def _model_made(self) -> Model:
        if self._made is None:
            self._made = self._make_scripted() if self._provider == "scripted" else self._make_remote()
        return self._made

    def _make_scripted(self) -> Model:
        module = import_module("harness.llm.scripted")
        model: Model = module.ScriptedBuilder(seed=self._seed)
        return model

    def _make_remote(self) -> Model:
        remote = _REMOTES[self._provider]
        key = self._api_key or os.environ.get(remote.key_variable, "")
        if not key.strip():
            raise ConfigError(
                f"{self._name}: expected an API key in the environment variable {remote.key_variable}, found none; "
                f"set it, pass api_key=, or use scripted/builder, which needs none"
            )
        adapter = getattr(import_module(remote.module), remote.adapter)
        shared = import_module("harness.llm.providers.remote")
        options = shared.RemoteOptions(
            api_key=key.strip(),
            base_url=self._base_url,
            timeout_s=self._timeout_s,
            max_retries=self._max_retries,
            max_concurrency=self._max_concurrency,
            price=self._price,
            seed=self._seed,
        )
        model: Model = shared.RemoteModel(self._name, adapter(self._model, options), options)
        return model
