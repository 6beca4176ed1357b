-- can_place_entity, place_entity.

local arguments = require("lib.arguments")
local construct = require("lib.construct")
local facing = require("lib.facing")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
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
      string.format("could not %s at %s, too far from the character at %s: %s, reach is %g",
        verb, geometry.show(position), geometry.show(character.position), geometry.show_beyond(distance, reach), reach),
      {expected = "at most " .. reach .. " tiles", found = geometry.show_beyond(distance, reach),
       hint = "move_to(" .. "Position(x=" .. position.x .. ", y=" .. position.y .. ")) first"})
  end
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
    local found = ground.on_ring(centre, radius, function(cell)
      if is_wet(cell) then return nil end
      for _, direction in ipairs(SHORE_ORDER) do
        if is_wet(geometry.moved(cell, direction, 1)) and ground.allows(prototype.name, cell, direction, true) then
          return {position = cell, direction = direction}
        end
      end
      return nil
    end, true)
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
      "could not place " .. prototype.name .. " at " .. geometry.show(position) .. ", one already exists at "
        .. geometry.show(same.position) .. ", remove it first",
      {expected = "free ground", found = prototype.name .. " " .. geometry.show(same.position),
       hint = "use get_entity to work with the one that is there"})
  end
end

local function no_space(prototype, position, expected, hint)
  failure.raise("no_space",
    "could not place " .. prototype.name .. ", no suitable position near " .. geometry.show(position) .. ": " .. expected,
    {expected = expected, found = ground.blockers(prototype, position, 0) or "no such place", hint = hint})
end

--- Where and how the entity would be built, or a failure.
local function choose_site(prototype, position, direction, exact)
  local pump = prototype.type == "offshore-pump"
  if exact and not pump then expect_free_of_same(prototype, position) end
  if ground.cleared(prototype, position, direction, true) then
    return {position = position, direction = direction}
  end
  if pump then
    return find_shore(prototype, position) or no_space(prototype, position,
      "a shore within " .. SHORE_RADIUS .. " tiles", "pass nearest(Resource.Water)")
  end
  if exact then ground.refuse(prototype, position, direction) end
  local near = ground.free_near(prototype, position, direction, SEARCH_RADIUS)
  if near then return {position = near, direction = direction} end
  return no_space(prototype, position, "free ground within " .. SEARCH_RADIUS .. " tiles", "move_to open ground first")
end

--- What is to be built where, once the checks that need no look at the ground have passed.
local function request(args)
  local name = arguments.string(args, "name")
  local position = arguments.position(args, "position")
  local direction = arguments.direction(args, "direction")
  expect_reach(position, "place " .. name)
  local prototype = construct.buildable(name)
  stock.require(session.inventory(), construct.item_of(prototype), 1)
  return prototype, position, facing.engine(prototype, direction)
end

local function place(args)
  local prototype, position, direction = request(args)
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
  local ok, answer = pcall(function()
    local prototype, position, direction = request(args)
    return ground.cleared(prototype, position, direction, true)
  end)
  if character.position.x ~= home.x or character.position.y ~= home.y then character.teleport(home) end
  if not ok and not failure.is(answer) then error(answer, 0) end
  return ok and answer
end

build.tools = {place_entity = place, can_place_entity = can_place}

return build
