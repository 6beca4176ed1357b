-- Pipes from one fluid connection to another. A new pipe joins everything beside it, so a way is allowed only where it
-- touches nothing but the two bodies of fluid that it is meant to join.

local astar = require("connect.astar")
local construct = require("lib.construct")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local members = require("connect.members")
local obstacles = require("connect.obstacles")
local order = require("lib.order")
local pair = require("connect.pair")
local route = require("connect.route")
local sockets = require("connect.sockets")

local pipes = {}

local MARGIN = 40
local UNLIKELY = 1000000
-- The body of fluid that the plan makes.
local PLANNED = "planned"
local HEADINGS = {0, 4, 8, 12}

local function fluids_of(classes)
  local names, seen = {}, {}
  for _, class in ipairs(classes) do
    local name = class.fluid or "nothing yet"
    if not seen[name] then names[#names + 1] = name end
    seen[name] = true
  end
  table.sort(names)
  return table.concat(names, ", ")
end

local function closest(sources, goals)
  local least = math.huge
  for _, a in ipairs(sources.tiles) do
    for _, b in ipairs(goals.tiles) do least = math.min(least, math.abs(a.x - b.x) + math.abs(a.y - b.y)) end
  end
  return least
end

local function refuse_fluids(starts, goals, source, target)
  failure.raise("fluid_mismatch",
    ends.show(source) .. " gives " .. fluids_of(starts) .. ", " .. ends.show(target) .. " takes " .. fluids_of(goals),
    {expected = fluids_of(goals), found = fluids_of(starts), hint = "connect the outlet of the right fluid, or set the recipe first"})
end

--- An empty source may go to the one inlet there is, not to one of several for different fluids.
local function expect_fluid(starts, goals, source, target)
  if not (target.entity and goals[1].machine and #goals > 1) then return end
  for _, class in ipairs(goals) do
    if not class.fluid or class.unlikely then return end
  end
  for _, class in ipairs(starts) do
    if class.fluid then return end
  end
  failure.raise("empty_source", ends.show(source) .. " holds no fluid yet, so it is not known which inlet of "
    .. ends.show(target) .. " it is for (" .. fluids_of(goals) .. ")",
    {expected = fluids_of(goals), found = "nothing",
      hint = "connect to one of its input_connection_points, or let the fluid flow first"})
end

local function is_boiler(point)
  return point.entity and point.entity.type == "boiler" and point.entity.name == "boiler"
end

--- Pairs of classes that hold the same fluid, or one of which is open to any; the closest first.
local function matching(starts, goals, source, target)
  expect_fluid(starts, goals, source, target)
  local both_boilers = is_boiler(source) and is_boiler(target)
  local list = {}
  for _, start in ipairs(starts) do
    for _, goal in ipairs(goals) do
      local fits = not start.fluid or not goal.fluid or start.fluid == goal.fluid
      local makes = both_boilers and (start.unlikely or goal.unlikely or start.fluid == "steam")
      if fits and not makes then list[#list + 1] = {start = start, goal = goal} end
    end
  end
  if #list == 0 then refuse_fluids(starts, goals, source, target) end
  if #list == 1 then return list end
  return order.by(list, function(match)
    return closest(match.start, match.goal) + ((match.start.unlikely or match.goal.unlikely) and UNLIKELY or 0)
  end)
end

--- The bodies of fluid that a match may touch; nil and the fault if an end in the open touches a foreign one.
local function allowed_by(plan, match)
  local allowed = {}
  for owner in pairs(plan.joined) do allowed[owner] = true end
  local fluid = match.start.fluid or match.goal.fluid
  for _, class in ipairs({match.start, match.goal}) do
    for _, tile in ipairs(class.tiles) do
      if tile.owner then allowed[tile.owner] = true end
      if tile.machine then allowed[tile.machine] = true end
      for _, touch in ipairs(tile.beside or {}) do
        if not touch.fluid or not fluid or touch.fluid == fluid then allowed[touch.owner] = true end
      end
    end
  end
  return allowed
end

--- The search's view of the ground.
local function view(map, allowed)
  local function touches_allowed(x, y)
    for _, touch in ipairs(field.touches(map, x, y)) do
      if not allowed[touch.owner] then return false end
    end
    return true
  end
  map.allowed = allowed
  map.max_dive = map.digger and map.digger.max_underground_distance or 0
  function map.free(x, y) return field.is_free(map, x, y) and touches_allowed(x, y) end
  -- An end underground opens to its own side only, where the line goes on.
  function map.dives(x, y, heading) return field.can_burrow(map, x, y, heading) end
  function map.under(x, y, heading) return field.passes_below(map, x, y, heading) end
  function map.toll(x, y) return field.toll(map, x, y) end
  function map.arrive(goal, heading)
    if goal.body then return not (goal.barred and goal.barred[geometry.opposite(heading)]) end
    return map.free(goal.x, goal.y)
  end
  return map
end

--- Tiles of a class on which a line can begin or end; on some only underground.
local function usable(map, class, under)
  local kept = {}
  for _, tile in ipairs(class.tiles) do
    if tile.body or map.free(tile.x, tile.y) then
      kept[#kept + 1] = tile
    elseif under and tile.launch then
      tile.barred = {[0] = true, [4] = true, [8] = true, [12] = true}
      kept[#kept + 1] = tile
    end
  end
  return kept
end

local function refuse_points(map, point, class)
  local tile = class.tiles[1]
  local found = obstacles.at(map, tile)
  failure.raise("blocked",
    "no valid connections at " .. ends.show(point) .. ", check blocked points: a pipe on "
      .. geometry.show(field.centre(tile)) .. " would meet " .. (found or "another fluid"),
    {found = found, hint = "pick up or move what is there, or add the underground pipe to the connection types"})
end

local function search(map, starts, goals, budget)
  local tiles = {}
  for _, tile in ipairs(starts) do tiles[#tiles + 1] = tile end
  for _, tile in ipairs(goals) do tiles[#tiles + 1] = tile end
  field.bound(map, tiles, MARGIN)
  local path = astar.search(map, starts, goals)
  if map.max_dive == 0 or not path or route.pairs(route.steps(path, 0)) <= budget then return path end
  map.max_dive = 0
  return astar.search(map, starts, goals) or path
end

local function find_steps(plan, match, source, target, under)
  local map = view(plan.map, allowed_by(plan, match))
  local starts, goals = usable(map, match.start, under), usable(map, match.goal, under)
  if #starts == 0 then refuse_points(map, source, match.start) end
  if #goals == 0 then refuse_points(map, target, match.goal) end
  local budget = under and math.max(0, math.floor(plan:left(construct.item_of(under)) / 2)) or 0
  local path = search(map, starts, goals, budget)
  if not path then
    obstacles.refuse(map, starts[1], goals[1], under and "go by way of other positions, or clear the ground"
      or "add the underground pipe to the connection types, go by way of other positions, or clear the ground")
  end
  local steps = route.steps(path, 0)
  if not under then return steps end
  return route.tunnel(steps, budget - route.pairs(steps), under.max_underground_distance, function(step, heading)
    return field.can_burrow(map, step.x, step.y, heading)
  end)
end

local function standing_at(match, step)
  for _, class in ipairs({match.start, match.goal}) do
    for _, tile in ipairs(class.tiles) do
      if tile.body and tile.x == step.x and tile.y == step.y then return tile.body end
    end
  end
  return nil
end

--- Lays one step; the direction of an end underground is its side on the surface.
local function lay_step(plan, steps, rank, surface, under, fluid)
  local step = steps[rank]
  local position = field.centre(step)
  if step.role == "surface" then
    local body = plan:add({name = surface.name, position = position, direction = 0})
    for _, heading in ipairs(HEADINGS) do field.open(plan.map, position, heading, PLANNED, fluid) end
    return body
  end
  local direction = step.role == "down" and geometry.opposite(step.heading) or step.heading
  if step.role == "up" then
    field.burrow(plan.map, field.centre(steps[rank - 1]), step.heading, geometry.distance(steps[rank - 1], step))
  end
  field.open(plan.map, position, direction, PLANNED, fluid)
  return plan:add({name = under.name, position = position, direction = direction})
end

--- Lays the steps; returns the class of tiles at which the next line of the call may begin.
local function lay(plan, match, steps, surface, under)
  local fluid = match.start.fluid or match.goal.fluid
  local tiles = {}
  for rank, step in ipairs(steps) do
    local body = (rank == 1 or rank == #steps) and standing_at(match, step) or nil
    if body then plan:use(body) else body = lay_step(plan, steps, rank, surface, under, fluid) end
    if body.type == "pipe" then tiles[#tiles + 1] = {x = step.x, y = step.y, body = body, owner = PLANNED} end
  end
  plan.joined[PLANNED] = true
  for _, class in ipairs({match.start, match.goal}) do
    for _, tile in ipairs(class.tiles) do
      if tile.owner then plan.joined[tile.owner] = true end
      if tile.machine then plan.joined[tile.machine] = true end
      if tile.body then tiles[#tiles + 1] = tile end
    end
  end
  return {owner = PLANNED, fluid = fluid, tiles = tiles}
end

--- The end of a match that stands already and is joined with the other; false if they touch without a pipe.
local function joined(plan, match, source, target)
  for _, goal in ipairs(match.goal.tiles) do
    for _, start in ipairs(match.start.tiles) do
      local same = start.owner and goal.owner and (start.owner == goal.owner
        or (plan.joined[start.owner] and plan.joined[goal.owner]))
      if same and goal.body then return goal.body end
      if same and start.body then return start.body end
    end
  end
  return nil
end

local function next_source(body, target)
  if body.piece then return {position = target.position, members = {}, bare = true} end
  return {position = target.position, entity = body.entity, members = members.pipes(body.entity)}
end

--- Whether two machines stand with their ports on each other.
local function attached(source, target)
  if not source.entity or not target.entity or source.group or target.group then return false end
  for index = 1, #source.entity.fluidbox do
    for _, other in ipairs(source.entity.fluidbox.get_connections(index)) do
      if other.owner.unit_number == target.entity.unit_number then return true end
    end
  end
  return false
end

local function plan_surface(plan, list, source, target, surface, under)
  local problem
  for _, match in ipairs(list) do
    local ok, steps = pcall(find_steps, plan, match, source, target, under)
    if ok then
      return {position = target.position, members = {}, bare = true, line = lay(plan, match, steps, surface, under)}
    end
    if not failure.is(steps) then error(steps, 0) end
    problem = problem or steps
  end
  error(problem, 0)
end

local function plan_pair(plan, list, source, target, under)
  for _, match in ipairs(list) do
    local steps = pair.find(view(plan.map, allowed_by(plan, match)), match)
    if steps then
      return {position = target.position, members = {}, bare = true, line = lay(plan, match, steps, nil, under)}
    end
  end
  pair.refuse(under, source, target)
end

--- Plans a line of pipes from one end to the other; without a `surface` piece it is one pair that runs underground.
function pipes.plan(plan, source, target, surface, under)
  plan.joined = plan.joined or {}
  if attached(source, target) then return target end
  local starts = sockets.of(plan.map, source, true)
  local goals = sockets.of(plan.map, target, false)
  local list = matching(starts, goals, source, target)
  for _, match in ipairs(list) do
    local together = joined(plan, match, source, target)
    if together then
      plan:use(together)
      return source.line and source or next_source(together, target)
    end
  end
  if surface then return plan_surface(plan, list, source, target, surface, under) end
  return plan_pair(plan, list, source, target, under)
end

return pipes
