-- insert_item: from the character into a building, by the rules of what each kind of building takes.

local arguments = require("lib.arguments")
local belts = require("entity.belts")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local hold = require("lib.hold")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")

local INVENTORY = defines.inventory

local function is_fuel(item)
  return item.fuel_value > 0
end

local function smeltable(entity, name)
  for _, recipe in pairs(session.force().recipes) do
    if entity.prototype.crafting_categories[recipe.category] then
      for _, ingredient in ipairs(recipe.ingredients) do
        if ingredient.name == name then return true end
      end
    end
  end
  return false
end

local function concerns(recipe, name)
  for _, list in ipairs({recipe.ingredients, recipe.products}) do
    for _, entry in ipairs(list) do
      if entry.name == name then return true end
    end
  end
  return false
end

local function refuse(item, entity, reason, hint)
  failure.raise("not_accepted",
    "could not insert " .. item.name .. " into " .. entity.name .. " at " .. geometry.show(entity.position) .. ", " .. reason,
    {found = item.name, hint = hint})
end

local function check_furnace(item, entity)
  if entity.burner and is_fuel(item) then return end
  local source = entity.get_inventory(INVENTORY.furnace_source)[1]
  if source.valid_for_read and source.name ~= item.name then
    refuse(item, entity, "its source already contains " .. source.name, "extract " .. source.name .. " first")
  end
  if not smeltable(entity, item.name) then
    refuse(item, entity, "it is neither fuel nor smelted there", "insert ore, plates or fuel")
  end
end

local function check_assembler(item, entity)
  if item.type == "module" then return end
  local recipe = entity.get_recipe()
  if not recipe then
    refuse(item, entity, "no recipe set", "call set_entity_recipe first")
  end
  if not concerns(recipe, item.name) then
    refuse(item, entity, "it is not an ingredient of " .. recipe.name, "insert what the recipe needs")
  end
end

local function check_lab(item, entity)
  if item.type ~= "tool" and item.type ~= "module" then refuse(item, entity, "labs take science packs only") end
end

local CHECKS = {
  ["furnace"] = check_furnace,
  ["assembling-machine"] = check_assembler,
  ["lab"] = check_lab,
}

local function check(item, entity)
  local special = CHECKS[entity.type]
  if special then
    special(item, entity)
  elseif entity.burner and not is_fuel(item) then
    refuse(item, entity, "it takes fuel only", "insert coal or wood")
  end
end

local function put_on_belt(item, entity)
  for lane = 1, 2 do
    if entity.get_transport_line(lane).insert_at_back({name = item.name, count = 1}) then return 1 end
  end
  return 0
end

local function put_in_assembler(item, entity, count)
  local inventory
  if item.type == "module" then
    inventory = entity.get_inventory(INVENTORY.crafter_modules)
  else
    local recipe = entity.get_recipe()
    local is_product = false
    for _, product in ipairs(recipe.products) do is_product = is_product or product.name == item.name end
    inventory = entity.get_inventory(is_product and INVENTORY.crafter_output or INVENTORY.crafter_input)
  end
  return inventory.insert{name = item.name, count = count}
end

local function put(item, entity, count)
  if belts.types[entity.type] then return put_on_belt(item, entity) end
  if entity.type == "assembling-machine" then return put_in_assembler(item, entity, count) end
  return entity.insert{name = item.name, count = count}
end

local function fullness(entity, item)
  local held, slots = 0, 0
  for _, inventory in ipairs(hold.inventories(entity)) do
    held = held + inventory.get_item_count(item.name)
    slots = slots + #inventory
  end
  return string.format("it is full (%d of at most %d held)", held, slots * item.stack_size)
end

local function insert(args)
  local item = lookup.item(arguments.string(args, "item"))
  local entity = lookup.expect(arguments.entity(args, "target"), 1)
  local quantity = arguments.count(args, "quantity", 5)
  stock.require(session.inventory(), item.name, 1)
  check(item, entity)
  local count = math.min(quantity, session.inventory().get_item_count(item.name))
  local accepted = put(item, entity, count)
  if accepted == 0 then
    refuse(item, entity, belts.types[entity.type] and "the belt is full" or fullness(entity, item),
      "wait until it has room, or use another")
  end
  session.inventory().remove{name = item.name, count = accepted}
  return serialise.entity(entity)
end

return {tools = {insert_item = insert}}
