-- The surfaces the mod plays on: one for each kind of map, on which the map of a seed is drawn. Another seed is drawn
-- over the one before, so that a server that plays many worlds grows no bigger and nothing of them goes on.

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

local function name_of(kind)
  return "agent-" .. kind
end

local function make_surface(kind, map)
  local surface = game.create_surface(name_of(kind), generation_settings(map))
  surface.generate_with_lab_tiles = map.LAB_TILES or false
  surface.request_to_generate_chunks({0, 0}, math.ceil(map.SIZE / 64))
  surface.force_generate_chunk_requests()
  return surface
end

local NATURE = {"resource", "tree", "simple-entity", "fish"}

--- Takes away what stands on a surface: everything, or all but what nature put there.
local function raze(surface, spared)
  local found = spared and surface.find_entities_filtered{type = spared, invert = true} or surface.find_entities()
  for _, entity in ipairs(found) do
    if entity.valid then entity.destroy() end
  end
end

--- Ends what goes on at the place that was played, if that is another one.
local function leave(surface)
  local played = storage.surface and game.get_surface(storage.surface)
  if played and played.name ~= surface.name then raze(played, NATURE) end
end

--- The surface of that kind with the ground of that map; what of another map is on it goes.
local function ground(kind, seed)
  local map = worlds.expect(kind)
  local surface = game.get_surface(name_of(kind))
  local drawn = surface and storage.drawn[kind]
  if drawn == seed then return surface end
  surface = surface or make_surface(kind, map)
  if drawn then
    raze(surface)
    paint.bare(surface, drawn, map.features(drawn))
  end
  paint.ground(surface, seed, map.features(seed))
  storage.drawn[kind] = seed
  return surface
end

--- The surface of a map as it is when it is new; what was played elsewhere is gone.
function worlds.fresh(kind, seed)
  local surface = ground(kind, seed)
  leave(surface)
  raze(surface)
  paint.nature(surface, seed, worlds.expect(kind).features(seed))
  surface.always_day = true
  surface.freeze_daytime = false
  surface.daytime = 0
  return surface
end

--- The surface of a map with nothing on it but what nature put there; what was played elsewhere is gone.
function worlds.cleared(kind, seed)
  local surface = ground(kind, seed)
  leave(surface)
  raze(surface, NATURE)
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
  worlds.play(surface, kind, seed)
  return session.character(1)
end

return worlds
