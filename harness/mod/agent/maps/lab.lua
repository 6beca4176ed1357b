-- The laboratory: flat ground with one patch of each resource in a ring around the origin.

local chance = require("lib.chance")
local paint = require("maps.paint")

local lab = {SIZE = 512, LAB_TILES = true}

local ORE_AMOUNT = 10000

-- Each patch has a sector of the ring to itself; `distance` is to its middle.
local PATCHES = {
  {kind = "ore", name = "iron-ore", distance = 34, radius = 10},
  {kind = "ore", name = "copper-ore", distance = 36, radius = 9},
  {kind = "ore", name = "coal", distance = 34, radius = 9},
  {kind = "ore", name = "stone", distance = 36, radius = 8},
  {kind = "lake", distance = 36, radius = 9},
  {kind = "trees", distance = 32, radius = 9, count = 120},
  {kind = "oil", distance = 48, wells = 6},
  {kind = "ore", name = "uranium-ore", distance = 60, radius = 7},
}

-- How far a patch may stray from the middle of its sector, in sectors.
local STRAY = 0.2

--- The features of the map that belongs to a seed.
function lab.features(seed)
  local rng = chance.new(seed)
  local sectors = {}
  for sector = 1, #PATCHES do sectors[sector] = sector end
  chance.shuffle(rng, sectors)
  local features = {}
  for layer, patch in ipairs(PATCHES) do
    local angle = (sectors[layer] + (chance.share(rng) - 0.5) * STRAY) * 2 * math.pi / #PATCHES
    features[layer] = {
      kind = patch.kind, layer = layer, name = patch.name, centre = paint.polar(angle, patch.distance),
      radius = patch.radius, wells = patch.wells, count = patch.count, edge = ORE_AMOUNT, core = 0,
    }
  end
  return features
end

return lab
