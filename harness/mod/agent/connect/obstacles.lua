-- Says what is in the way when no way is found: the first thing on the straight line between the ends.

local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")

local obstacles = {}

--- Tiles of the straight line between two tiles, both ends included.
function obstacles.line(from, to)
  local steps = math.max(math.abs(to.x - from.x), math.abs(to.y - from.y))
  local path = {}
  for step = 0, steps do
    local share = steps == 0 and 0 or step / steps
    path[#path + 1] = {
      x = math.floor(from.x + (to.x - from.x) * share + 0.5), y = math.floor(from.y + (to.y - from.y) * share + 0.5),
    }
  end
  return path
end

--- What keeps a piece off a tile: what stands there, or a fluid beside it that is not to be joined; nil if nothing does.
function obstacles.at(map, tile)
  local found = field.blocker(map, tile.x, tile.y)
  if found then return found end
  for _, touch in ipairs(field.touches(map, tile.x, tile.y)) do
    if touch.entity and not (map.allowed and map.allowed[touch.owner]) then
      return touch.entity.name .. " at " .. geometry.show(touch.entity.position) .. ", which must not be touched"
    end
  end
  return nil
end

--- The first thing that a piece on the straight line would meet, and how far it is from the start; nil if none.
function obstacles.first(map, from, to)
  local line = obstacles.line(from, to)
  for rank, tile in ipairs(line) do
    local inner = rank > 1 and rank < #line
    if inner and not map.free(tile.x, tile.y) then
      local found = obstacles.at(map, tile)
      if found then return found, geometry.distance(from, tile) end
    end
  end
  return nil
end

--- Raises the failure of a search.
function obstacles.refuse(map, from, to, hint)
  local found, distance = obstacles.first(map, from, to)
  local message = "no free way between the ends"
  if found then
    message = string.format("%s: %s, %.1f tiles from the start, is in the way and nothing leads round it",
      message, found, distance)
  end
  failure.raise("blocked", message, {found = found, hint = hint})
end

return obstacles
