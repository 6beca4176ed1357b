-- The shortest way over tiles in four directions, with few turns, diving under obstacles where that is allowed.
-- Pure: it knows a field only through the functions it is given.

local heap = require("lib.heap")

local astar = {}

local STEP_X = {[0] = 0, [4] = 1, [8] = 0, [12] = -1}
local STEP_Y = {[0] = -1, [4] = 0, [8] = 1, [12] = 0}
local HEADINGS = {0, 4, 8, 12}
local NO_HEADING = 16

local TURN_COST = 0.3
-- Diving costs two special pieces: worth it only where the way round is longer than this.
local DIVE_COST = 4
local MAX_EXPANSIONS = 60000
-- Fewer where each step is compared with the whole way to it.
local MAX_STRICT_EXPANSIONS = 15000
-- Of ways that are as short, the one that is further on is followed first. Too small to make a longer way win.
local EAGERNESS = 1e-4
local SPREAD = 2097152

--- How far a tile is from the box around all goals: never more than the true distance.
local function estimator(goals)
  local left, top, right, bottom = math.huge, math.huge, -math.huge, -math.huge
  for _, goal in ipairs(goals) do
    left, right = math.min(left, goal.x), math.max(right, goal.x)
    top, bottom = math.min(top, goal.y), math.max(bottom, goal.y)
  end
  return function(x, y)
    local across, along = 0, 0
    if x < left then across = left - x elseif x > right then across = x - right end
    if y < top then along = top - y elseif y > bottom then along = y - bottom end
    return (across + along) * (1 + EAGERNESS)
  end
end

local function inside(field, x, y)
  return x >= field.left and x <= field.right and y >= field.top and y <= field.bottom
end

local function trace(node)
  local reversed = {}
  while node do
    reversed[#reversed + 1] = {
      x = node.x, y = node.y, dive = node.dive, launched = node.launched, landed = node.landed,
    }
    node = node.parent
  end
  local path = {}
  for rank = #reversed, 1, -1 do path[#path + 1] = reversed[rank] end
  return path
end

--- Where a node's dive went down; the node's own place if it did not dive.
local function entrance(node)
  if not node.dive then return node.x, node.y end
  return node.x - STEP_X[node.heading] * node.dive, node.y - STEP_Y[node.heading] * node.dive
end

local function between(value, one, other)
  return value >= math.min(one, other) and value <= math.max(one, other)
end

--- Whether two nodes of one path take the same tile, or two dives run below each other along one line.
local function collide(node, other)
  local down_x, down_y = entrance(node)
  local other_x, other_y = entrance(other)
  if node.dive and other.dive and node.heading % 8 == other.heading % 8 then
    local x_meets = between(other.x, node.x, down_x) or between(other_x, node.x, down_x) or between(node.x, other.x, other_x)
    local y_meets = between(other.y, node.y, down_y) or between(other_y, node.y, down_y) or between(node.y, other.y, other_y)
    return x_meets and y_meets
  end
  local function takes(x, y)
    return (x == other.x and y == other.y) or (x == other_x and y == other_y)
  end
  return takes(node.x, node.y) or (not node.launched and takes(down_x, down_y))
end

--- Whether a node's tiles are taken by the way that leads to it. One that was launched stands on its parent's tile.
local function crosses_itself(node)
  local other = node.parent
  while other do
    if node.dive or other.dive then
      if not (node.launched and other == node.parent) and collide(node, other) then return true end
    elseif node.x == other.x and node.y == other.y then
      return true
    end
    other = other.parent
  end
  return false
end

local function is_tangled(node)
  while node do
    if crosses_itself(node) then return true end
    node = node.parent
  end
  return false
end

--- The last node of the best way with dives of up to `most` tiles; `strict` drops ways that cross themselves at once.
local function run(field, starts, goals, most, strict)
  local estimate = estimator(goals)
  local goal_at = {}
  for _, goal in ipairs(goals) do goal_at[goal.x * SPREAD + goal.y] = goal end
  local open, best = heap.new(), {}
  local left, top, right, bottom = field.left, field.top, field.right, field.bottom
  local width = right - left + 1
  local toll, free = field.toll, field.free

  local function offer(parent, x, y, heading, cost, dive, launched, landed)
    local straight = dive ~= nil and not landed
    local key = (((y - top) * width + (x - left)) * 17 + heading) * 2 + (straight and 1 or 0)
    local known = best[key]
    if known and known <= cost then return end
    -- Most nodes are plain steps: a table of half the size.
    local node = {x = x, y = y, heading = heading, cost = cost, parent = parent, key = key}
    if dive then
      node.dive, node.straight, node.launched, node.landed = dive, straight, launched, landed
    end
    if strict and crosses_itself(node) then return end
    best[key] = cost
    heap.push(open, cost + estimate(x, y), node)
  end

  local function step(node, heading)
    local x, y = node.x + STEP_X[heading], node.y + STEP_Y[heading]
    if x < left or x > right or y < top or y > bottom then return end
    local goal = goal_at[x * SPREAD + y]
    local cost = node.cost + 1
    if goal then
      if not field.arrive(goal, heading) then return end
    else
      if not free(x, y) then return end
      if toll then cost = cost + toll(x, y) end
    end
    if node.heading ~= NO_HEADING and node.heading ~= heading then cost = cost + TURN_COST end
    offer(node, x, y, heading, cost, nil)
  end

  --- Goes down on (x, y), which may be the node's own tile (`launched`), and comes up wherever that is possible.
  local function dive(node, x, y, heading, launched)
    local entry = node.cost + DIVE_COST + 1
    if toll and not launched then entry = entry + toll(x, y) end
    for span = 1, most do
      local out_x, out_y = x + STEP_X[heading] * span, y + STEP_Y[heading] * span
      if not inside(field, out_x, out_y) then return end
      local goal = goal_at[out_x * SPREAD + out_y]
      local landed = goal ~= nil and goal.land == heading
      if span > 1 and (not goal or landed) and field.dives(out_x, out_y, heading) then
        local exit = toll and not goal and toll(out_x, out_y) or 0
        offer(node, out_x, out_y, heading, entry + span + exit, span, launched, landed)
      end
      if not field.under(out_x, out_y, heading) then return end
    end
  end

  local function dive_ahead(node, heading)
    local x, y = node.x + STEP_X[heading], node.y + STEP_Y[heading]
    if not inside(field, x, y) or goal_at[x * SPREAD + y] or not field.dives(x, y, heading) then return end
    dive(node, x, y, heading, nil)
  end

  local function expand(node)
    local came = node.heading
    for index = 1, 4 do
      local heading = HEADINGS[index]
      local back = came ~= NO_HEADING and heading == (came + 8) % 16
      local barred = node.barred and node.barred[heading]
      local bent = node.straight and heading ~= came
      if not back and not barred and not bent then
        step(node, heading)
        local along = came == heading or came == NO_HEADING
        if most > 0 and along and not node.straight then dive_ahead(node, heading) end
      end
    end
    if node.launch and most > 0 and field.dives(node.x, node.y, node.launch) then
      dive(node, node.x, node.y, node.launch, true)
    end
  end

  for _, start in ipairs(starts) do
    local key = (((start.y - field.top) * width + (start.x - field.left)) * 17 + NO_HEADING) * 2
    best[key] = 0
    heap.push(open, estimate(start.x, start.y), {
      x = start.x, y = start.y, heading = NO_HEADING, cost = 0, barred = start.barred, launch = start.launch, key = key,
    })
  end
  for _ = 1, strict and MAX_STRICT_EXPANSIONS or MAX_EXPANSIONS do
    local node = heap.pop(open)
    if not node then return nil end
    if node.cost <= best[node.key] then
      if not node.straight and goal_at[node.x * SPREAD + node.y] then return node end
      expand(node)
    end
  end
  return nil
end

--- Searches from `starts` to `goals` (tiles `{x, y}`). A start may carry `barred`, headings it must not leave by, and
-- `launch`, the heading in which a dive may begin on it; a goal may carry `land`, the heading in which one may end on it.
-- `field`: `left, top, right, bottom` (inclusive bounds), `free(x, y)`; `max_dive` (0: none), `dives(x, y, heading)`
-- whether a dive may start or end there, `under(x, y, heading)` whether one may pass below; `arrive(goal, heading)`
-- whether the goal may be entered so; `toll(x, y)` (optional) what a tile costs beyond a step.
-- Returns the path as tiles; nil if there is none. `dive` marks the tile on which a dive of so many tiles comes up: it
-- went down one tile after the previous one, or on it if `launched`; `landed` if it comes up on the goal.
function astar.search(field, starts, goals)
  local last = run(field, starts, goals, field.max_dive, false)
  -- Only to dive straight ahead is it ever shorter to come by a tile twice, so this is looked at once it happens.
  if last and field.max_dive > 0 and is_tangled(last) then
    last = run(field, starts, goals, field.max_dive, true) or run(field, starts, goals, 0, false)
  end
  return last and trace(last)
end

return astar
