"""How fast scripts read the world through the documented API, within one server's Lua state."""

from __future__ import annotations

import time

from harness.simulator.engine.world import World
from harness.simulator.lua import LEVEL, Game, Scripts

READS = 150_000
CHESTS = 10_000
ATTRIBUTES = ("name", "valid", "position", "type", "direction", "unit_number", "health", "prototype", "force", "status")
SCENE = """
chests = {{}}
local surface = game.surfaces[1]
for number = 0, {chests} - 1 do
  local name = number % 10 == 0 and "iron-chest" or "wooden-chest"
  local position = {{2 * (number % 100), 2 * math.floor(number / 100)}}
  chests[number + 1] = surface.create_entity{{name = name, position = position, force = "player"}}
end
ore = surface.create_entity{{name = "iron-ore", position = {{-9.5, -9.5}}, amount = 1000}}
"""
LOOP = "local e, x = chests[1], nil for i = 1, {times} do e = chests[i % 100 + 1] x = {what} end"
SEARCH = """
local found
for i = 1, 20 do
  found = game.surfaces[1].find_entities_filtered{area = {{20, 20}, {60, 60}}, name = "iron-chest"}
end
assert(#found == 40, #found)
"""


def measure() -> list[tuple[str, str]]:
    """Rows of the table."""
    scripts = Scripts(Game(world=World(seed=1), seed=1), [])

    def seconds(code: str) -> float:
        began = time.perf_counter()
        scripts.run_code(LEVEL, code, code)
        return time.perf_counter() - began

    seconds(SCENE.format(chests=CHESTS))
    reads = {f"entity.{name}": f"e.{name}" for name in ATTRIBUTES}
    reads |= {
        "resource.amount": "ore.amount",
        "game.tick": "game.tick",
        "entity.get_item_count(name)": "e.get_item_count('coal')",
        "entity.get_inventory(1).is_empty()": "e.get_inventory(1).is_empty()",
    }
    rows = [
        (f"Lua: {name}", f"{READS / seconds(LOOP.format(times=READS, what=what)):,.0f} a second")
        for name, what in reads.items()
    ]
    mixed = "e.valid and e.name and e.position.x and e.type"
    rows.append(
        (
            "Lua: valid, name, position, type in turn",
            f"{4 * READS / seconds(LOOP.format(times=READS, what=mixed)):,.0f} a second",
        )
    )
    seconds(SEARCH)
    rows.append(("find_entities_filtered, area and name, 10,000 entities", f"{seconds(SEARCH) / 20 * 1e3:.3f} ms"))
    return rows
