-- rotate_entity, set_entity_recipe, get_prototype_recipe: how machines are set.

local arguments = require("lib.arguments")
local facing = require("lib.facing")
local failure = require("lib.failure")
local fields = require("entity.fields")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")
local unlocking = require("lib.unlocking")

local CARDINALS = 4

--- Turns the entity until it faces `wanted`; whether it does.
local function turn(entity, wanted)
  entity.direction = wanted
  for _ = 1, CARDINALS - 1 do
    if entity.direction == wanted then return true end
    if not entity.rotate() then return false end
  end
  return entity.direction == wanted
end

local function rotate(args)
  local entity = lookup.expect(arguments.entity(args, "entity"), 0.5, "could not rotate")
  local wanted = arguments.direction(args, "direction")
  local engine = facing.engine(entity.prototype, wanted)
  local before = entity.direction
  local ok, done = pcall(function() return before == engine or turn(entity, engine) end)
  if not (ok and done) then
    local seen = facing.api(entity.prototype, entity.direction)
    if entity.direction ~= before then entity.direction = before end
    failure.raise("cannot_rotate",
      "could not rotate " .. entity.name .. " at " .. geometry.show(entity.position) .. " to " .. geometry.named(wanted)
        .. ", it faces " .. geometry.named(facing.api(entity.prototype, before)),
      {expected = geometry.named(wanted), found = ok and geometry.named(seen) or tostring(done),
       hint = entity.type == "assembling-machine" and "set the recipe first" or "pick it up and place it anew"})
  end
  return serialise.entity(entity)
end

local function recipe_named(name)
  local recipe = session.force().recipes[name]
  if recipe then return recipe end
  failure.raise("not_available", "there is no recipe called " .. name,
    {expected = "the name of a recipe", found = name,
     hint = "use a RecipeName for recipes that are not called like their product"})
end

local function get_prototype_recipe(args)
  return fields.recipe(recipe_named(arguments.string(args, "name")))
end

--- Raises if a furnace stands at the reference.
local function refuse_furnace(reference)
  local furnace = lookup.closest(session.surface().find_entities_filtered{
    area = geometry.square(reference.position, 1), type = "furnace", force = session.force(),
  }, reference.position)
  if not furnace then return end
  local what = furnace.name .. " at " .. geometry.show(furnace.position)
  failure.raise("not_available",
    "could not set the recipe of " .. what .. ", a furnace takes none, it smelts whatever is put in",
    {expected = "an assembling machine or an inserter", found = what,
     hint = "insert_item what it shall smelt, such as iron-ore"})
end

--- The machine or inserter at the reference: one of that name if there is one, else the nearest.
local function settable(reference)
  local found = lookup.by_distance(session.surface().find_entities_filtered{
    area = geometry.square(reference.position, 1), type = {"assembling-machine", "inserter"}, force = session.force(),
  }, reference.position)
  for _, entity in ipairs(found) do
    if entity.name == reference.name then return entity end
  end
  if found[1] then return found[1] end
  refuse_furnace(reference)
  local instead = lookup.instead(reference.name, reference.position)
  failure.raise("not_found",
    "could not set a recipe, nothing that takes one is at " .. geometry.show(reference.position) .. ", " .. instead,
    {expected = "an assembling machine or an inserter", found = instead,
     hint = "furnaces and drills choose by themselves; pass an assembling machine, plant, refinery or inserter"})
end

local function filter(inserter, name)
  inserter.use_filters = true
  inserter.set_filter(1, lookup.item(name).name)
end

local INVENTORY = defines.inventory

--- What a machine gives back at most when its recipe changes: all it holds, what is in the craft under way, and
-- modules that not every recipe allows.
local function given_back(machine, current)
  local counts = {}
  for _, kind in ipairs({INVENTORY.crafter_input, INVENTORY.crafter_output}) do
    stock.add(counts, stock.contents(machine.get_inventory(kind)))
  end
  for _, entry in ipairs(machine.is_crafting() and current.ingredients or {}) do
    if entry.type == "item" then stock.add(counts, {[entry.name] = entry.amount}) end
  end
  for name, count in pairs(stock.contents(machine.get_module_inventory()) or {}) do
    if prototypes.item[name].category == "productivity" then stock.add(counts, {[name] = count}) end
  end
  return counts
end

--- What the old recipe leaves over goes to the character, as it would by hand. It was checked that it fits; what
-- only other mods' rules give back is spilled.
local function take_back(machine, items)
  local inventory = session.inventory()
  for _, item in ipairs(items or {}) do
    local inserted = inventory.insert{name = item.name, count = item.count}
    if inserted < item.count then
      session.surface().spill_item_stack{
        position = machine.position, stack = {name = item.name, count = item.count - inserted},
      }
    end
  end
end

local function names_of(set)
  local names = stock.names(set)
  return table.concat(names, ", ")
end

local function expect_fit(machine, recipe, title)
  local categories = machine.prototype.crafting_categories
  if categories[recipe.category] then return end
  failure.raise("not_available", title .. ", it is made in " .. recipe.category .. " and the machine does " .. names_of(categories),
    {expected = names_of(categories), found = recipe.category, hint = recipe.category == "smelting"
      and "smelt it in a furnace" or "use a machine that makes it, or another recipe"})
end

local function expect_unlocked(recipe, title)
  if recipe.enabled then return end
  local technology = unlocking.technology(recipe.name)
  failure.raise("locked", title .. ", it is not unlocked" .. (technology and ", research " .. technology or ""),
    {expected = technology or "an unlocked recipe", found = recipe.name,
     hint = unlocking.hint(recipe.name, "use another recipe")})
end

local function assign(machine, name)
  local recipe = recipe_named(name)
  local title = "could not set the recipe of " .. machine.name .. " at " .. geometry.show(machine.position) .. " to " .. name
  expect_fit(machine, recipe, title)
  expect_unlocked(recipe, title)
  local current = machine.get_recipe()
  if current and current.name == name then return end
  local counts = given_back(machine, current)
  if not stock.fits(session.inventory(), counts) then stock.refuse_full(session.inventory(), title, counts) end
  local ok, items = pcall(function() return machine.set_recipe(name) end)
  if not ok then
    failure.raise("not_available", title .. ", the game refuses it, " .. tostring(items),
      {expected = "a recipe whose fluids fit the pipes", found = tostring(items),
       hint = "pick up the pipes at the machine first, or set another recipe"})
  end
  take_back(machine, items)
end

local function set_entity_recipe(args)
  local reference = arguments.entity(args, "entity")
  local name = arguments.string(args, "recipe")
  local entity = settable(reference)
  if entity.type == "inserter" then filter(entity, name) else assign(entity, name) end
  return serialise.entity(entity)
end

return {tools = {
  rotate_entity = rotate, set_entity_recipe = set_entity_recipe, get_prototype_recipe = get_prototype_recipe,
}}
