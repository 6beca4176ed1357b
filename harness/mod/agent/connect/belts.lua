-- Belts from one end to another: new pieces over free tiles, joined to belts that stand at the ends.

local astar = require("connect.astar")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local pieces = require("connect.pieces")

local belts = {}

local MARGINS = {10, 40}
local MAX_CHAIN = 2000

local USE_INSERTER = {
  ["assembling-machine"] = true, ["lab"] = true, ["container"] = true, ["logistic-container"] = true,
  ["furnace"] = true, ["accumulator"] = true, ["ammo-turret"] = true, ["boiler"] = true, ["generator"] = true,
  ["rocket-silo"] = true,
}

local IS_BELT = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

local function downstream(belt)
  if belt.type == "underground-belt" and belt.belt_to_ground_type == "input" then
    return belt.neighbours
  end
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

--- Headings that a belt must not be left by: towards what feeds it.
local function feeders(belt)
  local barred = {}
  for _, before in ipairs(belt.belt_neighbours.inputs) do
    barred[geometry.heading(belt.position, before.position)] = true
  end
  return barred
end

local function expect_no_machine(point)
  local entity = point.entity
  if not entity or not USE_INSERTER[entity.type] then return end
  failure.raise("needs_inserter",
    "belts do not connect to " .. entity.name .. " at " .. geometry.show(entity.position) .. " itself, use an inserter",
    {found = entity.name, hint = "place an inserter next to it and connect the inserter"})
end

local function start_from(belt)
  local last, passed = terminus(belt)
  if not last or last.type == "splitter" then
    failure.raise("no_open_end", "the belt at " .. geometry.show(belt.position) .. " has no open end to go on from",
      {hint = "connect from a position beside it, or pick up the belt where the new line shall begin"})
  end
  local tile = field.tile(last.position)
  tile.belt = last
  tile.barred = feeders(last)
  if last.type == "underground-belt" then
    for _, heading in ipairs({0, 4, 8, 12}) do
      if heading ~= last.direction then tile.barred[heading] = true end
    end
  end
  return tile, passed
end

--- The tile that an inserter or a drill works on at an end.
local function working_tile(entity, position)
  local tile = field.tile(position)
  local there = field.centre(tile)
  for _, other in ipairs(entity.surface.find_entities_filtered{area = geometry.square(there, 0.1)}) do
    if IS_BELT[other.type] then
      tile.belt = other
    elseif other.type ~= "character" and other.type ~= "resource" and other.type ~= "item-entity" then
      failure.raise("blocked",
        entity.name .. " works on " .. geometry.show(there) .. ", which is taken by " .. other.name,
        {found = other.name, hint = "rotate or move the " .. entity.name})
    end
  end
  return tile
end

local function belt_members(point)
  local list = {}
  for _, member in ipairs(point.members) do
    if IS_BELT[member.type] then list[#list + 1] = member end
  end
  return list
end

--- Start tiles and the unit numbers of belts that already lead on from the source.
local function sources(point)
  expect_no_machine(point)
  local entity = point.entity
  local tile
  if entity and (entity.type == "inserter" or entity.type == "mining-drill") then
    tile = working_tile(entity, entity.drop_position)
  elseif #belt_members(point) > 0 then
    tile = {belt = belt_members(point)[1]}
  else
    tile = field.tile(point.position)
  end
  if not tile.belt then return {tile}, {} end
  local start, passed = start_from(tile.belt)
  return {start}, passed
end

local function goal_for(belt)
  local tile = field.tile(belt.position)
  tile.belt = belt
  return tile
end

--- Goal tiles: where the line shall end, or the belts that it shall flow into.
local function targets(point)
  expect_no_machine(point)
  local entity = point.entity
  if entity and entity.type == "inserter" then return {working_tile(entity, entity.pickup_position)} end
  if entity and entity.type == "mining-drill" then return {working_tile(entity, entity.drop_position)} end
  local members = belt_members(point)
  if #members == 0 then return {field.tile(point.position)} end
  local first, all = {}, {}
  for _, belt in ipairs(members) do
    all[#all + 1] = goal_for(belt)
    if #belt.belt_neighbours.inputs == 0 then first[#first + 1] = all[#all] end
  end
  return #first > 0 and first or all
end

local function is_joined(goals, passed)
  for _, goal in ipairs(goals) do
    if goal.belt and passed[goal.belt.unit_number] then return goal.belt end
  end
  return nil
end

--- The search's view of the ground.
local function view(map, under)
  map.max_dive = under and under.max_underground_distance or 0
  function map.free(x, y) return field.is_free(map, x, y) end
  map.dives = map.free
  function map.under(x, y, heading)
    local body = map.bodies[field.key(x, y)]
    return not (body and under and body.name == under.name and body.direction % 8 == heading % 8)
  end
  -- A belt is entered from behind or from the side, an underground end or a splitter from behind only.
  function map.arrive(goal, heading)
    if not goal.belt then return map.free(goal.x, goal.y) end
    if goal.belt.type ~= "transport-belt" then return heading == goal.belt.direction end
    return heading ~= geometry.opposite(goal.belt.direction)
  end
  return map
end

local function expect_ground(tiles, map, point)
  for _, tile in ipairs(tiles) do
    if tile.belt or field.is_free(map, tile.x, tile.y) then return end
  end
  local tile = tiles[1]
  local body = map.bodies[field.key(tile.x, tile.y)]
  failure.raise("blocked", "the end at " .. ends.show(point) .. " is taken by " .. (body and body.name or "water"),
    {found = body and body.name or "water", hint = "connect to a free position beside it"})
end

local function search(starts, goals, source, target, under)
  local tiles = {}
  for _, tile in ipairs(starts) do tiles[#tiles + 1] = tile end
  for _, tile in ipairs(goals) do tiles[#tiles + 1] = tile end
  for _, margin in ipairs(MARGINS) do
    local map = field.read(field.around(tiles, margin), false)
    expect_ground(starts, map, source)
    expect_ground(goals, map, target)
    local path = astar.search(view(map, under), starts, goals)
    if path then return path end
  end
  failure.raise("blocked", "no way for a belt from " .. ends.show(source) .. " to " .. ends.show(target),
    {hint = "add underground belts, go by way of other positions, or clear the ground"})
end

local function at_tile(tiles, tile)
  for _, candidate in ipairs(tiles) do
    if candidate.x == tile.x and candidate.y == tile.y then return candidate end
  end
  return nil
end

--- Pieces of a path: belts, and an entrance and an exit for each dive.
local function lay(path, starts, goals, surface_name, under_name, default)
  local list = {}
  local headings = pieces.headings(path, default)
  for rank, tile in ipairs(path) do
    local start, goal = rank == 1 and at_tile(starts, tile), rank == #path and at_tile(goals, tile)
    local standing = (start and start.belt) or (goal and goal.belt)
    if tile.dive then
      local heading = headings[rank - 1]
      local entrance = geometry.moved(field.centre(path[rank - 1]), heading, 1)
      list[#list + 1] = {name = under_name, position = entrance, direction = heading, end_type = "input"}
      list[#list + 1] = {name = under_name, position = field.centre(tile), direction = heading, end_type = "output"}
    elseif standing then
      local turn = start and start.belt and standing.type == "transport-belt" and #path > 1
      list[#list + 1] = {entity = standing, position = field.centre(tile), direction = turn and headings[rank] or nil}
    else
      list[#list + 1] = {name = surface_name, position = field.centre(tile), direction = headings[rank]}
    end
  end
  return list
end

--- Plans a line of belts from one end to the other.
function belts.plan(source, target, surface, under)
  local starts, passed = sources(source)
  local goals = targets(target)
  local joined = is_joined(goals, passed)
  if joined then return {{entity = joined, position = joined.position}} end
  local path = search(starts, goals, source, target, under)
  local default = geometry.heading(source.position, target.position)
  return lay(path, starts, goals, surface.name, under and under.name, default)
end

return belts
