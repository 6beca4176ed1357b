from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from harness.api import TOOL_NAMES, bind_tools, tool_error
from harness.game import ToolFailure
from tests.mod.play import Play


class World:
    """The tools as a program has them, on the mod and the embedded engine in this process.

    Attributes:
        calls: how many round trips were made.
        ticks: what they were charged.
    """

    def __init__(self) -> None:
        self.play = Play()
        self.calls = 0
        self.ticks = 0
        self._tools = bind_tools(self)

    def call(self, tool: str, args: Mapping[str, Any]) -> Any:
        self.calls += 1
        try:
            reply = self.play.client.call(tool, args)
        except ToolFailure as failure:
            raise tool_error(tool, failure.error) from None
        self.ticks += reply.ticks
        return reply.result

    def __getattr__(self, tool: str) -> Callable[..., Any]:
        if tool not in TOOL_NAMES:
            raise AttributeError(tool)
        return self._tools[tool]

    def reset(self, inventory: dict[str, int], *, all_technologies: bool = True) -> None:
        self.play.reset(inventory, all_technologies=all_technologies)
        self.calls = self.ticks = 0


@pytest.fixture(scope="package")
def _one_world() -> World:
    return World()


@pytest.fixture
def world(_one_world: World) -> Iterator[World]:
    _one_world.reset({})
    yield _one_world
