-- The nearest of many without looking at all of them: squares around a place, counted before they are read.

local geometry = require("lib.geometry")
local lookup = require("lib.lookup")

local proximity = {}

local STEPS = {4, 8, 16, 32, 64, 128, 200}
local FEW = 24

local function of(filter, search, count)
  return {
    all = function(area) filter.area, filter.position, filter.radius = area, nil, nil return search(filter) end,
    count = function(area) filter.area, filter.position, filter.radius = area, nil, nil return count(filter) end,
    round = function(here, radius) filter.area, filter.position, filter.radius = nil, here, radius return search(filter) end,
  }
end

--- How to look for entities on a surface; `filter` is what the engine's search takes but for the place.
function proximity.entities(surface, filter)
  return of(filter, surface.find_entities_filtered, surface.count_entities_filtered)
end

function proximity.tiles(surface, filter)
  return of(filter, surface.find_tiles_filtered, surface.count_tiles_filtered)
end

--- The first square of the growing ones that holds something, its half side, how many, and the last empty half side.
local function first_holding(kind, here, reach)
  local empty = 0
  for _, step in ipairs(STEPS) do
    if step >= reach then break end
    local count = kind.count(geometry.square(here, step))
    if count > 0 then return step, count, empty end
    empty = step
  end
  return reach, kind.count(geometry.square(here, reach)), empty
end

--- The half side of a square that holds few unless they stand close together; nil if nothing is within `reach`.
local function holding(kind, here, reach)
  local half, count, empty = first_holding(kind, here, reach)
  if count == 0 then return nil end
  while count > FEW and half - empty > 1 do
    local middle = math.floor((empty + half) / 2)
    local inside = kind.count(geometry.square(here, middle))
    if inside > 0 then half, count = middle, inside else empty = middle end
  end
  return half
end

--- What is nearest to `here` by distance among all within the square of half side `reach`; of several the first in the
-- engine's order, nil if there is nothing. It is the one that reading them all would give.
function proximity.nearest(kind, here, reach)
  local half = holding(kind, here, reach)
  if not half then return nil end
  local best = lookup.closest(kind.all(geometry.square(here, half)), here)
  local distance = geometry.distance(best.position, here)
  if distance <= half or half >= reach then return best end
  -- What lies beyond the square's sides may be nearer than what lies in its corners. A tile's place is its corner,
  -- which the search may measure from its middle: one tile more covers both.
  local nearer = distance < reach and kind.round(here, distance + 1) or kind.all(geometry.square(here, reach))
  return lookup.closest(nearer, here)
end

return proximity
