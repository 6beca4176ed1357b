from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.programs import ProgramRunner, ToolReply


@dataclass
class Workshop:
    """A small world: a character with items, and furnaces by place that hold what is put into them."""

    items: dict[str, int] = field(default_factory=lambda: {"coal": 10, "stone-furnace": 2})
    furnaces: dict[tuple[float, float], dict[str, int]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def call(self, tool: str, args: Mapping[str, Any]) -> ToolReply:
        self.calls.append(tool)
        serve = getattr(self, f"_{tool}", None)
        if serve is None:
            return ToolReply(ok=False, error={"code": "unknown_tool", "message": f"no tool {tool}"})
        return serve(args)

    def _inspect_inventory(self, args: Mapping[str, Any]) -> ToolReply:
        return ToolReply(ok=True, result=dict(self.items))

    def _sleep(self, args: Mapping[str, Any]) -> ToolReply:
        return ToolReply(ok=True, result=True)

    def _place_entity(self, args: Mapping[str, Any]) -> ToolReply:
        if self.items.get(args["name"], 0) < 1:
            return ToolReply(ok=False, error={"code": "missing_items", "message": f"no {args['name']} left"})
        self.items[args["name"]] -= 1
        place = (args["position"]["x"], args["position"]["y"])
        self.furnaces[place] = {}
        return ToolReply(ok=True, result=self._record(place))

    def _insert_item(self, args: Mapping[str, Any]) -> ToolReply:
        place = (args["target"]["position"]["x"], args["target"]["position"]["y"])
        count = min(args["quantity"], self.items.get(args["item"], 0))
        self.items[args["item"]] -= count
        fuel = self.furnaces[place]
        fuel[args["item"]] = fuel.get(args["item"], 0) + count
        return ToolReply(ok=True, result=self._record(place))

    def _record(self, place: tuple[float, float]) -> dict[str, Any]:
        return {
            "name": "stone-furnace",
            "position": {"x": place[0], "y": place[1]},
            "direction": 0,
            "status": "no_ingredients",
            "fuel": dict(self.furnaces[place]),
        }


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture(scope="module")
def runner() -> Iterator[ProgramRunner]:
    with ProgramRunner() as runner:
        yield runner
