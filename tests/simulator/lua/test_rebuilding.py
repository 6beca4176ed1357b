"""A script that builds the same thing over and over between two ticks."""

from harness.simulator.engine.clock import NEXT_PLACE
from harness.simulator.engine.world import World
from harness.simulator.lua import LEVEL, Game, Scripts

REBUILD = """
for number = 1, 2000 do
  local built = game.surfaces[1].create_entity{name = 'inserter', position = {0.5, 0.5}, force = 'player'}
  assert(built, number)
  if number < 2000 then built.destroy() end
end
"""


def test_rebuilding_an_inserter_uses_nothing_up() -> None:
    world = World(seed=0)
    scripts = Scripts(Game(world=world, seed=0), [])
    scripts.run_code(LEVEL, REBUILD, "rebuild")
    assert int(world.clock[NEXT_PLACE]) <= len(world.storage.tables["places"])
    world.advance(10)
    assert len(world.find_entities(0, names=["inserter"])) == 1
