-- Looks a save over before the world is touched: its version, its shape, and every name in it.

local failure = require("lib.failure")
local saving = require("host.save")
local stock = require("lib.stock")
local worlds = require("host.worlds")

local check = {}

local function refuse(what, expected, found)
  failure.raise("bad_state", "state: " .. what .. ": expected " .. expected .. ", got " .. tostring(found),
    {expected = expected, found = tostring(found), hint = "take the state anew with save"})
end

local function expect_table(value, what)
  if type(value) ~= "table" then refuse(what, "a table", type(value)) end
  return value
end

local function expect_number(value, what)
  if type(value) ~= "number" and not (type(value) == "string" and tonumber(value)) then
    refuse(what, "a number", value)
  end
end

local function expect_name(kind, name, what)
  if type(name) ~= "string" or not prototypes[kind][name] then refuse(what, "the name of " .. kind, name) end
end

local function check_inventories(all, what)
  for _, entry in ipairs(expect_table(all or {}, what)) do
    expect_number(entry[1], what)
    for _, stack in ipairs(expect_table(expect_table(entry[2], what).stacks or {}, what)) do
      expect_number(stack[1], what .. ", slot")
      expect_name("item", stack[2], what)
      expect_number(stack[3], what .. ", count")
    end
  end
end

local function check_entity(saved)
  expect_table(saved, "entities")
  expect_name("entity", saved.name, "entities")
  local what = saved.name .. " at " .. tostring(saved.x) .. ", " .. tostring(saved.y)
  for _, key in ipairs({"x", "y", "direction"}) do expect_number(saved[key], what .. ", " .. key) end
  if saved.recipe then expect_name("recipe", saved.recipe, what .. ", recipe") end
  check_inventories(saved.inventories, what)
  for _, item in ipairs(expect_table(saved.lanes or {}, what)) do
    expect_number(item[1], what .. ", lane")
    expect_number(item[2], what .. ", place on the lane")
    expect_name("item", item[3], what .. ", lane")
  end
  local arm = expect_table(saved.arm or {}, what)
  if arm.held then expect_name("item", arm.held[1], what .. ", hand") end
  if saved.burner then expect_name("item", saved.burner[1], what .. ", fuel") end
end

local function check_fluids(list)
  for _, saved in ipairs(expect_table(list, "fluids")) do
    expect_name("fluid", saved.fluid, "fluids")
    expect_number(saved.amount, "fluids, amount")
    for _, at in ipairs(expect_table(saved.at, "fluids, places")) do expect_name("entity", at[3], "fluids, places") end
  end
end

local function check_nature(lists, wells, items)
  for _, name in ipairs(stock.names(expect_table(lists, "nature"))) do
    expect_name("entity", name, "nature")
    if #expect_table(lists[name], "nature") % 3 ~= 0 then refuse("nature, " .. name, "x, y, amount", #lists[name]) end
  end
  for _, well in ipairs(expect_table(wells, "wells")) do expect_name("entity", well[1], "wells") end
  for _, item in ipairs(expect_table(items, "ground_items")) do expect_name("item", item[3], "ground_items") end
end

local function check_people(list)
  for _, saved in ipairs(expect_table(list, "characters")) do
    expect_name("entity", saved.name, "characters")
    expect_number(saved.x, "characters, x")
    expect_number(saved.y, "characters, y")
    check_inventories(saved.inventories, "characters")
  end
end

local function check_knowledge(saved)
  expect_table(saved, "technologies")
  for _, key in ipairs({"researched", "disabled", "queue"}) do
    for _, name in ipairs(expect_table(saved[key], "technologies, " .. key)) do
      expect_name("technology", name, "technologies, " .. key)
    end
  end
  for _, key in ipairs({"progress", "levels", "bonuses", "launched"}) do
    expect_table(saved[key], "technologies, " .. key)
  end
end

local function check_statistics(saved)
  for _, kind in ipairs({"items", "fluids"}) do
    local counts = expect_table(expect_table(saved, "statistics")[kind], "statistics, " .. kind)
    for _, side in ipairs({"produced", "consumed"}) do
      for _, name in ipairs(stock.names(expect_table(counts[side], "statistics, " .. kind))) do
        expect_name(kind == "items" and "item" or "fluid", name, "statistics")
      end
    end
  end
end

--- Raises unless `state` is a save that this version can make a world of.
function check.state(state)
  if type(state) ~= "table" then refuse("the whole", "a save", type(state)) end
  if state.format ~= saving.FORMAT then
    failure.raise("bad_state", "state: expected a save of format " .. saving.FORMAT .. ", got " .. tostring(state.format),
      {expected = saving.FORMAT, found = tostring(state.format), hint = "restore it with the version that saved it"})
  end
  worlds.expect(state.map)
  expect_number(state.seed, "seed")
  expect_number(state.age, "age")
  expect_table(state.memory, "memory")
  expect_table(state.day, "day")
  for _, saved in ipairs(expect_table(state.entities, "entities")) do check_entity(saved) end
  for _, index in ipairs(expect_table(state.order, "order")) do
    if not state.entities[index] then refuse("order", "places in the list of entities, each once", index) end
  end
  check_fluids(state.fluids)
  check_nature(state.nature, state.wells, state.ground_items)
  check_people(state.characters)
  check_knowledge(state.technologies)
  check_statistics(state.statistics)
end

return check
