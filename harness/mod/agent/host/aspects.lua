-- The parts of an entity's inner state that the portable save carries, each with how to read and how to write it.
-- Not carried: module effects in flight, wires, and what the engine keeps to itself.

local aspects = {}

local function inventory_ids(entity)
  local ids = {}
  for id = 1, entity.get_max_inventory_index() do ids[#ids + 1] = id end
  return ids
end

local function read_slots(inventory)
  local slots = {}
  for slot = 1, #inventory do
    local stack = inventory[slot]
    if stack.valid_for_read then slots[#slots + 1] = {slot, stack.name, stack.count} end
  end
  return slots
end

local function write_slots(inventory, slots)
  inventory.clear()
  for _, entry in ipairs(slots) do
    inventory[entry[1]].set_stack({name = entry[2], count = entry[3]})
  end
end

local inventories = {}

function inventories.read(entity)
  local saved = {}
  for _, id in ipairs(inventory_ids(entity)) do
    local inventory = entity.get_inventory(id)
    if inventory and not inventory.is_empty() then saved[#saved + 1] = {id, read_slots(inventory)} end
  end
  return saved
end

function inventories.write(entity, saved)
  for _, entry in ipairs(saved) do
    local inventory = entity.get_inventory(entry[1])
    if inventory then write_slots(inventory, entry[2]) end
  end
end

local burner = {}

function burner.read(entity)
  local fire = entity.burner
  if not fire then return nil end
  local fuel = fire.currently_burning
  return {
    fuel = fuel and (type(fuel.name) == "string" and fuel.name or fuel.name.name) or nil,
    remaining = fire.remaining_burning_fuel,
  }
end

function burner.write(entity, saved)
  local fire = entity.burner
  if saved.fuel then fire.currently_burning = prototypes.item[saved.fuel] end
  fire.remaining_burning_fuel = saved.remaining
end

local energy = {}

function energy.read(entity)
  return entity.energy > 0 and entity.energy or nil
end

function energy.write(entity, saved)
  entity.energy = saved
end

local fluids = {}

function fluids.read(entity)
  local saved, fluidbox = {}, entity.fluidbox
  for index = 1, #fluidbox do
    local content = fluidbox[index]
    if content then saved[#saved + 1] = {index, content.name, content.amount, content.temperature} end
  end
  return saved
end

-- A box that shares a segment holds its share of it: shares are put in one by one and add up to the segment.
function fluids.write(entity, saved)
  for _, entry in ipairs(saved) do
    local content = {name = entry[2], amount = entry[3], temperature = entry[4]}
    if entity.fluidbox.get_fluid_segment_id(entry[1]) then
      entity.insert_fluid(content)
    else
      entity.fluidbox[entry[1]] = content
    end
  end
end

local BELTS = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

local lanes = {}

function lanes.read(entity)
  if not BELTS[entity.type] then return nil end
  local saved = {}
  for lane = 1, entity.get_max_transport_line_index() do
    for _, item in ipairs(entity.get_transport_line(lane).get_detailed_contents()) do
      saved[#saved + 1] = {lane, item.position, item.stack.name}
    end
  end
  return saved
end

function lanes.write(entity, saved)
  for _, entry in ipairs(saved) do
    entity.get_transport_line(entry[1]).insert_at(entry[2], {name = entry[3], count = 1})
  end
end

local hand = {}

function hand.read(entity)
  if entity.type ~= "inserter" or not entity.held_stack.valid_for_read then return nil end
  return {entity.held_stack.name, entity.held_stack.count}
end

function hand.write(entity, saved)
  entity.held_stack.set_stack({name = saved[1], count = saved[2]})
end

local filters = {}

function filters.read(entity)
  if entity.type ~= "inserter" or not entity.use_filters then return nil end
  local filter = entity.get_filter(1)
  return filter and {type(filter) == "table" and filter.name or filter} or nil
end

function filters.write(entity, saved)
  entity.use_filters = true
  entity.set_filter(1, saved[1])
end

local progress = {}

function progress.read(entity)
  if entity.type == "mining-drill" then return entity.mining_progress end
  if entity.type == "furnace" or entity.type == "assembling-machine" then return entity.crafting_progress end
  return nil
end

function progress.write(entity, saved)
  if entity.type == "mining-drill" then entity.mining_progress = saved else entity.crafting_progress = saved end
end

-- In the order in which they are written: what is being made must be known before the machine's boxes are filled.
aspects.list = {
  {"inventories", inventories}, {"burner", burner}, {"energy", energy}, {"fluids", fluids}, {"lanes", lanes},
  {"hand", hand}, {"filters", filters}, {"progress", progress},
}

aspects.read_slots, aspects.write_slots = read_slots, write_slots

return aspects
