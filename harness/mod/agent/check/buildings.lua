-- Looks over what a save says of buildings: what each holds and does, their wires, fluids and order.

local expect = require("host.expect")
local inventories = require("check.inventories")
local saving = require("host.save")

local buildings = {}

local refuse = expect.refuse

-- Lanes of a belt, by type. Source: documented transport line indices.
local LANES = {["transport-belt"] = 2, ["underground-belt"] = 4, ["splitter"] = 8}
-- Tiles of the longest lane: that of an underground belt.
local LONGEST_LANE = 64
-- More than anything of the game holds: joules, degrees, units of a fluid.
local ENERGY, HEAT, FLUID = 1e15, 1e6, 1e9
-- Seconds of the slowest thing to mine.
local SLOWEST = 1000

local function check_arm(arm, what)
  if expect.table(arm, what).x ~= nil or arm.y ~= nil then expect.place(arm.x, arm.y, what) end
  if arm.held then
    local held = expect.table(arm.held, what)
    expect.stack(held[1], held[2], what)
  end
  if arm.limit ~= nil then expect.whole(arm.limit, what .. ", limit", 0, 255) end
  for _, filter in ipairs(expect.list(arm.filters, what)) do
    expect.whole(expect.table(filter, what)[1], what .. ", filter", 1, expect.MOST_SLOTS)
    expect.name("item", filter[2], what .. ", filter")
  end
  expect.flag(arm.filtered, what)
  if arm.mode ~= nil then expect.one_of(arm.mode, what .. ", mode", {"whitelist", "blacklist"}) end
end

local function check_work(saved, what)
  if saved.burner then
    expect.name("item", expect.table(saved.burner, what)[1], what .. ", fuel")
    expect.number(saved.burner[2], what .. ", fuel", 0, ENERGY)
  end
  for key, whole in pairs({craft = 1, mining = SLOWEST}) do
    local part = expect.table(saved[key] or {}, what)
    for _, number in ipairs({"progress", "bonus"}) do
      expect.some_number(part[number], what .. ", " .. number, 0, whole)
    end
    expect.some_number(part.finished, what .. ", finished", 0, expect.LAST_COUNT)
    expect.flag(part.waiting, what .. ", waiting")
    if part.making then expect.name("recipe", part.making, what .. ", craft") end
  end
  if saved.silo then
    expect.whole(expect.table(saved.silo, what)[1], what .. ", rocket parts", 0, expect.MOST)
    expect.flag(saved.silo[2], what)
  end
  expect.some_number(saved.health, what .. ", health", 0, expect.HEALTH)
  expect.some_number(saved.energy, what .. ", energy", 0, ENERGY)
  expect.some_number(saved.temperature, what .. ", temperature", -HEAT, HEAT)
  expect.flag(saved.stopped, what)
end

local function check_belt(saved, prototype, what)
  for _, item in ipairs(expect.list(saved.lanes, what)) do
    expect.whole(expect.table(item, what)[1], what .. ", lane", 1, LANES[prototype.type] or 0)
    expect.number(item[2], what .. ", place on the lane", 0, LONGEST_LANE)
    expect.name("item", item[3], what .. ", lane")
  end
  if saved.end_type ~= nil then expect.one_of(saved.end_type, what .. ", end", {"input", "output"}) end
  if saved.sides then
    for side = 1, 2 do
      expect.one_of(expect.table(saved.sides, what)[side], what .. ", side", {"left", "none", "right"})
    end
    if saved.sides[3] then expect.name("item", saved.sides[3], what .. ", filter") end
  end
end

local function check_entity(saved)
  local prototype = expect.name("entity", expect.table(saved, "entities").name, "entities")
  local kind = prototype.type
  if saving.NOT_BUILDINGS[kind] or expect.WILD[kind] then refuse("entities", "a building", saved.name) end
  expect.place(saved.x, saved.y, saved.name)
  local what = saved.name .. " at " .. saved.x .. ", " .. saved.y
  expect.whole(saved.direction, what .. ", direction", 0, expect.LAST_DIRECTION)
  if saved.recipe then expect.name("recipe", saved.recipe, what .. ", recipe") end
  inventories.check(saved.inventories, prototype, 0, what)
  check_belt(saved, prototype, what)
  if saved.arm then check_arm(saved.arm, what .. ", hand") end
  check_work(saved, what)
end

local function place_key(x, y)
  return tostring(x) .. ":" .. tostring(y)
end

--- The list of buildings; gives the places of all of them, for `check_fluids`.
function buildings.check(list)
  local places = {}
  for _, saved in ipairs(expect.list(list, "entities")) do
    check_entity(saved)
    places[place_key(saved.x, saved.y)] = true
  end
  for _, saved in ipairs(list) do
    for _, wire in ipairs(expect.list(saved.wires, "wires")) do
      for _, part in ipairs({1, 4}) do expect.whole(expect.table(wire, "wires")[part], "wires, connector", 0) end
      if not places[place_key(wire[2], wire[3])] then refuse("wires", "the place of a building", wire[2]) end
    end
  end
  return places
end

--- In what order they were built, of those that there are.
function buildings.check_order(order, count)
  local seen = {}
  for _, rank in ipairs(expect.list(order, "order")) do
    expect.whole(rank, "order", 1, count)
    if seen[rank] then refuse("order", "places in the list of entities, each once", rank) end
    seen[rank] = true
  end
end

--- What they were doing, of those that there are.
function buildings.check_statuses(names, count)
  if #expect.list(names, "statuses") > count then refuse("statuses", "one for each of " .. count, #names) end
  for _, name in ipairs(names or {}) do
    if name ~= "" and not defines.entity_status[name] then refuse("statuses", "the name of a status", name) end
  end
end

function buildings.check_fluids(list, places)
  for _, saved in ipairs(expect.list(list, "fluids")) do
    expect.name("fluid", expect.table(saved, "fluids").fluid, "fluids")
    expect.number(saved.amount, "fluids, amount", 0, FLUID)
    expect.number(saved.temperature, "fluids, temperature", -HEAT, HEAT)
    local boxes = expect.list(saved.at, "fluids, boxes")
    if #boxes == 0 then refuse("fluids, boxes", "one at least", "none") end
    for _, at in ipairs(boxes) do
      expect.name("entity", expect.table(at, "fluids, boxes")[3], "fluids, boxes")
      expect.whole(at[4], "fluids, boxes", 1)
      if not places[place_key(at[1], at[2])] then refuse("fluids, boxes", "the place of a building", at[1]) end
    end
  end
end

return buildings
