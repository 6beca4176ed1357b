-- Belts from one end to another: new pieces over free tiles, joined to belts that stand at the ends.

local astar = require("connect.astar")
local construct = require("lib.construct")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local obstacles = require("connect.obstacles")
local route = require("connect.route")

local belts = {}

local MARGIN = 40
local MAX_CHAIN = 5000

local USE_INSERTER = {
  ["assembling-machine"] = true, ["lab"] = true, ["container"] = true, ["logistic-container"] = true,
  ["furnace"] = true, ["accumulator"] = true, ["ammo-turret"] = true, ["rocket-silo"] = true,
}
local USE_INSERTER_TARGET = {["boiler"] = true, ["generator"] = true}

local IS_BELT = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

local function downstream(belt)
  if belt.type == "underground-belt" and belt.belt_to_ground_type == "input" then return belt.neighbours end
  return belt.belt_neighbours.outputs[1]
end

--- The last belt of the line that a belt belongs to; `passed` has the unit numbers on the way. Nil for a loop.
local function terminus(belt)
  local passed = {}
  for _ = 1, MAX_CHAIN do
    if passed[belt.unit_number] then return nil, passed end
    passed[belt.unit_number] = true
    local after = downstream(belt)
    if not after then return belt, passed end
    belt = after
  end
  return nil, passed
end

--- Headings that a belt must not be left by: towards what feeds it; an underground end and a splitter lead one way only.
local function barred_of(belt)
  local barred = {}
  if belt.type ~= "transport-belt" then
    for _, heading in ipairs({0, 4, 8, 12}) do barred[heading] = heading ~= belt.direction end
    return barred
  end
  for _, before in ipairs(belt.belt_neighbours.inputs) do
    barred[geometry.heading(belt.position, before.position)] = true
  end
  return barred
end

local function expect_no_machine(point, as_target)
  local entity = point.entity
  if not entity then return end
  if not USE_INSERTER[entity.type] and not (as_target and USE_INSERTER_TARGET[entity.type]) then return end
  local verb = as_target and "puts into" or "takes from"
  failure.raise("needs_inserter",
    "belts do not connect to " .. entity.name .. " at " .. geometry.show(entity.position) .. " itself, use an inserter",
    {expected = "an inserter, a mining drill, a belt or a position", found = entity.name,
      hint = "place an inserter that " .. verb .. " it and connect the inserter instead"})
end

local function refuse_end(belt, reason)
  failure.raise("no_open_end", "the line of belts at " .. geometry.show(belt.position) .. " " .. reason,
    {found = belt.name, hint = "connect from a free position beside it, or pick up the belt where the new line shall begin"})
end

local function stands_on(belts_there, position)
  for _, belt in ipairs(belts_there) do
    local box = belt.bounding_box
    if position.x > box.left_top.x and position.x < box.right_bottom.x
      and position.y > box.left_top.y and position.y < box.right_bottom.y then
      return true
    end
  end
  return false
end

--- The lanes of a splitter, as tiles, to which no belt is joined; `side` is "inputs" or "outputs".
local function free_lanes(splitter, side)
  local across = geometry.step((splitter.direction + 4) % 16)
  local outward = side == "outputs" and splitter.direction or geometry.opposite(splitter.direction)
  local joined, list = splitter.belt_neighbours[side], {}
  for _, share in ipairs({-0.5, 0.5}) do
    local lane = {x = splitter.position.x + across.x * share, y = splitter.position.y + across.y * share}
    if not stands_on(joined, geometry.moved(lane, outward, 1)) then
      local tile = field.tile(lane)
      tile.body, tile.barred = {entity = splitter, type = splitter.type}, barred_of(splitter)
      list[#list + 1] = tile
    end
  end
  return list
end

--- Free outlets of a splitter, and the unit numbers of the belts that it feeds already.
local function outlets(splitter)
  local fed = {[splitter.unit_number] = true}
  for _, after in ipairs(splitter.belt_neighbours.outputs) do
    local _, passed = terminus(after)
    for number in pairs(passed) do fed[number] = true end
  end
  return free_lanes(splitter, "outputs"), fed
end

--- Where a line goes on: the tiles of its last belt, and the unit numbers of those that lead there.
local function starts_from(belt)
  if belt.type == "splitter" then
    local lanes, fed = outlets(belt)
    if #lanes > 0 then return lanes, fed end
  end
  local last, passed = terminus(belt)
  if not last then refuse_end(belt, "runs in a circle and has no open end") end
  if last.type == "splitter" then return free_lanes(last, "outputs"), passed end
  if last.type == "underground-belt" and last.belt_to_ground_type == "input" then
    refuse_end(belt, "goes underground at " .. geometry.show(last.position) .. " and does not come up")
  end
  local tile = field.tile(last.position)
  tile.body, tile.barred = {entity = last, type = last.type}, barred_of(last)
  return {tile}, passed
end

--- The tile that an inserter or a drill works on at an end.
local function working_tile(map, entity, position)
  local tile = field.tile(position)
  local body = field.body(map, tile.x, tile.y)
  if body and not IS_BELT[body.type] then
    failure.raise("blocked",
      entity.name .. " at " .. geometry.show(entity.position) .. " works on " .. geometry.show(field.centre(tile))
        .. ", which is taken by " .. field.blocker(map, tile.x, tile.y),
      {expected = "a belt or nothing", found = field.name(body), hint = "rotate or move the " .. entity.name
        .. ", or pick up what is there"})
  end
  tile.body = body
  return tile
end

local function belt_members(point)
  local list = {}
  for _, member in ipairs(point.members) do
    if IS_BELT[member.type] then list[#list + 1] = member end
  end
  return list
end

--- The ends of a group's lines, in the order of its members.
local function open_ends(list)
  local starts, passed, known, problem = {}, {}, {}, nil
  for _, belt in ipairs(list) do
    if not passed[belt.unit_number] then
      local ok, tiles, chain = pcall(starts_from, belt)
      if ok then
        for number in pairs(chain) do passed[number] = true end
        for _, tile in ipairs(tiles) do
          local key = field.key(tile.x, tile.y)
          if not known[key] then starts[#starts + 1] = tile end
          known[key] = true
        end
      else
        problem = problem or tiles
      end
    end
  end
  if #starts == 0 then error(problem, 0) end
  return starts, passed
end

--- Start tiles and the unit numbers of belts that already lead on from the source.
local function sources(map, point)
  if point.line then return {point.line}, {} end
  expect_no_machine(point, false)
  local entity = point.entity
  local members = belt_members(point)
  if #members > 0 then return open_ends(members) end
  local tile
  if entity and (entity.type == "inserter" or entity.type == "mining-drill") then
    tile = working_tile(map, entity, entity.drop_position)
  else
    tile = field.tile(point.position)
    local body = field.body(map, tile.x, tile.y)
    tile.body = body and IS_BELT[body.type] and body or nil
  end
  if not tile.body or tile.body.piece then return {tile}, {} end
  return starts_from(tile.body.entity)
end

--- The free inlets of a splitter.
local function inlets(splitter)
  local lanes = free_lanes(splitter, "inputs")
  if #lanes > 0 then return lanes end
  failure.raise("no_open_end", "both inputs of the splitter at " .. geometry.show(splitter.position) .. " are taken",
    {expected = "a splitter with a free input", found = splitter.name,
      hint = "connect to one of the belts that lead into it, or pick one up"})
end

--- Goal tiles: where the line shall end, or the belts that it shall flow into.
local function targets(map, point)
  expect_no_machine(point, true)
  local entity = point.entity
  if entity and entity.type == "inserter" then return {working_tile(map, entity, entity.pickup_position)} end
  if entity and entity.type == "mining-drill" then return {working_tile(map, entity, entity.drop_position)} end
  local first, all = {}, {}
  local members = belt_members(point)
  if #members == 1 and members[1].type == "splitter" then return inlets(members[1]) end
  for _, belt in ipairs(members) do
    local tile = field.tile(belt.position)
    tile.body = {entity = belt, type = belt.type}
    all[#all + 1] = tile
    if #belt.belt_neighbours.inputs == 0 then first[#first + 1] = tile end
  end
  if #all > 0 then return #first > 0 and first or all end
  local tile = field.tile(point.position)
  local body = field.body(map, tile.x, tile.y)
  tile.body = body and IS_BELT[body.type] and body or nil
  return {tile}
end

--- The belt by which what comes from the source gets to the target as things stand; nil if it does not.
local function joined_at(point, goals, passed)
  for _, belt in ipairs(belt_members(point)) do
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
  if not point.entity or IS_BELT[point.entity.type] or not body then return nil end
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
    return body and IS_BELT[body.type] and body or nil
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
  local starts, passed = sources(map, source)
  local goals = targets(map, target)
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
