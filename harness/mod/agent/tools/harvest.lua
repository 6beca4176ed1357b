-- harvest_resource: mining by hand, one unit of ore, one tree or one rock at a time.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local failure = require("lib.failure")
local flow = require("lib.flow")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local SPOT_REACH = 1.5
local FARTHEST = 1000
local TYPES = {"tree", "resource", "simple-entity"}

local function fail(code, message, fields)
  failure.raise(code, "could not harvest, " .. message, fields)
end

local function expect_reach(position)
  local character = session.character()
  local distance = geometry.distance(character.position, position)
  local reach = character.resource_reach_distance
  if distance > reach + 1e-6 then
    fail("out_of_reach",
      string.format("%s is too far from the character at %s: %s, reach is %g",
        geometry.show(position), geometry.show(character.position), geometry.show_beyond(distance, reach), reach),
      {expected = "at most " .. reach .. " tiles", found = geometry.show_beyond(distance, reach),
       hint = "move_to(nearest(Resource.X)) and harvest right there"})
  end
end

local function around(position, reach, filter)
  local query = {position = position, radius = reach}
  for key, value in pairs(filter) do query[key] = value end
  return lookup.by_distance(session.surface().find_entities_filtered(query), position)
end

local function expect_target(position)
  local target = around(position, SPOT_REACH, {type = TYPES})[1]
  if target then return target end
  fail("not_found", "nothing to harvest within " .. SPOT_REACH .. " tiles of " .. geometry.show(position),
    {expected = "ore, a tree or a rock", found = "nothing", hint = "pass the position that nearest gives"})
end

--- Whether a hand can mine the entity at all: oil, for one, takes a pumpjack.
local function minable(entity)
  if entity.type ~= "resource" then return true end
  return not entity.prototype.infinite_resource and not entity.prototype.mineable_properties.required_fluid
end

local function ticks_of(entity)
  return math.ceil(entity.prototype.mineable_properties.mining_time * 60 - 1e-9)
end

--- Mines an entity once into the inventory; nothing happens and 0 is returned when there is no room or no time for it.
-- `gained` and `order` collect what came.
local function mine(entity, inventory, gained, order)
  local prototype, ticks = entity.prototype, ticks_of(entity)
  if not clock.affords(ticks) then return 0 end
  local products = prototype.mineable_properties.products or {}
  local most = {}
  for _, product in ipairs(products) do
    most[product.name] = (most[product.name] or 0) + math.ceil(product.amount or product.amount_max)
  end
  if not stock.fits(inventory, most) then return 0 end
  local before = {}
  for name in pairs(most) do before[name] = inventory.get_item_count(name) end
  entity.mine{inventory = inventory, force = true, raise_destroyed = true}
  clock.charge(ticks)
  local total = 0
  for _, name in ipairs(stock.names(most)) do
    local count = inventory.get_item_count(name) - before[name]
    if count > 0 then
      if not gained[name] then order[#order + 1] = name end
      gained[name] = (gained[name] or 0) + count
      total = total + count
    end
  end
  return total
end

--- Mines the entities in turn, round and round, until `wanted` items came or no more can.
local function mine_all(entities, wanted, inventory, gained, order)
  local total, progress = 0, true
  while total < wanted and progress do
    progress = false
    for _, entity in ipairs(entities) do
      if total >= wanted then break end
      if entity.valid and minable(entity) then
        local count = mine(entity, inventory, gained, order)
        total = total + count
        progress = progress or count > 0
      end
    end
  end
  return total
end

--- Raises unless a hand can mine the target.
local function expect_minable(target)
  if minable(target) then return end
  local needs = target.prototype.mineable_properties.required_fluid
  local machine = needs and "electric mining drill, which needs " .. needs or "pumpjack"
  fail("not_available", target.name .. " at " .. geometry.show(target.position) .. " cannot be mined by hand",
    {expected = "ore, a tree or a rock", found = target.name, hint = "place " .. machine .. " on it"})
end

local function report(target, inventory)
  clock.expect(ticks_of(target), "harvest " .. target.name)
  local counts = {}
  for _, product in ipairs(target.prototype.mineable_properties.products or {}) do
    counts[product.name] = math.ceil(product.amount or product.amount_max)
  end
  if not stock.fits(inventory, counts) then
    stock.refuse_full(inventory, "could not harvest " .. target.name, counts)
  end
  fail("exhausted", "nothing came out of " .. target.name .. " at " .. geometry.show(target.position),
    {expected = "something to mine", found = target.name, hint = "try another one"})
end

local function harvest(args)
  local position = arguments.position(args, "position")
  local quantity = arguments.count(args, "quantity", 1)
  local radius = arguments.radius(args, "radius", 10, FARTHEST)
  expect_reach(position)
  local target = expect_target(position)
  expect_minable(target)
  local reach = session.character().resource_reach_distance
  local inventory, gained, order = session.inventory(), {}, {}
  local phases = {
    {reach = reach, filter = {name = target.name, type = target.type}},
    {reach = radius, filter = {type = "tree"}},
    {reach = radius, filter = {type = "simple-entity"}},
    {reach = radius, filter = {type = "resource"}},
  }
  local total = 0
  for _, phase in ipairs(phases) do
    if total >= quantity then break end
    local entities = around(position, phase.reach, phase.filter)
    total = total + mine_all(entities, quantity - total, inventory, gained, order)
  end
  if total == 0 then report(target, inventory) end
  flow.harvested(gained, order)
  return total
end

return {tools = {harvest_resource = harvest}}
