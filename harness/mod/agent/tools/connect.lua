-- connect_entities: joins two ends with belts, pipes, poles or walls.

local belts = require("connect.belts")
local ends = require("connect.ends")
local failure = require("lib.failure")
local lookup = require("lib.lookup")
local pieces = require("connect.pieces")
local pipes = require("connect.pipes")
local poles = require("connect.poles")
local walls = require("connect.walls")

-- Prototype type to kind of connection, and whether it is the part that runs underground.
local KINDS = {
  ["transport-belt"] = {"belt", false}, ["underground-belt"] = {"belt", true},
  ["pipe"] = {"pipe", false}, ["pipe-to-ground"] = {"pipe", true},
  ["electric-pole"] = {"pole", false},
  ["wall"] = {"wall", false},
}

--- The kind, the surface prototype and the underground one (or nil) of the types asked for.
local function sort_types(names)
  if type(names) ~= "table" or not names[1] then
    failure.raise("bad_argument", "types: expected a list of connection types", {expected = "transport-belt, pipe, ..."})
  end
  local kind, surface, under
  for _, name in ipairs(names) do
    local prototype = lookup.prototype(name)
    local sort = KINDS[prototype.type]
    if not sort then
      failure.raise("bad_argument", name .. " does not connect anything",
        {expected = "belts, pipes, electric poles or walls", found = name})
    end
    if kind and kind ~= sort[1] then
      failure.raise("bad_argument", "connection types must handle the same sort of contents", {found = name})
    end
    kind = sort[1]
    if sort[2] then under = prototype else surface = surface or prototype end
  end
  return kind, surface, under
end

-- The belt or pipe on the surface that goes with an underground piece named alone.
local SURFACE_OF = {
  ["underground-belt"] = "transport-belt",
  ["fast-underground-belt"] = "fast-transport-belt",
  ["express-underground-belt"] = "express-transport-belt",
  ["pipe-to-ground"] = "pipe",
}

local PLANS = {belt = belts.plan, pipe = pipes.plan, pole = poles.plan, wall = walls.plan}

local function connect(args)
  local kind, surface, under = sort_types(args.types)
  surface = surface or lookup.prototype(SURFACE_OF[under.name])
  local source, target = ends.read(args, "source"), ends.read(args, "target")
  local list = PLANS[kind](source, target, surface, under)
  return pieces.finish(list, surface.name, args.dry_run == true)
end

return {tools = {connect_entities = connect}}
