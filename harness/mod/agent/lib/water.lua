-- Which tiles are water.

local water = {}

water.names = {"water", "deepwater", "water-green", "deepwater-green", "water-shallow", "water-mud"}

local set = {}
for _, name in ipairs(water.names) do set[name] = true end

--- Whether the tile under a position is water.
function water.at(surface, position)
  return set[surface.get_tile(math.floor(position.x), math.floor(position.y)).name] or false
end

function water.is(name)
  return set[name] or false
end

return water
