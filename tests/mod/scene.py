"""Builds scenes on the map that is played by the server's console, and reads them through the tools."""

from __future__ import annotations

from typing import Any

from harness.simulator.lua import LEVEL
from tests.mod.play import Play

_START = """
local s, c
for _, surface in pairs(game.surfaces) do
  c = surface.find_entities_filtered{type = 'character'}[1]
  if c then s = surface break end
end
local function put(name, x, y, direction, more)
  local given = more or {}
  given.name, given.position, given.direction, given.force = name, {x, y}, direction or 0, 'player'
  return assert(s.create_entity(given), name .. ' does not fit')
end
"""
"""What every console text begins with: the surface, the character, and building without stock or reach."""

SOLAR = "put('solar-panel', -8.5, 8.5) put('medium-electric-pole', -6.5, 6.5) "
"""A network with power (it is always day in the lab) that reaches (-3, 3) to (-10, 10)."""

DEAD = "put('medium-electric-pole', -6.5, 6.5) "
"""The same pole without any power."""


def console(play: Play, code: str) -> str:
    """Runs Lua as the console does; what it prints to RCON."""
    play.wire.scripts.run_code(LEVEL, _START + code, "=scene")
    return str(play.wire.scripts.take_reply()).strip()


def look(play: Play, name: str, x: float, y: float) -> dict[str, Any]:
    """The entity as the wire has it, with empty lists and maps in their place."""
    found: dict[str, Any] = play("get_entity", name=name, position={"x": x, "y": y})
    found["warnings"] = list(found["warnings"] or [])
    return found


def points(found: Any) -> list[tuple[float, float]]:
    """Positions as pairs, in their order."""
    return [(item["x"], item["y"]) for item in found or []]


def turned(x: float, y: float, direction: int) -> tuple[float, float]:
    """An offset given for north as it is for an engine direction."""
    return {0: (x, y), 4: (-y, x), 8: (-x, -y), 12: (y, -x)}[direction]
