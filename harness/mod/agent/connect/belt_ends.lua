-- Where a line of belts may begin and end: at belts that stand there, at splitters, where inserters and drills work, or
-- on free ground.

local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")

local belt_ends = {}

local MAX_CHAIN = 5000

local USE_INSERTER = {
  ["assembling-machine"] = true, ["lab"] = true, ["container"] = true, ["logistic-container"] = true,
  ["furnace"] = true, ["accumulator"] = true, ["ammo-turret"] = true, ["rocket-silo"] = true,
}
local USE_INSERTER_TARGET = {["boiler"] = true, ["generator"] = true}

belt_ends.types = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

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
  if body and not belt_ends.types[body.type] then
    failure.raise("blocked",
      entity.name .. " at " .. geometry.show(entity.position) .. " works on " .. geometry.show(field.centre(tile))
        .. ", which is taken by " .. field.blocker(map, tile.x, tile.y),
      {expected = "a belt or nothing", found = field.name(body), hint = "rotate or move the " .. entity.name
        .. ", or pick up what is there"})
  end
  tile.body = body
  return tile
end

--- The belts among the members of an end.
function belt_ends.members(point)
  local list = {}
  for _, member in ipairs(point.members) do
    if belt_ends.types[member.type] then list[#list + 1] = member end
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
function belt_ends.sources(map, point)
  if point.line then return {point.line}, {} end
  expect_no_machine(point, false)
  local entity = point.entity
  local members = belt_ends.members(point)
  if #members > 0 then return open_ends(members) end
  local tile
  if entity and (entity.type == "inserter" or entity.type == "mining-drill") then
    tile = working_tile(map, entity, entity.drop_position)
  else
    tile = field.tile(point.position)
    local body = field.body(map, tile.x, tile.y)
    tile.body = body and belt_ends.types[body.type] and body or nil
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
function belt_ends.targets(map, point)
  expect_no_machine(point, true)
  local entity = point.entity
  if entity and entity.type == "inserter" then return {working_tile(map, entity, entity.pickup_position)} end
  if entity and entity.type == "mining-drill" then return {working_tile(map, entity, entity.drop_position)} end
  local first, all = {}, {}
  local members = belt_ends.members(point)
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
  tile.body = body and belt_ends.types[body.type] and body or nil
  return {tile}
end

return belt_ends
