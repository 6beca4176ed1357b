"""The mod on the embedded server's engine, in this process and without a socket."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.hashing import hash_json
from harness.game import AgentClient, ToolFailure
from harness.mod import mod_directory
from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Scripts, load_mods
from harness.simulator.lua.snapshots import Snapshots
from harness.simulator.lua.stepping import step

UP, RIGHT, DOWN, LEFT = 0, 4, 8, 12


class _Wire:
    """Runs a command and then the ticks it asked for, as the server's main loop does."""

    name = "in process"

    def __init__(self, world: World) -> None:
        self.game = Game(world=world, seed=0)
        self.scripts = Scripts(self.game, load_mods(mod_directory().parent))

    def command(self, text: str, *, extra_s: float = 0.0) -> str:
        self.scripts.run_command("agent", text.partition(" ")[2])
        reply = self.scripts.take_reply()
        clock = self.game.clock
        while clock.tick_paused and clock.ticks_to_run > 0:
            clock.ticks_to_run -= step(self.scripts, clock.ticks_to_run)
            clock = self.game.clock
        return reply


class Play:
    """Calls tools; `refused` expects a refusal and checks that it changed nothing.

    Args:
        world: that the server has; a bare one if not given.
    """

    def __init__(self, world: World | None = None) -> None:
        self.wire = _Wire(world or World(seed=0))
        self.client = AgentClient(self.wire)
        self._snapshots = Snapshots(self.wire.scripts, "")
        self._fresh: set[str] = set()

    def __call__(self, tool: str, **args: Any) -> Any:
        return self.client.call(tool, args).result

    def ticks(self, tool: str, **args: Any) -> int:
        return self.client.call(tool, args).ticks

    def refused(self, tool: str, **args: Any) -> dict[str, Any]:
        before = self.wire.game.world.state_hash()
        with pytest.raises(ToolFailure) as caught:
            self.client.call(tool, args)
        assert self.wire.game.world.state_hash() == before, "a refused call changed the world"
        assert caught.value.code != "internal", str(caught.value)
        return caught.value.error

    def reset(self, inventory: dict[str, int] | None = None, **args: Any) -> None:
        """A fresh world; one that was asked for before comes from a snapshot, which is much faster."""
        args |= {"inventory": inventory or {}}
        name = hash_json(args)
        if name in self._fresh:
            self._snapshots.restore(name)
            return
        self("reset", **args)
        self._snapshots.save(name)
        self._fresh.add(name)

    def held(self) -> dict[str, int]:
        return dict(self("inspect_inventory") or {})

    def place(self, name: str, x: float, y: float, direction: int = UP) -> Any:
        """Walks there and builds."""
        self("move_to", position={"x": x + 3, "y": y})
        return self("place_entity", name=name, position={"x": x, "y": y}, direction=direction)


def at(x: float, y: float) -> dict[str, float]:
    return {"x": x, "y": y}


def refer(entity: Any) -> dict[str, Any]:
    """What names an entity to a tool."""
    return {"name": entity["name"], "position": entity["position"]}
