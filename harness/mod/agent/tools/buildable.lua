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
    map.places[#map.places + 1] = {x = position.x, y = position.y, category = category}
  end
end

--- What lies around a centre: water tiles and bodies, and the resources by tile and by place.
local function survey(centre, reach)
  local surface, area = session.surface(), geometry.square(centre, reach)
  local map = {wet = {}, bodies = {}, ore = {}, places = {}}
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

local function holds_well(map, rectangle, categories)
  for _, place in ipairs(map.places) do
    if categories[place.category] and place.x > rectangle.left and place.x < rectangle.right
      and place.y > rectangle.top and place.y < rectangle.bottom then
      return true
    end
  end
  return false
end

--- Whether a drill that mines `categories` is at work on the whole rectangle; one for wells needs a single well.
local function is_minable(map, rectangle, categories)
  if not categories then return true end
  if categories["basic-fluid"] then return holds_well(map, rectangle, categories) end
  return each_tile(rectangle, function(key)
    local category = map.ore[key]
    return category ~= nil and categories[category] or false
  end)
end

local function no_space(prototype, width, height, centre, categories)
  local what = categories and "free ground on a resource that it mines" or "free ground"
  failure.raise("no_space",
    "no viable place for " .. prototype.name .. " in a box of " .. width .. "x" .. height .. " within " .. REACH
      .. " tiles of " .. geometry.show(centre),
    {expected = what .. ", " .. width .. "x" .. height .. " tiles", found = "none",
     hint = categories and "decrease or split the box, or search around the position that nearest gives"
       or "decrease or split the box, or search around another position"})
end

local function size_of(args, key)
  local size = arguments.count(args, key)
  if size <= WIDEST then return size end
  failure.raise("bad_argument", key .. ": expected at most " .. WIDEST .. " tiles, got " .. size,
    {expected = WIDEST, found = size, hint = "split the box"})
end

--- The left-top corner keeps the fraction of the centre's coordinates.
local function nearest_buildable(args)
  local prototype = lookup.prototype(arguments.string(args, "name"))
  local width, height = size_of(args, "width"), size_of(args, "height")
  local centre = arguments.position(args, "position")
  local categories = prototype.type == "mining-drill" and prototype.resource_categories or nil
  local margin = math.max(width, height) + 1
  local map, read = survey(centre, NEAR + margin), NEAR
  local corner = spiral(function(dx, dy)
    if read < math.max(math.abs(dx), math.abs(dy)) then map, read = survey(centre, REACH + margin), REACH end
    local left, top = centre.x + dx, centre.y + dy
    local rectangle = {left = left, top = top, right = left + width, bottom = top + height}
    if is_minable(map, rectangle, categories) and is_free(map, rectangle) then return {x = left, y = top} end
  end)
  if not corner then no_space(prototype, width, height, centre, categories) end
  return {left_top = corner, right_bottom = {x = corner.x + width, y = corner.y + height}}
end

return {tools = {nearest_buildable = nearest_buildable}}
