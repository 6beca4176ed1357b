-- restore: makes the world of a portable save.

local aspects = require("host.aspects")
local failure = require("lib.failure")
local flow = require("lib.flow")
local saving = require("host.save")
local session = require("lib.session")
local stock = require("lib.stock")
local worlds = require("host.worlds")

local function place_building(surface, force, saved)
  local entity = surface.create_entity{
    name = saved.name, position = {x = saved.x, y = saved.y}, direction = saved.direction, force = force,
    type = saved.end_type,
  }
  if not entity then
    failure.raise("not_restored", "could not restore " .. saved.name .. " at " .. saved.x .. ", " .. saved.y,
      {found = saved.name})
  end
  entity.health = saved.health
  if saved.recipe then entity.set_recipe(saved.recipe) end
  return entity
end

--- Buildings first, then what is in them: belts and pipes must have met before they are filled.
local function place_buildings(surface, force, list)
  local placed = {}
  for rank, saved in ipairs(list) do placed[rank] = place_building(surface, force, saved) end
  for rank, saved in ipairs(list) do
    for _, aspect in ipairs(aspects.list) do
      if saved[aspect[1]] ~= nil then aspect[2].write(placed[rank], saved[aspect[1]]) end
    end
  end
end

local function place_nature(surface, saved)
  for _, name in ipairs(stock.names(saved)) do
    local list = saved[name]
    for at = 1, #list, 3 do
      local amount = list[at + 2] > 0 and list[at + 2] or nil
      surface.create_entity{name = name, position = {x = list[at], y = list[at + 1]}, amount = amount}
    end
  end
end

local function restore_character(index, saved)
  local character = session.character(index)
  character.teleport({x = saved.x, y = saved.y})
  aspects.write_slots(character.get_main_inventory(), saved.inventory)
end

local function restore_technologies(force, saved)
  force.reset()
  for _, name in ipairs(saved.researched) do force.technologies[name].researched = true end
  for _, name in ipairs(stock.names(saved.progress)) do force.technologies[name].saved_progress = saved.progress[name] end
  for _, name in ipairs(saved.queue) do force.add_research(name) end
  if force.current_research then force.research_progress = saved.current_progress end
end

local function replay(statistics, saved)
  statistics.clear()
  for _, name in ipairs(stock.names(saved.produced)) do statistics.on_flow(name, saved.produced[name]) end
  for _, name in ipairs(stock.names(saved.consumed)) do statistics.on_flow(name, -saved.consumed[name]) end
end

local function restore(args)
  local state = args.state
  if type(state) ~= "table" or state.format ~= saving.FORMAT then
    failure.raise("bad_argument", "state: expected a save of format " .. saving.FORMAT,
      {expected = saving.FORMAT, found = type(state) == "table" and tostring(state.format) or type(state)})
  end
  game.tick_paused = true
  session.clear()
  local force = session.force()
  restore_technologies(force, state.technologies)
  local surface = worlds.bare(state.map, state.seed)
  place_nature(surface, state.nature)
  place_buildings(surface, force, state.entities)
  worlds.enter(surface, state.map, state.seed)
  for index, saved in ipairs(state.characters) do restore_character(index, saved) end
  storage.elapsed = state.elapsed_ticks
  storage.began = game.tick - state.age
  storage.harvested, storage.crafted, storage.crafted_from = state.harvested, state.crafted, state.crafted_from
  replay(flow.items(), state.statistics.items)
  replay(flow.fluids(), state.statistics.fluids)
  return true
end

return {tools = {restore = restore}}
