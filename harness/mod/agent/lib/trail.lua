-- Belts along a walk: one on each tile walked, facing on along the walk, all of them or none.
-- Behind the walker (`laying`) they end before the last tile, ahead of it (`leading`) they begin after the first.

local construct = require("lib.construct")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local trail = {}

--- The belt called `name` that is asked for under `key`, held at least once; or a failure.
function trail.expect(key, name)
  local prototype = lookup.prototype(name)
  if prototype.type ~= "transport-belt" then
    failure.raise("bad_argument", key .. ": expected a transport belt, got " .. name,
      {expected = "a transport belt", found = name, hint = "use connect_entities for pipes, poles and walls"})
  end
  stock.require(session.inventory(), construct.item_of(prototype), 1)
  return prototype
end

--- Appends the tiles between the last one and the tile of `to`, each a neighbour of the one before.
local function extend(tiles, from, to)
  local goal = geometry.tile_centre(to)
  local here = tiles[#tiles]
  while here.x ~= goal.x or here.y ~= goal.y do
    -- Of the two steps towards the goal the one that stays closer to the straight line.
    local best, least
    for _, direction in ipairs({0, 4, 8, 12}) do
      local next_tile = geometry.moved(here, direction, 1)
      local nearer = geometry.distance_squared(next_tile, goal) < geometry.distance_squared(here, goal)
      local off = math.abs((next_tile.x - from.x) * (to.y - from.y) - (next_tile.y - from.y) * (to.x - from.x))
      if nearer and (not least or off < least) then best, least = next_tile, off end
    end
    here = best
    tiles[#tiles + 1] = here
  end
end

--- The tiles that a walk from `start` over `points` crosses, each once.
local function tiles_of(start, points)
  local tiles, from = {geometry.tile_centre(start)}, start
  for _, to in ipairs(points) do
    extend(tiles, from, to)
    from = to
  end
  return tiles
end

--- The belts of a walk as `{position, direction}`.
local function belts_of(tiles, leading)
  local list = {}
  for rank, tile in ipairs(tiles) do
    local ahead, behind = tiles[rank + 1], tiles[rank - 1]
    if (leading and behind) or (not leading and ahead) then
      local direction = ahead and geometry.heading(tile, ahead) or geometry.heading(behind, tile)
      list[#list + 1] = {position = tile, direction = direction}
    end
  end
  return list
end

local function standing(prototype, position)
  return session.surface().find_entities_filtered{
    area = geometry.square(position, 0.3), name = prototype.name, force = session.force(), limit = 1,
  }[1]
end

--- Splits the belts into those to build and those that stand there and are only turned; raises if one cannot be.
local function check(prototype, list)
  local new = 0
  for _, belt in ipairs(list) do
    belt.entity = standing(prototype, belt.position)
    if not belt.entity then
      new = new + 1
      if not ground.allows(prototype.name, belt.position, belt.direction, true) then
        ground.refuse(prototype, belt.position, belt.direction, "walk another way round, or pick up what is in the way")
      end
    end
  end
  stock.require(session.inventory(), construct.item_of(prototype), new)
end

local function undo(done)
  for rank = #done, 1, -1 do
    local step = done[rank]
    if step.before then
      step.entity.direction = step.before
    else
      step.entity.mine{inventory = session.inventory(), force = true}
    end
  end
end

--- Lays the belts of a walk, or raises with nothing laid.
function trail.lay(prototype, start, points, leading)
  local list, done = belts_of(tiles_of(start, points), leading), {}
  check(prototype, list)
  for _, belt in ipairs(list) do
    if belt.entity then
      done[#done + 1] = {entity = belt.entity, before = belt.entity.direction}
      belt.entity.direction = belt.direction
    else
      local built = construct.build(prototype, belt.position, belt.direction)
      if not built then
        undo(done)
        ground.refuse(prototype, belt.position, belt.direction, "walk another way round")
      end
      done[#done + 1] = {entity = built}
    end
  end
end

return trail
