-- pickup_entity: a building with all it holds, or items from the ground, into the inventory.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local hold = require("lib.hold")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local PICKUP_REACH = 0.707

local function mined_products(entity)
  local counts = {}
  for _, product in ipairs(entity.prototype.mineable_properties.products or {}) do
    counts[product.name] = (counts[product.name] or 0) + (product.amount or product.amount_max)
  end
  return counts
end

local function no_room(name)
  failure.raise("inventory_full", "could not pickup " .. name .. ", the inventory is full",
    {hint = "insert items into a chest first"})
end

local function pickup_building(entity)
  local name = entity.name
  local counts = stock.add(hold.contents(entity), mined_products(entity))
  local own = session.inventory()
  if not stock.fits(own, counts) then no_room(name) end
  entity.destroy{raise_destroy = true}
  for _, item in ipairs(stock.names(counts)) do own.insert{name = item, count = counts[item]} end
  return true
end

local function pickup_from_ground(name, position)
  local own, picked = session.inventory(), 0
  local piles = session.surface().find_entities_filtered{
    position = position, radius = PICKUP_REACH, type = "item-entity",
  }
  for _, pile in ipairs(lookup.by_distance(piles, position)) do
    if pile.stack.name == name then
      local count = pile.stack.count
      if own.get_insertable_count(name) < count then
        if picked == 0 then no_room(name) end
        return picked
      end
      pile.destroy()
      own.insert{name = name, count = count}
      picked = picked + count
    end
  end
  return picked
end

local function pickup(args)
  local name = arguments.string(args, "name")
  local position = arguments.position(args, "position")
  if prototypes.entity[name] then
    local entity = lookup.closest(session.surface().find_entities_filtered{
      position = position, radius = PICKUP_REACH, name = name, force = session.force(),
    }, position)
    if entity then return pickup_building(entity) end
  end
  if pickup_from_ground(name, position) > 0 then return true end
  failure.raise("not_found", "could not pickup " .. name .. ", none found at " .. geometry.show(position),
    {expected = name, found = "none", hint = "read its position again with get_entities"})
end

return {tools = {pickup_entity = pickup}}
