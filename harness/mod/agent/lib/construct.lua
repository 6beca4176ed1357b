-- Puts an entity on the surface and takes its item from the inventory, once all checks have passed.

local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local session = require("lib.session")

local construct = {}

local item_names = {}

--- The item that builds an entity.
function construct.item_of(prototype)
  local name = prototype.name
  local found = item_names[name]
  if not found then
    local items = prototype.items_to_place_this
    found = items and items[1] and items[1].name or name
    item_names[name] = found
  end
  return found
end

--- The prototype of what is built by that name, an entity's or its item's.
function construct.buildable(name)
  local item = prototypes.item[name]
  local prototype = item and item.place_result or lookup.prototype(name)
  local items = prototype.items_to_place_this
  if items and items[1] then return prototype end
  failure.raise("not_available", "could not place " .. name .. ", it is not a building",
    {expected = "the name of a building", found = name, hint = "place buildings only, such as stone-furnace"})
end

--- The unpaired entrance that an underground belt facing `direction` at `position` would be the exit of.
local function entrance_for(prototype, position, direction)
  local behind = geometry.opposite(direction)
  for distance = 1, prototype.max_underground_distance do
    local spot = geometry.moved(position, behind, distance)
    local other = session.surface().find_entities_filtered{
      area = geometry.square(spot, 0.3), name = prototype.name, force = session.force(), limit = 1,
    }[1]
    if other and other.direction == direction then
      return other.belt_to_ground_type == "input" and not other.neighbours and other or nil
    end
  end
  return nil
end

--- Builds without any check of its own; `end_type` says which end an underground belt is.
-- Returns the entity, or nil if the engine refused.
function construct.raw(prototype, position, direction, end_type)
  if prototype.type == "underground-belt" and not end_type then
    end_type = entrance_for(prototype, position, direction) and "output" or "input"
  end
  return session.surface().create_entity{
    name = prototype.name,
    position = position,
    direction = direction,
    force = session.force(),
    type = end_type,
    raise_built = true,
  }
end

--- Takes away what an error in the midst of building may have left, which nobody has paid.
local function clear(prototype, position, direction)
  local spot = geometry.snapped(prototype, position, direction)
  for _, left in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(spot, 0.1), name = prototype.name, force = session.force(),
  }) do
    pcall(left.destroy)
  end
end

--- Builds and pays one item; neither if the engine refuses it, by an error that goes on from here.
function construct.build(prototype, position, direction, end_type)
  local ok, entity = pcall(construct.raw, prototype, position, direction, end_type)
  if not ok then
    clear(prototype, position, direction)
    error(entity, 0)
  end
  if entity then
    session.inventory().remove{name = construct.item_of(prototype), count = 1}
  end
  return entity
end

return construct
