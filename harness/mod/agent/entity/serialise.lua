-- An entity as plain data: the one shape in which every tool hands entities out.

local facing = require("lib.facing")
local fields = require("entity.fields")
local geometry = require("lib.geometry")
local warnings = require("entity.warnings")

local serialise = {}

local STATUS_NAMES = {}
for name, value in pairs(defines.entity_status) do
  -- Several names may share a number; the first in the alphabet wins, whatever the table's order.
  if not STATUS_NAMES[value] or name < STATUS_NAMES[value] then STATUS_NAMES[value] = name end
end

function serialise.status(entity)
  return STATUS_NAMES[entity.status] or "normal"
end

local NEIGHBOUR_TYPES = {
  ["inserter"] = true, ["mining-drill"] = true, ["assembling-machine"] = true, ["accumulator"] = true,
  ["train-stop"] = true, ["rail-signal"] = true, ["reactor"] = true, ["rocket-silo"] = true, ["ammo-turret"] = true,
}

local TOUCHING = 0.707

--- Buildings that touch the entity's collision box grown by `TOUCHING`.
local function neighbours(entity)
  local box = entity.bounding_box
  local area = {
    {x = box.left_top.x - TOUCHING, y = box.left_top.y - TOUCHING},
    {x = box.right_bottom.x + TOUCHING, y = box.right_bottom.y + TOUCHING},
  }
  local list = {}
  for _, other in ipairs(entity.surface.find_entities_filtered{area = area, force = entity.force}) do
    if other.unit_number and other.unit_number ~= entity.unit_number and other.type ~= "character" then
      list[#list + 1] = {
        unit_number = other.unit_number,
        name = other.name,
        position = {x = other.position.x, y = other.position.y},
        direction = geometry.heading(entity.position, other.position),
      }
    end
  end
  return list
end

--- The whole entity as a table ready for JSON.
function serialise.entity(entity)
  local prototype = entity.prototype
  local box = prototype.collision_box
  local out = {
    name = entity.name,
    type = entity.type,
    id = entity.unit_number,
    position = {x = entity.position.x, y = entity.position.y},
    direction = facing.api(prototype, entity.direction),
    status = serialise.status(entity),
    warnings = warnings.of(entity),
    health = entity.health,
    energy = entity.energy,
    dimensions = {width = box.right_bottom.x - box.left_top.x, height = box.right_bottom.y - box.left_top.y},
    tile_dimensions = {tile_width = prototype.tile_width, tile_height = prototype.tile_height},
  }
  fields.add(entity, out)
  if NEIGHBOUR_TYPES[entity.type] then out.neighbours = neighbours(entity) end
  return out
end

function serialise.list(entities)
  local list = {}
  for rank, entity in ipairs(entities) do list[rank] = serialise.entity(entity) end
  return list
end

return serialise
