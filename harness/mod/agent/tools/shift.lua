-- shift_entity: moves a building some tiles with its settings and all it holds.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")
local site = require("lib.site")
local wiring = require("host.wiring")

-- A building that turns on its own ground waits in a place so far away that both cannot touch.
local ASIDE, SEARCH_RADIUS = 64, 48
local SIDES = {0, 4, 8, 12}

local function overlaps(a, b)
  return a[1].x < b[2].x and b[1].x < a[2].x and a[1].y < b[2].y and b[1].y < a[2].y
end

local function refuse(entity, target, found)
  failure.raise("blocked",
    string.format("could not shift %s from %s to %s, blocked by %s",
      entity.name, geometry.show(entity.position), geometry.show(target), found),
    {expected = "free ground", found = found, hint = "choose another direction or distance, or pick up what is there"})
end

--- A copy of a building somewhere else in place of it, or nil and nothing has changed.
local function moved(entity, target)
  local copy = entity.clone{position = target, force = session.force()}
  if copy then entity.destroy{raise_destroy = true} end
  return copy
end

--- Moves a building to a place it does not cover now.
local function move_clear(entity, target)
  local bare = site.refusal(entity.prototype, target, entity.direction)
  if bare then refuse(entity, target, ground.blockers(entity.prototype, target, entity.direction) or bare) end
  if not ground.cleared(entity.prototype, target, entity.direction, true) then
    refuse(entity, target, ground.blockers(entity.prototype, target, entity.direction) or "unsuitable ground")
  end
  return moved(entity, target) or refuse(entity, target, "unsuitable ground")
end

--- The building with wires at a place.
local function wired_at(x, y)
  for _, entity in ipairs(session.surface().find_entities_filtered{area = geometry.square({x = x, y = y}, 0.1)}) do
    local at = entity.position
    if at.x == x and at.y == y and next(entity.get_wire_connectors(false)) then return entity end
  end
end

local function place_aside(entity, target)
  for _, side in ipairs(SIDES) do
    local spot = session.surface().find_non_colliding_position(
      entity.name, geometry.moved(target, side, ASIDE), SEARCH_RADIUS, 1, true)
    if spot then return spot end
  end
  return nil
end

--- Moves a building to a place it partly covers itself: it waits elsewhere while its own ground becomes free.
local function move_over_itself(entity, target, area)
  local found = site.others_in(entity, area) or site.refusal(entity.prototype, target, entity.direction)
  if found then refuse(entity, target, found) end
  local home = {x = entity.position.x, y = entity.position.y}
  local wires = wiring.read(entity)
  local aside = place_aside(entity, target)
  local waiting = aside and moved(entity, aside)
  if not waiting then refuse(entity, target, "itself, with no free ground nearby to turn on") end
  local there = ground.cleared(waiting.prototype, target, waiting.direction, true) and moved(waiting, target)
  if there then return there end
  local back = moved(waiting, home)
  wiring.write({back}, {{wires = wires}}, wired_at)
  refuse(back, target, "unsuitable ground")
end

local function shift(args)
  local entity = lookup.expect(arguments.entity(args, "entity"), 1, "could not shift")
  local direction = arguments.direction(args, "direction")
  local distance = arguments.count(args, "distance", 1)
  local target = geometry.moved(entity.position, direction, distance)
  local here = geometry.footprint(entity.prototype, entity.position, entity.direction)
  local there = geometry.footprint(entity.prototype, target, entity.direction)
  local copy
  if overlaps(here, there) then
    copy = move_over_itself(entity, target, there)
  else
    copy = move_clear(entity, target)
  end
  return serialise.entity(copy)
end

return {tools = {shift_entity = shift}}
