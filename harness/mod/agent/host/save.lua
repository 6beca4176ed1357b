-- save: the world as plain data that any server with this mod restores. docs/states.md says what it carries.
-- Lists come in the order of the game's searches; the host puts them in order and hashes them.

local aspects = require("host.aspects")
local exact = require("host.exact")
local knowledge = require("host.knowledge")
local nature = require("host.nature")
local people = require("host.people")
local piping = require("host.piping")
local session = require("lib.session")
local status = require("lib.status")
local wiring = require("host.wiring")

local FORMAT = 2

-- Not built by anyone: characters are saved as people, the rest comes by itself.
local NOT_BUILDINGS = {["character"] = true, ["rocket-silo-rocket"] = true, ["rocket-silo-rocket-shadow"] = true}

-- Built last when a world is restored, in order of place, as they act on their surroundings without being given
-- anything; the others in the order in which they were built.
local LATE = {["electric-pole"] = true, ["offshore-pump"] = true, ["generator"] = true, ["solar-panel"] = true}

local function building(entity)
  local at = entity.position
  local saved = {
    name = entity.name, x = at.x, y = at.y, direction = entity.direction, health = exact.pack_some(entity.health),
    wires = wiring.read(entity), status = status.read(entity),
  }
  local kind = entity.type
  if not LATE[kind] then saved.number = entity.unit_number end
  if kind == "underground-belt" then saved.end_type = entity.belt_to_ground_type end
  if kind == "assembling-machine" then
    local recipe = entity.get_recipe()
    saved.recipe = recipe and recipe.name or nil
  end
  for _, aspect in ipairs(aspects.list) do saved[aspect[1]] = aspect[2].read(entity) end
  return saved
end

local function is_plain(value)
  if type(value) ~= "table" then return type(value) ~= "userdata" and type(value) ~= "function" end
  if value.object_name then return false end
  for _, part in pairs(value) do
    if not is_plain(part) then return false end
  end
  return true
end

-- Kept in another form, or bound to a moment that a restore ends.
local NOT_MEMORY = {
  agents = true, surface = true, session = true, began = true, errands = true, paths = true, restoring = true,
  next_errand = true, statuses = true, drawn = true,
}

--- What the mod's tools remember: every entry of `storage` that is plain data.
local function memory()
  local kept = {}
  for key, value in pairs(storage) do
    if not NOT_MEMORY[key] and is_plain(value) then kept[key] = value end
  end
  return kept
end

local function daylight(surface)
  return {
    time = exact.pack(surface.daytime), frozen = surface.freeze_daytime or nil, always_day = surface.always_day or nil,
  }
end

local function save()
  local force, surface = session.force(), session.surface()
  local built, entities = {}, {}
  for _, entity in ipairs(surface.find_entities_filtered{force = force}) do
    if not NOT_BUILDINGS[entity.type] then
      built[#built + 1] = entity
      entities[#entities + 1] = building(entity)
    end
  end
  local lists, wells = nature.read(surface)
  return {
    format = FORMAT,
    map = storage.session.map, seed = storage.session.seed,
    age = session.age(), memory = memory(), day = daylight(surface),
    characters = people.read(),
    technologies = knowledge.read(force), statistics = knowledge.read_statistics(),
    entities = entities, fluids = piping.read(built),
    nature = lists, wells = wells, ground_items = nature.read_items(surface),
  }
end

return {tools = {save = save}, FORMAT = FORMAT, LATE = LATE, NOT_BUILDINGS = NOT_BUILDINGS, NOT_MEMORY = NOT_MEMORY}
