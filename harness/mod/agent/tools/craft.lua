-- craft_item: crafting by hand, with the intermediates it takes.
-- The whole tree is planned on a copy of the inventory first, so a craft that cannot end changes nothing.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local failure = require("lib.failure")
local flow = require("lib.flow")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")
local triggers = require("lib.triggers")

local function unlocking(name)
  for technology, prototype in pairs(prototypes.technology) do
    for _, effect in ipairs(prototype.effects) do
      if effect.type == "unlock-recipe" and effect.recipe == name then return technology end
    end
  end
  return nil
end

local function cannot(name, count, code, reason, hint)
  failure.raise(code, "failed to craft " .. count .. "x " .. name .. " because " .. reason, {expected = name, hint = hint})
end

--- The recipe by which a hand makes an item, or a failure that says why there is none.
local function recipe_for(name, count)
  local recipe = session.force().recipes[name]
  if not recipe then
    cannot(name, count, "not_available", name .. " has no recipe, it must be gathered", "harvest it, or extract it from a machine")
  end
  if not recipe.enabled then
    local technology = unlocking(name)
    cannot(name, count, "locked", "its recipe is not unlocked" .. (technology and ", research " .. technology or ""),
      technology and "set_research or trigger " .. technology or nil)
  end
  if not session.character().prototype.crafting_categories[recipe.category] then
    cannot(name, count, "not_available", name .. " cannot be crafted by hand, it needs a machine for " .. recipe.category,
      "make it in a furnace or an assembling machine and extract it")
  end
  return recipe
end

local function is_handmade(name)
  local recipe = session.force().recipes[name]
  return recipe ~= nil and session.character().prototype.crafting_categories[recipe.category] ~= nil
end

local function amount_of(recipe, name)
  for _, product in ipairs(recipe.products) do
    if product.name == name then return product.amount end
  end
  return recipe.products[1].amount
end

local function totals(entries, crafts)
  local list = {}
  for rank, entry in ipairs(entries) do list[rank] = {name = entry.name, count = entry.amount * crafts} end
  return list
end

--- Appends to `plan` the crafts that bring `count` more of `name` into `held`; `above` is the chain that asks for it.
local function plan_craft(plan, held, name, count, above)
  local recipe = recipe_for(name, count)
  if above[name] then cannot(name, count, "recursive", "it needs itself") end
  above[name] = true
  local crafts = math.ceil(count / amount_of(recipe, name))
  for _, ingredient in ipairs(recipe.ingredients) do
    local short = ingredient.amount * crafts - (held[ingredient.name] or 0)
    if short > 0 then
      if not is_handmade(ingredient.name) then
        cannot(name, count, "missing_items",
          "it needs " .. ingredient.amount * crafts .. " " .. ingredient.name .. " and there are "
            .. (held[ingredient.name] or 0) .. ", " .. ingredient.name .. " cannot be crafted by hand",
          "harvest or extract " .. ingredient.name)
      end
      plan_craft(plan, held, ingredient.name, short, above)
    end
  end
  for _, ingredient in ipairs(recipe.ingredients) do
    held[ingredient.name] = held[ingredient.name] - ingredient.amount * crafts
  end
  for _, product in ipairs(recipe.products) do
    held[product.name] = (held[product.name] or 0) + product.amount * crafts
  end
  plan[#plan + 1] = {recipe = recipe, crafts = crafts}
  above[name] = nil
end

local function nested(name, count, problem)
  if failure.is(problem) and not problem.message:find("failed to craft " .. count .. "x " .. name, 1, true) then
    problem.message = "failed to craft " .. count .. "x " .. name .. " because " .. problem.message
  end
  error(problem, 0)
end

--- Moves the items of one planned step; false if the products did not fit.
local function carry_out(inventory, step)
  for _, entry in ipairs(totals(step.recipe.ingredients, step.crafts)) do inventory.remove(entry) end
  for _, entry in ipairs(totals(step.recipe.products, step.crafts)) do
    if inventory.insert(entry) < entry.count then return false end
  end
  return true
end

local function restore(inventory, before)
  inventory.clear()
  for _, name in ipairs(stock.names(before)) do inventory.insert{name = name, count = before[name]} end
end

local function record(plan)
  for _, step in ipairs(plan) do
    clock.charge(math.ceil(step.recipe.energy * 60 * step.crafts - 1e-9))
    flow.crafted(totals(step.recipe.ingredients, step.crafts), totals(step.recipe.products, step.crafts))
  end
  triggers.crafted()
end

local function craft(args)
  local name = arguments.string(args, "name")
  local count = arguments.count(args, "quantity", 1)
  if not session.force().recipes[name] then lookup.item(name) end
  local inventory = session.inventory()
  local before = stock.contents(inventory)
  local plan = {}
  local ok, problem = pcall(plan_craft, plan, stock.add({}, before), name, count, {})
  if not ok then nested(name, count, problem) end
  for _, step in ipairs(plan) do
    if not carry_out(inventory, step) then
      restore(inventory, before)
      cannot(name, count, "inventory_full", "the inventory is full", "insert items into a chest first")
    end
  end
  record(plan)
  return count
end

return {tools = {craft_item = craft}}
