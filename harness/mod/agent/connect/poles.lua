-- Electric poles from one end to another: as far apart as their wires reach, over networks that stand on the way, along
-- the straight line if there is room, round what is in the way if not.

local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local grid = require("connect.grid")
local hops = require("connect.hops")
local obstacles = require("connect.obstacles")
local order = require("lib.order")

local poles = {}

local MARGIN = 40
local MAX_POLES = 500
local NEAR_LINE = 2
-- A pole that brings the row less than this much closer is not worth its item.
local MIN_ADVANCE = 0.5

--- Offsets in tiles within a distance, the nearest first.
local function offsets(reach)
  local list = {}
  for dx = -reach, reach do
    for dy = -reach, reach do
      if dx * dx + dy * dy <= reach * reach then list[#list + 1] = {x = dx, y = dy} end
    end
  end
  return order.by(list, function(offset) return offset.x * offset.x + offset.y * offset.y end)
end

local AROUND = offsets(NEAR_LINE)

local function within(a, b, reach)
  return geometry.distance_squared(a, b) <= reach * reach + 1e-9
end

--- Whether a wire can hang between two nodes.
local function reaches(a, b)
  return within(a, b, math.min(a.reach, b.reach))
end

local function choose_spot(pole, map, point, towards)
  local gap, spots = 0, grid.spots(pole, point, towards, 0)
  while #spots > 0 do
    for _, tile in ipairs(spots) do
      if grid.has_room(pole, map, tile) then return grid.centre(pole, tile) end
    end
    gap = gap + 1
    spots = grid.spots(pole, point, towards, gap)
  end
  failure.raise("blocked", "no room for " .. pole.name .. " at " .. ends.show(point),
    {expected = "free ground for " .. pole.tile_width .. "x" .. pole.tile_height .. " tiles",
      found = point.entity and "none from which it is supplied" or "none within 2 tiles",
      hint = point.entity and "pick up something beside it, or use poles that supply a larger area"
        or "connect to a free position beside it"})
end

--- The free place nearest to the furthest point that a wire from `from` reaches on the straight line to `goal`.
local function spot_on_line(pole, map, from, goal, reach)
  local distance = geometry.distance(from, goal)
  for along = math.min(reach, distance), 1, -1 do
    local share = along / distance
    local corner = grid.corner(pole, {x = from.x + (goal.x - from.x) * share, y = from.y + (goal.y - from.y) * share})
    for _, offset in ipairs(AROUND) do
      local tile = {x = corner.x + offset.x, y = corner.y + offset.y}
      local centre = grid.centre(pole, tile)
      if within(centre, from, reach) and geometry.distance(centre, goal) < distance - MIN_ADVANCE
        and grid.has_room(pole, map, tile) then
        return centre
      end
    end
  end
  return nil
end

--- Places round or over what blocks the straight line, each in reach of the one before; nil if there is no way.
local function spots_round(pole, map, from, goal)
  field.bound(map, {grid.corner(pole, from), grid.corner(pole, goal)}, MARGIN)
  return hops.between(pole, map, from, goal, from.reach, goal.reach)
end

--- Takes up all poles of the networks that a new one comes in reach of.
local function hook(self, node)
  local touched = {}
  for _, other in ipairs(self.grid.nodes) do
    local root = self.grid:root(other)
    if root ~= self.grid:root(node) and not touched[root] and reaches(node, other) then
      touched[root] = other
    end
  end
  for _, other in ipairs(self.grid.nodes) do
    if touched[self.grid:root(other)] == other then
      self.plan:wire(node.body, other.body)
      self.grid:join(node, other)
    end
  end
end

local function build(self, centre, from)
  local body = self.plan:add({name = self.pole.name, position = centre, direction = 0})
  local node = self.grid:add(body, centre, self.pole.get_max_wire_distance())
  if from then
    self.plan:wire(from.body, body)
    self.grid:join(from, node)
  end
  hook(self, node)
  return node
end

--- Builds until the network of `start` reaches a goal; `goals()` lists what is still to be reached. With `final`, the
-- place of the last pole, it ends where the target is supplied.
local function span(self, start, goals, final, target)
  local reach = self.pole.get_max_wire_distance()
  local used = false
  for _ = 1, MAX_POLES do
    local from, goal = grid.closest(self.grid:alike({start}), goals())
    if self.grid:root(from) == self.grid:root(goal) then return from end
    if not used then self.plan:use(from.body) end
    used = true
    if reaches(from, goal) then
      if final then return build(self, final, from) end
      self.plan:wire(from.body, goal.body)
      self.grid:join(from, goal)
      self.plan:use(goal.body)
      return goal
    end
    local wire = math.min(reach, from.reach)
    local spot = spot_on_line(self.pole, self.map, from, goal, wire)
    local list = spot and {spot} or spots_round(self.pole, self.map, from, goal)
    if not list then
      obstacles.refuse(self.map, grid.corner(self.pole, from), grid.corner(self.pole, goal),
        "use poles with a longer reach, or go by way of other positions")
    end
    for _, centre in ipairs(list) do
      from = build(self, centre, from)
      if final and target.entity and grid.supplies(from, target.entity.bounding_box) then return from end
    end
  end
  failure.raise("blocked", "more than " .. MAX_POLES .. " " .. self.pole.name .. " would be needed",
    {hint = "use poles with a longer reach"})
end

--- Where the row begins: the poles that stand at the source, or a new one.
local function first_nodes(row, source, targets, target)
  local nodes = row.grid:at_end(source)
  if #nodes > 0 then return nodes end
  local from = {x = source.position.x, y = source.position.y}
  local _, towards = grid.closest({from}, targets)
  local centre = choose_spot(row.pole, row.map, source, towards or target.position)
  local node = build(row, centre, nil)
  row.grid:serve(source, node)
  return {node}
end

--- Plans a row of poles from one end to the other.
function poles.plan(plan, source, target, pole)
  plan.grid = plan.grid or grid.read()
  local row = {plan = plan, map = plan.map, grid = plan.grid, pole = pole}
  local targets = row.grid:at_end(target)
  local sources = first_nodes(row, source, targets, target)
  if #targets == 0 then targets = row.grid:at_end(target) end
  local start = sources[1]
  for _, node in ipairs(sources) do
    for _, other in ipairs(targets) do
      if row.grid:root(node) == row.grid:root(other) then
        if not plan.anchor then plan:use(node.body) end
        return {position = target.position, node = node, members = {}, bare = true}
      end
    end
    row.grid:join(start, node)
  end
  local node
  if #targets > 0 then
    node = span(row, start, function() return row.grid:alike(targets) end, nil, target)
  else
    local nearest = grid.closest(row.grid:alike({start}), {target.position})
    local last = choose_spot(pole, row.map, target, nearest)
    local goal = {x = last.x, y = last.y, reach = pole.get_max_wire_distance(), network = "end"}
    grid.hold(pole, row.map, last)
    node = span(row, start, function() return {goal} end, last, target)
    row.map.held = nil
    row.grid:serve(target, node)
  end
  return {position = target.position, node = node, members = {}, bare = true}
end

return poles
