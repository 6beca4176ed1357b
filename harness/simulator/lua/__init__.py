"""The game's scripting side: Lua 5.2 states, the runtime API's classes, mods and their events.

It translates between scripts and `harness.simulator.engine`; it keeps no game state but the scripts' own.
"""

from harness.simulator.lua.context import Game
from harness.simulator.lua.mods import Mod, load_mods
from harness.simulator.lua.scripts import LEVEL, Scripts
from harness.simulator.lua.state import ScriptError
from harness.simulator.lua.stepping import step

__all__ = ["LEVEL", "Game", "Mod", "ScriptError", "Scripts", "load_mods", "step"]
