import json
import math
from typing import Any

from harness.core.hashing import canonical_json
from harness.data.prices import prices
from harness.game import AGENT_TOOLS, AgentClient, GameTools, ProductionStatistics
from harness.game.tools import MAX_ARGS_BYTES

STATISTICS = ProductionStatistics(
    tick=0, produced={"iron-plate": 3, "coal": 2}, consumed={"iron-ore": 3}, harvested={"coal": 2}
)


class Mod:
    """Charges sixty ticks a second slept, one for anything else; refuses to pick things up."""

    name = "test:1"

    def __init__(self) -> None:
        self.tools: list[str] = []

    def command(self, text: str, *, extra_s: float = 0.0) -> str:
        request = json.loads(text.partition(" ")[2])
        self.tools.append(request["tool"])
        reply: dict[str, Any] = {"id": request["id"], "ok": True, "result": True, "ticks": 1, "tick": 0}
        if request["tool"] == "sleep":
            reply["ticks"] = 60 * request["args"]["seconds"]
        if request["tool"] == "pickup_entity":
            reply |= {"ok": False, "error": {"code": "not_found", "message": "nothing"}, "ticks": 0}
        return json.dumps(reply)


def tools(max_ticks: int | None = None) -> tuple[GameTools, Mod]:
    mod = Mod()
    return GameTools(AgentClient(mod), lambda: STATISTICS, max_ticks), mod


def code(reply: Any) -> str:
    assert not reply.ok
    return str(reply.error["code"])


def test_the_hosts_tools_are_out_of_reach() -> None:
    served, mod = tools()
    for name in ("reset", "step", "hello", "save", "restore", "production", "observe", "poll", "", "x" * 1000):
        assert name not in AGENT_TOOLS
        assert code(served.call(name, {})) == "unknown_tool"
    assert mod.tools == []
    assert served.num_calls == 10


def test_calls_are_counted_and_their_ticks_added() -> None:
    served, mod = tools()
    assert served.call("nearest", {"name": "coal"}).result is True
    assert code(served.call("pickup_entity", {})) == "not_found"
    served.call("sleep", {"seconds": 2})
    assert (served.num_calls, served.ticks) == (3, 121)
    assert mod.tools == ["nearest", "pickup_entity", "sleep"]


def test_what_is_no_plain_data_or_too_much_is_refused() -> None:
    served, mod = tools()
    assert code(served.call("nearest", {"name": math.nan})) == "bad_argument"
    assert code(served.call("nearest", {"name": object()})) == "bad_argument"
    assert code(served.call("nearest", {"name": "x" * MAX_ARGS_BYTES})) == "bad_argument"
    assert mod.tools == []


def test_the_budget_of_ticks_holds() -> None:
    served, mod = tools(max_ticks=120)
    assert code(served.call("sleep", {"seconds": 3})) == "budget"
    assert served.call("sleep", {"seconds": 2}).ok
    assert code(served.call("nearest", {"name": "coal"})) == "budget"
    assert mod.tools == ["sleep"]


def test_a_sleep_too_long_names_the_longest_that_fits() -> None:
    served, _ = tools(max_ticks=100)
    error = served.call("sleep", {"seconds": 3}).error
    assert error is not None
    assert all(words in error["message"] for words in ("100 of its 100", "3 s", "1.66 s"))
    assert "sleep(1.66)" in error["hint"]


def test_a_refusal_for_the_budget_can_always_be_sent() -> None:
    served, _ = tools(max_ticks=120)
    for seconds in (1e308, 10**4299):
        reply = served.call("sleep", {"seconds": seconds})
        assert code(reply) == "budget"
        canonical_json(reply.error)


def test_the_score_is_worked_out_here() -> None:
    served, mod = tools()
    price = prices("reference")
    machines = 3 * price["iron-plate"] - 3 * price["iron-ore"]
    assert served.call("score", {}).result == [math.floor(machines + 2 * price["coal"]), math.floor(machines)]
    assert mod.tools == []
