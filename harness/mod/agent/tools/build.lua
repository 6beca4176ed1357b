-- can_place_entity, place_entity.

local arguments = require("lib.arguments")
local construct = require("lib.construct")
local facing = require("lib.facing")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")
local water = require("lib.water")

local build = {}

local SEARCH_RADIUS = 10
local SHORE_RADIUS = 20

local function expect_reach(position, verb)
  local character = session.character()
  local distance = geometry.distance(character.position, position)
  local reach = character.reach_distance
  if distance > reach then
    failure.raise("out_of_reach",
      string.format("could not %s at %s, too far from the character at %s: %.1f tiles, reach is %g",
        verb, geometry.show(position), geometry.show(character.position), distance, reach),
      {expected = reach, found = distance, hint = "move_to a position nearby first"})
  end
end

--- Calls `visit(x, y)` for every cell of the square ring of a radius, x in the outer loop; stops at a true answer.
local function on_ring(centre, radius, visit)
  for dx = -radius, radius do
    for dy = -radius, radius do
      if math.max(math.abs(dx), math.abs(dy)) == radius then
        local found = visit({x = centre.x + dx, y = centre.y + dy})
        if found then return found end
      end
    end
  end
  return nil
end

local function find_near(prototype, position, direction)
  for radius = 1, SEARCH_RADIUS do
    local spot = on_ring(position, radius, function(cell)
      return ground.allows(prototype.name, cell, direction, true) and cell or nil
    end)
    if spot then return spot end
  end
  return nil
end

-- Water on this side of a shore tile; the pump's engine direction points at the water.
local SHORE_ORDER = {defines.direction.south, defines.direction.east, defines.direction.north, defines.direction.west}

local function water_set(centre, radius)
  local set = {}
  local tiles = session.surface().find_tiles_filtered{area = geometry.square(centre, radius + 1), name = water.names}
  for _, tile in ipairs(tiles) do
    set[tile.position.x .. "," .. tile.position.y] = true
  end
  return set
end

--- The first shore tile around a position where the pump fits, and its engine direction.
local function find_shore(prototype, position)
  local centre = geometry.tile_centre(position)
  local wet = water_set(centre, SHORE_RADIUS)
  local function is_wet(cell) return wet[math.floor(cell.x) .. "," .. math.floor(cell.y)] end
  for radius = 0, SHORE_RADIUS do
    local found = on_ring(centre, radius, function(cell)
      if is_wet(cell) then return nil end
      for _, direction in ipairs(SHORE_ORDER) do
        if is_wet(geometry.moved(cell, direction, 1)) and ground.allows(prototype.name, cell, direction, true) then
          return {position = cell, direction = direction}
        end
      end
      return nil
    end)
    if found then return found end
  end
  return nil
end

local function expect_free_of_same(prototype, position)
  local same = session.surface().find_entities_filtered{
    area = geometry.square(position, 0.05), name = prototype.name, limit = 1,
  }[1]
  if same then
    failure.raise("blocked",
      prototype.name .. " already exists at " .. geometry.show(same.position) .. ", remove it first",
      {found = prototype.name, hint = "use get_entity to work with the one that is there"})
  end
end

--- Where and how the entity would be built, or a failure.
local function choose_site(prototype, position, direction, exact)
  local pump = prototype.type == "offshore-pump"
  if exact and not pump then expect_free_of_same(prototype, position) end
  if ground.cleared(prototype.name, position, direction, true) then
    return {position = position, direction = direction}
  end
  if pump then
    local shore = find_shore(prototype, position)
    if shore then return shore end
    failure.raise("no_space", "no suitable position near " .. geometry.show(position) .. " for " .. prototype.name,
      {expected = "a shore within " .. SHORE_RADIUS .. " tiles", hint = "pass nearest(Resource.Water)"})
  end
  if exact then ground.refuse(prototype, position, direction) end
  local near = find_near(prototype, position, direction)
  if near then return {position = near, direction = direction} end
  failure.raise("no_space", "no suitable position near " .. geometry.show(position) .. " for " .. prototype.name,
    {expected = "free ground within " .. SEARCH_RADIUS .. " tiles", hint = "move to open ground"})
end

local function request(args)
  local prototype = lookup.prototype(arguments.string(args, "name"))
  local position = arguments.position(args, "position")
  return prototype, position, facing.engine(prototype, arguments.direction(args, "direction"))
end

local function place(args)
  local prototype, position, direction = request(args)
  expect_reach(position, "place " .. prototype.name)
  stock.require(session.inventory(), construct.item_of(prototype), 1)
  local character = session.character()
  local home = {x = character.position.x, y = character.position.y}
  local site = choose_site(prototype, position, direction, args.exact ~= false)
  local entity = construct.build(prototype, site.position, site.direction)
  if not entity then
    character.teleport(home)
    ground.refuse(prototype, site.position, site.direction)
  end
  return serialise.entity(entity)
end

--- Whether place_entity would succeed; changes nothing, not even where the character stands.
local function can_place(args)
  local character = session.character()
  local home = {x = character.position.x, y = character.position.y}
  local ok, problem = pcall(function()
    local prototype, position, direction = request(args)
    expect_reach(position, "place " .. prototype.name)
    stock.require(session.inventory(), construct.item_of(prototype), 1)
    if not ground.cleared(prototype.name, position, direction, true) then
      ground.refuse(prototype, position, direction)
    end
  end)
  character.teleport(home)
  if not ok and not failure.is(problem) then error(problem, 0) end
  return ok
end

build.tools = {place_entity = place, can_place_entity = can_place}

return build
