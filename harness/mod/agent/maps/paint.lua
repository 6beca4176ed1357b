-- Draws a map from its list of features: lakes first, as ground; then ore, oil, trees and rocks, as nature.
-- A feature draws with chance of its own, so leaving one out does not change the others.

local chance = require("lib.chance")

local paint = {}

local OIL_AMOUNT = 300000
local WELL_SPACING = 6
local TREES = {"tree-01", "tree-02", "tree-03", "tree-04"}
local ROCKS = {"big-rock", "huge-rock"}

--- Calls `visit(x, y, depth)` for the tiles of a round patch with a ragged edge; depth is 0 in the middle, 1 outside.
local function blob(seed, feature, visit)
  local centre, radius = feature.centre, feature.radius
  local reach = math.ceil(radius * 1.3)
  for x = centre.x - reach, centre.x + reach do
    for y = centre.y - reach, centre.y + reach do
      local dx, dy = x + 0.5 - centre.x, y + 0.5 - centre.y
      local distance = math.sqrt(dx * dx + dy * dy)
      if distance < radius * 1.25 then
        local edge = radius * (0.75 + 0.5 * chance.noise(seed, feature.layer, x, y, 5))
        if distance < edge then visit(x, y, distance / edge) end
      end
    end
  end
end

local function put(surface, entity)
  if surface.can_place_entity{name = entity.name, position = entity.position} then surface.create_entity(entity) end
end

local function lake(surface, seed, feature)
  local tiles = {}
  blob(seed, feature, function(x, y)
    tiles[#tiles + 1] = {name = "water", position = {x = x, y = y}}
  end)
  surface.set_tiles(tiles)
end

--- Ore with `edge` units a tile at the rim and `core` more in the middle.
local function ore(surface, seed, feature)
  blob(seed, feature, function(x, y, depth)
    put(surface, {name = feature.name, position = {x = x + 0.5, y = y + 0.5},
      amount = math.floor(feature.edge + (1 - depth) * feature.core)})
  end)
end

local function oil(surface, seed, feature)
  local rng = chance.new(seed * 4096 + feature.layer)
  local side = math.ceil(math.sqrt(feature.wells))
  for index = 0, feature.wells - 1 do
    local column, row = index % side, math.floor(index / side)
    put(surface, {name = "crude-oil", amount = OIL_AMOUNT, position = {
      x = feature.centre.x + (column - math.floor(side / 2)) * WELL_SPACING + chance.next(rng, -1, 1) + 0.5,
      y = feature.centre.y + (row - math.floor(side / 2)) * WELL_SPACING + chance.next(rng, -1, 1) + 0.5,
    }})
  end
end

--- Single things strewn over a round patch, as many of `count` as find room.
local function strew(names)
  return function(surface, seed, feature)
    local rng = chance.new(seed * 4096 + feature.layer)
    local radius = feature.radius
    for _ = 1, feature.count do
      local dx, dy = chance.next(rng, -radius, radius), chance.next(rng, -radius, radius)
      local name = names[chance.next(rng, 1, #names)]
      if dx * dx + dy * dy <= radius * radius then
        put(surface, {name = name, position = {x = feature.centre.x + dx + 0.5, y = feature.centre.y + dy + 0.5}})
      end
    end
  end
end

local NATURE = {ore = ore, oil = oil, trees = strew(TREES), rocks = strew(ROCKS)}

--- Takes the lakes of a map away again. Bare ground repeats itself every two tiles, and no lake reaches the origin.
function paint.bare(surface, seed, features)
  local names, tiles = {}, {}
  for x = 0, 1 do
    names[x] = {}
    for y = 0, 1 do names[x][y] = surface.get_tile(x, y).name end
  end
  for _, feature in ipairs(features) do
    if feature.kind == "lake" then
      blob(seed, feature, function(x, y)
        tiles[#tiles + 1] = {name = names[x % 2][y % 2], position = {x = x, y = y}}
      end)
    end
  end
  surface.set_tiles(tiles)
end

function paint.ground(surface, seed, features)
  for _, feature in ipairs(features) do
    if feature.kind == "lake" then lake(surface, seed, feature) end
  end
end

function paint.nature(surface, seed, features)
  for _, feature in ipairs(features) do
    local draw = NATURE[feature.kind]
    if draw then draw(surface, seed, feature) end
  end
end

--- The tile at an angle (in radians) and a distance from the origin.
function paint.polar(angle, distance)
  return {x = math.floor(math.cos(angle) * distance + 0.5), y = math.floor(math.sin(angle) * distance + 0.5)}
end

return paint
