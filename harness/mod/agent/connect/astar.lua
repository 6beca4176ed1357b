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

--- How far a tile is from the box around all goals: never more than the true distance.
local function estimator(goals)
  local left, top, right, bottom = math.huge, math.huge, -math.huge, -math.huge
  for _, goal in ipairs(goals) do
    left, right = math.min(left, goal.x), math.max(right, goal.x)
    top, bottom = math.min(top, goal.y), math.max(bottom, goal.y)
  end
  return function(x, y)
    return math.max(left - x, 0, x - right) + math.max(top - y, 0, y - bottom)
  end
end

local function key_of(field, x, y, heading, straight)
  local tile = (y - field.top) * (field.right - field.left + 1) + (x - field.left)
  return (tile * 17 + heading) * 2 + (straight and 1 or 0)
end

local function inside(field, x, y)
  return x >= field.left and x <= field.right and y >= field.top and y <= field.bottom
end

local function trace(node)
  local reversed = {}
  while node do
    reversed[#reversed + 1] = {x = node.x, y = node.y, dive = node.dive}
    node = node.parent
  end
  local path = {}
  for rank = #reversed, 1, -1 do path[#path + 1] = reversed[rank] end
  return path
end

--- Searches from `starts` to `goals` (tiles `{x, y}`; a start may carry `barred`, headings it must not leave by).
-- `field`: `left, top, right, bottom` (inclusive bounds), `free(x, y)`; `max_dive` (0: none), `dives(x, y)` whether a
-- dive may start or end there, `under(x, y, heading)` whether one may pass below; `arrive(goal, heading)` whether the
-- goal may be entered so.
-- Returns the path as tiles, where `dive` marks the tile on which a dive that began one tile after the previous one
-- comes up; nil if there is none.
function astar.search(field, starts, goals)
  local estimate = estimator(goals)
  local goal_at = {}
  for _, goal in ipairs(goals) do goal_at[goal.x .. "," .. goal.y] = goal end
  local open, best = heap.new(), {}

  local function offer(parent, x, y, heading, cost, dive)
    local straight = dive ~= nil
    local key = key_of(field, x, y, heading, straight)
    if best[key] and best[key] <= cost then return end
    best[key] = cost
    heap.push(open, cost + estimate(x, y),
      {x = x, y = y, heading = heading, cost = cost, parent = parent, dive = dive, straight = straight, key = key})
  end

  local function step(node, heading)
    local x, y = node.x + STEP_X[heading], node.y + STEP_Y[heading]
    if not inside(field, x, y) then return end
    local goal = goal_at[x .. "," .. y]
    local enterable
    if goal then enterable = field.arrive(goal, heading) else enterable = field.free(x, y) end
    if not enterable then return end
    local turned = node.heading ~= NO_HEADING and node.heading ~= heading
    offer(node, x, y, heading, node.cost + 1 + (turned and TURN_COST or 0), nil)
  end

  local function dive(node, heading)
    local x, y = node.x + STEP_X[heading], node.y + STEP_Y[heading]
    if not inside(field, x, y) or goal_at[x .. "," .. y] or not field.dives(x, y) then return end
    for span = 1, field.max_dive do
      local out_x, out_y = x + STEP_X[heading] * span, y + STEP_Y[heading] * span
      if not inside(field, out_x, out_y) then return end
      if span > 1 and not goal_at[out_x .. "," .. out_y] and field.dives(out_x, out_y) then
        offer(node, out_x, out_y, heading, node.cost + span + 1 + DIVE_COST, span)
      end
      if not field.under(out_x, out_y, heading) then return end
    end
  end

  local function expand(node)
    for _, heading in ipairs(HEADINGS) do
      local back = node.heading ~= NO_HEADING and heading == (node.heading + 8) % 16
      local barred = node.barred and node.barred[heading]
      local bent = node.straight and heading ~= node.heading
      if not back and not barred and not bent then
        step(node, heading)
        local along = node.heading == heading or node.heading == NO_HEADING
        if field.max_dive > 0 and along and not node.straight then dive(node, heading) end
      end
    end
  end

  for _, start in ipairs(starts) do
    local key = key_of(field, start.x, start.y, NO_HEADING, false)
    best[key] = 0
    heap.push(open, estimate(start.x, start.y),
      {x = start.x, y = start.y, heading = NO_HEADING, cost = 0, barred = start.barred, key = key})
  end
  for _ = 1, MAX_EXPANSIONS do
    local node = heap.pop(open)
    if not node then return nil end
    if node.cost <= best[node.key] then
      if goal_at[node.x .. "," .. node.y] and not node.straight then return trace(node) end
      expand(node)
    end
  end
  return nil
end

return astar
