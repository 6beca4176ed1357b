-- Looks a save over before the world is touched: its version, its shape, and every name and number in it.

local expect = require("host.expect")
local failure = require("lib.failure")
local knowledge = require("host.knowledge")
local people = require("host.people")
local saving = require("host.save")
local worlds = require("host.worlds")

local check = {}

local refuse = expect.refuse

-- Lanes of a belt, by type. Source: documented transport line indices.
local LANES = {["transport-belt"] = 2, ["underground-belt"] = 4, ["splitter"] = 8}
-- Machines that make things may hold more of one than a stack, as much as their recipes take and give.
local CRAFTERS = {["furnace"] = true, ["assembling-machine"] = true, ["rocket-silo"] = true}
local MOST = 65535
-- Stacks that a slot of such a machine may come to, or this many items of what hardly stacks.
local STACKS, FEW = 10, 1000
-- Game time and amounts of ore are 32 bits wide.
local LAST_COUNT = 2 ^ 32 - 1
-- Tiles of the longest lane: that of an underground belt.
local LONGEST_LANE = 64
-- More than anything of the game holds: joules, degrees, points, units of a fluid.
local ENERGY, HEAT, HEALTH, FLUID = 1e15, 1e6, 1e6, 1e9
-- Seconds of the slowest thing to mine.
local SLOWEST = 1000
local LAST_DIRECTION = 15
-- Slots of an inventory whose size the game does not tell beforehand.
local MOST_SLOTS = 255
local WILD = {["resource"] = true, ["tree"] = true, ["simple-entity"] = true, ["fish"] = true}

local function last_inventory()
  local last = 0
  for _, id in pairs(defines.inventory) do last = math.max(last, id) end
  return last
end

local function most_in_slot(prototype, name, what)
  if not CRAFTERS[prototype.type] then return nil end
  return math.max(STACKS * expect.name("item", name, what).stack_size, FEW)
end

local function check_inventory(saved, prototype, size, what)
  for _, stack in ipairs(expect.list(expect.table(saved, what).stacks, what)) do
    expect.whole(expect.table(stack, what)[1], what .. ", slot", 1, size)
    expect.stack(stack[2], stack[3], what, most_in_slot(prototype, stack[2], what))
    expect.some_number(stack[4], what .. ", wear", 0, MOST)
  end
  for _, filter in ipairs(expect.list(saved.filters, what)) do
    expect.whole(expect.table(filter, what)[1], what .. ", filtered slot", 1, size)
    expect.name("item", filter[2], what .. ", filter")
  end
  if saved.bar ~= nil then expect.whole(saved.bar, what .. ", bar", 1, size + 1) end
end

local function check_inventories(all, prototype, more, what)
  for _, entry in ipairs(expect.list(all, what)) do
    expect.whole(expect.table(entry, what)[1], what .. ", inventory", 1, last_inventory())
    local size = prototype.get_inventory_size(entry[1])
    check_inventory(entry[2], prototype, size and size + more or MOST_SLOTS, what .. ", inventory " .. entry[1])
  end
end

local function check_arm(arm, what)
  if expect.table(arm, what).x ~= nil or arm.y ~= nil then expect.place(arm.x, arm.y, what) end
  if arm.held then
    local held = expect.table(arm.held, what)
    expect.stack(held[1], held[2], what)
  end
  if arm.limit ~= nil then expect.whole(arm.limit, what .. ", limit", 0, 255) end
  for _, filter in ipairs(expect.list(arm.filters, what)) do
    expect.whole(expect.table(filter, what)[1], what .. ", filter", 1, MOST_SLOTS)
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
    expect.some_number(part.finished, what .. ", finished", 0, LAST_COUNT)
    expect.flag(part.waiting, what .. ", waiting")
    if part.making then expect.name("recipe", part.making, what .. ", craft") end
  end
  if saved.silo then
    expect.whole(expect.table(saved.silo, what)[1], what .. ", rocket parts", 0, MOST)
    expect.flag(saved.silo[2], what)
  end
  expect.some_number(saved.health, what .. ", health", 0, HEALTH)
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
  if saving.NOT_BUILDINGS[prototype.type] or WILD[prototype.type] then refuse("entities", "a building", saved.name) end
  expect.place(saved.x, saved.y, saved.name)
  local what = saved.name .. " at " .. saved.x .. ", " .. saved.y
  expect.whole(saved.direction, what .. ", direction", 0, LAST_DIRECTION)
  if saved.recipe then expect.name("recipe", saved.recipe, what .. ", recipe") end
  check_inventories(saved.inventories, prototype, 0, what)
  check_belt(saved, prototype, what)
  if saved.arm then check_arm(saved.arm, what .. ", hand") end
  check_work(saved, what)
end

local function place_key(x, y)
  return tostring(x) .. ":" .. tostring(y)
end

local function check_entities(list)
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

local function check_order(order, count)
  local seen = {}
  for _, rank in ipairs(expect.list(order, "order")) do
    expect.whole(rank, "order", 1, count)
    if seen[rank] then refuse("order", "places in the list of entities, each once", rank) end
    seen[rank] = true
  end
end

local function check_statuses(names, count)
  if #expect.list(names, "statuses") > count then refuse("statuses", "one for each of " .. count, #names) end
  for _, name in ipairs(names or {}) do
    if name ~= "" and not defines.entity_status[name] then refuse("statuses", "the name of a status", name) end
  end
end

local function check_fluids(list, places)
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

local function expect_wild(name, what)
  local kind = expect.name("entity", name, what).type
  if not WILD[kind] then refuse(what, "ore, a tree, a rock or fish", name) end
  return kind
end

--- `x, y, amount, ...`, looked at in one go, as there are thousands.
local function check_places(list, what, low, high)
  local far = expect.FAR
  for index = 1, #list, 3 do
    local x, y, amount = list[index], list[index + 1], list[index + 2]
    if type(x) ~= "number" or type(y) ~= "number" or not (math.abs(x) <= far and math.abs(y) <= far) then
      refuse(what, "x and y within " .. far .. " tiles", tostring(x) .. ", " .. tostring(y))
    end
    if type(amount) ~= "number" or amount % 1 ~= 0 or amount < low or amount > high then
      refuse(what, "a whole amount from " .. low .. " to " .. high, amount)
    end
  end
end

local function check_nature(lists, wells, items)
  for name, list in pairs(expect.table(lists, "nature")) do
    local what = "nature, " .. tostring(name)
    local is_ore = expect_wild(name, "nature") == "resource"
    if #expect.list(list, what) % 3 ~= 0 then refuse(what, "x, y, amount", #list) end
    check_places(list, what, is_ore and 1 or 0, is_ore and LAST_COUNT or 0)
  end
  for _, well in ipairs(expect.list(wells, "wells")) do
    expect_wild(expect.table(well, "wells")[1], "wells")
    expect.place(well[2], well[3], "wells")
    for part = 4, 5 do expect.whole(well[part], "wells, amount", 0, LAST_COUNT) end
  end
  for _, item in ipairs(expect.list(items, "ground_items")) do
    expect.place(expect.table(item, "ground_items")[1], item[2], "ground_items")
    expect.stack(item[3], item[4], "ground_items")
  end
end

local function check_queue(queue)
  for _, craft in ipairs(expect.list(expect.table(queue, "characters, queue").crafts, "characters, queue")) do
    expect.name("recipe", expect.table(craft, "characters, queue")[1], "characters, queue")
    expect.whole(craft[2], "characters, queue", 1, LAST_COUNT)
  end
  expect.some_number(queue.progress, "characters, queue", 0, 1)
end

local function check_character(saved, bonus)
  local prototype = expect.name("entity", expect.table(saved, "characters").name, "characters")
  if prototype.type ~= "character" then refuse("characters", "a character", saved.name) end
  expect.place(saved.x, saved.y, "characters")
  for _, key in ipairs({"direction", "walking"}) do
    if saved[key] ~= nil then expect.whole(saved[key], "characters, " .. key, 0, LAST_DIRECTION) end
  end
  expect.some_number(saved.health, "characters, health", 0, HEALTH)
  expect.bonuses(people.OWN_BONUSES, saved.bonuses, "characters, bonuses")
  local own = tonumber((saved.bonuses or {}).character_inventory_slots_bonus or 0)
  check_inventories(saved.inventories, prototype, bonus and bonus + own or MOST, "characters")
  if saved.held then expect.stack(expect.table(saved.held, "characters")[1], saved.held[2], "characters, hand") end
  if saved.queue then check_queue(saved.queue) end
  if saved.mining then
    expect.place(expect.table(saved.mining, "characters")[1], saved.mining[2], "characters, mining")
    expect.some_number(saved.mining[3], "characters, mining", 0, 1)
  end
  expect.flag(saved.picking, "characters, picking")
  expect.flag(saved.stopped, "characters, stopped")
end

local function check_people(list, technologies)
  local bonus, seen = nil, {}
  if technologies.recipes then bonus = tonumber(technologies.bonuses.character_inventory_slots_bonus or 0) end
  for _, saved in ipairs(expect.list(list, "characters")) do
    check_character(saved, bonus)
    if saved.agent ~= nil then
      expect.whole(saved.agent, "characters, agent", 1, MOST)
      if seen[saved.agent] then refuse("characters, agent", "each number once", saved.agent) end
      seen[saved.agent] = true
    end
  end
end

local function check_knowledge(saved)
  expect.table(saved, "technologies")
  for _, key in ipairs({"researched", "disabled", "queue"}) do
    for _, name in ipairs(expect.list(expect.table(saved[key], "technologies, " .. key), "technologies, " .. key)) do
      expect.name("technology", name, "technologies, " .. key)
    end
  end
  expect.counts("technology", expect.table(saved.progress, "technologies"), "technologies, progress", 0, 1)
  expect.counts("technology", expect.table(saved.levels, "technologies"), "technologies, levels", 1, LAST_COUNT)
  expect.counts("item", expect.table(saved.launched, "technologies"), "technologies, launched", 0)
  expect.bonuses(knowledge.BONUSES, expect.table(saved.bonuses, "technologies"), "technologies, bonuses")
  for _, name in ipairs(expect.list(saved.recipes, "technologies, recipes")) do
    expect.name("recipe", name, "technologies, recipes")
  end
  if saved.previous then expect.name("technology", saved.previous, "technologies, previous") end
  expect.some_number(saved.rockets, "technologies, rockets", 0, LAST_COUNT)
end

local function check_statistics(saved)
  expect.table(saved, "statistics")
  for part, kind in pairs({items = "item", fluids = "fluid"}) do
    local counts = expect.table(saved[part], "statistics, " .. part)
    for _, side in ipairs({"produced", "consumed"}) do
      expect.counts(kind, expect.table(counts[side], "statistics, " .. part), "statistics, " .. part, 0)
    end
  end
end

local TALLIES = {"harvested", "crafted", "crafted_from"}

--- What tools remember; `storage` has all of it already, empty if there is nothing yet.
local function check_memory(saved)
  for key in pairs(expect.table(saved, "memory")) do
    if type(key) ~= "string" or saving.NOT_MEMORY[key] or storage[key] == nil then
      refuse("memory", "what tools remember", key)
    end
  end
  if saved.elapsed ~= nil then expect.whole(saved.elapsed, "memory, elapsed", 0) end
  for _, key in ipairs(TALLIES) do
    for name, count in pairs(expect.table(saved[key] or {}, "memory, " .. key)) do
      local what = "memory, " .. key .. ", " .. tostring(name)
      if type(name) ~= "string" then refuse(what, "the name of an item or fluid", name) end
      if type(count) ~= "number" then refuse(what, "a number", count) end
      expect.number(count, what, 0, 2 ^ 53)
    end
  end
end

local function check_day(saved)
  expect.some_number(expect.table(saved, "day").time, "day", 0, 1)
  expect.flag(saved.frozen, "day")
  expect.flag(saved.always_day, "day")
end

--- Raises unless `state` is a save that this version can make a world of.
function check.state(state)
  if type(state) ~= "table" then refuse("the whole", "a save", type(state)) end
  if state.format ~= saving.FORMAT then
    failure.raise("bad_state", "state: expected a save of format " .. saving.FORMAT .. ", got " .. tostring(state.format),
      {expected = saving.FORMAT, found = tostring(state.format), hint = "restore it with the version that saved it"})
  end
  worlds.expect(state.map)
  expect.whole(state.seed, "seed")
  expect.whole(state.age, "age", 0, LAST_COUNT)
  check_memory(state.memory)
  check_day(state.day)
  local places = check_entities(state.entities)
  check_order(state.order, #state.entities)
  check_statuses(state.statuses, #state.entities)
  check_fluids(state.fluids, places)
  check_nature(state.nature, state.wells, state.ground_items)
  check_knowledge(state.technologies)
  check_people(state.characters, state.technologies)
  check_statistics(state.statistics)
end

return check
