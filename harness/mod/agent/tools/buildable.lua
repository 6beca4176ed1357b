-- nearest_buildable: free ground for a box of buildings.

local arguments = require("lib.arguments")
local facts = require("entity.facts")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local session = require("lib.session")
local water = require("lib.water")

local REACH = 30
-- Most searches end close by, so the ground there is read first.
local NEAR = 6
local WIDEST = 128
local UP = defines.direction.north
local WELL = "basic-fluid"
local NO_BODIES = {"character", "resource"}

local STEPS = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}}

--- Offsets outward from the centre in a square spiral: right, down, left, up with growing legs.
local function spiral(visit)
  local x, y, leg, turn = 0, 0, 1, 1
  while true do
    for _ = 1, 2 do
      local step = STEPS[turn]
      for _ = 1, leg do
        if math.max(math.abs(x), math.abs(y)) > REACH then return nil end
        local found = visit(x, y)
        if found then return found end
        x, y = x + step[1], y + step[2]
      end
      turn = turn % 4 + 1
    end
    leg = leg + 1
  end
end

local function note_bodies(map, surface, area)
  for _, entity in ipairs(surface.find_entities_filtered{area = area, type = NO_BODIES, invert = true}) do
    local box = entity.bounding_box
    for x = math.floor(box.left_top.x), math.ceil(box.right_bottom.x) - 1 do
      for y = math.floor(box.left_top.y), math.ceil(box.right_bottom.y) - 1 do
        local key = geometry.key(x, y)
        map.bodies[key] = map.bodies[key] or {}
        table.insert(map.bodies[key], box)
      end
    end
  end
end

local function note_resources(map, surface, area)
  for _, entity in ipairs(surface.find_entities_filtered{area = area, type = "resource"}) do
    local position = entity.position
    local category = facts.of(entity.name).resource_category
    map.ore[geometry.key(math.floor(position.x), math.floor(position.y))] = category
    if category == WELL then map.wells[#map.wells + 1] = position end
  end
end

--- What lies around a centre: water tiles and bodies, and the resources by tile, wells by place.
local function survey(centre, reach)
  local surface, area = session.surface(), geometry.square(centre, reach)
  local map = {wet = {}, bodies = {}, ore = {}, wells = {}}
  for _, tile in ipairs(surface.find_tiles_filtered{area = area, name = water.names}) do
    local position = tile.position
    map.wet[geometry.key(position.x, position.y)] = true
  end
  note_bodies(map, surface, area)
  note_resources(map, surface, area)
  return map
end

local function each_tile(rectangle, test)
  for x = math.floor(rectangle.left), math.ceil(rectangle.right) - 1 do
    for y = math.floor(rectangle.top), math.ceil(rectangle.bottom) - 1 do
      if not test(geometry.key(x, y)) then return false end
    end
  end
  return true
end

local function meets(box, rectangle)
  return box.left_top.x < rectangle.right and box.right_bottom.x > rectangle.left
    and box.left_top.y < rectangle.bottom and box.right_bottom.y > rectangle.top
end

local function is_free(map, rectangle)
  return each_tile(rectangle, function(key)
    if map.wet[key] then return false end
    for _, box in ipairs(map.bodies[key] or {}) do
      if meets(box, rectangle) then return false end
    end
    return true
  end)
end

--- The ground that a building takes when it is placed at a position.
local function footprint(prototype, position)
  local area = geometry.footprint(prototype, geometry.snapped(prototype, position, UP), UP)
  return {left = area[1].x, top = area[1].y, right = area[2].x, bottom = area[2].y}
end

local function holds(rectangle, inner)
  return inner.left >= rectangle.left and inner.right <= rectangle.right
    and inner.top >= rectangle.top and inner.bottom <= rectangle.bottom
end

--- Whether a pump that is placed at a position stands on a well.
local function meets_well(prototype, position, well)
  if math.abs(well.x - position.x) > 1 or math.abs(well.y - position.y) > 1 then return false end
  local spot, reach = geometry.snapped(prototype, position, UP), prototype.mining_drill_radius
  return math.abs(well.x - spot.x) <= reach and math.abs(well.y - spot.y) <= reach
end

--- Whether a pump that is placed at the middle of a rectangle stands on a well, and nothing stands in its way.
local function is_on_well(map, rectangle, prototype)
  local middle = {x = (rectangle.left + rectangle.right) / 2, y = (rectangle.top + rectangle.bottom) / 2}
  for _, well in ipairs(map.wells) do
    if meets_well(prototype, middle, well) then return is_free(map, footprint(prototype, middle)) end
  end
  return false
end

--- Whether a rectangle has room for a pump on one of its wells.
local function has_well(map, rectangle, prototype)
  for _, well in ipairs(map.wells) do
    local place = {left = well.x, right = well.x, top = well.y, bottom = well.y}
    if holds(rectangle, place) and holds(rectangle, footprint(prototype, well)) then return true end
  end
  return false
end

local function is_ore(map, rectangle, prototype)
  local categories = prototype.resource_categories
  return each_tile(rectangle, function(key)
    local category = map.ore[key]
    return category ~= nil and categories[category] or false
  end)
end

--- What a rectangle must be besides free, for each way to look for one: a drill is at work on all of it, a pump stands
-- on a well at its middle or, if there is no such place, anywhere in it.
local function demands(prototype)
  if prototype.type ~= "mining-drill" then return {function() return true end} end
  if prototype.resource_categories[WELL] then return {is_on_well, has_well} end
  return {is_ore}
end

local function no_space(prototype, width, height, centre)
  local mines = prototype.type == "mining-drill"
  local what = mines and "free ground on a resource that it mines" or "free ground"
  failure.raise("no_space",
    "no viable place for " .. prototype.name .. " in a box of " .. width .. "x" .. height .. " within " .. REACH
      .. " tiles of " .. geometry.show(centre),
    {expected = what .. ", " .. width .. "x" .. height .. " tiles", found = "none",
     hint = mines and "decrease or split the box, or search around the position that nearest gives"
       or "decrease or split the box, or search around another position"})
end

local function size_of(args, key)
  local size = arguments.count(args, key)
  if size <= WIDEST then return size end
  failure.raise("bad_argument", key .. ": expected at most " .. WIDEST .. " tiles, got " .. size,
    {expected = WIDEST, found = size, hint = "split the box"})
end

--- The ground around a centre, read as far as it is asked for.
local function reader(centre, margin)
  local map, read = nil, -1
  return function(distance)
    if read < distance then
      read = distance <= NEAR and NEAR or REACH
      map = survey(centre, read + margin)
    end
    return map
  end
end

--- The left-top corner keeps the fraction of the centre's coordinates.
local function nearest_buildable(args)
  local prototype = lookup.prototype(arguments.string(args, "name"))
  local width, height = size_of(args, "width"), size_of(args, "height")
  local centre = arguments.position(args, "position")
  local ground = reader(centre, math.max(width, height) + 1)
  for _, demand in ipairs(demands(prototype)) do
    local corner = spiral(function(dx, dy)
      local map, left, top = ground(math.max(math.abs(dx), math.abs(dy))), centre.x + dx, centre.y + dy
      local rectangle = {left = left, top = top, right = left + width, bottom = top + height}
      if demand(map, rectangle, prototype) and is_free(map, rectangle) then return {x = left, y = top} end
    end)
    if corner then return {left_top = corner, right_bottom = {x = corner.x + width, y = corner.y + height}} end
  end
  return no_space(prototype, width, height, centre)
end

return {tools = {nearest_buildable = nearest_buildable}}
