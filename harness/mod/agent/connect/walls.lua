-- Walls along the shortest free way between two positions.

local astar = require("connect.astar")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")

local walls = {}

local MARGINS = {10, 40}

local function view(map, name)
  local function open(x, y)
    local body = map.bodies[field.key(x, y)]
    return field.is_free(map, x, y) or (body ~= nil and body.name == name)
  end
  map.free, map.max_dive = open, 0
  function map.arrive(goal) return open(goal.x, goal.y) end
  return map
end

--- Plans a wall; pieces that stand on the way are used.
function walls.plan(source, target, wall)
  local from, to = field.tile(source.position), field.tile(target.position)
  for _, margin in ipairs(MARGINS) do
    local map = view(field.read(field.around({from, to}, margin), false), wall.name)
    local path = map.free(from.x, from.y) and astar.search(map, {from}, {to})
    if path then
      local list = {}
      for rank, tile in ipairs(path) do
        list[rank] = {name = wall.name, position = field.centre(tile), entity = map.bodies[field.key(tile.x, tile.y)]}
      end
      return list
    end
  end
  failure.raise("blocked", "no way for a wall from " .. ends.show(source) .. " to " .. ends.show(target))
end

return walls
