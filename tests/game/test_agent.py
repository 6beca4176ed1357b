import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.core.errors import ServerLostError
from harness.game import AgentClient, ToolFailure

Answer = Callable[[dict[str, Any]], dict[str, Any] | str]


class Mod:
    """The mod's side of the wire, answering as it is told."""

    name = "test:1"

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []

    def command(self, text: str, *, extra_s: float = 0.0) -> str:
        word, _, body = text.partition(" ")
        assert word == "/agent"
        request = json.loads(body)
        self.requests.append(request)
        answer = self.answers.pop(0)(request)
        return answer if isinstance(answer, str) else json.dumps({"id": request["id"]} | answer)


def ok(result: Any = None, **more: Any) -> Answer:
    return lambda request: {"ok": True, "result": result, "ticks": 0, "tick": 10} | more


def test_a_result_comes_back() -> None:
    mod = Mod(ok({"x": 1}, ticks=3))
    reply = AgentClient(mod).call("nearest", {"name": "coal"})
    assert (reply.result, reply.ticks, reply.tick) == ({"x": 1}, 3, 10)
    assert mod.requests[0]["tool"] == "nearest"
    assert mod.requests[0]["args"] == {"name": "coal"}


def test_a_pending_answer_is_polled_and_its_ticks_add_up() -> None:
    mod = Mod(
        lambda request: {"ok": True, "pending": "path:1", "ticks": 1, "tick": 0},
        lambda request: {"ok": True, "pending": "path:1", "ticks": 1, "tick": 1},
        ok({"x": 2}, ticks=30),
    )
    reply = AgentClient(mod).call("move_to", {"position": {"x": 2, "y": 0}})
    assert reply.ticks == 32
    assert [request["tool"] for request in mod.requests] == ["move_to", "poll", "poll"]
    assert mod.requests[1]["args"] == {"token": "path:1"}


def test_a_busy_server_is_asked_again() -> None:
    mod = Mod(lambda request: {"ok": False, "busy": 17}, ok(5))
    assert AgentClient(mod).call("score").result == 5
    assert mod.requests[0] == mod.requests[1]


def test_a_refusal_keeps_its_words() -> None:
    error = {"code": "out_of_reach", "message": "too far", "hint": "move"}
    with pytest.raises(ToolFailure) as caught:
        AgentClient(Mod(lambda request: {"ok": False, "error": error, "ticks": 0, "tick": 0})).call("place_entity")
    assert caught.value.error == error
    assert caught.value.code == "out_of_reach"


@pytest.mark.parametrize(
    "text", ["", "Unknown command", "[]", '{"id": 99, "ok": true}', '{"id": 1}', '{"id": 1, "ok": false}']
)
def test_an_answer_that_is_not_the_mods_is_a_lost_server(text: str) -> None:
    with pytest.raises(ServerLostError, match="test:1"):
        AgentClient(Mod(lambda request: text)).call("nearest")
