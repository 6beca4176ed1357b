"""The real SDKs against a local server that speaks both wires and breaks on demand."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio
import pytest

from harness.core.conversation import Message
from harness.core.errors import ModelError
from harness.llm import LLMFactory, ModelRequest
from harness.variants.budget import worst_of

# Anthropic's SDK warns of models near their end; the wire is the same.
pytestmark = pytest.mark.filterwarnings("ignore:The model 'claude:DeprecationWarning")

KEY = "sk-test-very-secret"
MODELS = {
    "anthropic/claude-3-opus-20240229": "/anthropic",
    "openai/gpt-4o": "/v1",
    "deepseek/deepseek-chat": "/v1",
}


class MockServer:
    def __init__(self, url: str):
        self.url = url

    def _call(self, path: str, body: dict | None = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        call = urllib.request.Request(self.url + path, data=data, headers={"content-type": "application/json"})
        with urllib.request.urlopen(call, timeout=10) as reply:
            return json.loads(reply.read())

    def behave(self, *behaviors: dict) -> None:
        self._call("/_llmock/reset", {})
        if behaviors:
            self._call("/_llmock/scenario", {"behaviors": list(behaviors)})

    def requests(self) -> list[dict]:
        return self._call("/_llmock/requests")["requests"]


@pytest.fixture(scope="module")
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("llmock")), "serve", "--port", str(port), "--log-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        mock = MockServer(f"http://127.0.0.1:{port}")
        for _ in range(150):
            try:
                mock.behave()
                break
            except OSError:
                time.sleep(0.2)
        yield mock
        process.terminate()


@pytest.fixture(params=sorted(MODELS))
def make(request, server):
    """Makes a model of each provider that talks to the mock server."""

    def build(**options) -> LLMFactory:
        options = {"timeout_s": 5.0, "max_retries": 3, "api_key": KEY, **options}
        return LLMFactory(request.param, base_url=server.url + MODELS[request.param], **options)

    return build


def ask(**fields) -> ModelRequest:
    messages = (
        Message("system", "Play."),
        Message("user", "one"),
        Message("assistant", "two"),
        Message("user", "three"),
    )
    return ModelRequest(messages=messages, **{"max_tokens": 50, **fields})


async def complete(model: LLMFactory, request: ModelRequest):
    try:
        return await model.complete(request)
    finally:
        await model.close()


async def failure(model: LLMFactory) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await complete(model, ask())
    assert KEY not in str(caught.value)
    return caught.value


async def test_a_reply_comes_back_with_usage_and_cost(make, server):
    server.behave({"type": "reply", "text": "```python\nx = 1\n```"})
    model = make()
    reply = await complete(model, ask())
    assert reply.text == "```python\nx = 1\n```"
    assert reply.model == model.name
    assert reply.finish_reason == "stop"
    assert reply.input_tokens > 0
    assert reply.output_tokens > 0
    assert reply.cost_usd == pytest.approx(model.price.cost_usd(reply.input_tokens, reply.output_tokens))
    assert reply.wall_s > 0


async def test_what_is_sent_is_what_was_asked(make, server):
    server.behave()
    model = make()
    await complete(model, ask(temperature=0.5, stop=("END",), seed=7))
    (sent,) = server.requests()
    body, provider = sent["body"], model.name.partition("/")[0]
    turns = [
        {"role": role, "content": text} for role, text in (("user", "one"), ("assistant", "two"), ("user", "three"))
    ]
    assert body["model"] == model.name.partition("/")[2]
    assert body["temperature"] == 0.5
    if provider == "anthropic":
        assert (body["system"], body["messages"], body["max_tokens"]) == ("Play.", turns, 50)
        assert body["stop_sequences"] == ["END"]
        assert "seed" not in body
    else:
        assert body["messages"] == [{"role": "system", "content": "Play."}, *turns]
        assert body["stop"] == ["END"]
        assert body.get("seed") == (7 if provider == "openai" else None)
        assert body["max_completion_tokens" if provider == "openai" else "max_tokens"] == 50


async def test_empty_turns_are_never_sent_to_a_provider_that_refuses_them(server):
    server.behave()
    model = LLMFactory("anthropic/claude-3-opus-20240229", base_url=server.url + "/anthropic", api_key=KEY)
    turns = (Message("user", "one"), Message("assistant", " \n"), Message("user", "two"))
    await complete(model, ModelRequest(messages=turns))
    (sent,) = server.requests()
    assert [turn["content"] for turn in sent["body"]["messages"]] == ["one", "(nothing)", "two"]
    assert "system" not in sent["body"]


@pytest.mark.parametrize("status", [429, 500, 503, 529])
async def test_passing_failures_are_tried_again(make, server, status):
    server.behave({"type": "fail", "status": status, "retry_after": 0}, {"type": "reply", "text": "there"})
    assert (await complete(make(), ask())).text == "there"
    assert len(server.requests()) == 2


async def test_a_retry_waits_as_long_as_asked(make, server):
    server.behave({"type": "fail", "status": 429, "retry_after": 1}, {"type": "reply", "text": "there"})
    started = time.monotonic()
    assert (await complete(make(), ask())).text == "there"
    assert time.monotonic() - started >= 1.0


async def test_a_pause_too_long_is_reported_instead(make, server):
    server.behave({"type": "fail", "status": 429, "retry_after": 3600})
    error = await failure(make())
    assert "3600 s" in str(error)
    assert len(server.requests()) == 1


async def test_retries_are_bounded(make, server):
    server.behave(*[{"type": "fail", "status": 500, "retry_after": 0}] * 10)
    error = await failure(make(max_retries=1))
    assert error.retryable
    assert "HTTP 500" in str(error)
    assert len(server.requests()) == 2


@pytest.mark.parametrize("status", [401, 403])
async def test_a_bad_key_is_not_tried_again(make, server, status):
    server.behave(*[{"type": "fail", "status": status}] * 5)
    error = await failure(make())
    assert not error.retryable
    assert "API key" in str(error)
    assert len(server.requests()) == 1


@pytest.mark.parametrize("status", [400, 404])
async def test_a_refused_request_is_not_tried_again(make, server, status):
    server.behave(*[{"type": "fail", "status": status}] * 5)
    error = await failure(make())
    assert not error.retryable
    assert f"HTTP {status}" in str(error)
    assert len(server.requests()) == 1


async def test_a_slow_reply_is_given_up_on_and_tried_again(make, server):
    server.behave({"type": "delay", "seconds": 6})
    started = time.monotonic()
    assert (await complete(make(timeout_s=1.0), ask())).finish_reason == "stop"
    assert time.monotonic() - started < 5


async def test_no_more_calls_in_flight_than_allowed(make, server):
    server.behave(*[{"type": "delay", "seconds": 0.3}] * 6)
    model = make(max_concurrency=2)
    started = time.monotonic()
    async with anyio.create_task_group() as group:
        for seed in range(6):
            group.start_soon(model.complete, ask(seed=seed))
    await model.close()
    assert time.monotonic() - started >= 0.85


def test_a_model_serves_one_event_loop_after_another(make, server):
    server.behave()
    model = make()
    for _ in range(2):
        assert anyio.run(complete, model, ask()).finish_reason == "stop"


@contextmanager
def raw_server(*replies: bytes):
    """Sends raw bytes as the replies to POSTs, in order, the last one again and again; yields (url, paths seen)."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("content-length", 0)))
            paths.append(self.path)
            self.wfile.write(replies[min(len(paths), len(replies)) - 1])
            self.close_connection = True

        def log_message(self, *args):
            logging.getLogger(__name__).debug("%s", args)

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}", paths
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def http(body: str, *, kind: str = "application/json", status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n"
    return f"{head}{body}".encode()


UNFINISHED = json.dumps(
    {
        "id": "x",
        "type": "message",
        "object": "chat.completion",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "cut"}],
        "stop_reason": None,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "cut"}, "finish_reason": None}],
        "usage": {"input_tokens": 1, "output_tokens": 1, "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
)


def finished(text: object, count: object) -> str:
    """A reply of either protocol with anything for its text and its counts of tokens."""
    data = json.loads(UNFINISHED)
    data["content"][0]["text"], data["stop_reason"] = text, "end_turn"
    data["choices"][0] = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    data["usage"] = dict.fromkeys(data["usage"], count)
    return json.dumps(data)


BROKEN = {
    "a text that is a list": http(finished([1], 1)),
    "a text that is a number": http(finished(7, 1)),
    "counts that are words": http(finished("x", "many")),
    "counts below zero": http(finished("x", -5)),
    "bytes that are no text": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n"
    b"\xff\xfe\xff",
    "brackets without end": http("[" * 200_000),
    "a body that is not packed": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
    b"content-length: 5\r\n\r\nhello",
    "nothing at all": b"",
    "not HTTP": b"hello there\r\n\r\n",
    "cut short": http('{"id": "x", ', length=500),
    "not JSON": http('{"id": '),
    "a web page": http("<html>busy</html>", kind="text/html"),
    "an empty object": http("{}"),
    "a list": http("[]"),
    "null": http("null"),
    "no finish reason": http(UNFINISHED),
}


@pytest.mark.parametrize("name", sorted(MODELS))
@pytest.mark.parametrize("reply", sorted(BROKEN))
async def test_nonsense_on_the_wire_is_a_model_error(name, reply):
    with raw_server(BROKEN[reply]) as (url, paths):
        error = await failure(LLMFactory(name, base_url=url, api_key=KEY, max_retries=0, timeout_s=5.0))
    assert error.retryable
    assert len(paths) == 1


@pytest.mark.parametrize("text", ["x = 1", "\N{FACTORY}" * 90])
async def test_a_reply_that_does_not_say_what_it_took_counts_as_the_dearest_it_can_be(text):
    data = json.loads(finished(text, 1))
    data["usage"] = None
    with raw_server(http(json.dumps(data))) as (url, _):
        model = LLMFactory("openai/gpt-4o", base_url=url, api_key=KEY, max_retries=0)
        reply = await complete(model, ask())
    worst = worst_of(ask(), model.price)
    assert reply.text == text
    assert reply.input_tokens == worst.tokens - ask().max_tokens
    assert reply.output_tokens == min(len(text.encode()) + 1, ask().max_tokens)
    assert 0 < reply.cost_usd <= worst.usd


@pytest.mark.parametrize("name", sorted(MODELS))
@pytest.mark.parametrize(("lost", "num_billed"), [(http("{}"), 1), (http("{}", status="503 Busy"), 0)])
async def test_an_attempt_that_came_broken_counts_as_the_dearest_and_one_that_was_refused_not(name, lost, num_billed):
    with raw_server(lost, http(finished("x = 1", 1))) as (url, paths):
        model = LLMFactory(name, base_url=url, api_key=KEY, max_retries=1)
        reply = await complete(model, ask())
    assert len(paths) == 2
    worst = worst_of(ask(), model.price)
    assert reply.input_tokens == 1 + num_billed * (worst.tokens - ask().max_tokens)
    assert reply.output_tokens == 1 + num_billed * ask().max_tokens
    assert reply.cost_usd == pytest.approx(model.price.cost_usd(1, 1) + num_billed * worst.usd)


@pytest.mark.parametrize("name", sorted(MODELS))
async def test_an_error_that_repeats_the_key_is_redacted(name):
    body = json.dumps({"error": {"message": f"bad request with {KEY}", "type": "invalid_request_error"}})
    with raw_server(http(body, status="400 Bad Request")) as (url, _):
        error = await failure(LLMFactory(name, base_url=url, api_key=KEY, max_retries=0))
    assert "bad request with ***" in str(error)


@pytest.mark.parametrize("name", sorted(MODELS))
async def test_nobody_listening_is_a_model_error(name):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = await failure(LLMFactory(name, base_url=f"http://127.0.0.1:{port}", api_key=KEY, max_retries=0))
    assert error.retryable


@pytest.mark.parametrize("name", sorted(MODELS))
async def test_a_pause_until_a_date_is_counted_by_the_reply_s_clock(name):
    head = "503 Busy\r\ndate: Mon, 23 Nov 2026 10:00:00 GMT\r\nretry-after: Mon, 23 Nov 2026 11:00:00 GMT"
    with raw_server(http("{}", status=head)) as (url, paths):
        error = await failure(LLMFactory(name, base_url=url, api_key=KEY, max_retries=3))
    assert "3600 s" in str(error)
    assert len(paths) == 1
