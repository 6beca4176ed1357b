-- nearest: the closest thing of a kind.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local proximity = require("lib.proximity")
local resources = require("lib.resources")
local session = require("lib.session")

local REACH = 500

local function not_found(name)
  failure.raise("not_found", "could not find nearest " .. name .. " on the surface",
    {expected = name, found = "none within " .. REACH .. " tiles",
     hint = "walk further with move_to and look again, or do without it"})
end

local function kind_of(surface, name)
  if name == "water" then return proximity.tiles(surface, {name = "water"}) end
  if name == "wood" then return proximity.entities(surface, {type = "tree"}) end
  if not prototypes.entity[name] then not_found(name) end
  return proximity.entities(surface, {name = name})
end

--- The position of the nearest: of water the tile's corner, of anything else its centre.
local function nearest(args)
  local name = resources.called(arguments.string(args, "name"))
  local kind = kind_of(session.surface(), name)
  local best = proximity.nearest(kind, session.character().position, REACH)
  if not best then not_found(name) end
  return best.position
end

return {tools = {nearest = nearest}}
