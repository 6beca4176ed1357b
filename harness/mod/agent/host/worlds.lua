-- The surfaces the mod plays on: one for each map and seed, drawn anew at every reset.

local failure = require("lib.failure")
local paint = require("maps.paint")
local session = require("lib.session")

local worlds = {}

local MAPS = {lab = require("maps.lab"), open = require("maps.open")}

--- The map of that name.
function worlds.expect(kind)
  local map = MAPS[kind]
  if map then return map end
  failure.raise("bad_argument", "map: expected lab or open, got " .. tostring(kind),
    {expected = "lab, open", found = tostring(kind)})
end

--- Settings of a bounded surface on which the engine lays bare ground and nothing else.
local function generation_settings(map)
  local tiles = {treat_missing_as_default = false, settings = {}}
  if map.GROUND then tiles.settings[map.GROUND] = {frequency = 1, size = 1, richness = 1} end
  return {
    width = map.SIZE,
    height = map.SIZE,
    seed = 0,
    default_enable_all_autoplace_controls = false,
    autoplace_controls = {},
    autoplace_settings = {
      entity = {treat_missing_as_default = false, settings = {}},
      decorative = {treat_missing_as_default = false, settings = {}},
      tile = tiles,
    },
    cliff_settings = {name = "cliff", cliff_elevation_0 = 1024, cliff_elevation_interval = 10, richness = 0},
    starting_area = 1,
    peaceful_mode = true,
    no_enemies_mode = true,
  }
end

local function make_surface(name, map)
  local surface = game.create_surface(name, generation_settings(map))
  surface.generate_with_lab_tiles = map.LAB_TILES or false
  surface.always_day = true
  surface.request_to_generate_chunks({0, 0}, math.ceil(map.SIZE / 64))
  surface.force_generate_chunk_requests()
  return surface
end

local function name_of(kind, seed)
  return "agent-" .. kind .. "-" .. seed
end

local function ground(kind, seed)
  local map = worlds.expect(kind)
  local name = name_of(kind, seed)
  local surface = game.get_surface(name)
  if surface then return surface, true end
  surface = make_surface(name, map)
  paint.ground(surface, seed, map.features(seed))
  return surface, false
end

--- The surface of a map as it is when it is new.
function worlds.fresh(kind, seed)
  local surface, is_used = ground(kind, seed)
  if is_used then
    for _, entity in ipairs(surface.find_entities()) do entity.destroy() end
  end
  paint.nature(surface, seed, worlds.expect(kind).features(seed))
  return surface
end

local NATURE = {"resource", "tree", "simple-entity", "fish"}

local function raze(surface)
  for _, entity in ipairs(surface.find_entities_filtered{type = NATURE, invert = true}) do
    if entity.valid then entity.destroy() end
  end
end

--- The surface of a map with nothing on it but what nature put there; what was played elsewhere is gone.
function worlds.cleared(kind, seed)
  local surface, is_used = ground(kind, seed)
  if is_used then raze(surface) end
  local played = storage.surface and game.get_surface(storage.surface)
  if played and played.name ~= surface.name then raze(played) end
  return surface
end

--- Makes a surface the one that is played, with nobody on it.
function worlds.play(surface, kind, seed)
  storage.agents = {}
  storage.surface = surface.name
  storage.session = {map = kind, seed = seed}
end

--- Makes a surface the one that is played, with a new character at its origin.
function worlds.enter(surface, kind, seed)
  local old = storage.agents[1]
  if old and old.valid then old.destroy() end
  worlds.play(surface, kind, seed)
  return session.character(1)
end

return worlds
