-- restore: makes the world of a portable save, on the spot, and leaves alone what is as it was of the country.
-- First everything is built, empty; then machines may have to move for some ticks (`settle`); then all is filled in.

local aspects = require("host.aspects")
local check = require("host.check")
local clock = require("lib.clock")
local exact = require("host.exact")
local failure = require("lib.failure")
local knowledge = require("host.knowledge")
local nature = require("host.nature")
local people = require("host.people")
local piping = require("host.piping")
local saving = require("host.save")
local session = require("lib.session")
local settle = require("host.settle")
local status = require("lib.status")
local wiring = require("host.wiring")
local worlds = require("host.worlds")

local restore = {}

restore.TOKEN = "restore:"

-- Ticks between two looks at whether all have settled.
local SLICE = 16

local function build(surface, force, saved)
  local entity = surface.create_entity{
    name = saved.name, position = {x = saved.x, y = saved.y}, direction = saved.direction, force = force,
    type = saved.end_type,
  }
  if not entity then
    failure.raise("not_restored", "could not restore " .. saved.name .. " at " .. saved.x .. ", " .. saved.y,
      {found = saved.name, hint = "something else stands there in the same state"})
  end
  if saved.health then entity.health = exact.unpack(saved.health) end
  if saved.recipe then entity.set_recipe(saved.recipe) end
  return entity
end

local function build_first(surface, force, state, placed)
  for _, index in ipairs(state.order) do placed[index] = build(surface, force, state.entities[index]) end
end

local function build_late(surface, force, state, placed)
  for index, saved in ipairs(state.entities) do
    if not placed[index] then placed[index] = build(surface, force, saved) end
  end
end

local function place_key(x, y)
  return x .. ":" .. y
end

--- Gives a function that finds what was built at a place.
local function finder(placed, list)
  local at = {}
  for index, saved in ipairs(list) do at[place_key(saved.x, saved.y)] = placed[index] end
  return function(x, y) return at[place_key(x, y)] end
end

local function empty(placed)
  for _, entity in pairs(placed) do
    entity.clear_items_inside()
    if entity.type == "inserter" then
      entity.held_stack.clear()
      entity.inserter_stack_size_override = 0
    elseif aspects.belts[entity.type] then
      for line = 1, entity.get_max_transport_line_index() do entity.get_transport_line(line).clear() end
    end
  end
  piping.clear(placed)
end

--- What buildings hold, in the order of the list, so that the same save makes the same world.
local function fill(placed, state)
  for index, saved in ipairs(state.entities) do
    local entity = placed[index]
    for _, aspect in ipairs(aspects.list) do
      if saved[aspect[1]] ~= nil then aspect[2].write(entity, saved[aspect[1]]) end
    end
  end
end

--- Energy last of all: a network may fill the buffers of what joins it or what changes.
local function charge(placed, list)
  for index, saved in ipairs(list) do
    local entity, wanted = placed[index], exact.unpack(saved.energy)
    if saved.energy or entity.energy ~= 0 then entity.energy = wanted end
  end
end

local function wake(placed, list)
  for index, saved in ipairs(list) do
    if not saved.stopped then placed[index].active = true end
  end
end

local function remember(state)
  for key in pairs(storage) do
    if not saving.NOT_MEMORY[key] then storage[key] = nil end
  end
  for key, value in pairs(state.memory) do storage[key] = value end
  session.prepare()
  storage.began = game.tick - state.age
end

local function light(surface, day)
  surface.always_day = day.always_day or false
  surface.daytime = exact.unpack(day.time)
  surface.freeze_daytime = day.frozen or false
end

--- The second half: the world is built and machines stand as they stood; all that they hold comes into them.
local function finish(state, placed, miners, has_run)
  local surface, force = session.surface(), session.force()
  if has_run then
    empty(placed)
    knowledge.write(force, state.technologies)
    nature.write(surface, state.nature, state.wells)
  end
  nature.write_items(surface, state.ground_items)
  build_late(surface, force, state, placed)
  wiring.write(placed, state.entities, finder(placed, state.entities))
  piping.write(state.fluids, finder(placed, state.entities))
  fill(placed, state)
  if has_run then wake(placed, state.entities) end
  charge(placed, state.entities)
  people.write(surface, force, state.characters, miners)
  light(surface, state.day)
  knowledge.write_statistics(state.statistics)
  remember(state)
  status.keep(placed, state.statuses)
  return true
end

function restore.on_tick()
  local work = storage.restoring
  if work then settle.step(work.settling) end
end

--- The tick handler is there only while something settles: an idle one would cost every tick of every game.
function restore.listen()
  script.on_event(defines.events.on_tick, storage.restoring and restore.on_tick or nil)
end

--- Gives up a restore that is under way, as another world is wanted.
function restore.abandon()
  storage.restoring = nil
  restore.listen()
end

--- Goes on with a restore that had to let the world run.
function restore.resume()
  local work = storage.restoring
  if not work then
    failure.raise("unknown_token", "no restore is under way", {found = restore.TOKEN})
  end
  if not settle.is_over(work.settling) then
    clock.run(SLICE)
    return nil, restore.TOKEN
  end
  restore.abandon()
  return finish(work.state, work.placed, work.miners, true)
end

local function begin(args)
  local state = args.state
  check.state(state)
  game.tick_paused = true
  restore.abandon()
  session.clear()
  local force = session.force()
  knowledge.write(force, state.technologies)
  local surface = worlds.cleared(state.map, state.seed)
  worlds.play(surface, state.map, state.seed)
  nature.write(surface, state.nature, state.wells)
  local placed = {}
  build_first(surface, force, state, placed)
  local miners = people.place_miners(surface, force, state.characters)
  local settling = settle.begin(placed, miners, state)
  if not settling then return finish(state, placed, miners, false) end
  storage.restoring = {state = state, placed = placed, miners = miners, settling = settling}
  restore.listen()
  clock.run(SLICE)
  return nil, restore.TOKEN
end

restore.tools = {restore = begin}

return restore
