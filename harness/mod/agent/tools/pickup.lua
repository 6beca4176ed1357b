-- pickup_entity: a building or a group of them with all they hold, or items from the ground, into the inventory.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local hold = require("lib.hold")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local PICKUP_REACH = 0.707

local function own_at(name, position)
  return lookup.closest(session.surface().find_entities_filtered{
    position = position, radius = PICKUP_REACH, name = name, force = session.force(),
  }, position)
end

--- Adds to `counts` what picking a building up gives.
local function add_gain(counts, entity)
  local minable = entity.prototype.mineable_properties
  if not entity.minable or not minable.products then
    failure.raise("not_available", "could not pickup " .. entity.name .. " at " .. geometry.show(entity.position)
      .. ", it cannot be taken down",
      {expected = "a building that can be mined", found = entity.name, hint = "pick up buildings and items only"})
  end
  for _, product in ipairs(minable.products) do
    stock.add(counts, {[product.name] = product.amount or product.amount_max})
  end
  stock.add(counts, hold.contents(entity))
end

local function title(entities)
  local first = entities[1].name .. " at " .. geometry.show(entities[1].position)
  if #entities == 1 then return "could not pickup " .. first end
  return "could not pickup " .. #entities .. " entities, the first " .. first
end

--- Takes all of them down, or none if there is no room for everything.
local function pickup_buildings(entities)
  local own, counts = session.inventory(), {}
  for _, entity in ipairs(entities) do add_gain(counts, entity) end
  if not stock.fits(own, counts) then stock.refuse_full(own, title(entities), counts) end
  if #entities == 1 then
    -- The ingredients of a craft under way come along; only mining itself knows them all.
    if not entities[1].mine{inventory = own} then stock.refuse_full(own, title(entities), counts) end
    return true
  end
  for _, entity in ipairs(entities) do entity.mine{inventory = own, force = true} end
  return true
end

--- All piles of the item at the position, or none if there is no room for them together.
local function pickup_from_ground(name, position)
  local own, piles, count = session.inventory(), {}, 0
  for _, pile in ipairs(session.surface().find_entities_filtered{
    position = position, radius = PICKUP_REACH, type = "item-entity",
  }) do
    if pile.stack.name == name then
      piles[#piles + 1] = pile
      count = count + pile.stack.count
    end
  end
  if count == 0 then return false end
  if own.get_insertable_count(name) < count then
    stock.refuse_full(own, "could not pickup " .. name .. " at " .. geometry.show(position), {[name] = count})
  end
  for _, pile in ipairs(piles) do
    own.insert(pile.stack)
    pile.destroy()
  end
  return true
end

--- The members of a group, each once.
local function group(references)
  local entities, seen = {}, {}
  for _, reference in ipairs(references) do
    local entity = own_at(lookup.prototype(reference.name).name, reference.position)
      or lookup.missing("could not pickup", reference.name, reference.position)
    local key = entity.name .. geometry.show(entity.position)
    if not seen[key] then entities[#entities + 1] = entity end
    seen[key] = true
  end
  return entities
end

--- An underground belt together with the other end of its pair.
local function with_partner(entity)
  local partner = entity.type == "underground-belt" and entity.neighbours
  return {entity, partner or nil}
end

local function pickup(args)
  local references = arguments.optional_entities(args, "members")
  if references then return pickup_buildings(group(references)) end
  local name = arguments.string(args, "name")
  local position = arguments.position(args, "position")
  local prototype = lookup.built(name)
  local entity = prototype and own_at(prototype.name, position)
  if entity then return pickup_buildings(args.partner and with_partner(entity) or {entity}) end
  if pickup_from_ground(name, position) then return true end
  return lookup.missing("could not pickup " .. name, name, position)
end

return {tools = {pickup_entity = pickup}}
