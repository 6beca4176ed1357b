-- An entity as the game's blueprints describe it, and the copper wires among several.

local stock = require("lib.stock")

local describe = {}

local INVENTORY = defines.inventory
local COPPER = defines.wire_connector_id.pole_copper

local function filter_of(name)
  return {name = name, quality = "normal", comparator = "="}
end

local function name_of(filter)
  if type(filter) ~= "table" then return filter end
  return type(filter.name) == "string" and filter.name or filter.name.name
end

local function splitter(entity, out)
  local filter = entity.splitter_filter
  if filter then out.filter = filter_of(name_of(filter)) end
  if entity.splitter_input_priority ~= "none" then out.input_priority = entity.splitter_input_priority end
  if entity.splitter_output_priority ~= "none" then out.output_priority = entity.splitter_output_priority end
end

local function inserter(entity, out)
  local filters = {}
  for index = 1, entity.filter_slot_count do
    local filter = entity.get_filter(index)
    if filter then
      local entry = filter_of(name_of(filter))
      entry.index = index
      filters[#filters + 1] = entry
    end
  end
  if #filters > 0 then out.filters = filters end
  if entity.use_filters then out.use_filters = true end
  if entity.inserter_filter_mode == "blacklist" then out.filter_mode = "blacklist" end
  if entity.inserter_stack_size_override > 0 then out.override_stack_size = entity.inserter_stack_size_override end
end

local function assembling_machine(entity, out)
  local recipe = entity.get_recipe()
  out.recipe = recipe and recipe.name or nil
end

--- Blueprints count a chest's open slots; the bar is the first closed one, from 1.
local function container(entity, out)
  local chest = entity.get_inventory(INVENTORY.chest)
  if chest.supports_bar() and chest.get_bar() <= #chest then out.bar = chest.get_bar() - 1 end
end

local BY_TYPE = {
  ["splitter"] = splitter,
  ["inserter"] = inserter,
  ["assembling-machine"] = assembling_machine,
  ["container"] = container,
  ["underground-belt"] = function(entity, out) out.type = entity.belt_to_ground_type end,
}

--- Modules as requests for items, one for each kind, with the slots they sit in.
local function requests(entity)
  local inventory = entity.get_module_inventory()
  if not inventory or inventory.is_empty() then return nil end
  local slots = {}
  for slot = 1, #inventory do
    local stack = inventory[slot]
    if stack.valid_for_read then
      slots[stack.name] = slots[stack.name] or {}
      table.insert(slots[stack.name], {inventory = inventory.index, stack = slot - 1, count = 1})
    end
  end
  local items = {}
  for rank, name in ipairs(stock.names(slots)) do
    items[rank] = {id = {name = name}, items = {in_inventory = slots[name]}}
  end
  return items
end

--- One entity, its position as on the map.
function describe.entity(entity)
  local out = {name = entity.name, position = {x = entity.position.x, y = entity.position.y}}
  if entity.direction ~= 0 then out.direction = entity.direction end
  local add = BY_TYPE[entity.type]
  if add then add(entity, out) end
  out.items = requests(entity)
  return out
end

--- The wires between poles of a list, each once, as pairs of ranks.
function describe.wires(entities)
  local ranks, wires = {}, {}
  for rank, entity in ipairs(entities) do
    if entity.type == "electric-pole" then ranks[entity.unit_number] = rank end
  end
  for rank, entity in ipairs(entities) do
    if entity.type == "electric-pole" then
      local joined = {}
      for _, connection in ipairs(entity.get_wire_connector(COPPER, true).connections) do
        local other = ranks[connection.target.owner.unit_number]
        if other and other > rank then joined[#joined + 1] = other end
      end
      table.sort(joined)
      for _, other in ipairs(joined) do wires[#wires + 1] = {rank, other} end
    end
  end
  return wires
end

return describe
