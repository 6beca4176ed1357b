"""A language model's provider on a local port: real HTTP, and a ledger of what was asked."""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anyio

from harness.core.conversation import Message
from harness.llm import ModelRequest
from harness.llm.scripted import ScriptedBuilder

PURPOSES = {"CHECK: <": "objective", "numbered list": "plan", "STEP: <": "step", "CHOICE: <": "judge"}
"""What the last message of a request holds, and what the request is for then: the wire itself does not say."""

Asked = tuple[str, int]
"""A request as its provider tells it from others: the messages and the seed."""


def asked(messages: list[dict[str, str]], seed: int) -> Asked:
    return json.dumps([[message["role"], message["content"]] for message in messages]), seed


@dataclass
class Provider:
    """Answers as `scripted/builder` would: the same request always gets the same reply.

    Attributes:
        url: where it is.
        ledger: every request it was sent, in the order of their coming.
    """

    url: str = ""
    ledger: list[Asked] = field(default_factory=list)
    _builder: ScriptedBuilder = field(default_factory=lambda: ScriptedBuilder(seed=3))
    _delay: random.Random = field(default_factory=lambda: random.Random(3))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, body: dict) -> dict:
        last = body["messages"][-1]["content"]
        purpose = next((purpose for mark, purpose in PURPOSES.items() if mark in last), "program")
        request = ModelRequest(
            messages=tuple(Message(each["role"], each["content"]) for each in body["messages"]),
            purpose=purpose,
            seed=body["seed"],
            max_tokens=body["max_completion_tokens"],
        )
        with self._lock:
            self.ledger.append(asked(body["messages"], body["seed"]))
            delay_s = self._delay.random() * 0.04
            reply = anyio.run(self._builder.complete, request)
        time.sleep(delay_s)
        message = {"role": "assistant", "content": reply.text}
        return {
            "id": "reply",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
            "usage": {
                "prompt_tokens": reply.input_tokens,
                "completion_tokens": reply.output_tokens,
                "total_tokens": reply.input_tokens + reply.output_tokens,
            },
        }


@contextlib.contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            content = json.dumps(provider.answer(body)).encode()
            with contextlib.suppress(OSError):  # The client may have been killed.
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            """A client that was killed has reset its connection."""

    with Server(("127.0.0.1", 0), Handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
