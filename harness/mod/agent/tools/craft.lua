-- craft_item: crafting by hand, with the intermediates it takes.
-- The whole tree is planned on counts first, so a craft that cannot end changes nothing.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local failure = require("lib.failure")
local flow = require("lib.flow")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")
local triggers = require("lib.triggers")
local unlocking = require("lib.unlocking")

local function cannot(name, count, code, reason, fields)
  failure.raise(code, "failed to craft " .. count .. "x " .. name .. " because " .. reason, fields)
end

local function is_handmade(recipe)
  return session.character().prototype.crafting_categories[recipe.category] ~= nil
end

--- The recipe by which a hand makes an item, or a failure that says why there is none.
local function recipe_for(name, count)
  local recipe = session.force().recipes[name]
  if not recipe then
    cannot(name, count, "not_available", name .. " has no recipe, it is a raw resource that must be gathered",
      {expected = "an item with a recipe", found = name, hint = "harvest it, or extract it from a machine"})
  end
  if not recipe.enabled then
    local technology = unlocking.technology(name)
    cannot(name, count, "locked", "its recipe is not unlocked" .. (technology and ", research " .. technology or ""),
      {expected = technology or "an unlocked recipe", found = name .. " is locked",
       hint = unlocking.hint(name, "make something else")})
  end
  if not is_handmade(recipe) then
    cannot(name, count, "not_available", name .. " cannot be crafted by hand, it needs a machine for " .. recipe.category,
      {expected = "a recipe for hands", found = recipe.category, hint = recipe.category == "smelting"
        and "smelt it in a furnace and extract it" or "make it in a machine and extract it"})
  end
  return recipe
end

--- What one craft gives of a product for certain.
local function amount_of(product)
  return product.amount or product.amount_min
end

local function yield_of(recipe, name)
  for _, product in ipairs(recipe.products) do
    if product.name == name then return amount_of(product) end
  end
  return amount_of(recipe.products[1])
end

local function totals(entries, crafts)
  local list = {}
  for rank, entry in ipairs(entries) do list[rank] = {name = entry.name, count = amount_of(entry) * crafts} end
  return list
end

local function expect_source(name, count, ingredient, needed, held)
  local recipe = session.force().recipes[ingredient]
  if recipe and is_handmade(recipe) then return end
  cannot(name, count, "missing_items",
    "it needs " .. needed .. " " .. ingredient .. " and there are " .. held .. ", " .. ingredient
      .. " cannot be crafted by hand",
    {expected = {name = ingredient, count = needed}, found = held,
     hint = recipe and "make " .. ingredient .. " in a machine and extract it" or "harvest or extract " .. ingredient})
end

local plan_craft

--- Plans what is short of an ingredient that `crafts` of a recipe take.
local function plan_ingredient(plan, held, name, count, ingredient, crafts, above)
  local needed, have = ingredient.amount * crafts, held[ingredient.name] or 0
  if needed <= have then return end
  expect_source(name, count, ingredient.name, needed, have)
  local ok, problem = pcall(plan_craft, plan, held, ingredient.name, needed - have, above)
  if ok then return end
  if failure.is(problem) then
    problem.message = "failed to craft " .. count .. "x " .. name .. " because " .. problem.message
  end
  error(problem, 0)
end

--- Appends to `plan` the crafts that bring `count` more of `name` into `held`; `above` is the chain that asks for it.
function plan_craft(plan, held, name, count, above)
  local recipe = recipe_for(name, count)
  if above[name] then
    cannot(name, count, "recursive", "it needs itself",
      {expected = "ingredients other than " .. name, found = name, hint = "extract " .. name .. " from a machine"})
  end
  above[name] = true
  local crafts = math.ceil(count / yield_of(recipe, name))
  for _, ingredient in ipairs(recipe.ingredients) do
    plan_ingredient(plan, held, name, count, ingredient, crafts, above)
  end
  for _, entry in ipairs(totals(recipe.ingredients, crafts)) do held[entry.name] = held[entry.name] - entry.count end
  for _, entry in ipairs(totals(recipe.products, crafts)) do held[entry.name] = (held[entry.name] or 0) + entry.count end
  plan[#plan + 1] = {recipe = recipe, crafts = crafts}
  above[name] = nil
end

--- What the whole plan takes from the inventory and what it leaves there, as lists of stacks.
local function balance(before, after)
  local taken, made = {}, {}
  for _, name in ipairs(stock.names(after)) do
    local change = after[name] - (before[name] or 0)
    if change < 0 then taken[#taken + 1] = {name = name, count = -change} end
    if change > 0 then made[#made + 1] = {name = name, count = change} end
  end
  return taken, made
end

local function counts_of(stacks)
  local counts = {}
  for _, stack in ipairs(stacks) do counts[stack.name] = stack.count end
  return counts
end

local function slots_of(inventory)
  local slots = {}
  for slot = 1, #inventory do
    local stack = inventory[slot]
    slots[slot] = stack.valid_for_read and {name = stack.name, count = stack.count} or false
  end
  return slots
end

--- Puts back what the slots held; those that hold it still are left alone, as a stack may be more than its count.
local function put_back(inventory, slots)
  for slot, held in ipairs(slots) do
    local stack = inventory[slot]
    local same = stack.valid_for_read and held and stack.name == held.name and stack.count == held.count
    if held and not same then stack.set_stack(held) end
    if not held and stack.valid_for_read then stack.clear() end
  end
end

--- Takes and makes; false, with everything where it was, if the products do not fit. Ingredients that go free slots.
local function exchange(inventory, taken, made)
  local slots = not stock.fits(inventory, counts_of(made)) and slots_of(inventory)
  for _, stack in ipairs(taken) do inventory.remove(stack) end
  for _, stack in ipairs(made) do
    if inventory.insert(stack) < stack.count then
      put_back(inventory, slots)
      return false
    end
  end
  return true
end

local function ticks_of(step)
  return math.ceil(step.recipe.energy * 60 * step.crafts - 1e-9)
end

local function expect_time(plan, action)
  local ticks = 0
  for _, step in ipairs(plan) do ticks = ticks + ticks_of(step) end
  clock.expect(ticks, action)
end

local function record(plan)
  for _, step in ipairs(plan) do
    clock.charge(ticks_of(step))
    flow.crafted(totals(step.recipe.ingredients, step.crafts), totals(step.recipe.products, step.crafts))
  end
  triggers.crafted()
end

local function craft(args)
  local name = arguments.string(args, "name")
  local count = arguments.count(args, "quantity", 1, 0)
  if not session.force().recipes[name] then lookup.item(name) end
  if count == 0 then return 0 end
  local inventory, plan = session.inventory(), {}
  local before = stock.contents(inventory)
  local after = stock.add({}, before)
  plan_craft(plan, after, name, count, {})
  expect_time(plan, "craft " .. count .. "x " .. name)
  local taken, made = balance(before, after)
  if not exchange(inventory, taken, made) then
    stock.refuse_full(inventory, "failed to craft " .. count .. "x " .. name, counts_of(made))
  end
  record(plan)
  return count
end

return {tools = {craft_item = craft}}
