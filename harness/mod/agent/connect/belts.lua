-- Belts from one end to another: new pieces over free tiles, joined to belts that stand at the ends.

local astar = require("connect.astar")
local belt_ends = require("connect.belt_ends")
local construct = require("lib.construct")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local obstacles = require("connect.obstacles")
local route = require("connect.route")

local belts = {}

local MARGIN = 40

--- The belt by which what comes from the source gets to the target as things stand; nil if it does not.
local function joined_at(point, goals, passed)
  for _, belt in ipairs(belt_ends.members(point)) do
    if passed[belt.unit_number] then return {entity = belt, type = belt.type} end
  end
  for _, goal in ipairs(goals) do
    local standing = goal.body and goal.body.entity
    if standing and passed[standing.unit_number] then return goal.body end
  end
  return nil
end

--- The body by which the call's line serves an inserter or a drill that it came past; nil if it did not.
local function served_at(plan, point, goals, passed)
  for number in pairs(passed) do plan.fed[number] = true end
  local body = goals[1].body
  if not point.entity or belt_ends.types[point.entity.type] or not body then return nil end
  return (body.piece or plan.fed[body.entity.unit_number]) and body or nil
end

--- The search's view of the ground.
local function view(map)
  function map.free(x, y) return field.is_free(map, x, y) end
  function map.dives(x, y, heading) return field.can_burrow(map, x, y, heading) end
  function map.under(x, y, heading) return field.passes_below(map, x, y, heading) end
  function map.toll(x, y) return field.toll(map, x, y) end
  -- A belt is entered from behind or from the side, an entrance of an underground belt or a splitter from behind only,
  -- an exit not at all.
  function map.arrive(goal, heading)
    local body = goal.body
    if not body then return map.free(goal.x, goal.y) end
    local direction = field.direction(body)
    if body.type == "transport-belt" then return heading ~= geometry.opposite(direction) end
    if body.type == "underground-belt" and body.entity and body.entity.belt_to_ground_type == "output" then return false end
    return heading == direction
  end
  return map
end

local function expect_ground(map, tiles, point)
  for _, tile in ipairs(tiles) do
    if tile.body or map.free(tile.x, tile.y) then return end
  end
  local found = field.blocker(map, tiles[1].x, tiles[1].y)
  failure.raise("blocked", "the end at " .. ends.show(point) .. " is taken by " .. found,
    {expected = "a free tile or a belt", found = found, hint = "connect to a free position beside it, or use an inserter"})
end

--- A path, with at most `budget` dives if there is one with so few.
local function search(map, starts, goals, budget)
  local tiles = {}
  for _, tile in ipairs(starts) do tiles[#tiles + 1] = tile end
  for _, tile in ipairs(goals) do tiles[#tiles + 1] = tile end
  field.bound(map, tiles, MARGIN)
  map.max_dive = map.digger and map.digger.max_underground_distance or 0
  local path = astar.search(map, starts, goals)
  if map.max_dive == 0 or not path or route.pairs(route.steps(path, 0)) <= budget then return path end
  map.max_dive = 0
  return astar.search(map, starts, goals) or path
end

local function at_tile(tiles, step)
  for _, candidate in ipairs(tiles) do
    if candidate.x == step.x and candidate.y == step.y then return candidate.body end
  end
  return nil
end

--- Lays the steps; returns the body on the last of them.
local function lay(plan, steps, starts, goals, surface, under)
  local last
  for rank, step in ipairs(steps) do
    local start = rank == 1 and at_tile(starts, step) or nil
    local goal = rank == #steps and at_tile(goals, step) or nil
    last = start or goal
    if last then
      if start and last.type == "transport-belt" and #steps > 1 then plan:turn(last, step.heading) end
      plan:use(last)
    else
      local piece = {name = surface.name, position = field.centre(step), direction = step.heading}
      if step.role ~= "surface" then
        piece.name, piece.end_type = under.name, step.role == "down" and "input" or "output"
      end
      if step.role == "up" then
        field.burrow(plan.map, field.centre(steps[rank - 1]), step.heading, geometry.distance(steps[rank - 1], step))
      end
      last = plan:add(piece)
    end
  end
  return last
end

--- Turns the end of a line in the open away from the belts of the call itself, on which it would pour out.
local function turn_away(plan, steps, last)
  if not last.piece or last.type ~= "transport-belt" then return end
  local heading = last.piece.direction
  local function belt_ahead(way)
    local spot = geometry.moved(steps[#steps], way, 1)
    local body = field.body(plan.map, spot.x, spot.y)
    return body and belt_ends.types[body.type] and body or nil
  end
  local met = belt_ahead(heading)
  if not met or not met.piece then return end
  for _, way in ipairs({(heading + 4) % 16, (heading + 12) % 16}) do
    if not belt_ahead(way) then return plan:turn(last, way) end
  end
end

--- Where the next line of the call begins: at the end of this one.
local function next_source(position, steps, body)
  if body.entity then return {position = position, entity = body.entity, members = {body.entity}} end
  local last = steps[#steps]
  local line = {x = last.x, y = last.y, body = body, barred = {}}
  if #steps > 1 then line.barred[geometry.heading(last, steps[#steps - 1])] = true end
  return {position = position, members = {}, line = line, bare = true}
end

--- Plans a line of belts from one end to the other.
function belts.plan(plan, source, target, surface, under)
  local map = view(plan.map)
  local starts, passed = belt_ends.sources(map, source)
  local goals = belt_ends.targets(map, target)
  local joined = joined_at(target, goals, passed)
  plan.fed = plan.fed or {}
  local served = served_at(plan, target, goals, passed)
  if served and not joined then
    plan:use(served)
    return source
  end
  if joined then
    plan:use(joined)
    return {position = target.position, entity = joined.entity, members = {joined.entity}}
  end
  expect_ground(map, starts, source)
  expect_ground(map, goals, target)
  local budget = under and math.max(0, math.floor(plan:left(construct.item_of(under)) / 2)) or 0
  local path = search(map, starts, goals, budget)
  if not path then
    obstacles.refuse(map, starts[1], goals[1], under and "go by way of other positions, or clear the ground"
      or "add the underground belt to the connection types, go by way of other positions, or clear the ground")
  end
  local steps = route.steps(path, geometry.heading(source.position, target.position))
  if under then
    steps = route.tunnel(steps, budget - route.pairs(steps), under.max_underground_distance, function(step, heading)
      return field.can_burrow(map, step.x, step.y, heading)
    end)
  end
  local last = lay(plan, steps, starts, goals, surface, under)
  if not at_tile(goals, steps[#steps]) then turn_away(plan, steps, last) end
  return next_source(target.position, steps, last)
end

return belts
