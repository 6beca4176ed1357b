from collections.abc import Callable

import pytest

from harness.simulator.engine.world import World
from harness.simulator.lua import LEVEL, Game, ScriptError, Scripts

Run = Callable[[str], str]


class Level:
    """The level's script of a fresh server: runs code and gives what it printed."""

    def __init__(self, max_instructions: int = 50_000_000, max_seconds: float = 60) -> None:
        self.world = World(seed=1)
        self.scripts = Scripts(
            Game(world=self.world, seed=1), [], max_instructions=max_instructions, max_seconds=max_seconds
        )

    def __call__(self, code: str) -> str:
        self.scripts.run_code(LEVEL, code, code)
        return self.scripts.take_reply().rstrip("\n")

    def error(self, code: str) -> str:
        with pytest.raises(ScriptError) as raised:
            self.scripts.run_code(LEVEL, code, code)
        self.scripts.take_reply()
        return str(raised.value)


@pytest.fixture
def level() -> Level:
    return Level()
