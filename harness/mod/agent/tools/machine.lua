-- rotate_entity, set_entity_recipe, get_prototype_recipe: how machines are set.

local arguments = require("lib.arguments")
local facing = require("lib.facing")
local failure = require("lib.failure")
local fields = require("entity.fields")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")
local site = require("lib.site")
local stock = require("lib.stock")
local unlocking = require("lib.unlocking")

local CARDINALS = 4

--- Whether the entity stands at a place.
local function stands_at(entity, place)
  return entity.position.x == place.x and entity.position.y == place.y
end

--- Turns the entity until it faces `wanted` and stands at `place`; whether it does. The game leaves the centre of what
-- is not square where it was, half a tile off the grid.
local function turn(entity, wanted, place)
  entity.direction = wanted
  for _ = 1, CARDINALS - 1 do
    if entity.direction == wanted or not entity.rotate() then break end
  end
  return entity.direction == wanted and (stands_at(entity, place) or entity.teleport(place) and stands_at(entity, place))
end

local function turn_back(entity, direction, home)
  if entity.direction ~= direction then entity.direction = direction end
  if not stands_at(entity, home) then entity.teleport(home) end
end

--- Raises unless the ground that the turned building will cover besides its own takes it; the character steps aside.
local function expect_room(entity, title, place, engine)
  local area = geometry.footprint(entity.prototype, place, engine)
  local found = site.others_in(entity, area) or site.refusal(entity.prototype, place, engine)
    or not ground.left(area) and "the character, which has no free ground to step on"
  if found then
    failure.raise("blocked", title .. ", it would cover ground blocked by " .. found,
      {expected = "free ground", found = found, hint = "pick up what is in the way, or place it anew elsewhere"})
  end
end

local function refuse_turn(entity, title, reason)
  local now = geometry.named(facing.api(entity.prototype, entity.direction))
  failure.raise("cannot_rotate", title .. ", it faces " .. now .. (reason and " and the game refuses it: " .. reason or ""),
    {expected = "a building that can be turned there", found = reason or now,
     hint = entity.type == "assembling-machine" and "set the recipe first" or "pick it up and place it anew"})
end

local function rotate(args)
  local entity = lookup.expect(arguments.entity(args, "entity"), 0.5, "could not rotate")
  local wanted = arguments.direction(args, "direction")
  local engine, before = facing.engine(entity.prototype, wanted), entity.direction
  if before == engine then return serialise.entity(entity) end
  local home = {x = entity.position.x, y = entity.position.y}
  local title = "could not rotate " .. entity.name .. " at " .. geometry.show(home) .. " to " .. geometry.named(wanted)
  local place = geometry.centre_turned(entity.prototype, home, before, engine)
  local character = session.character()
  local stood = {x = character.position.x, y = character.position.y}
  local oblong = entity.prototype.tile_width ~= entity.prototype.tile_height
  if oblong then expect_room(entity, title, place, engine) end
  local ok, done = pcall(turn, entity, engine, place)
  if not (ok and done) then
    turn_back(entity, before, home)
    if oblong then character.teleport(stood) end
    refuse_turn(entity, title, not ok and tostring(done) or nil)
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
  local item = lookup.item(name)
  inserter.use_filters = true
  inserter.set_filter(1, item.name)
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
