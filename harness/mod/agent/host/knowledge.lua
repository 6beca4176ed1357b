-- What a force knows: technologies, the queue, recipes, bonuses, rockets; and what it has made and used.

local exact = require("host.exact")
local flow = require("lib.flow")
local stock = require("lib.stock")

local knowledge = {}

local BONUSES = {
  "artillery_range_modifier", "beacon_distribution_modifier", "belt_stack_size_bonus", "bulk_inserter_capacity_bonus",
  "character_build_distance_bonus", "character_health_bonus", "character_inventory_slots_bonus",
  "character_item_drop_distance_bonus", "character_item_pickup_distance_bonus",
  "character_loot_pickup_distance_bonus", "character_reach_distance_bonus", "character_resource_reach_distance_bonus",
  "character_running_speed_modifier", "character_trash_slot_count", "following_robots_lifetime_modifier",
  "inserter_stack_size_bonus", "laboratory_productivity_bonus", "laboratory_speed_modifier",
  "manual_crafting_speed_modifier", "manual_mining_speed_modifier", "maximum_following_robot_count",
  "mining_drill_productivity_bonus", "train_braking_force_bonus", "worker_robots_battery_modifier",
  "worker_robots_speed_modifier", "worker_robots_storage_bonus",
}

knowledge.BONUSES = BONUSES

local function read_bonuses(force)
  local found = {}
  for _, name in ipairs(BONUSES) do found[name] = exact.pack_some(force[name]) end
  return found
end

local function read_recipes(force)
  local enabled = {}
  for name, recipe in pairs(force.recipes) do
    if recipe.enabled then enabled[#enabled + 1] = name end
  end
  table.sort(enabled)
  return enabled
end

function knowledge.read(force)
  local saved = {researched = {}, progress = {}, levels = {}, disabled = {}, queue = {}}
  for name, technology in pairs(force.technologies) do
    if technology.researched then
      saved.researched[#saved.researched + 1] = name
    elseif technology.saved_progress > 0 then
      saved.progress[name] = exact.pack(technology.saved_progress)
    end
    if not technology.enabled then saved.disabled[#saved.disabled + 1] = name end
    if technology.level ~= technology.prototype.level then saved.levels[name] = technology.level end
  end
  table.sort(saved.researched)
  table.sort(saved.disabled)
  for rank, technology in ipairs(force.research_queue) do saved.queue[rank] = technology.name end
  saved.previous = force.previous_research and force.previous_research.name or nil
  saved.recipes, saved.bonuses = read_recipes(force), read_bonuses(force)
  saved.rockets = exact.pack_some(force.rockets_launched)
  saved.launched = force.items_launched
  return saved
end

local function set_of(names)
  local set = {}
  for _, name in ipairs(names) do set[name] = true end
  return set
end

local function write_technologies(force, saved)
  local researched, disabled = set_of(saved.researched), set_of(saved.disabled)
  for name, technology in pairs(force.technologies) do
    local is_known, is_enabled = researched[name] or false, not disabled[name]
    if technology.enabled ~= is_enabled then technology.enabled = is_enabled end
    if technology.researched ~= is_known then technology.researched = is_known end
    local level = saved.levels[name] or technology.prototype.level
    if technology.level ~= level then technology.level = level end
    if not is_known then
      local progress = exact.unpack(saved.progress[name])
      if technology.saved_progress ~= progress then technology.saved_progress = progress end
    end
  end
end

local function write_queue(force, saved)
  for _ = 1, #force.research_queue do force.cancel_current_research() end
  for _, name in ipairs(saved.queue) do force.add_research(name) end
  if force.current_research then force.research_progress = exact.unpack(saved.progress[saved.queue[1]]) end
  force.previous_research = saved.previous
end

local function write_effects(force, saved)
  local enabled = set_of(saved.recipes)
  for name, recipe in pairs(force.recipes) do
    local wanted = enabled[name] or false
    if recipe.enabled ~= wanted then recipe.enabled = wanted end
  end
  for _, name in ipairs(BONUSES) do
    local value = exact.unpack(saved.bonuses[name])
    if force[name] ~= value then force[name] = value end
  end
end

local function clear_launches(force)
  force.rockets_launched = 0
  for name in pairs(force.items_launched) do force.set_item_launched(name, 0) end
end

--- Makes a force know nothing, with nothing begun.
function knowledge.clear(force)
  for _ = 1, #force.research_queue do force.cancel_current_research() end
  force.reset()
  for _, technology in pairs(force.technologies) do
    if technology.saved_progress ~= 0 then technology.saved_progress = 0 end
  end
  force.previous_research = nil
  clear_launches(force)
end

--- Makes a force know what it knew; what it knows already is left alone. A save that says nothing of recipes and
-- bonuses leaves them to the technologies.
function knowledge.write(force, saved)
  if not saved.recipes then force.reset() end
  write_technologies(force, saved)
  write_queue(force, saved)
  if saved.recipes then write_effects(force, saved) end
  clear_launches(force)
  force.rockets_launched = saved.rockets or 0
  for name, count in pairs(saved.launched) do force.set_item_launched(name, count) end
end

local function packed(counts)
  local list = {}
  for name, count in pairs(counts) do list[name] = exact.pack(count) end
  return list
end

--- What the force has made and used on the played surface.
function knowledge.read_statistics()
  local items, fluids = flow.items(), flow.fluids()
  return {
    items = {produced = packed(items.input_counts), consumed = packed(items.output_counts)},
    fluids = {produced = packed(fluids.input_counts), consumed = packed(fluids.output_counts)},
  }
end

local function replay(statistics, saved)
  statistics.clear()
  for _, name in ipairs(stock.names(saved.produced)) do
    statistics.set_input_count(name, exact.unpack(saved.produced[name]))
  end
  for _, name in ipairs(stock.names(saved.consumed)) do
    statistics.set_output_count(name, exact.unpack(saved.consumed[name]))
  end
end

function knowledge.write_statistics(saved)
  replay(flow.items(), saved.items)
  replay(flow.fluids(), saved.fluids)
end

return knowledge
