-- connect_entities: joins ends with belts, pipes, poles or walls, all pairs of a call or none.

local chain = require("connect.chain")
local clock = require("lib.clock")
local construct = require("lib.construct")
local ends = require("connect.ends")
local failure = require("lib.failure")
local lookup = require("lib.lookup")
local members = require("connect.members")
local serialise = require("entity.serialise")
local session = require("lib.session")
local works = require("connect.works")

-- Prototype type to kind of connection, and whether it is the part that runs underground.
local KINDS = {
  ["transport-belt"] = {"belt", false}, ["underground-belt"] = {"belt", true},
  ["pipe"] = {"pipe", false}, ["pipe-to-ground"] = {"pipe", true},
  ["electric-pole"] = {"pole", false},
  ["wall"] = {"wall", false},
}

-- The belt on the surface that goes with an underground one named alone.
local SURFACE_OF = {
  ["underground-belt"] = "transport-belt",
  ["fast-underground-belt"] = "fast-transport-belt",
  ["express-underground-belt"] = "express-transport-belt",
}

local WHOLE = {belt = members.belts, pipe = members.pipes, pole = members.poles, wall = members.walls}

local function sort_of(prototype)
  local sort = KINDS[prototype.type]
  if sort then return sort end
  failure.raise("bad_argument", prototype.name .. " does not connect anything",
    {expected = "belts, pipes, electric poles or walls", found = prototype.name})
end

--- The kind, the surface prototype and the underground one (or nil) of the types asked for.
local function sort_types(names)
  if type(names) ~= "table" or not names[1] then
    failure.raise("bad_argument", "types: expected a list of connection types", {expected = "transport-belt, pipe, ..."})
  end
  local kind, surface, under
  for _, name in ipairs(names) do
    local prototype = lookup.prototype(tostring(name))
    local sort = sort_of(prototype)
    if kind and kind ~= sort[1] then
      failure.raise("bad_argument", "connection types must handle the same sort of contents: " .. table.concat(names, ", "),
        {expected = kind, found = prototype.name, hint = "connect each kind with a call of its own"})
    end
    kind = sort[1]
    if sort[2] then under = under or prototype else surface = surface or prototype end
  end
  if kind == "belt" and not surface then surface = lookup.prototype(SURFACE_OF[under.name]) end
  return kind, surface, under
end

local function read_ends(args, kind)
  local list = args.waypoints
  if type(list) ~= "table" or not list[2] then
    failure.raise("bad_argument", "waypoints: expected at least two places to connect",
      {expected = "two or more positions, entities or groups"})
  end
  local points = {}
  for rank, value in ipairs(list) do points[rank] = ends.read(value, kind) end
  return points
end

local function connect(args)
  local kind, surface, under = sort_types(args.types)
  local points = read_ends(args, kind)
  local plan = chain.plan({points = points, names = args.types, kind = kind, surface = surface, under = under})
  local result = {
    required = #plan.pieces,
    available = session.inventory().get_item_count(construct.item_of(surface or under)),
    placed = 0,
    entities = {},
  }
  if args.dry_run == true then
    clock.count(works.walking(plan))
    return result
  end
  local ok, problem = pcall(works.build, plan)
  if not ok then
    if failure.is(problem) then chain.explain(problem, args.types, points[1], points[#points]) end
    error(problem, 0)
  end
  result.placed = #plan.pieces
  local anchor = works.anchor(plan)
  if anchor then result.entities = serialise.list(WHOLE[kind](anchor)) end
  return result
end

return {tools = {connect_entities = connect}}
