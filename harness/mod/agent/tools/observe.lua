-- get_entity, get_entities: what stands on the surface.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")

local DEFAULT_RADIUS = 1000

local function get_entity(args)
  local prototype = lookup.prototype(arguments.string(args, "name"))
  local position = arguments.position(args, "position")
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

--- All of our own entities around a position, but for characters.
local function get_entities(args)
  local position = arguments.optional_position(args, "position") or session.character().position
  local radius = arguments.number(args, "radius", DEFAULT_RADIUS)
  local list = {}
  for _, entity in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(position, radius), name = names_of(args), force = session.force(),
  }) do
    if entity.type ~= "character" then list[#list + 1] = serialise.entity(entity) end
  end
  return list
end

return {tools = {get_entity = get_entity, get_entities = get_entities}}
