-- get_resource_patch: how much of a resource lies together, and where.

local arguments = require("lib.arguments")
local facts = require("entity.facts")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local proximity = require("lib.proximity")
local resources = require("lib.resources")
local session = require("lib.session")

local BLOCK = 16
local FARTHEST = 1000
local HINT_REACH = 200

--- A box that grows; it starts as a point.
local function grow(box, left, top, right, bottom)
  box.left_top.x = math.min(box.left_top.x, left)
  box.left_top.y = math.min(box.left_top.y, top)
  box.right_bottom.x = math.max(box.right_bottom.x, right)
  box.right_bottom.y = math.max(box.right_bottom.y, bottom)
end

--- Reads the resources called `name` block by block as they are asked for, each kept under its tile.
local function field_of(name)
  local surface, blocks = session.surface(), {}
  local function read(column, line)
    local tiles = {}
    local area = {{x = column * BLOCK, y = line * BLOCK}, {x = (column + 1) * BLOCK, y = (line + 1) * BLOCK}}
    for _, entity in ipairs(surface.find_entities_filtered{area = area, name = name}) do
      local position = entity.position
      local x, y = math.floor(position.x), math.floor(position.y)
      if math.floor(x / BLOCK) == column and math.floor(y / BLOCK) == line then
        tiles[geometry.key(x, y)] = {entity = entity, position = position, x = x, y = y}
      end
    end
    return tiles
  end
  return function(x, y)
    local column, line = math.floor(x / BLOCK), math.floor(y / BLOCK)
    local key = geometry.key(column, line)
    if not blocks[key] then blocks[key] = read(column, line) end
    return blocks[key][geometry.key(x, y)]
  end
end

--- Everything of the kind that hangs together with the one at `position`: neighbours are those whose body comes within
-- a tile of its centre.
local function flood(name, position)
  local at = field_of(name)
  local span = math.floor(1 + facts.of(name).collision_box.right_bottom.x)
  local start = at(math.floor(position.x), math.floor(position.y))
  local queue, head = {start}, 1
  start.seen = true
  while head <= #queue do
    local member = queue[head]
    head = head + 1
    for x = member.x - span, member.x + span do
      for y = member.y - span, member.y + span do
        local other = at(x, y)
        if other and not other.seen then
          other.seen = true
          queue[#queue + 1] = other
        end
      end
    end
  end
  return queue
end

local function water_patch(_, position, radius, box)
  local tiles = session.surface().find_tiles_filtered{position = position, radius = radius, name = "water"}
  for _, tile in ipairs(tiles) do
    local corner = tile.position
    grow(box, corner.x - 0.5, corner.y - 0.5, corner.x + 1.5, corner.y + 1.5)
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

local function tree_patch(_, position, radius, box)
  local size = 0
  local trees = session.surface().find_entities_filtered{position = position, radius = radius, type = "tree"}
  for _, tree in ipairs(trees) do
    local place = tree.position
    size = size + wood_of(tree)
    grow(box, place.x, place.y, place.x, place.y)
  end
  return size
end

local function ore_patch(name, position, radius, box)
  if not prototypes.entity[name] or prototypes.entity[name].type ~= "resource" then return 0 end
  local kind = proximity.entities(session.surface(), {name = name})
  local first = proximity.nearest(kind, position, math.max(radius, 0.5))
  if not first or geometry.distance(first.position, position) > math.max(radius, 1) then return 0 end
  local size = 0
  for _, member in ipairs(flood(name, first.position)) do
    local place = member.position
    size = size + member.entity.amount
    grow(box, place.x - 0.5, place.y - 0.5, place.x + 0.5, place.y + 0.5)
  end
  return size
end

local MEASURES = {["water"] = water_patch, ["wood"] = tree_patch}

local function elsewhere(name, position)
  if not prototypes.entity[name] then return "none" end
  local kind = proximity.entities(session.surface(), {name = name})
  local other = proximity.nearest(kind, position, HINT_REACH)
  if not other then return "none within " .. HINT_REACH .. " tiles" end
  return string.format("the nearest at %s, %.1f tiles away", geometry.show(other.position),
    geometry.distance(other.position, position))
end

--- Size and box of a patch; the box also covers the position asked about.
local function get_resource_patch(args)
  local name = resources.called(arguments.string(args, "name"))
  local position = arguments.position(args, "position")
  local radius = arguments.radius(args, "radius", 30, FARTHEST)
  local box = {left_top = {x = position.x, y = position.y}, right_bottom = {x = position.x, y = position.y}}
  local size = (MEASURES[name] or ore_patch)(name, position, radius, box)
  if size == 0 then
    failure.raise("not_found",
      string.format("could not get %s at %s, nothing found within %g tiles", name, geometry.show(position), radius),
      {expected = name, found = elsewhere(name, position), hint = "pass the position that nearest gives"})
  end
  return {name = name, size = math.floor(size), bounding_box = box}
end

return {tools = {get_resource_patch = get_resource_patch}}
