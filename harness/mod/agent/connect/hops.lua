-- Where poles go when the straight line is blocked: the fewest hops of a wire from one place to another, over whatever
-- stands between.

local geometry = require("lib.geometry")
local grid = require("connect.grid")
local heap = require("lib.heap")

local hops = {}

local MAX_VISITS = 4000
-- Hops looked at from each place, along each axis, to either side.
local FINENESS = 6
-- Of two rows with as many poles the shorter is better.
local LENGTH_SHARE = 0.001

--- Steps in tiles that a wire reaches.
local function steps(reach)
  local list, stride = {}, math.max(1, math.floor(reach / FINENESS))
  local most = math.floor(reach / stride) * stride
  for dx = -most, most, stride do
    for dy = -most, most, stride do
      local length = math.sqrt(dx * dx + dy * dy)
      if length > 0 and length <= reach then list[#list + 1] = {x = dx, y = dy, length = length} end
    end
  end
  return list
end

local function trace(node)
  local list = {}
  while node.from do
    table.insert(list, 1, node.centre)
    node = node.from
  end
  return list
end

--- Centres of poles that lead from a place to within a wire of another, nearest first; nil if there is no way.
-- `first` is how far the wire of the pole at `from` reaches, `last` that of the one at `goal`.
function hops.between(pole, map, from, goal, first, last)
  local reach = pole.get_max_wire_distance()
  local ahead, open, best = steps(reach), heap.new(), {}
  local function left(centre) return math.max(0, geometry.distance(centre, goal) - math.min(reach, last)) / reach end
  heap.push(open, 0, {centre = {x = from.x, y = from.y}, tile = grid.corner(pole, from), cost = 0})
  for _ = 1, MAX_VISITS do
    local node = heap.pop(open)
    if not node then return nil end
    if node.from and geometry.distance(node.centre, goal) <= math.min(reach, last) then return trace(node) end
    for _, step in ipairs(node.from and ahead or steps(math.min(reach, first))) do
      local tile = {x = node.tile.x + step.x, y = node.tile.y + step.y}
      local key, cost = tile.x .. "," .. tile.y, node.cost + 1 + step.length * LENGTH_SHARE
      if (not best[key] or cost < best[key]) and tile.x >= map.left and tile.x <= map.right and tile.y >= map.top
        and tile.y <= map.bottom and grid.has_room(pole, map, tile) then
        best[key] = cost
        local centre = grid.centre(pole, tile)
        if geometry.distance(centre, node.centre) <= (node.from and reach or math.min(reach, first)) + 1e-9 then
          heap.push(open, cost + left(centre), {centre = centre, tile = tile, cost = cost, from = node})
        end
      end
    end
  end
  return nil
end

return hops
