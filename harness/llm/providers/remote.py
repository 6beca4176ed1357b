"""What every remote provider has in common: one place for concurrency, deadlines, retries and classified failures.

A provider's file says how to send a request and how to read its errors; everything about asking again is here. The
SDKs' own retries are switched off, so that attempts are counted once.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import Any, Protocol

import anyio
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from harness.core.errors import ModelError
from harness.core.seeds import stream
from harness.core.text import printable
from harness.llm.bounds import most_tokens, most_tokens_of
from harness.llm.model import ModelReply, ModelRequest
from harness.llm.pricing import Price

RETRYABLE_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
TRANSPORT_PACKAGES = frozenset({"anyio", "h11", "httpcore", "httpcore2", "httpx", "httpx2"})
"""Whose errors the SDKs let through unwrapped, mostly while a reply is being read."""

LONGEST_WAIT_S = 120.0
"""A provider that asks for a longer pause than this is reported, not waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOptions:
    """How to reach a provider and how hard to try.

    Attributes:
        api_key: kept out of every text this package writes.
        base_url: None for the provider's own.
        timeout_s: for one attempt, from connecting to the last byte.
        max_retries: attempts after the first.
        max_concurrency: calls in flight at once.
        price: None where unknown; replies then carry no cost.
        seed: for the jitter between attempts.
    """

    api_key: str
    base_url: str | None
    timeout_s: float
    max_retries: int
    max_concurrency: int
    price: Price | None
    seed: int

    def __repr__(self) -> str:
        return f"RemoteOptions(base_url={self.base_url!r}, timeout_s={self.timeout_s}, max_retries={self.max_retries})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """A provider's reply before it is priced; token counts None where the provider gave none."""

    text: str
    finish_reason: str | None
    input_tokens: int | None
    output_tokens: int | None

    @property
    def is_sound(self) -> bool:
        """Whether the fields are what they should be: SDKs hand on whatever JSON came."""
        counts = (self.input_tokens, self.output_tokens)
        return (
            isinstance(self.text, str)
            and isinstance(self.finish_reason, str | None)
            and all(count is None or (type(count) is int and count >= 0) for count in counts)
        )


class Provider(Protocol):
    """One provider's SDK, reduced to what the retry loop needs."""

    sdk: ModuleType
    """Its package; `APIStatusError`, `APIConnectionError` and `APIError` are read from it."""

    async def send(self, request: ModelRequest) -> Any:
        """One attempt, no retries: the SDK's reply; raises whatever the SDK and its transport raise."""

    def read(self, reply: Any) -> RawReply:
        """What matters of a reply; AttributeError, TypeError or IndexError where it is not shaped like one."""

    async def close(self) -> None:
        """Closes connections; a later `send` opens them anew."""


class _AttemptError(ModelError):
    """A failed attempt.

    Attributes:
        retry_after_s: the pause the provider asked for.
        may_be_billed: whether a reply may have been made for it, one that came broken or too late.
    """

    def __init__(
        self, message: str, *, retryable: bool, retry_after_s: float | None = None, may_be_billed: bool = False
    ) -> None:
        super().__init__(message, retryable=retryable)
        self.retry_after_s = retry_after_s
        self.may_be_billed = may_be_billed


class RemoteModel:
    """A provider as a `Model`."""

    def __init__(self, name: str, provider: Provider, options: RemoteOptions) -> None:
        self.name = name
        self._provider = provider
        self._options = options
        self._limiter = anyio.CapacityLimiter(options.max_concurrency)
        self._jitter = stream(options.seed, "retry", name)
        self._refused: ModelError | None = None

    def __repr__(self) -> str:
        return f"RemoteModel({self.name!r})"

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One completion, asked for again while the failure is of a kind that passes.

        Raises:
            ModelError: a failure that cannot pass, or `max_retries` failures that could have. A key that was refused
                once is not sent again.
        """
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._options.max_retries + 1),
            wait=self._wait_s,
            retry=retry_if_exception(_may_pass),
            sleep=anyio.sleep,
            reraise=True,
        )
        num_lost = 0

        async def attempt() -> RawReply:
            nonlocal num_lost
            try:
                return await self._attempt(request)
            except _AttemptError as error:
                num_lost += error.may_be_billed
                raise

        async with self._limiter:
            started = time.monotonic()
            raw: RawReply = await retrying(attempt)
            return self._priced(raw, request, num_lost, time.monotonic() - started)

    async def close(self) -> None:
        """Closes the provider's connections."""
        await self._provider.close()

    async def _attempt(self, request: ModelRequest) -> RawReply:
        if self._refused is not None:
            raise _AttemptError(str(self._refused), retryable=False)
        try:
            with anyio.fail_after(self._options.timeout_s):
                reply = await self._provider.send(request)
        except Exception as error:  # noqa: BLE001 - the boundary to foreign code; what is not its fault is raised again
            raise self._classify(error) from None
        try:
            raw = self._provider.read(reply)
        except (AttributeError, TypeError, IndexError, KeyError):
            raw = None
        if raw is None or not raw.is_sound:
            raise _AttemptError(
                f"{self.name}: the reply has not the shape of one; ask again", retryable=True, may_be_billed=True
            )
        if raw.finish_reason is None:
            raise _AttemptError(
                f"{self.name}: the reply broke off (no finish reason); ask again", retryable=True, may_be_billed=True
            )
        return raw

    def _classify(self, error: Exception) -> ModelError:
        """The boundary to foreign code: whatever it raised becomes a `ModelError` that holds no secret."""
        sdk = self._provider.sdk
        if isinstance(error, ModelError):
            return error
        if isinstance(error, sdk.APIStatusError):
            return self._classify_status(error)
        passing = (TimeoutError, OSError, sdk.APIConnectionError, json.JSONDecodeError, UnicodeError, RecursionError)
        kind = type(error).__name__
        if isinstance(error, TimeoutError) or "Timeout" in kind:
            return _AttemptError(
                f"{self.name}: no reply within {self._options.timeout_s:g} s", retryable=True, may_be_billed=True
            )
        if isinstance(error, passing) or _is_from_transport(error):
            return _AttemptError(f"{self.name}: the connection or the reply broke ({kind})", retryable=True)
        if isinstance(error, sdk.APIError):
            return _AttemptError(self._redact(f"{self.name}: {kind}: {error}"), retryable=False)
        raise error

    def _classify_status(self, error: Any) -> ModelError:
        status: int = error.status_code
        if status in (401, 403):
            refusal = _AttemptError(
                f"{self.name}: the provider refused the API key (HTTP {status}); check that it is valid for this model",
                retryable=False,
            )
            # 403 may be about this one request; 401 is about the key.
            self._refused = refusal if status == 401 else self._refused
            return refusal
        retry_after_s = _retry_after_s(error.response.headers)
        if retry_after_s is not None and retry_after_s > LONGEST_WAIT_S:
            message = f"{self.name}: HTTP {status}, and asked to wait {retry_after_s:.0f} s; try again later"
            return _AttemptError(message, retryable=False)
        return _AttemptError(
            self._redact(f"{self.name}: HTTP {status}: {_reason(error)}"),
            retryable=status in RETRYABLE_STATUSES or status >= 500,
            retry_after_s=retry_after_s,
        )

    def _redact(self, text: str) -> str:
        return text.replace(self._options.api_key, "***")

    def _wait_s(self, state: RetryCallState) -> float:
        """The pause the provider asked for, else doubling from half a second with a jitter of a quarter."""
        error = state.outcome.exception() if state.outcome is not None else None
        asked_s = error.retry_after_s if isinstance(error, _AttemptError) else None
        backoff_s = min(0.5 * 2.0 ** (state.attempt_number - 1), 30.0) * self._jitter.uniform(0.75, 1.25)
        return max(asked_s, 0.0) if asked_s is not None else backoff_s

    def _priced(self, raw: RawReply, request: ModelRequest, num_lost: int, wall_s: float) -> ModelReply:
        """The reply with its price, attempts that were lost included.

        These, and a reply that does not say what it took, are taken for the dearest they can be.
        """
        price = self._options.price
        inputs, outputs = raw.input_tokens, raw.output_tokens
        if inputs is None or outputs is None:
            inputs, outputs = most_tokens(request.messages), min(most_tokens_of(raw.text), request.max_tokens)
        inputs += num_lost * most_tokens(request.messages)
        outputs += num_lost * request.max_tokens
        return ModelReply(
            text=printable(raw.text),
            model=self.name,
            input_tokens=inputs,
            output_tokens=outputs,
            cost_usd=price.cost_usd(inputs, outputs) if price is not None else None,
            finish_reason=raw.finish_reason or "",
            wall_s=wall_s,
        )


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.retryable


def _is_from_transport(error: Exception) -> bool:
    return any(base.__module__.partition(".")[0] in TRANSPORT_PACKAGES for base in type(error).__mro__)


def _retry_after_s(headers: Any) -> float | None:
    """Seconds of a Retry-After header, by the reply's own clock where it is a date; None where there is none."""
    asked_s: float | None
    try:
        asked_s = (
            float(headers.get("retry-after-ms")) / 1000
            if "retry-after-ms" in headers
            else float(headers["retry-after"])
        )
    except (KeyError, TypeError, ValueError):
        asked_s = _seconds_until(headers.get("retry-after"), headers.get("date"))
    return asked_s if asked_s is not None and math.isfinite(asked_s) else None


def _seconds_until(date: str | None, now: str | None) -> float | None:
    try:
        return (parsedate_to_datetime(date or "") - parsedate_to_datetime(now or "")).total_seconds()
    except (ValueError, TypeError):
        return None


def _reason(error: Any) -> str:
    """The provider's own sentence, one line, cut to a readable length."""
    body = error.body
    inner = body.get("error", body) if isinstance(body, dict) else None
    text = inner.get("message") if isinstance(inner, dict) else None
    return printable(" ".join(str(text or error.message).split())[:300])
