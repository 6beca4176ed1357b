-- insert_item: from the character into a building or along a line of belts, by what each kind of building takes.

local arguments = require("lib.arguments")
local belts = require("entity.belts")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local hold = require("lib.hold")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")
local unlocking = require("lib.unlocking")

local INVENTORY = defines.inventory
local REACH = 1

--- Whether a burner can burn the item.
local function burns(entity, item)
  local burner = entity.burner
  return burner ~= nil and item.fuel_value > 0 and burner.fuel_categories[item.fuel_category] == true
end

local function names_item(list, name)
  for _, entry in ipairs(list) do
    if entry.type == "item" and entry.name == name then return true end
  end
  return false
end

--- The recipe by which the furnace smelts an item: an unlocked one if there is one; nil if it never does.
local function smelting(entity, name)
  local categories, locked = entity.prototype.crafting_categories, nil
  for _, recipe in pairs(session.force().recipes) do
    if categories[recipe.category] and names_item(recipe.ingredients, name) then
      if recipe.enabled then return recipe end
      locked = locked or recipe
    end
  end
  return locked
end

--- Why an entity takes no modules, as a check gives it; nothing if it has slots for them or the item is none.
local function check_slots(item, entity)
  if item.type ~= "module" or entity.get_module_inventory() then return nil end
  return "it has no module slots", "a machine with module slots", "insert modules into a machine that has slots for them"
end

local function takes_module(entity, item)
  return item.type == "module" and entity.get_module_inventory() ~= nil
end

-- Each check gives nothing if the entity takes the item, else the reason, what it takes and what to do.

local function check_furnace(item, entity)
  if burns(entity, item) or takes_module(entity, item) then return nil end
  local source = entity.get_inventory(INVENTORY.furnace_source)[1]
  if source.valid_for_read and source.name ~= item.name then
    return "its source already contains " .. source.name, source.name, "extract_item " .. source.name .. " first"
  end
  if item.type == "module" then return check_slots(item, entity) end
  local recipe = smelting(entity, item.name)
  if recipe and recipe.enabled then return nil end
  if recipe then
    local technology = unlocking.technology(recipe.name)
    return "it cannot be smelted yet, " .. recipe.name .. " is not researched", technology or recipe.name,
      technology and "set_research(\"" .. technology .. "\") first" or "insert something else"
  end
  return "it is neither fuel nor smelted there", "fuel or what is smelted", "insert ore, plates or fuel"
end

local function ingredients_of(recipe)
  local names = {}
  for _, entry in ipairs(recipe.ingredients) do names[#names + 1] = entry.name end
  return table.concat(names, ", ")
end

local function check_assembler(item, entity)
  if takes_module(entity, item) then return nil end
  local recipe = entity.get_recipe()
  if item.type == "module" and not (recipe and names_item(recipe.ingredients, item.name)) then
    return check_slots(item, entity)
  end
  if not recipe then
    return "it has no recipe set", "a recipe that uses " .. item.name, "call set_entity_recipe first"
  end
  if names_item(recipe.ingredients, item.name) or names_item(recipe.products, item.name) then return nil end
  return item.name .. " is not an ingredient of its recipe " .. recipe.name, ingredients_of(recipe),
    "insert what the recipe needs, or set another recipe"
end

local function check_lab(item, entity)
  if item.type == "tool" or takes_module(entity, item) then return nil end
  return "labs take science packs only", "science packs", "insert science packs"
end

--- The ammunition that fits an entity which has room for some.
local function ammunition_of(entity)
  local names = {}
  for name, item in pairs(prototypes.item) do
    if item.type == "ammo" and entity.can_insert({name = name, count = 1}) then names[#names + 1] = name end
  end
  table.sort(names)
  return #names > 0 and table.concat(names, ", ") or "ammunition"
end

local function check_turret(item, entity)
  local held = entity.get_item_count(item.name) > 0
  if held or entity.can_insert({name = item.name, count = 1}) then return nil end
  if item.type == "ammo" and entity.get_inventory(INVENTORY.turret_ammo).get_item_count() > 0 then return nil end
  local names = ammunition_of(entity)
  return "it takes " .. names .. " only", names, "insert one of these"
end

local function check_other(item, entity)
  if burns(entity, item) or takes_module(entity, item) then return nil end
  if entity.burner and not entity.get_output_inventory() then
    return "it takes fuel only", "fuel", "insert coal, wood or another fuel that it burns"
  end
  if #hold.inventories(entity) > 0 then return nil end
  return "it holds no items", "something with an inventory", "insert into a chest, a machine or a belt"
end

local CHECKS = {["furnace"] = check_furnace, ["assembling-machine"] = check_assembler, ["lab"] = check_lab,
  ["ammo-turret"] = check_turret, ["artillery-turret"] = check_turret}

local function unfit(item, entity)
  if belts.types[entity.type] then return nil end
  return (CHECKS[entity.type] or check_other)(item, entity)
end

local function refuse(item, entity, reason, expected, hint)
  failure.raise("not_accepted",
    "could not insert " .. item.name .. " into " .. entity.name .. " at " .. geometry.show(entity.position) .. ", " .. reason,
    {expected = expected, found = item.name, hint = hint})
end

--- The nearest of the entities called like the target that takes the item.
local function receiver(item, reference)
  lookup.prototype(reference.name)
  local nearby = lookup.by_distance(session.surface().find_entities_filtered{
    area = geometry.square(reference.position, REACH), name = reference.name, force = session.force(),
  }, reference.position)
  if not nearby[1] then lookup.missing("could not insert " .. item.name, reference.name, reference.position) end
  for _, entity in ipairs(nearby) do
    if not unfit(item, entity) then return entity end
  end
  return refuse(item, nearby[1], unfit(item, nearby[1]))
end

local function put_on_belt(item, entity)
  for lane = 1, 2 do
    local line = entity.get_transport_line(lane)
    if line.can_insert_at_back() and line.insert_at_back({name = item.name, count = 1}) then return 1 end
  end
  return 0
end

local function put_in_assembler(item, entity, stack)
  local recipe = entity.get_recipe()
  local made = names_item(recipe.products, item.name) and not names_item(recipe.ingredients, item.name)
  return entity.get_inventory(made and INVENTORY.crafter_output or INVENTORY.crafter_input).insert(stack)
end

local function put(item, entity, count)
  if belts.types[entity.type] then return put_on_belt(item, entity) end
  local stack = {name = item.name, count = count}
  local recipe = entity.type == "assembling-machine" and entity.get_recipe()
  local wanted = recipe and names_item(recipe.ingredients, item.name)
  if takes_module(entity, item) and not wanted then return entity.get_module_inventory().insert(stack) end
  if recipe then return put_in_assembler(item, entity, stack) end
  return entity.insert(stack)
end

--- "(100/100 items)" of the slots that hold an item; what the slots hold if none does.
local function fullness(item, entity)
  local held, slots, contents = 0, 0, {}
  for _, inventory in ipairs(hold.inventories(entity)) do
    for slot = 1, #inventory do
      local stack = inventory[slot]
      if stack.valid_for_read and stack.name == item.name then held, slots = held + stack.count, slots + 1 end
    end
    stock.add(contents, stock.contents(inventory))
  end
  if slots > 0 then return string.format("(%d/%d items)", held, slots * item.stack_size) end
  return "(0 items), it holds " .. stock.show(contents, 5)
end

local function full(item, entity, count)
  if belts.types[entity.type] then
    refuse(item, entity, "both its lanes are full where items come in", "room for 1", "wait with sleep until the belt has moved")
  end
  refuse(item, entity, "it has no room for any of " .. count .. " " .. fullness(item, entity),
    "room for " .. item.name, "wait until it has room, take something out, or use another")
end

--- The target, or all members of a group, as they are.
local function unchanged(item, target, references)
  local members = {}
  for rank, reference in ipairs(references or {target}) do
    members[rank] = serialise.entity(lookup.expect(reference, REACH, "could not insert " .. item.name))
  end
  return references and {members = members} or members[1]
end

--- How many an entity takes of what the character holds; raises if none.
local function insert_into(item, reference, count)
  local entity = receiver(item, reference)
  local accepted = put(item, entity, count)
  if accepted == 0 then full(item, entity, count) end
  return entity, accepted
end

--- Puts items on the first belt of a line, then along the others, until all are there or no belt takes more.
local function insert_along(item, entities, count)
  local placed, round = 0, -1
  while placed < count and placed > round do
    round = placed
    for _, entity in ipairs(entities) do
      if placed < count then placed = placed + put_on_belt(item, entity) end
    end
  end
  if placed == 0 then full(item, entities[1], count) end
  return placed
end

local function to_group(item, references, count)
  local entities, members = {}, {}
  for rank, reference in ipairs(references) do entities[rank] = lookup.expect(reference, 0.5, "could not insert " .. item.name) end
  local placed
  if belts.types[entities[1].type] then
    local line = {}
    for _, entity in ipairs(entities) do line[#line + 1] = belts.types[entity.type] and entity or nil end
    placed = insert_along(item, line, count)
  else
    placed = select(2, insert_into(item, references[1], count))
  end
  session.inventory().remove{name = item.name, count = placed}
  for rank, entity in ipairs(entities) do members[rank] = serialise.entity(entity) end
  return {members = members}
end

local function insert(args)
  local item = lookup.item(arguments.string(args, "item"))
  local quantity = arguments.count(args, "quantity", 5, 0)
  local references = arguments.optional_entities(args, "members")
  local target = references and references[1] or arguments.entity(args, "target")
  if quantity == 0 then return unchanged(item, target, references) end
  stock.require(session.inventory(), item.name, 1)
  local count = math.min(quantity, session.inventory().get_item_count(item.name))
  if references then return to_group(item, references, count) end
  local entity, accepted = insert_into(item, target, count)
  session.inventory().remove{name = item.name, count = accepted}
  return serialise.entity(entity)
end

return {tools = {insert_item = insert}}
