-- rotate_entity, set_entity_recipe, get_prototype_recipe: how machines are set.

local arguments = require("lib.arguments")
local facing = require("lib.facing")
local failure = require("lib.failure")
local fields = require("entity.fields")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")

local function rotate(args)
  local entity = lookup.expect(arguments.entity(args, "entity"), 0.5)
  local wanted = arguments.direction(args, "direction")
  local engine = facing.engine(entity.prototype, wanted)
  local before = entity.direction
  if before ~= engine then entity.direction = engine end
  if entity.direction ~= engine then
    entity.direction = before
    failure.raise("cannot_rotate",
      "could not rotate " .. entity.name .. " at " .. geometry.show(entity.position),
      {expected = wanted, found = facing.api(entity.prototype, entity.direction),
       hint = entity.type == "assembling-machine" and "set the recipe first" or "pick it up and place it anew"})
  end
  return serialise.entity(entity)
end

local function recipe_named(name)
  local recipe = session.force().recipes[name]
  if recipe then return recipe end
  failure.raise("not_available", "there is no recipe called " .. name,
    {found = name, hint = "use a RecipeName for recipes that are not called like their product"})
end

local function get_prototype_recipe(args)
  return fields.recipe(recipe_named(arguments.string(args, "name")))
end

--- The nearest machine or inserter at the reference, whatever it is called.
local function settable(reference)
  local found = session.surface().find_entities_filtered{
    area = geometry.square(reference.position, 1), type = {"assembling-machine", "inserter"}, force = session.force(),
  }
  for _, entity in ipairs(lookup.by_distance(found, reference.position)) do
    if entity.name == reference.name then return entity end
  end
  failure.raise("not_found",
    "could not set a recipe, no " .. reference.name .. " that takes one at " .. geometry.show(reference.position),
    {expected = "an assembling machine or an inserter", found = reference.name})
end

local function filter(inserter, name)
  inserter.use_filters = true
  inserter.set_filter(1, lookup.item(name).name)
end

--- What the old recipe leaves over goes to the character, as it would by hand; the rest is spilled.
local function take_back(machine, items)
  local inventory = session.inventory()
  for _, item in ipairs(items or {}) do
    local stack = {name = item.name, count = item.count}
    local inserted = inventory.insert(stack)
    if inserted < stack.count then
      session.surface().spill_item_stack{
        position = machine.position, stack = {name = stack.name, count = stack.count - inserted},
      }
    end
  end
end

local function assign(machine, name)
  local recipe = recipe_named(name)
  if not machine.prototype.crafting_categories[recipe.category] then
    failure.raise("not_available", "could not set recipe to " .. name .. ", " .. machine.name .. " cannot make it",
      {expected = recipe.category, found = machine.name})
  end
  if not recipe.enabled then
    failure.raise("locked", "could not set recipe to " .. name .. ", it is not unlocked", {found = name,
      hint = "research its technology first"})
  end
  local current = machine.get_recipe()
  if current and current.name == name then return end
  take_back(machine, machine.set_recipe(name))
end

local function set_entity_recipe(args)
  local entity = settable(arguments.entity(args, "entity"))
  local name = arguments.string(args, "recipe")
  if entity.type == "inserter" then filter(entity, name) else assign(entity, name) end
  return serialise.entity(entity)
end

return {tools = {
  rotate_entity = rotate, set_entity_recipe = set_entity_recipe, get_prototype_recipe = get_prototype_recipe,
}}
