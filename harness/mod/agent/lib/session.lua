-- What the mod keeps between calls: which surface is played, the agents' characters, counters and logs.

local failure = require("lib.failure")

local session = {}

function session.prepare()
  storage.elapsed = storage.elapsed or 0
  storage.agents = storage.agents or {}
  storage.harvested = storage.harvested or {}
  storage.crafted = storage.crafted or {}
  storage.crafted_from = storage.crafted_from or {}
  storage.began = storage.began or game.tick
  storage.errands = storage.errands or {}
  storage.paths = storage.paths or {}
  storage.next_errand = storage.next_errand or 1
  storage.drawn = storage.drawn or {}
end

--- Forgets counters, logs and unfinished errands.
function session.clear()
  storage.elapsed = 0
  storage.harvested = {}
  storage.crafted = {}
  storage.crafted_from = {}
  storage.began = game.tick
  storage.errands = {}
  storage.paths = {}
  storage.next_errand = 1
  storage.statuses = nil
end

--- Game ticks run since the world began.
function session.age()
  return game.tick - storage.began
end

-- The surface of a name, looked up once within a command: between two commands a host may restore another state.
local looked_up

--- From here to `finish` runs one command.
function session.begin()
  looked_up = {}
end

function session.finish()
  looked_up = nil
end

local function find_surface(name)
  if not name then return nil end
  if not looked_up then return game.get_surface(name) end
  looked_up[name] = looked_up[name] or game.get_surface(name)
  return looked_up[name]
end

--- The surface that is played.
function session.surface()
  local surface = find_surface(storage.surface)
  if not surface then
    failure.raise("no_session", "there is no map yet: expected a reset first", {hint = "the host calls reset"})
  end
  return surface
end

function session.force()
  return game.forces.player
end

--- The character of an agent; one that died or never was is made anew, empty handed.
function session.character(index)
  index = index or 1
  local character = storage.agents[index]
  if character and character.valid then return character end
  local surface = session.surface()
  local spawn = {x = 0, y = 2 * (index - 1)}
  local spot = surface.find_non_colliding_position("character", spawn, 64, 0.5) or spawn
  character = surface.create_entity{name = "character", position = spot, force = session.force()}
  storage.agents[index] = character
  return character
end

function session.inventory()
  return session.character().get_main_inventory()
end

return session
