-- An entity as plain data: the one shape in which every tool hands entities out.
-- What depends on the prototype alone is read once (`facts`); what several entities of one answer share, such as the
-- content of a pipe network, is read once an answer (`memo`).

local around = require("entity.around")
local facing = require("lib.facing")
local facts = require("entity.facts")
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
  ["accumulator"] = true, ["ammo-turret"] = true, ["arithmetic-combinator"] = true, ["artillery-turret"] = true,
  ["assembling-machine"] = true, ["beacon"] = true, ["boiler"] = true, ["constant-combinator"] = true,
  ["decider-combinator"] = true, ["electric-turret"] = true, ["fluid-turret"] = true, ["generator"] = true,
  ["inserter"] = true, ["mining-drill"] = true, ["offshore-pump"] = true, ["power-switch"] = true, ["pump"] = true,
  ["rail-chain-signal"] = true, ["rail-signal"] = true, ["reactor"] = true, ["roboport"] = true,
  ["rocket-silo"] = true, ["storage-tank"] = true, ["train-stop"] = true,
}

local function describe(entity, memo)
  local about = facts.of(entity.name)
  local position, direction = entity.position, entity.direction
  local status, notes = serialise.status(entity), {full = {}, last = {}}
  local out = {
    name = about.name,
    type = about.type,
    id = entity.unit_number,
    position = position,
    direction = facing.api(about, direction),
    status = status,
    health = entity.health,
    energy = entity.energy,
    dimensions = about.dimensions,
    tile_dimensions = about.tile_dimensions,
  }
  fields.add(entity, out, about, notes, memo)
  out.warnings = warnings.of(entity, about, out, status, notes)
  if NEIGHBOUR_TYPES[about.type] then
    memo.waiting[#memo.waiting + 1] = {out = out, box = geometry.footprint(about, position, direction)}
  end
  return out
end

--- Entities of one surface and force as a list of tables ready for JSON.
function serialise.list(entities)
  local list, memo = {}, {waiting = {}}
  for rank, entity in ipairs(entities) do list[rank] = describe(entity, memo) end
  if #memo.waiting > 0 then around.fill(entities[1].surface, entities[1].force, memo.waiting) end
  return list
end

--- The whole entity as a table ready for JSON.
function serialise.entity(entity)
  return serialise.list({entity})[1]
end

return serialise
