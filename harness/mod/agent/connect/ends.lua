-- What a waypoint of connect_entities stands for: a position, an entity or the members of a group.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local ports = require("entity.ports")
local session = require("lib.session")

local ends = {}

-- A position further than this from a building's centre means the place, not the building.
local NEAR_CENTRE = 1.5
local ON_PORT = 0.51
local IGNORED = {["character"] = true, ["item-entity"] = true, ["resource"] = true}

--- Our building on the tile under a position whose centre is near, the closest of several.
local function at(position)
  local solid = {}
  for _, entity in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(geometry.tile_centre(position), 0.1), force = session.force(),
  }) do
    local near = geometry.distance(entity.position, position) <= NEAR_CENTRE
    if near and not IGNORED[entity.type] then solid[#solid + 1] = entity end
  end
  return lookup.closest(solid, position)
end

--- The fluid machine of which a position is a connection point, and that point.
local function port_at(position)
  local best, least, found = nil, ON_PORT, nil
  for _, entity in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(position, 1), force = session.force(),
  }) do
    if entity.type ~= "pipe" and entity.type ~= "pipe-to-ground" and #entity.fluidbox > 0 then
      for _, port in ipairs(ports.all(entity)) do
        local distance = geometry.distance(port.position, position)
        if distance < least then best, least, found = entity, distance, port end
      end
    end
  end
  return best, found
end

local function group(members)
  local first, list, missing = nil, {}, nil
  for _, member in ipairs(members) do
    local reference = arguments.entity({entity = member}, "entity")
    lookup.prototype(reference.name)
    local entity = lookup.own(reference.name, reference.position, 0.4)
    if entity then list[#list + 1] = entity else missing = missing or reference end
    first = first or reference
  end
  if not list[1] then
    failure.raise("not_found", "nothing of the group stands any more, it began with " .. first.name .. " at "
      .. geometry.show(first.position),
      {expected = missing.name, found = "nothing", hint = "read the group again with get_entities"})
  end
  return {position = list[1].position, entity = list[1], members = list, group = true}
end

--- Reads a waypoint into `{position, entity, members, port}`; `members` holds at least `entity` when there is one.
-- `kind` is the kind of connection: only pipes look for connection points at a bare position, and walls end at
-- positions whatever stands there.
function ends.read(value, kind)
  if type(value) ~= "table" then
    failure.raise("bad_argument", "waypoint: expected a position, an entity or a group, got " .. tostring(value),
      {expected = "{position}"})
  end
  if type(value.members) == "table" and value.members[1] then return group(value.members) end
  local position = arguments.position(value, "position")
  if value.name ~= nil then
    local entity = lookup.expect(arguments.entity({entity = value}, "entity"), 1)
    return {position = entity.position, entity = entity, members = {entity}}
  end
  if kind == "wall" then return {position = position, members = {}, bare = true} end
  local entity, port = at(position), nil
  local is_pipe = entity and (entity.type == "pipe" or entity.type == "pipe-to-ground")
  if kind == "pipe" and not is_pipe then
    local machine, point = port_at(position)
    if machine then entity, port = machine, point end
  end
  return {position = position, entity = entity, members = entity and {entity} or {}, port = port, bare = true}
end

--- What an end is, for messages.
function ends.show(point)
  if point.entity and not point.bare then return point.entity.name .. " at " .. geometry.show(point.position) end
  return geometry.show(point.position)
end

return ends
