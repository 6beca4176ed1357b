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

--- Tries `test` with the character where it is, then a few steps aside; returns whether it ever held.
-- The character stays where the test held, and goes back if it never did.
function ground.stepping_aside(test)
  if test() then return true end
  local character = session.character()
  local home = {x = character.position.x, y = character.position.y}
  for offset = 1, MAX_NUDGE do
    character.teleport({x = home.x + offset, y = home.y + offset})
    if test() then return true end
  end
  character.teleport(home)
  return false
end

--- `ground.allows`, with the character stepping aside.
function ground.cleared(name, position, direction, manual)
  return ground.stepping_aside(function() return ground.allows(name, position, direction, manual) end)
end

local IGNORED = {["character"] = true, ["resource"] = true, ["beam"] = true}

--- "stone-furnace (4, 6), water": what lies in the footprint, nil if nothing is seen there.
function ground.blockers(prototype, position, direction)
  local surface = session.surface()
  local area = geometry.footprint(prototype, position, direction)
  local parts = {}
  for _, entity in ipairs(surface.find_entities_filtered{area = area}) do
    if not IGNORED[entity.type] then
      parts[#parts + 1] = entity.name .. " " .. geometry.show(entity.position)
    end
  end
  local wet = surface.find_tiles_filtered{area = area, name = water.names, limit = 1}[1]
  if wet then parts[#parts + 1] = "water " .. geometry.show(wet.position) end
  if #parts == 0 then return nil end
  return table.concat(parts, ", ")
end

--- Raises the failure of a refused placement.
function ground.refuse(prototype, position, direction, hint)
  local found = ground.blockers(prototype, position, direction) or "something in the way or unsuitable ground"
  failure.raise("blocked",
    "could not place " .. prototype.name .. " at " .. geometry.show(position) .. ", blocked by " .. found,
    {found = found, hint = hint or "choose another position, or pick up what is there"})
end

return ground
