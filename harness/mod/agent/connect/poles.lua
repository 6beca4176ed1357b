-- Electric poles from one end to another: along the straight line if there is room, round what is in the way if not.

local astar = require("connect.astar")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local session = require("lib.session")

local poles = {}

local MARGINS = {10, 40}

--- Where the centre of a pole goes when its left-top tile is given.
local function centre_of(pole, tile)
  return {x = tile.x + pole.tile_width / 2, y = tile.y + pole.tile_height / 2}
end

local function has_room(pole, map, tile)
  for x = tile.x, tile.x + pole.tile_width - 1 do
    for y = tile.y, tile.y + pole.tile_height - 1 do
      if not field.is_free(map, x, y) then return false end
    end
  end
  return true
end

--- Our pole whose supply area covers an entity, nearest first.
local function covering(entity)
  local found = session.surface().find_entities_filtered{
    area = geometry.square(entity.position, 20), type = "electric-pole", force = session.force(),
  }
  local box = entity.bounding_box
  for _, other in ipairs(lookup.by_distance(found, entity.position)) do
    local reach = other.prototype.get_supply_area_distance()
    local at = other.position
    if at.x + reach > box.left_top.x and at.x - reach < box.right_bottom.x
      and at.y + reach > box.left_top.y and at.y - reach < box.right_bottom.y then
      return other
    end
  end
  return nil
end

--- The poles that an end stands for already.
local function standing(point)
  local list = {}
  for _, member in ipairs(point.members) do
    if member.type == "electric-pole" then list[#list + 1] = member end
  end
  if #list > 0 or not point.entity then return list end
  return {covering(point.entity)}
end

--- Left-top tiles for a new pole at an end, best first: on a bare position, or round the edge of an entity.
local function spots(pole, point, towards)
  local list = {}
  if point.entity then
    local box = point.entity.bounding_box
    local left, top = math.floor(box.left_top.x) - pole.tile_width, math.floor(box.left_top.y) - pole.tile_height
    local right, bottom = math.ceil(box.right_bottom.x), math.ceil(box.right_bottom.y)
    for x = left, right do
      for y = top, bottom do
        if x == left or x == right or y == top or y == bottom then list[#list + 1] = {x = x, y = y} end
      end
    end
  else
    local tile = field.tile({x = point.position.x - (pole.tile_width - 1) / 2, y = point.position.y - (pole.tile_height - 1) / 2})
    for dx = -2, 2 do
      for dy = -2, 2 do list[#list + 1] = {x = tile.x + dx, y = tile.y + dy} end
    end
    towards = centre_of(pole, tile)
  end
  for rank, tile in ipairs(list) do
    tile.rank, tile.distance = rank, geometry.distance_squared(centre_of(pole, tile), towards)
  end
  table.sort(list, function(a, b)
    if a.distance ~= b.distance then return a.distance < b.distance end
    return a.rank < b.rank
  end)
  return list
end

local function choose_spot(pole, map, point, towards)
  for _, tile in ipairs(spots(pole, point, towards)) do
    if has_room(pole, map, tile) then return tile end
  end
  failure.raise("blocked", "no room for " .. pole.name .. " at " .. ends.show(point),
    {hint = "connect to a free position beside it"})
end

--- The closest pair of standing poles or positions of both ends.
local function nearest_pair(sources, targets)
  local best, from, to = math.huge, nil, nil
  for _, a in ipairs(sources) do
    for _, b in ipairs(targets) do
      local distance = geometry.distance_squared(a, b)
      if distance < best then best, from, to = distance, a, b end
    end
  end
  return from, to
end

local function centres(entities, fallback)
  local list = {}
  for rank, entity in ipairs(entities) do
    list[rank] = {x = entity.position.x, y = entity.position.y, entity = entity}
  end
  if #list == 0 then list[1] = {x = fallback.x, y = fallback.y} end
  return list
end

--- Tiles on the straight line between two tiles.
local function line(from, to)
  local steps = math.max(math.abs(to.x - from.x), math.abs(to.y - from.y))
  local path = {}
  for step = 0, steps do
    local share = steps == 0 and 0 or step / steps
    path[#path + 1] = {
      x = math.floor(from.x + (to.x - from.x) * share + 0.5), y = math.floor(from.y + (to.y - from.y) * share + 0.5),
    }
  end
  return path
end

--- Poles along a path, each as far as its wire reaches from the one before; nil where there is no room in reach.
-- `first` and `last` are the ends' centres; `first` stands or is built by the caller.
local function along(pole, map, path, first, last, reach)
  local list, from, rank = {}, first, 1
  while geometry.distance(from, last) > reach + 1e-9 do
    local chosen
    for ahead = #path, rank, -1 do
      local centre = centre_of(pole, path[ahead])
      local advances = geometry.distance(centre, from) > 0.5
      if advances and geometry.distance(centre, from) <= reach + 1e-9 and has_room(pole, map, path[ahead]) then
        chosen, rank = centre, ahead + 1
        break
      end
    end
    if not chosen then return nil end
    list[#list + 1] = chosen
    from = chosen
  end
  return list
end

local function corner(pole, centre)
  return {x = math.floor(centre.x - pole.tile_width / 2 + 0.5), y = math.floor(centre.y - pole.tile_height / 2 + 0.5)}
end

--- The poles between two ends, straight or round about.
local function between(pole, map, first, last, reach)
  local from, to = corner(pole, first), corner(pole, last)
  local list = along(pole, map, line(from, to), first, last, reach)
  if list then return list end
  function map.free(x, y) return has_room(pole, map, {x = x, y = y}) end
  function map.arrive() return true end
  map.max_dive = 0
  local path = astar.search(map, {from}, {to})
  return path and along(pole, map, path, first, last, reach)
end

local function wire_reach(pole, other)
  local reach = pole.get_max_wire_distance()
  if not other then return reach end
  return math.min(reach, other.prototype.get_max_wire_distance())
end

local function piece(pole, centre, entity)
  return {name = pole.name, position = {x = centre.x, y = centre.y}, entity = entity}
end

local function together(sources, targets)
  for _, a in ipairs(sources) do
    for _, b in ipairs(targets) do
      if a.electric_network_id and a.electric_network_id == b.electric_network_id then return b end
    end
  end
  return nil
end

--- Plans a row of poles from one end to the other.
function poles.plan(source, target, pole)
  local sources, targets = standing(source), standing(target)
  local shared = together(sources, targets)
  if shared then return {{entity = shared, position = shared.position}} end
  local from, to = nearest_pair(centres(sources, source.position), centres(targets, target.position))
  for _, margin in ipairs(MARGINS) do
    local map = field.read(field.around({field.tile(from), field.tile(to)}, margin), false)
    local first = from.entity and from or centre_of(pole, choose_spot(pole, map, source, to))
    local last = to.entity and to or centre_of(pole, choose_spot(pole, map, target, first))
    local reach = math.min(wire_reach(pole, from.entity), wire_reach(pole, to.entity))
    local middle = between(pole, map, first, last, reach)
    if middle then
      local list = {piece(pole, first, from.entity)}
      for _, centre in ipairs(middle) do list[#list + 1] = piece(pole, centre) end
      if geometry.distance(first, last) > 0.5 then list[#list + 1] = piece(pole, last, to.entity) end
      return list
    end
  end
  failure.raise("blocked", "no row of " .. pole.name .. " from " .. ends.show(source) .. " to " .. ends.show(target),
    {hint = "use poles with a longer reach, or go by way of other positions"})
end

return poles
