-- get_entity, get_entities: what stands on the surface.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")

local DEFAULT_RADIUS = 1000
local FARTHEST = 100000

--- The nearest entity of the name within a tile, whoever owns it; nothing if there is none, or none of that name at all.
local function get_entity(args)
  local name = arguments.string(args, "name")
  local position = arguments.position(args, "position")
  local prototype = lookup.built(name)
  if not prototype then return nil end
  local entity = lookup.closest(session.surface().find_entities_filtered{
    area = geometry.square(position, 1), name = prototype.name,
  }, position)
  return entity and serialise.entity(entity) or nil
end

local function names_of(args)
  if args.names == nil then return nil end
  if type(args.names) ~= "table" then
    failure.raise("bad_argument", "names: expected a list of entity names", {found = tostring(args.names)})
  end
  local names = {}
  for rank, name in ipairs(args.names) do names[rank] = lookup.prototype(name).name end
  if #names == 0 then return nil end
  return names
end

--- All of our own entities around a position, but for characters, in the engine's order.
local function get_entities(args)
  local position = arguments.optional_position(args, "position") or session.character().position
  local radius = arguments.radius(args, "radius", DEFAULT_RADIUS, FARTHEST)
  return serialise.list(session.surface().find_entities_filtered{
    area = geometry.square(position, radius), name = names_of(args), force = session.force(),
  })
end

return {tools = {get_entity = get_entity, get_entities = get_entities}}
