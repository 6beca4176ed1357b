-- Pipes from one fluid port to another. A new pipe joins everything beside it, so a way is allowed only where it
-- touches nothing but the two bodies of fluid that it is meant to join.

local astar = require("connect.astar")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local pieces = require("connect.pieces")
local ports = require("entity.ports")
local session = require("lib.session")

local pipes = {}

local MARGINS = {10, 40}
local IS_PIPE = {["pipe"] = true, ["pipe-to-ground"] = true}

--- Places where a line may begin or end: tiles with the body of fluid behind them.
local function pipe_tile(entity)
  local tile = field.tile(entity.position)
  tile.pipe, tile.owner = entity, field.owner(entity, 1)
  local content = entity.fluidbox[1]
  tile.fluid = content and content.name or nil
  if entity.type == "pipe-to-ground" then
    tile.barred = {}
    for _, heading in ipairs({0, 4, 8, 12}) do
      if heading ~= entity.direction then tile.barred[heading] = true end
    end
  end
  return tile
end

local function suits_flow(port, as_source)
  if port.flow == "input-output" then return true end
  return port.flow == (as_source and "output" or "input")
end

--- The port that a position means, if it is one of this entity's.
local function meant(list, position)
  for _, port in ipairs(list) do
    if geometry.distance(port.position, position) < 0.75 then return {port} end
  end
  return list
end

local function pipe_at(entity, position)
  return entity.surface.find_entities_filtered{
    area = geometry.square(position, 0.1), type = {"pipe", "pipe-to-ground"}, force = entity.force, limit = 1,
  }[1]
end

local function port_tiles(entity, as_source)
  local tiles = {}
  for _, port in ipairs(ports.all(entity)) do
    if suits_flow(port, as_source) then
      local tile = field.tile(port.position)
      tile.machine, tile.fluid = field.owner(entity, port.box), port.fluid
      tile.pipe = port.connected and pipe_at(entity, port.position) or nil
      tile.owner = tile.pipe and field.owner(tile.pipe, 1) or tile.machine
      tiles[#tiles + 1] = tile
    end
  end
  return tiles
end

--- A machine whose port lies at a bare position.
local function machine_at_port(position)
  for _, entity in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(position, 3), force = session.force(),
  }) do
    if not IS_PIPE[entity.type] and #entity.fluidbox > 0 then
      for _, port in ipairs(ports.all(entity)) do
        if geometry.distance(port.position, position) < 0.51 then return entity, port end
      end
    end
  end
  return nil
end

local function expect_fluid_entity(point)
  if #point.entity.fluidbox == 0 then
    failure.raise("no_fluid_port", point.entity.name .. " at " .. geometry.show(point.position) .. " has no fluid connection",
      {found = point.entity.name, hint = "a machine shows its connections once a recipe with fluids is set"})
  end
end

local function bare_tile(point)
  local tile = field.tile(point.position)
  local machine, port = machine_at_port(point.position)
  if machine then tile.owner, tile.fluid = field.owner(machine, port.box), port.fluid end
  return {tile}
end

--- Candidate tiles of one end.
local function candidates(point, as_source)
  if not point.entity then return bare_tile(point) end
  local tiles = {}
  for _, member in ipairs(point.members) do
    if IS_PIPE[member.type] then tiles[#tiles + 1] = pipe_tile(member) end
  end
  if #tiles > 0 then return tiles end
  expect_fluid_entity(point)
  tiles = port_tiles(point.entity, as_source)
  if point.bare then
    for _, tile in ipairs(tiles) do tile.position = field.centre(tile) end
    tiles = meant(tiles, point.position)
  end
  if #tiles == 0 then
    failure.raise("no_fluid_port",
      point.entity.name .. " at " .. geometry.show(point.position) .. " has no " .. (as_source and "outlet" or "inlet"),
      {found = point.entity.name})
  end
  return tiles
end

--- Pairs of tiles that may be joined: same fluid, or one of them open to any.
local function matching(starts, goals, source, target)
  local fluids, kept_starts, kept_goals = {}, {}, {}
  local function fits(a, b) return not a.fluid or not b.fluid or a.fluid == b.fluid end
  local function keep(from, to, kept)
    for _, tile in ipairs(from) do
      for _, other in ipairs(to) do
        if fits(tile, other) then
          kept[#kept + 1] = tile
          break
        end
      end
    end
  end
  keep(starts, goals, kept_starts)
  keep(goals, starts, kept_goals)
  if #kept_starts > 0 then return kept_starts, kept_goals end
  for _, tile in ipairs(starts) do fluids[#fluids + 1] = tile.fluid end
  failure.raise("fluid_mismatch",
    ends.show(source) .. " gives " .. (fluids[1] or "nothing") .. ", " .. ends.show(target) .. " takes " .. (goals[1].fluid or "nothing"),
    {expected = goals[1].fluid, found = fluids[1], hint = "set the recipe first, or connect the right outlet"})
end

local function joined(starts, goals)
  for _, start in ipairs(starts) do
    for _, goal in ipairs(goals) do
      if start.pipe and goal.pipe and start.owner == goal.owner then return goal.pipe end
    end
  end
  return nil
end

local function owners(starts, goals)
  local allowed = {}
  for _, list in ipairs({starts, goals}) do
    for _, tile in ipairs(list) do
      if tile.owner then allowed[tile.owner] = true end
      if tile.machine then allowed[tile.machine] = true end
    end
  end
  return allowed
end

local function view(map, under, allowed)
  local function touches_only_allowed(x, y)
    for _, touch in ipairs(map.touches[field.key(x, y)] or {}) do
      if not allowed[touch.owner] then return false end
    end
    return true
  end
  map.max_dive = under and under.max_underground_distance or 0
  function map.free(x, y) return field.is_free(map, x, y) and touches_only_allowed(x, y) end
  function map.dives(x, y) return field.is_free(map, x, y) and touches_only_allowed(x, y) end
  function map.under(x, y, heading)
    local body = map.bodies[field.key(x, y)]
    return not (body and body.type == "pipe-to-ground" and body.direction % 8 == heading % 8)
  end
  function map.arrive(goal, heading)
    if goal.pipe then return not (goal.barred and goal.barred[geometry.opposite(heading)]) end
    return map.free(goal.x, goal.y)
  end
  return map
end

local function usable(tiles, map)
  local kept = {}
  for _, tile in ipairs(tiles) do
    if tile.pipe or map.free(tile.x, tile.y) then kept[#kept + 1] = tile end
  end
  return kept
end

local function search(starts, goals, source, target, under)
  local tiles = {}
  for _, tile in ipairs(starts) do tiles[#tiles + 1] = tile end
  for _, tile in ipairs(goals) do tiles[#tiles + 1] = tile end
  for _, margin in ipairs(MARGINS) do
    local map = view(field.read(field.around(tiles, margin), true), under, owners(starts, goals))
    local from, to = usable(starts, map), usable(goals, map)
    if #from == 0 or #to == 0 then
      failure.raise("blocked",
        "no free connection point at " .. ends.show(#from == 0 and source or target) .. ", check what stands there",
        {hint = "pick up what blocks the connection point"})
    end
    local path = astar.search(map, from, to)
    if path then return path end
  end
  failure.raise("blocked", "no way for a pipe from " .. ends.show(source) .. " to " .. ends.show(target),
    {hint = "add underground pipes, go by way of other positions, or clear the ground"})
end

local function standing_at(tiles, tile)
  for _, candidate in ipairs(tiles) do
    if candidate.x == tile.x and candidate.y == tile.y then return candidate.pipe end
  end
  return nil
end

-- The surface side of a pipe-to-ground is the way its direction points.
local function lay(path, starts, goals, surface_name, under_name)
  local list = {}
  local headings = pieces.headings(path, 0)
  for rank, tile in ipairs(path) do
    local standing = (rank == 1 and standing_at(starts, tile)) or (rank == #path and standing_at(goals, tile)) or nil
    if tile.dive then
      local heading = headings[rank - 1]
      local entrance = geometry.moved(field.centre(path[rank - 1]), heading, 1)
      list[#list + 1] = {name = under_name, position = entrance, direction = geometry.opposite(heading)}
      list[#list + 1] = {name = under_name, position = field.centre(tile), direction = heading}
    else
      list[#list + 1] = {name = surface_name, position = field.centre(tile), entity = standing}
    end
  end
  return list
end

--- Plans a line of pipes from one end to the other.
function pipes.plan(source, target, surface, under)
  local starts, goals = matching(candidates(source, true), candidates(target, false), source, target)
  local together = joined(starts, goals)
  if together then return {{entity = together, position = together.position}} end
  local path = search(starts, goals, source, target, under)
  return lay(path, starts, goals, surface.name, under and under.name)
end

return pipes
