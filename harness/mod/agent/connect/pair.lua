-- One pair of underground pipes between two ends, and nothing else.

local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")

local pair = {}

local HEADINGS = {0, 4, 8, 12}

--- Places for one end of the pair: the tile of a port or in the open, or the tiles beside a standing pipe. `away` is
-- the heading that leads away from what is to be joined, nil for any.
local function places(class)
  local list = {}
  for _, tile in ipairs(class.tiles) do
    if tile.body then
      for _, heading in ipairs(HEADINGS) do
        if not (tile.barred and tile.barred[heading]) then
          local spot = geometry.moved(tile, heading, 1)
          list[#list + 1] = {x = spot.x, y = spot.y, away = heading}
        end
      end
    else
      list[#list + 1] = {x = tile.x, y = tile.y, away = tile.launch}
    end
  end
  return list
end

local function by_tile(list)
  local index = {}
  for _, place in ipairs(list) do
    local key = field.key(place.x, place.y)
    index[key] = index[key] or {}
    table.insert(index[key], place)
  end
  return index
end

local function suits(map, from, places_there, heading)
  if not map.dives(from.x, from.y, heading) then return false end
  for _, place in ipairs(places_there or {}) do
    local faces = not place.away or place.away == geometry.opposite(heading)
    if faces and map.dives(place.x, place.y, heading) then return true end
  end
  return false
end

--- The two steps of the shortest pair that joins a match; nil if none does.
function pair.find(map, match)
  local index = by_tile(places(match.goal))
  local best
  for _, from in ipairs(places(match.start)) do
    for _, heading in ipairs(from.away and {from.away} or HEADINGS) do
      for span = 1, math.min(map.max_dive, best and best.span - 1 or math.huge) do
        local spot = geometry.moved(from, heading, span)
        if suits(map, from, index[field.key(spot.x, spot.y)], heading) then
          best = {span = span, heading = heading, from = from, to = spot}
        end
        if not map.under(spot.x, spot.y, heading) then break end
      end
    end
  end
  if not best then return nil end
  return {
    {x = best.from.x, y = best.from.y, heading = best.heading, role = "down"},
    {x = best.to.x, y = best.to.y, heading = best.heading, role = "up"},
  }
end

--- Raises the failure of a pair that cannot be.
function pair.refuse(under, source, target)
  failure.raise("blocked",
    string.format("one pair of %s does not join them: both ends must be free, face each other on one straight line and be "
      .. "at most %d tiles apart; the places are %g tiles apart in x and %g in y",
      under.name, under.max_underground_distance, math.abs(source.position.x - target.position.x),
      math.abs(source.position.y - target.position.y)),
    {expected = "both ends on one line, at most " .. under.max_underground_distance .. " tiles apart",
      found = ends.show(source) .. " and " .. ends.show(target), hint = "add the pipe to the connection types"})
end

return pair
