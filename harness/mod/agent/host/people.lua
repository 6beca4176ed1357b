-- Characters: the agents' and any other of the force, with all they carry and what they are about to do.

local exact = require("host.exact")
local session = require("lib.session")
local slots = require("host.slots")

local people = {}

-- What a script may have given a character beyond its force's bonuses.
local OWN_BONUSES = {
  "character_build_distance_bonus", "character_crafting_speed_modifier", "character_health_bonus",
  "character_inventory_slots_bonus", "character_item_drop_distance_bonus", "character_item_pickup_distance_bonus",
  "character_loot_pickup_distance_bonus", "character_mining_speed_modifier", "character_reach_distance_bonus",
  "character_resource_reach_distance_bonus", "character_running_speed_modifier",
}

people.OWN_BONUSES = OWN_BONUSES

local function read_bonuses(character)
  local found
  for _, name in ipairs(OWN_BONUSES) do
    local value = character[name]
    if value ~= 0 then
      found = found or {}
      found[name] = exact.pack(value)
    end
  end
  return found
end

--- The crafts that were asked for, without the intermediates, which are planned anew.
local function read_queue(character)
  if character.crafting_queue_size == 0 then return nil end
  local crafts = {}
  for _, entry in ipairs(character.crafting_queue) do
    if not entry.prerequisite then crafts[#crafts + 1] = {entry.recipe, entry.count} end
  end
  return {crafts = crafts, progress = exact.pack_some(character.crafting_queue_progress)}
end

--- `{x, y[, progress]}` of what is mined by hand.
local function read_mining(character, position)
  return {position.x, position.y, exact.pack_some(character.character_mining_progress)}
end

local function read(character, agent)
  local mining, walking = character.mining_state, character.walking_state
  return {
    agent = agent, name = character.name,
    x = character.position.x, y = character.position.y, direction = character.direction,
    health = exact.pack(character.health), stopped = not character.active or nil,
    inventories = slots.read_all(character), held = slots.read_one(character.cursor_stack),
    bonuses = read_bonuses(character), queue = read_queue(character),
    walking = walking.walking and walking.direction or nil,
    mining = mining.mining and read_mining(character, mining.position) or nil,
    picking = character.picking_state or nil,
  }
end

--- All characters of the force, agents with their number.
function people.read()
  local numbers, list = {}, {}
  for index, character in pairs(storage.agents) do
    if character.valid then numbers[character.unit_number] = index end
  end
  local found = session.surface().find_entities_filtered{type = "character", force = session.force()}
  for _, character in ipairs(found) do list[#list + 1] = read(character, numbers[character.unit_number]) end
  return list
end

--- The ingredients of a craft, finished: what of them had been made by hand for it counts as made.
local function refund(character, inventory, recipe, count)
  local prototype = prototypes.recipe[recipe]
  for _, ingredient in ipairs(prototype.ingredients) do
    inventory.insert{name = ingredient.name, count = ingredient.amount * count}
  end
end

--- Queues what was being crafted; the ingredients, which had left the slots, are handed over again.
local function restore_queue(character, queue)
  local inventory = character.get_main_inventory()
  for _, craft in ipairs(queue.crafts) do
    refund(character, inventory, craft[1], craft[2])
    character.begin_crafting{recipe = craft[1], count = craft[2]}
  end
  if queue.progress then character.crafting_queue_progress = exact.unpack(queue.progress) end
end

local function make(surface, force, saved)
  local position = {x = saved.x, y = saved.y}
  local spot = surface.find_non_colliding_position(saved.name, position, 256, 0.5) or position
  local character = surface.create_entity{name = saved.name, position = spot, force = force, direction = saved.direction}
  character.teleport(position)
  return character
end

local function give_bonuses(character, bonuses)
  for _, name in ipairs(OWN_BONUSES) do
    local value = exact.unpack(bonuses and bonuses[name])
    if character[name] ~= value then character[name] = value end
  end
end

local function start_mining(character, mining)
  character.mining_state = {mining = true, position = {x = mining[1], y = mining[2]}}
end

--- Makes those who were in the middle of mining, so that they may come as far as they were: `{rank = character}`.
function people.place_miners(surface, force, list)
  local placed = {}
  for rank, saved in ipairs(list) do
    if saved.mining and saved.mining[3] then
      placed[rank] = make(surface, force, saved)
      give_bonuses(placed[rank], saved.bonuses)
      start_mining(placed[rank], saved.mining)
    end
  end
  return placed
end

local function finish(character, saved)
  if saved.agent then storage.agents[saved.agent] = character end
  give_bonuses(character, saved.bonuses)
  if saved.queue then restore_queue(character, saved.queue) end
  slots.write_all(character, saved.inventories or {})
  if saved.held then character.cursor_stack.set_stack{name = saved.held[1], count = saved.held[2]} end
  if saved.health then character.health = exact.unpack(saved.health) end
  if saved.walking then character.walking_state = {walking = true, direction = saved.walking} end
  -- The same place again: what is done of it stays done.
  if saved.mining then start_mining(character, saved.mining) end
  if saved.picking then character.picking_state = true end
  if saved.stopped then character.active = false end
end

--- Makes the saved characters, but for those that `place_miners` made; who was there before must be gone.
function people.write(surface, force, list, placed)
  storage.agents = {}
  for rank, saved in ipairs(list) do finish(placed[rank] or make(surface, force, saved), saved) end
end

return people
