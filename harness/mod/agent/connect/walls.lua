-- Walls along the shortest free way between two positions.

local astar = require("connect.astar")
local failure = require("lib.failure")
local field = require("connect.field")
local obstacles = require("connect.obstacles")

local walls = {}

local MARGIN = 40

local function view(map, name)
  function map.free(x, y)
    local body = field.body(map, x, y)
    if body then return field.name(body) == name end
    return not field.is_wet(map, x, y)
  end
  function map.arrive(goal) return map.free(goal.x, goal.y) end
  map.max_dive = 0
  return map
end

local function expect_ground(map, tile)
  if map.free(tile.x, tile.y) then return end
  local found = field.blocker(map, tile.x, tile.y)
  failure.raise("blocked", "the end is taken by " .. found, {found = found, hint = "choose a free position for the end"})
end

--- Plans a wall; pieces that stand on the way are used. The next wall of the call begins where this one ends.
function walls.plan(plan, source, target, wall)
  local map = view(plan.map, wall.name)
  local from, to = field.tile(source.position), field.tile(target.position)
  expect_ground(map, from)
  expect_ground(map, to)
  field.bound(map, {from, to}, MARGIN)
  local path = astar.search(map, {from}, {to})
  if not path then obstacles.refuse(map, from, to, "go by way of other positions, or clear the ground") end
  for _, tile in ipairs(path) do
    local body = field.body(map, tile.x, tile.y)
    if body then plan:use(body) else plan:add({name = wall.name, position = field.centre(tile), direction = 0}) end
  end
  return {position = target.position, members = {}, bare = true}
end

return walls
