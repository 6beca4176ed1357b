-- From tiles of a path to the pieces laid on them: on the surface, down and up again.

local geometry = require("lib.geometry")

local route = {}

-- A straight run of so many steps is worth a pair: one piece stays on the surface at either side of it.
local MIN_RUN = 4
local MIN_SPAN = 2

local function same_run(steps, from, to, heading)
  return steps[to] and steps[to].role == "surface" and steps[from].role == "surface"
    and geometry.heading(steps[from], steps[to]) == heading
end

--- The steps of a path: `{x, y, heading, role}` with role "surface", "down" or "up"; `heading` is the way on. A path of
-- one tile faces `default`.
function route.steps(path, default)
  local steps = {}
  for rank, tile in ipairs(path) do
    if tile.dive then
      local before = path[rank - 1]
      local heading = geometry.heading(before, tile)
      if tile.launched then
        steps[#steps].role, steps[#steps].heading = "down", heading
      else
        local entrance = geometry.moved(before, heading, 1)
        steps[#steps + 1] = {x = entrance.x, y = entrance.y, role = "down", heading = heading}
      end
      steps[#steps + 1] = {x = tile.x, y = tile.y, role = "up", heading = heading}
    else
      steps[#steps + 1] = {x = tile.x, y = tile.y, role = "surface"}
    end
  end
  for rank, step in ipairs(steps) do
    local after, before = steps[rank + 1], steps[rank - 1]
    if step.role == "surface" then
      step.heading = after and geometry.heading(step, after) or (before and before.heading) or default
    end
  end
  return steps
end

--- How many pairs the steps take.
function route.pairs(steps)
  local count = 0
  for _, step in ipairs(steps) do
    if step.role == "down" then count = count + 1 end
  end
  return count
end

--- Puts pairs back to back on one straight run of steps; returns how many.
local function tunnel_run(steps, first, last, budget, longest, can_burrow)
  local dug, at = 0, first + 1
  while dug < budget and last - 1 - at >= MIN_SPAN do
    local span = math.min(longest, last - 1 - at)
    local heading = steps[at].heading
    while span >= MIN_SPAN and not (can_burrow(steps[at], heading) and can_burrow(steps[at + span], heading)) do
      span = span - 1
    end
    if span >= MIN_SPAN then
      steps[at].role, steps[at + span].role = "down", "up"
      for between = at + 1, at + span - 1 do steps[between].role = "below" end
      dug, at = dug + 1, at + span + 1
    else
      at = at + 1
    end
  end
  return dug
end

--- Replaces straight runs by pairs that run underground, at most `budget` of them, each at most `longest` tiles long.
-- `can_burrow(step, heading)` says whether an end may stand on a step.
function route.tunnel(steps, budget, longest, can_burrow)
  local first = 1
  while first < #steps do
    local last = first
    local heading = geometry.heading(steps[first], steps[first + 1])
    while same_run(steps, last, last + 1, heading) do last = last + 1 end
    if last - first >= MIN_RUN then
      budget = budget - tunnel_run(steps, first, last, budget, longest, can_burrow)
    end
    first = math.max(last, first + 1)
  end
  local kept = {}
  for _, step in ipairs(steps) do
    if step.role ~= "below" then kept[#kept + 1] = step end
  end
  return kept
end

return route
