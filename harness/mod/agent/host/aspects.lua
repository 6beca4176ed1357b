-- The parts of a building's inner state that the portable save carries, each with how to read and how to write it.
-- A reading of nil means that there is nothing to write into a new building.

local exact = require("host.exact")
local slots = require("host.slots")
local status = require("lib.status")

local aspects = {}

local CRAFTERS = {["furnace"] = true, ["assembling-machine"] = true, ["rocket-silo"] = true}
local BELTS = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

local function name_of(thing)
  if type(thing) == "string" then return thing end
  return type(thing.name) == "string" and thing.name or thing.name.name
end

local inventories = {write = slots.write_all}

local WITHOUT_INVENTORIES = {
  ["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true, ["pipe"] = true,
  ["pipe-to-ground"] = true, ["electric-pole"] = true, ["wall"] = true, ["heat-pipe"] = true, ["solar-panel"] = true,
}

function inventories.read(entity)
  if WITHOUT_INVENTORIES[entity.type] then return nil end
  return slots.read_all(entity)
end

local burner = {}

function burner.read(entity)
  local fire = entity.burner
  local fuel = fire and fire.currently_burning
  return fuel and {name_of(fuel), exact.pack(fire.remaining_burning_fuel)} or nil
end

function burner.write(entity, saved)
  local fire = entity.burner
  fire.currently_burning = saved[1]
  fire.remaining_burning_fuel = exact.unpack(saved[2])
end

local lanes = {}

function lanes.read(entity)
  if not BELTS[entity.type] then return nil end
  local saved
  for line = 1, entity.get_max_transport_line_index() do
    local lane = entity.get_transport_line(line)
    if #lane > 0 then
      saved = saved or {}
      for _, item in ipairs(lane.get_detailed_contents()) do
        saved[#saved + 1] = {line, item.position, item.stack.name}
      end
    end
  end
  return saved
end

-- How much further on than asked for an item lies that a script puts on a lane, by belt; looked up once.
local moved_on = {}
local PROBE, PROBE_ITEM = 0.25, {name = "iron-plate", count = 1}

local function shift_of(entity, lane)
  local shift = moved_on[entity.name]
  if not shift then
    lane.insert_at(PROBE, PROBE_ITEM)
    shift = PROBE - lane.get_detailed_contents()[1].position
    lane.clear()
    moved_on[entity.name] = shift
  end
  return shift
end

function lanes.write(entity, saved)
  for _, entry in ipairs(saved) do
    local lane = entity.get_transport_line(entry[1])
    lane.insert_at(entry[2] + shift_of(entity, lane), {name = entry[3], count = 1})
  end
end

local arm = {}

--- What an inserter holds, where its hand is, and how it is set.
function arm.read(entity)
  if entity.type ~= "inserter" then return nil end
  local hand, at = entity.held_stack_position, entity.position
  local saved = {
    x = hand.x - at.x, y = hand.y - at.y,
    held = slots.read_one(entity.held_stack),
    limit = exact.pack_some(entity.inserter_stack_size_override),
  }
  if entity.use_filters then saved.filters = {} end
  for slot = 1, entity.filter_slot_count do
    local filter = entity.get_filter(slot)
    if filter then
      saved.filters = saved.filters or {}
      saved.filters[#saved.filters + 1] = {slot, name_of(filter)}
    end
  end
  if saved.filters then
    saved.filtered, saved.mode = entity.use_filters, entity.inserter_filter_mode
  end
  return saved
end

function arm.write(entity, saved)
  if saved.limit then entity.inserter_stack_size_override = saved.limit end
  if saved.filters then
    entity.use_filters, entity.inserter_filter_mode = saved.filtered, saved.mode
    for _, filter in ipairs(saved.filters) do entity.set_filter(filter[1], filter[2]) end
  end
  if saved.held then entity.held_stack.set_stack{name = saved.held[1], count = saved.held[2]} end
end

local sides = {}

local UNSET = "none"

function sides.read(entity)
  if entity.type ~= "splitter" then return nil end
  local input, output, filter = entity.splitter_input_priority, entity.splitter_output_priority, entity.splitter_filter
  if input == UNSET and output == UNSET and not filter then return nil end
  return {input, output, filter and name_of(filter) or nil}
end

function sides.write(entity, saved)
  entity.splitter_input_priority, entity.splitter_output_priority = saved[1], saved[2]
  entity.splitter_filter = saved[3]
end

local craft = {}

--- How far a machine is with what it makes; `making` is the recipe whose ingredients are in work.
function craft.read(entity)
  if not CRAFTERS[entity.type] then return nil end
  local recipe = entity.is_crafting() and entity.get_recipe()
  return {
    making = recipe and recipe.name or nil,
    progress = exact.pack_some(entity.crafting_progress),
    bonus = exact.pack_some(entity.bonus_progress),
    finished = exact.pack_some(entity.products_finished),
  }
end

function craft.write(entity, saved)
  entity.crafting_progress = exact.unpack(saved.progress)
  entity.bonus_progress = exact.unpack(saved.bonus)
  entity.products_finished = exact.unpack(saved.finished)
end

local mining = {}

--- How far a drill is; `waiting` says that it has mined something it cannot put down yet.
function mining.read(entity)
  if entity.type ~= "mining-drill" then return nil end
  return {
    progress = exact.pack_some(entity.mining_progress),
    bonus = exact.pack_some(entity.bonus_mining_progress),
    waiting = status.number(entity) == defines.entity_status.waiting_for_space_in_destination or nil,
  }
end

function mining.write(entity, saved)
  entity.mining_progress = exact.unpack(saved.progress)
  entity.bonus_mining_progress = exact.unpack(saved.bonus)
end

local silo = {}

function silo.read(entity)
  if entity.type ~= "rocket-silo" then return nil end
  return {entity.rocket_parts, entity.send_to_orbit_automatically}
end

function silo.write(entity, saved)
  entity.rocket_parts, entity.send_to_orbit_automatically = saved[1], saved[2]
end

local energy = {}

-- What always uses energy: its network fills it anew each tick.
local REFILLED = {["beacon"] = true, ["radar"] = true, ["roboport"] = true}

function energy.read(entity)
  if REFILLED[entity.type] then return nil end
  return exact.pack_some(entity.energy)
end

-- Written when everything else is: see `restore`.
function energy.write()
end

local temperature = {}

-- The game keeps heat, not degrees, so what comes back is right but for the last bits; these are kept.
local DEGREES = 2 ^ -20

function temperature.read(entity)
  local degrees = entity.temperature
  return degrees and exact.pack(math.floor(degrees / DEGREES + 0.5) * DEGREES)
end

function temperature.write(entity, saved)
  entity.temperature = exact.unpack(saved)
end

local rest = {}

function rest.read(entity)
  return not entity.active or nil
end

function rest.write(entity)
  entity.active = false
end

-- In the order in which they are written.
aspects.list = {
  {"inventories", inventories}, {"sides", sides}, {"lanes", lanes}, {"burner", burner}, {"arm", arm},
  {"silo", silo}, {"craft", craft}, {"mining", mining}, {"temperature", temperature}, {"energy", energy},
  {"stopped", rest},
}

aspects.belts = BELTS

return aspects
