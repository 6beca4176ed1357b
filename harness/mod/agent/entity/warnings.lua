-- What is wrong with an entity, in the short sentences that programs compare.
-- The order is part of the meaning: a belt whose first warning is "full" makes its group count as full.

local belts = require("entity.belts")
local geometry = require("lib.geometry")
local stock = require("lib.stock")

local warnings = {}

local INVENTORY = defines.inventory

local function mining(entity, add)
  if entity.type == "mining-drill" and not entity.mining_target then add("nothing to mine") end
end

local function fuel(entity, add)
  local burner = entity.burner
  if burner and not burner.currently_burning and burner.inventory.is_empty() then add("out of fuel") end
end

local function smelting(entity, add)
  if entity.type ~= "furnace" then return end
  if not entity.get_recipe() and entity.get_inventory(INVENTORY.furnace_source).is_empty() then
    add("no ingredients to smelt")
  end
end

local function picking(entity, add)
  if entity.type ~= "inserter" then return end
  local target = entity.pickup_target
  local chest = target and (target.type == "container" or target.type == "logistic-container")
    and target.get_inventory(INVENTORY.chest)
  if chest and chest.is_empty() then add("inserter waiting for source items") end
end

local NAMED_INVENTORIES = {
  ["container"] = {{INVENTORY.chest, "chest is full"}},
  ["logistic-container"] = {{INVENTORY.chest, "chest is full"}},
  ["mining-drill"] = {{INVENTORY.fuel, "fuel source is full"}},
  ["furnace"] = {
    {INVENTORY.fuel, "furnace fuel source is full"},
    {INVENTORY.furnace_source, "furnace source is full"},
    {INVENTORY.furnace_result, "furnace result is full"},
  },
  ["assembling-machine"] = {
    {INVENTORY.crafter_input, "assembler input is full"},
    {INVENTORY.crafter_output, "assembler output is full"},
  },
  ["rocket-silo"] = {
    {INVENTORY.crafter_input, "rocket silo input is full"},
    {INVENTORY.crafter_output, "rocket silo output is full"},
    {INVENTORY.rocket_silo_rocket, "rocket silo rocket is full"},
  },
}

--- Whether every slot holds a complete stack.
local function brimming(inventory)
  if not inventory or #inventory == 0 then return false end
  for slot = 1, #inventory do
    local stack = inventory[slot]
    if not stack.valid_for_read or stack.count < stack.prototype.stack_size then return false end
  end
  return true
end

local function full_inventories(entity, add)
  for _, named in ipairs(NAMED_INVENTORIES[entity.type] or {}) do
    if brimming(entity.get_inventory(named[1])) then add(named[2]) end
  end
end

local function drop_side(entity, add)
  if entity.type ~= "mining-drill" and entity.type ~= "inserter" then return end
  if entity.status ~= defines.entity_status.waiting_for_space_in_destination then return end
  add("waiting for space in destination")
  local target = entity.drop_target
  if not target then
    add("output blocked by an item on the ground at " .. geometry.show(entity.drop_position))
  elseif target.type == "container" or target.type == "logistic-container" then
    add("chest at drop position is full at " .. geometry.show(target.position))
  elseif target.type == "furnace" then
    add("furnace at drop position is blocked at " .. geometry.show(target.position))
  elseif belts.types[target.type] then
    add("belt at drop position is blocked at " .. geometry.show(target.position))
  end
end

local PRODUCERS = {["generator"] = true, ["solar-panel"] = true}

local function electricity(entity, add)
  if not entity.prototype.electric_energy_source_prototype then return end
  if not entity.electric_network_id then
    add("not connected to power network")
  elseif entity.energy == 0 and not PRODUCERS[entity.type] then
    add("not receiving electricity")
  end
end

local function assembling(entity, add)
  if entity.type ~= "assembling-machine" then return end
  local recipe = entity.get_recipe()
  if not recipe or entity.crafting_progress > 0 then return end
  local held = stock.contents(entity.get_inventory(INVENTORY.crafter_input)) or {}
  local missing = {}
  for _, ingredient in ipairs(recipe.ingredients) do
    local short = ingredient.amount - (held[ingredient.name] or 0)
    if ingredient.type == "item" and short > 0 then
      missing[#missing + 1] = ingredient.name .. " (" .. short .. ")"
    end
  end
  if #missing > 0 then
    add("cannot create " .. recipe.name .. " due to missing resources: " .. table.concat(missing, ", "))
  end
end

local function liquid(entity, add)
  if entity.type ~= "boiler" and entity.type ~= "generator" then return end
  if not entity.fluidbox[1] then add("no input liquid") end
end

local function belt(entity, add)
  if (entity.type == "transport-belt" or entity.type == "underground-belt") and belts.is_full(entity) then
    add("full")
  end
end

local CHECKS = {mining, fuel, smelting, picking, full_inventories, drop_side, electricity, assembling, liquid, belt}

--- All warnings of an entity, in order.
function warnings.of(entity)
  local list = {}
  local function add(text) list[#list + 1] = text end
  for _, check in ipairs(CHECKS) do check(entity, add) end
  return list
end

return warnings
