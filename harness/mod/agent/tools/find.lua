-- nearest, get_resource_patch, nearest_buildable: reads the ground.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local session = require("lib.session")
local water = require("lib.water")

local find = {}

local NEAREST_REACH = 500
local NEAREST_STEPS = {16, 64, 200, NEAREST_REACH}
local ALIASES = {["copper"] = "copper-ore", ["iron"] = "iron-ore", ["uranium"] = "uranium-ore"}

local function within(name, area)
  local surface = session.surface()
  if name == "water" then return surface.find_tiles_filtered{area = area, name = "water"} end
  if name == "wood" then return surface.find_entities_filtered{area = area, type = "tree"} end
  return surface.find_entities_filtered{area = area, name = name}
end

--- The nearest of all that lie in a growing square; what a square holds within its half side is final.
local function nearest(args)
  local name = arguments.string(args, "name")
  name = ALIASES[name] or name
  if name ~= "water" and name ~= "wood" then lookup.prototype(name) end
  local here = session.character().position
  for _, reach in ipairs(NEAREST_STEPS) do
    local best = lookup.closest(within(name, geometry.square(here, reach)), here)
    if best and (reach == NEAREST_REACH or geometry.distance(best.position, here) <= reach) then
      return {x = best.position.x, y = best.position.y}
    end
  end
  failure.raise("not_found", "could not find nearest " .. name .. " on the surface",
    {expected = name, found = "none within " .. NEAREST_REACH .. " tiles"})
end

local function key_of(position)
  return position.x .. "," .. position.y
end

--- Everything of the kind that hangs together with the first one found, neighbours being at most one tile apart.
local function flood(start)
  local seen, queue, head = {[key_of(start.position)] = true}, {start}, 1
  local half = start.prototype.collision_box.right_bottom.x + 1
  while head <= #queue do
    local entity = queue[head]
    head = head + 1
    local around = session.surface().find_entities_filtered{
      area = geometry.square(entity.position, half), name = start.name,
    }
    for _, other in ipairs(around) do
      local key = key_of(other.position)
      if not seen[key] then
        seen[key] = true
        queue[#queue + 1] = other
      end
    end
  end
  return queue
end

--- A box that grows; it starts as a point.
local function grow(box, left, top, right, bottom)
  box.left_top.x = math.min(box.left_top.x, left)
  box.left_top.y = math.min(box.left_top.y, top)
  box.right_bottom.x = math.max(box.right_bottom.x, right)
  box.right_bottom.y = math.max(box.right_bottom.y, bottom)
end

local function point_box(position)
  return {left_top = {x = position.x, y = position.y}, right_bottom = {x = position.x, y = position.y}}
end

local function nothing_there(name, position)
  failure.raise("not_found", "could not get " .. name .. " at " .. geometry.show(position) .. ", nothing found there",
    {expected = name, found = "none", hint = "pass the position that nearest gives"})
end

local function water_patch(position, radius, box)
  local tiles = session.surface().find_tiles_filtered{position = position, radius = radius, name = "water"}
  for _, tile in ipairs(tiles) do
    grow(box, tile.position.x - 0.5, tile.position.y - 0.5, tile.position.x + 1.5, tile.position.y + 1.5)
  end
  return #tiles
end

local function wood_of(tree)
  local total = 0
  for _, product in ipairs(tree.prototype.mineable_properties.products or {}) do
    total = total + (product.amount or (product.amount_min + product.amount_max) / 2)
  end
  return total
end

local function tree_patch(position, radius, box)
  local size = 0
  local trees = session.surface().find_entities_filtered{position = position, radius = radius, type = "tree"}
  for _, tree in ipairs(trees) do
    size = size + wood_of(tree)
    grow(box, tree.position.x, tree.position.y, tree.position.x, tree.position.y)
  end
  return size
end

local function ore_patch(name, position, radius, box)
  lookup.prototype(name)
  local near = radius > 0 and {position = position, radius = radius, name = name}
    or {area = geometry.square(position, 0.5), name = name}
  local first = lookup.closest(session.surface().find_entities_filtered(near), position)
  if not first then return 0 end
  local size = 0
  for _, resource in ipairs(flood(first)) do
    size = size + resource.amount
    local at = resource.position
    grow(box, at.x - 0.5, at.y - 0.5, at.x + 0.5, at.y + 0.5)
  end
  return size
end

--- Size and box of a patch; the box also covers the position asked about.
local function get_resource_patch(args)
  local name = arguments.string(args, "name")
  name = ALIASES[name] or name
  local position = arguments.position(args, "position")
  local radius = arguments.number(args, "radius", 30)
  local box = point_box(position)
  local size
  if name == "water" then
    size = water_patch(position, radius, box)
  elseif name == "wood" then
    size = tree_patch(position, radius, box)
  else
    size = ore_patch(name, position, radius, box)
  end
  if size == 0 then nothing_there(name, position) end
  return {name = name, size = math.floor(size), bounding_box = box}
end

local SPIRAL_REACH = 30

--- Offsets outward from the centre in a square spiral: right, down, left, up with growing legs.
local function spiral(visit)
  local x, y, leg = 0, 0, 1
  local steps = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}}
  local turn = 1
  while true do
    for _ = 1, 2 do
      local step = steps[turn]
      for _ = 1, leg do
        if math.max(math.abs(x), math.abs(y)) > SPIRAL_REACH then return nil end
        local found = visit(x, y)
        if found then return found end
        x, y = x + step[1], y + step[2]
      end
      turn = turn % 4 + 1
    end
    leg = leg + 1
  end
end

--- Tiles around a centre that are blocked by bodies or water, and those that hold a resource, keyed "x,y".
local function survey(centre, reach)
  local surface = session.surface()
  local area = geometry.square(centre, reach)
  local blocked, ore, wells = {}, {}, {}
  for _, tile in ipairs(surface.find_tiles_filtered{area = area, name = water.names}) do
    blocked[key_of(tile.position)] = true
  end
  for _, entity in ipairs(surface.find_entities_filtered{area = area}) do
    if entity.type == "resource" then
      ore[math.floor(entity.position.x) .. "," .. math.floor(entity.position.y)] = entity.prototype.resource_category
      if entity.name == "crude-oil" then wells[#wells + 1] = {x = entity.position.x, y = entity.position.y} end
    elseif entity.type ~= "character" then
      local box = entity.bounding_box
      for x = math.floor(box.left_top.x), math.ceil(box.right_bottom.x) - 1 do
        for y = math.floor(box.left_top.y), math.ceil(box.right_bottom.y) - 1 do blocked[x .. "," .. y] = true end
      end
    end
  end
  return {blocked = blocked, ore = ore, wells = wells}
end

local function each_tile(left, top, width, height, test)
  for x = math.floor(left), math.ceil(left + width) - 1 do
    for y = math.floor(top), math.ceil(top + height) - 1 do
      if not test(x .. "," .. y) then return false end
    end
  end
  return true
end

local function suits(prototype, map, left, top, width, height)
  local free = each_tile(left, top, width, height, function(key) return not map.blocked[key] end)
  if not free then return false end
  if prototype.type ~= "mining-drill" then return true end
  local categories = prototype.resource_categories
  if categories["basic-fluid"] then
    for _, well in ipairs(map.wells) do
      if well.x > left and well.x < left + width and well.y > top and well.y < top + height then return true end
    end
    return false
  end
  return each_tile(left, top, width, height, function(key)
    local category = map.ore[key]
    return category and categories[category] or false
  end)
end

local function nearest_buildable(args)
  local prototype = lookup.prototype(arguments.string(args, "name"))
  local width, height = arguments.count(args, "width"), arguments.count(args, "height")
  local centre = arguments.position(args, "position")
  local map = survey(centre, SPIRAL_REACH + math.max(width, height) + 1)
  local corner = spiral(function(dx, dy)
    local left, top = centre.x + dx, centre.y + dy
    return suits(prototype, map, left, top, width, height) and {x = left, y = top} or nil
  end)
  if not corner then
    failure.raise("no_space",
      "no viable place for " .. prototype.name .. " in a box of " .. width .. "x" .. height .. " near " .. geometry.show(centre),
      {hint = "decrease or split the box, or search around another position"})
  end
  return {left_top = corner, right_bottom = {x = corner.x + width, y = corner.y + height}}
end

find.tools = {nearest = nearest, get_resource_patch = get_resource_patch, nearest_buildable = nearest_buildable}

return find
