-- What a waypoint of connect_entities stands for: a position, an entity or the members of a group.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local session = require("lib.session")

local ends = {}

local function at(position)
  local found = session.surface().find_entities_filtered{
    area = geometry.square(position, 0.1), force = session.force(),
  }
  local solid = {}
  for _, entity in ipairs(found) do
    if entity.type ~= "character" and entity.type ~= "item-entity" then solid[#solid + 1] = entity end
  end
  return lookup.closest(solid, position)
end

--- Reads a waypoint into `{position, entity, members}`; `members` holds at least `entity` when there is one.
function ends.read(args, key)
  local value = args[key]
  if type(value) ~= "table" then
    failure.raise("bad_argument", key .. ": expected a position, an entity or a group", {expected = "{position}"})
  end
  if type(value.members) == "table" and value.members[1] then
    local members = {}
    for rank, member in ipairs(value.members) do
      members[rank] = lookup.expect(arguments.entity({entity = member}, "entity"), 1)
    end
    return {position = members[1].position, entity = members[1], members = members, group = true}
  end
  local position = arguments.position(value, "position")
  if value.name ~= nil then
    local entity = lookup.expect(arguments.entity(args, key), 1)
    return {position = entity.position, entity = entity, members = {entity}}
  end
  local entity = at(position)
  return {position = position, entity = entity, members = entity and {entity} or {}, bare = true}
end

--- What an end is, for messages.
function ends.show(point)
  if point.entity and not point.bare then return point.entity.name .. " at " .. geometry.show(point.position) end
  return geometry.show(point.position)
end

return ends
