-- The open country: grassland with lakes, ore fields of many sizes that grow richer with distance, woods and rocks.

local chance = require("lib.chance")
local paint = require("maps.paint")

local open = {SIZE = 512, GROUND = "grass-1"}

local CELL = 64
-- Cells whose content would reach into the starting area stay empty.
local HOME_RADIUS = 80
local ORES = {"iron-ore", "copper-ore", "coal", "stone"}
local EDGE_AMOUNT = 300
local HOME_CORE = 1200

--- The starting area has what a first factory needs, whatever the rest of the map is like.
local function add_home(rng, add)
  local kinds = chance.shuffle(rng, {"iron-ore", "copper-ore", "coal", "stone", "lake"})
  for rank, kind in ipairs(kinds) do
    local angle = (rank + chance.share(rng) * 0.3) * 2 * math.pi / #kinds
    local centre, radius = paint.polar(angle, 34 + chance.next(rng, 0, 10)), 8 + chance.next(rng, 0, 3)
    if kind == "lake" then
      add({kind = "lake", centre = centre, radius = radius})
    else
      add({kind = "ore", name = kind, centre = centre, radius = radius, edge = EDGE_AMOUNT, core = HOME_CORE})
    end
  end
  add({kind = "trees", centre = {x = -10, y = 12}, radius = 9, count = 20})
  add({kind = "rocks", centre = {x = 12, y = -12}, radius = 6, count = 3})
end

local function ore_field(rng, centre)
  local distance = math.sqrt(centre.x * centre.x + centre.y * centre.y)
  local rare = distance > 150 and chance.next(rng, 1, 6) == 1
  return {
    kind = "ore", name = rare and "uranium-ore" or ORES[chance.next(rng, 1, #ORES)], centre = centre,
    radius = 6 + chance.next(rng, 0, 8), edge = EDGE_AMOUNT, core = math.floor(500 + distance * 12),
  }
end

local function lake(rng, centre)
  return {kind = "lake", centre = centre, radius = 8 + chance.next(rng, 0, 12)}
end

local function woods(rng, centre)
  return {kind = "trees", centre = centre, radius = 10 + chance.next(rng, 0, 10), count = 60}
end

local function oil_field(rng, centre)
  return {kind = "oil", centre = centre, wells = 3 + chance.next(rng, 0, 5)}
end

local function rocks(_, centre)
  return {kind = "rocks", centre = centre, radius = 12, count = 8}
end

-- What a cell of the country may hold, by how often.
local CONTENTS = {
  ore_field, ore_field, ore_field, ore_field, lake, lake, woods, woods, woods, oil_field, rocks,
}

--- The features of the map that belongs to a seed.
function open.features(seed)
  local rng, features = chance.new(seed), {}
  local function add(feature)
    features[#features + 1] = feature
    feature.layer = #features
  end
  add_home(rng, add)
  local half = open.SIZE / CELL / 2
  for column = -half, half - 1 do
    for row = -half, half - 1 do
      local centre = {
        x = column * CELL + chance.next(rng, 20, CELL - 20), y = row * CELL + chance.next(rng, 20, CELL - 20),
      }
      local feature = CONTENTS[chance.next(rng, 1, #CONTENTS)](rng, centre)
      if centre.x * centre.x + centre.y * centre.y > HOME_RADIUS * HOME_RADIUS then add(feature) end
    end
  end
  return features
end

return open
