"""Searches whose model is out of order, through the providers' own SDKs and a local server."""

import json
import time

import anyio
import pytest

from harness.core.errors import ConfigError, ModelError
from harness.llm import LLMFactory
from harness.variants import Search
from tests.llm.providers.test_wire import KEY, finished, http, raw_server
from tests.variants.play import make

NAMES = pytest.mark.parametrize("name", ["anthropic/claude-opus-4-1", "openai/gpt-4o"])
GOOD = http(finished("Dig.\n```python\nmine(2)\n```", 10))


def play(search: Search, llm: LLMFactory, n_iterations: int, samples: int) -> None:
    """Plays a search and closes its model's connections in the same event loop."""

    async def whole() -> None:
        try:
            await search.search(n_iterations, samples, 10.0)
        finally:
            await llm.close()

    anyio.run(whole)


def model(name: str, url: str, **options) -> LLMFactory:
    return LLMFactory(name, base_url=url, api_key=KEY, **{"max_retries": 2, "max_concurrency": 2, **options})


def refusal(status: str, kind: str = "error") -> bytes:
    return http(json.dumps({"error": {"message": "no", "type": kind}}), status=status)


@NAMES
def test_a_bad_key_ends_a_search_at_once(name):
    started = time.monotonic()
    with raw_server(refusal("401 Unauthorized")) as (url, paths):
        llm = model(name, url)
        search = make(model=llm, lookahead=1)
        with pytest.raises(ModelError, match="refused the API key") as caught:
            play(search, llm, 50, 8)
    assert len(paths) <= 2, "no more than were in flight when the first was refused"
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(search.programs) == 1
    assert time.monotonic() - started < 20


@NAMES
def test_a_rate_limit_that_stays_is_asked_a_bounded_number_of_times(name):
    limited = refusal("429 Too Many\r\nretry-after: 0")
    with raw_server(limited) as (url, paths), pytest.raises(ModelError, match="HTTP 429"):
        llm = model(name, url)
        play(make(model=llm), llm, 50, 2)
    assert len(paths) == 2 * 3


@NAMES
def test_replies_that_cannot_be_read_are_nodes_and_the_search_goes_on(name):
    prose, nonsense = http(finished("I would rather not.", 10)), http("{}")
    with raw_server(GOOD, nonsense, prose, GOOD) as (url, paths):
        llm = model(name, url, max_retries=0, max_concurrency=1)
        search = make(model=llm, max_model_calls=1)
        play(search, llm, 2, 3)
    assert len(paths) == 6
    assert sorted(program.status for program in search.programs[1:4]) == ["model_error", "no_code", "ok"]
    assert {program.status for program in search.programs[4:]} == {"ok"}
    assert search.spend.samples == 6


def test_instructions_too_long_for_a_request_are_refused_before_anything_is_asked():
    with raw_server(GOOD) as (url, paths):
        llm = model("openai/gpt-4o", url)
        search = make(model=llm, api_reference="word " * 8000, max_dialogue_tokens=4000)
        with pytest.raises(ConfigError, match="context_tokens"):
            play(search, llm, 1, 1)
    assert not paths
