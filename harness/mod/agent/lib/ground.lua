-- May a building stand somewhere, and what is in its way if not.

local failure = require("lib.failure")
local geometry = require("lib.geometry")
local session = require("lib.session")
local water = require("lib.water")

local ground = {}

local MAX_NUDGE = 10

--- The engine's own check; `manual` is the one a player's hand is held to.
function ground.allows(name, position, direction, manual)
  return session.surface().can_place_entity{
    name = name,
    position = position,
    direction = direction,
    force = session.force(),
    build_check_type = manual and defines.build_check_type.manual or defines.build_check_type.script,
  }
end

local function overlaps(a, b)
  return a.left_top.x < b[2].x and a.right_bottom.x > b[1].x and a.left_top.y < b[2].y and a.right_bottom.y > b[1].y
end

--- Tries `test` with the character a few steps aside, first where it stands free, and leaves it where the test held.
local function stepping_aside(test)
  local character, surface = session.character(), session.surface()
  local home = {x = character.position.x, y = character.position.y}
  for _, free_only in ipairs({true, false}) do
    for offset = 1, MAX_NUDGE do
      local spot = {x = home.x + offset, y = home.y + offset}
      if not free_only or surface.can_place_entity{name = character.name, position = spot, force = session.force()} then
        character.teleport(spot)
        if test() then return true end
      end
    end
  end
  character.teleport(home)
  return false
end

--- `ground.allows`, with the character stepping aside if it stands there; it goes back if that does not help.
function ground.cleared(prototype, position, direction, manual)
  local function test() return ground.allows(prototype.name, position, direction, manual) end
  if test() then return true end
  local site = geometry.footprint(prototype, geometry.snapped(prototype, position, direction), direction)
  return overlaps(session.character().bounding_box, site) and stepping_aside(test)
end

--- Leads the character off an area that a building is to cover; whether none of it is there then.
function ground.left(area)
  local function test() return not overlaps(session.character().bounding_box, area) end
  return test() or stepping_aside(test)
end

--- Calls `visit(cell)` for every cell of the square ring of a radius, rows (`by_rows`) or columns in the outer loop,
-- both ascending; stops at a true answer and gives it.
function ground.on_ring(centre, radius, visit, by_rows)
  for outer = -radius, radius do
    local step = math.abs(outer) == radius and 1 or math.max(1, 2 * radius)
    for inner = -radius, radius, step do
      local dx, dy = outer, inner
      if by_rows then dx, dy = inner, outer end
      local found = visit({x = centre.x + dx, y = centre.y + dy})
      if found then return found end
    end
  end
  return nil
end

--- The first free place on square rings of radius 1 to `reach` around a position; nil if there is none.
function ground.free_near(prototype, position, direction, reach)
  for radius = 1, reach do
    local spot = ground.on_ring(position, radius, function(cell)
      return ground.allows(prototype.name, cell, direction, true) and cell or nil
    end)
    if spot then return spot end
  end
  return nil
end

local IGNORED = {["character"] = true, ["resource"] = true, ["beam"] = true}

--- "stone-furnace (4, 6), water (3, 2)": what lies in the footprint, nil if nothing is seen there.
function ground.blockers(prototype, position, direction)
  local surface = session.surface()
  local area = geometry.footprint(prototype, geometry.snapped(prototype, position, direction), direction)
  local parts = {}
  for _, entity in ipairs(surface.find_entities_filtered{area = area}) do
    if not IGNORED[entity.type] then
      parts[#parts + 1] = entity.name .. " " .. geometry.show(entity.position)
    end
  end
  local wet = not prototype.tile_buildability_rules
    and surface.find_tiles_filtered{area = area, name = water.names, limit = 1}[1]
  if wet then parts[#parts + 1] = "water " .. geometry.show(wet.position) end
  if #parts == 0 then return nil end
  return table.concat(parts, ", ")
end

-- Why bare ground refuses a building, and what to do about it.
local NEEDS = {
  ["offshore-pump"] = {"no shore there, it needs water on one side",
    "use place_entity at nearest(Resource.Water), which looks for a shore"},
  ["mining-drill"] = {"nothing to mine there",
    "place it where nearest gives a resource that it mines, or use nearest_buildable"},
}

--- Whether a place is outside of the map.
local function is_off_the_map(position)
  local tile = session.surface().get_tile(math.floor(position.x), math.floor(position.y))
  return not tile.valid or tile.name == "out-of-map"
end

--- What keeps a building from a place, in words, and advice if there is some.
local function reason(prototype, position, direction)
  if is_off_the_map(position) then return "the end of the map", "choose a position on the map" end
  local found, needs = ground.blockers(prototype, position, direction), NEEDS[prototype.type]
  if found then return found end
  if needs then return needs[1], needs[2] end
  return "something in the way or unsuitable ground"
end

local FREE_REACH = 6

--- Raises the failure of a refused placement; says where it would be free nearby.
function ground.refuse(prototype, position, direction, hint)
  local found, advice = reason(prototype, position, direction)
  local near = ground.free_near(prototype, position, direction, FREE_REACH)
  local free = near and ", it is free at " .. geometry.show(near) or ""
  failure.raise("blocked",
    "could not place " .. prototype.name .. " at " .. geometry.show(position) .. ", blocked by " .. found .. free,
    {expected = "free ground", found = found,
     hint = advice or hint or (near and "place it at " .. geometry.show(near) .. ", or pick up what is in the way")
       or "choose another position, or pick up what is in the way"})
end

return ground
