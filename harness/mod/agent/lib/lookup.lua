-- Finds entities on the surface that is played, in an order that does not depend on the engine.

local failure = require("lib.failure")
local geometry = require("lib.geometry")
local order = require("lib.order")
local session = require("lib.session")

local lookup = {}

--- Sorts entities by distance from a position; equal distances keep the engine's order.
function lookup.by_distance(entities, position)
  return order.by(entities, function(entity) return geometry.distance_squared(entity.position, position) end)
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

local HINT_REACH = 20

--- In words, where something called `name` stands instead, or what stands at a position.
function lookup.instead(name, position)
  local same = prototypes.entity[name] and lookup.own(name, position, HINT_REACH)
  if same then
    return string.format("the nearest %s is at %s, %.1f tiles away", name, geometry.show(same.position),
      geometry.distance(same.position, position))
  end
  for _, entity in ipairs(lookup.by_distance(session.surface().find_entities_filtered{
    area = geometry.square(position, 1), force = session.force(),
  }, position)) do
    if entity.type ~= "character" then
      return "there is " .. entity.name .. " at " .. geometry.show(entity.position)
    end
  end
  return "nothing of yours stands there"
end

--- Raises that nothing called `name` is at a position; `did` says what could not be done.
function lookup.missing(did, name, position)
  local instead = lookup.instead(name, position)
  failure.raise("not_found", did .. ", there is no " .. name .. " at " .. geometry.show(position) .. ", " .. instead,
    {expected = name .. " at " .. geometry.show(position), found = instead,
     hint = "read its position again with get_entities"})
end

--- Like `lookup.own`, but raises when nothing is there; `did` says what could not be done.
function lookup.expect(reference, reach, did)
  return lookup.own(lookup.prototype(reference.name).name, reference.position, reach)
    or lookup.missing(did or "nothing done", reference.name, reference.position)
end

--- What to do with a name that is no item or entity; without its first words it may be one, as barrels were renamed.
local function advice(name)
  if prototypes.fluid[name] then return "fluids run through pipes, see connect_entities; nobody carries them" end
  if name:match("%-group$") then return "groups come from get_entities; name a single kind, such as transport-belt" end
  local rest = name:match("^[^-]+%-(.+)$")
  while rest do
    if prototypes.item[rest] then return "did you mean " .. rest .. "?" end
    rest = rest:match("^[^-]+%-(.+)$")
  end
  return "names are the game's, such as stone-furnace"
end

local function unknown(kind, name)
  name = type(name) == "table" and "a table" or tostring(name)
  local what = prototypes.fluid[name] and " is a fluid, not an " or " is not an "
  failure.raise("bad_argument", name .. what .. kind .. " of this game",
    {expected = "the name of an " .. kind, found = name, hint = advice(name)})
end

local built = {}

--- The prototype of the entity called `name`, or of what an item of that name is built into; nil for neither.
function lookup.built(name)
  local found = built[name]
  if found then return found end
  local item = prototypes.item[name]
  found = prototypes.entity[name] or item and item.place_result or nil
  if found then built[name] = found end
  return found
end

--- Like `lookup.built`, but raises for neither.
function lookup.prototype(name)
  return type(name) == "string" and lookup.built(name) or unknown("entity", name)
end

function lookup.item(name)
  return type(name) == "string" and prototypes.item[name] or unknown("item", name)
end

return lookup
