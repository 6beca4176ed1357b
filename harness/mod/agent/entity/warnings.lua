-- What is wrong with an entity, in the short sentences that programs compare.
-- The order is part of the meaning: a belt whose first warning is "full" makes its group count as full.

local belts = require("entity.belts")
local geometry = require("lib.geometry")

local warnings = {}

local CHESTS = {["container"] = true, ["logistic-container"] = true}

local function mining(entity, _, add)
  if not entity.mining_target then add("nothing to mine") end
end

local function fuel(entity, out, add)
  if not next(out.fuel) and not entity.burner.currently_burning then add("out of fuel") end
end

local function smelting(entity, out, add)
  if not next(out.furnace_source) and not entity.get_recipe() then add("no ingredients to smelt") end
end

local function picking(entity, _, add)
  local target = entity.pickup_target
  if target and CHESTS[target.type] and target.get_inventory(defines.inventory.chest).is_empty() then
    add("inserter waiting for source items")
  end
end

local function drop_side(entity, _, add, status)
  if status ~= "waiting_for_space_in_destination" then return end
  add("waiting for space in destination")
  local target = entity.drop_target
  if not target then
    add("output blocked by an item on the ground at " .. geometry.show(entity.drop_position) .. " with no sink")
  elseif CHESTS[target.type] then
    add("chest at drop position is full at " .. geometry.show(target.position))
  elseif target.type == "furnace" then
    add("furnace at drop position is blocked at " .. geometry.show(target.position))
  elseif belts.types[target.type] then
    add("belt at drop position is blocked at " .. geometry.show(target.position))
  end
end

local PRODUCERS = {["generator"] = true, ["solar-panel"] = true}

local function electricity(_, out, add)
  if not out.electrical_id then
    add("not connected to power network")
  elseif not PRODUCERS[out.type] and out.energy == 0 then
    add("not receiving electricity")
  end
end

local function assembling(entity, out, add)
  local recipe, missing = out.recipe, {}
  if not recipe then return end
  for _, ingredient in ipairs(recipe.ingredients) do
    local short = ingredient.amount - (out.assembling_machine_input[ingredient.name] or 0)
    if ingredient.type == "item" and short > 0 then
      missing[#missing + 1] = ingredient.name .. " (" .. short .. ")"
    end
  end
  if #missing > 0 and entity.crafting_progress == 0 then
    -- The underscore is part of the text that programs know.
    add("cannot create " .. recipe.name .. " due to missing resources: " .. table.concat(missing, ",_"))
  end
end

local function liquid(entity, _, add)
  if not entity.fluidbox[1] then add("no input liquid") end
end

local function types(...)
  local set = {}
  for _, name in ipairs({...}) do set[name] = true end
  return function(about) return set[about.type] end
end

local function full_inventories(_, _, add, _, notes)
  for _, text in ipairs(notes.full) do add(text) end
end

local function any()
  return true
end

--- Each check with the prototypes it is for, in the order of the warnings.
local CHECKS = {
  {mining, types("mining-drill")},
  {fuel, function(about) return about.burner end},
  {smelting, types("furnace")},
  {picking, types("inserter")},
  {full_inventories, any},
  {drop_side, types("mining-drill", "inserter")},
  {electricity, function(about) return about.electric end},
  {assembling, types("assembling-machine")},
  {liquid, types("boiler", "generator")},
}

local function checks_for(about)
  local list = {}
  for _, check in ipairs(CHECKS) do
    if check[2](about) then list[#list + 1] = check[1] end
  end
  return list
end

--- All warnings of an entity in order.
-- `out` is what is known of it so far, `status` the engine's, `notes` what was found on the way there.
function warnings.of(entity, about, out, status, notes)
  about.checks = about.checks or checks_for(about)
  local list = {}
  local function add(text) list[#list + 1] = text end
  for _, check in ipairs(about.checks) do check(entity, out, add, status, notes) end
  for _, text in ipairs(notes.last) do add(text) end
  return list
end

return warnings
