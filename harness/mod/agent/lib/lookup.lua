-- Finds entities on the surface that is played, in an order that does not depend on the engine.

local failure = require("lib.failure")
local geometry = require("lib.geometry")
local session = require("lib.session")

local lookup = {}

--- Sorts entities by distance from a position; equal distances keep the engine's order.
function lookup.by_distance(entities, position)
  local keyed = {}
  for rank, entity in ipairs(entities) do
    keyed[rank] = {entity = entity, rank = rank, distance = geometry.distance_squared(entity.position, position)}
  end
  table.sort(keyed, function(a, b)
    if a.distance ~= b.distance then return a.distance < b.distance end
    return a.rank < b.rank
  end)
  local sorted = {}
  for rank, item in ipairs(keyed) do sorted[rank] = item.entity end
  return sorted
end

--- The entity of `entities` closest to a position, the first of several.
function lookup.closest(entities, position)
  local best, least = nil, math.huge
  for _, entity in ipairs(entities) do
    local distance = geometry.distance_squared(entity.position, position)
    if distance < least then best, least = entity, distance end
  end
  return best
end

--- Our own entity called `name` nearest to `position` within a square of half side `reach`; nil if there is none.
function lookup.own(name, position, reach)
  return lookup.closest(session.surface().find_entities_filtered{
    area = geometry.square(position, reach), name = name, force = session.force(),
  }, position)
end

--- Like `lookup.own`, but raises when nothing is there.
function lookup.expect(reference, reach)
  lookup.prototype(reference.name)
  local entity = lookup.own(reference.name, reference.position, reach)
  if entity then return entity end
  failure.raise("not_found",
    "no " .. reference.name .. " at " .. geometry.show(reference.position),
    {expected = reference.name, found = "nothing", hint = "read its position again with get_entities"})
end

--- The entity prototype called `name`.
function lookup.prototype(name)
  local prototype = prototypes.entity[name]
  if prototype then return prototype end
  failure.raise("bad_argument", name .. " is not an entity of this game", {found = name})
end

function lookup.item(name)
  local prototype = prototypes.item[name]
  if prototype then return prototype end
  failure.raise("bad_argument", name .. " is not an item of this game", {found = name})
end

return lookup
