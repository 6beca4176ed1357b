-- save: the world as plain data that any server with this mod restores. An exact snapshot, where the server has one,
-- keeps more: this form loses crafts' inputs in flight and what `aspects` does not list.

local aspects = require("host.aspects")
local flow = require("lib.flow")
local session = require("lib.session")

local FORMAT = 1

local function building(entity)
  local saved = {
    name = entity.name,
    x = entity.position.x,
    y = entity.position.y,
    direction = entity.direction,
    health = entity.health,
  }
  if entity.type == "underground-belt" then saved.end_type = entity.belt_to_ground_type end
  if entity.type == "assembling-machine" then
    local recipe = entity.get_recipe()
    saved.recipe = recipe and recipe.name or nil
  end
  for _, aspect in ipairs(aspects.list) do saved[aspect[1]] = aspect[2].read(entity) end
  return saved
end

--- What nature put there: `{name = {x, y, amount, x, y, amount, ...}}`, amount 0 for trees and rocks.
local function nature(entities)
  local saved = {}
  for _, entity in ipairs(entities) do
    saved[entity.name] = saved[entity.name] or {}
    local list = saved[entity.name]
    list[#list + 1] = entity.position.x
    list[#list + 1] = entity.position.y
    list[#list + 1] = entity.type == "resource" and entity.amount or 0
  end
  return saved
end

local function character_state(character)
  return {
    x = character.position.x,
    y = character.position.y,
    inventory = aspects.read_slots(character.get_main_inventory()),
  }
end

local function technologies(force)
  local saved = {researched = {}, progress = {}, queue = {}}
  for name, technology in pairs(force.technologies) do
    if technology.researched then
      saved.researched[#saved.researched + 1] = name
    elseif technology.saved_progress > 0 then
      saved.progress[name] = technology.saved_progress
    end
  end
  table.sort(saved.researched)
  for rank, technology in ipairs(force.research_queue) do saved.queue[rank] = technology.name end
  saved.current_progress = force.research_progress
  return saved
end

local function statistics()
  local items, fluids = flow.items(), flow.fluids()
  return {
    items = {produced = items.input_counts, consumed = items.output_counts},
    fluids = {produced = fluids.input_counts, consumed = fluids.output_counts},
  }
end

local function save()
  local force = session.force()
  local own, wild = {}, {}
  for _, entity in ipairs(session.surface().find_entities()) do
    if entity.type == "character" then
      -- Characters are saved with their agent.
    elseif entity.type == "resource" or entity.type == "tree" or entity.type == "simple-entity" then
      wild[#wild + 1] = entity
    elseif entity.force.name == force.name then
      own[#own + 1] = building(entity)
    end
  end
  return {
    format = FORMAT,
    map = storage.session.map,
    seed = storage.session.seed,
    elapsed_ticks = storage.elapsed,
    harvested = storage.harvested,
    crafted = storage.crafted,
    crafted_from = storage.crafted_from,
    age = session.age(),
    characters = {character_state(session.character(1))},
    technologies = technologies(force),
    statistics = statistics(),
    entities = own,
    nature = nature(wild),
  }
end

return {tools = {save = save}, FORMAT = FORMAT}
