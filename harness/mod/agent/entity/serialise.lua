-- An entity as plain data: the one shape in which every tool hands entities out.
-- What depends on the prototype alone is read once (`facts`); what several entities of one answer share, such as the
-- content of a pipe network, is read once an answer (`memo`).

local around = require("entity.around")
local facing = require("lib.facing")
local facts = require("entity.facts")
local fields = require("entity.fields")
local status = require("lib.status")
local warnings = require("entity.warnings")

local serialise = {}

serialise.status = status.name

local NEIGHBOUR_TYPES = {
  ["accumulator"] = true, ["ammo-turret"] = true, ["arithmetic-combinator"] = true, ["artillery-turret"] = true,
  ["assembling-machine"] = true, ["beacon"] = true, ["boiler"] = true, ["constant-combinator"] = true,
  ["decider-combinator"] = true, ["electric-turret"] = true, ["fluid-turret"] = true, ["generator"] = true,
  ["inserter"] = true, ["mining-drill"] = true, ["offshore-pump"] = true, ["power-switch"] = true, ["pump"] = true,
  ["rail-chain-signal"] = true, ["rail-signal"] = true, ["reactor"] = true, ["roboport"] = true,
  ["rocket-silo"] = true, ["storage-tank"] = true, ["train-stop"] = true,
}

-- They hold no energy, so nothing is asked of them.
local PASSIVE = {
  ["container"] = true, ["electric-pole"] = true, ["logistic-container"] = true, ["pipe"] = true,
  ["pipe-to-ground"] = true, ["splitter"] = true, ["storage-tank"] = true, ["transport-belt"] = true,
  ["underground-belt"] = true, ["wall"] = true,
}

local function common(entity, about)
  return {
    name = about.name,
    type = about.type,
    id = entity.unit_number,
    position = entity.position,
    health = entity.health,
    energy = PASSIVE[about.type] and 0 or entity.energy,
    dimensions = about.dimensions,
    tile_dimensions = about.tile_dimensions,
  }
end

local function note_place(out, about, direction, memo)
  if not out.id then return end
  local record = around.record(out.id, about, out.position, direction)
  memo.known[out.id] = record
  if NEIGHBOUR_TYPES[about.type] then memo.waiting[#memo.waiting + 1] = {out = out, box = record.box} end
end

local function describe(entity, about, memo)
  local out, direction, doing = common(entity, about), entity.direction, status.name(entity)
  local notes = {full = {}, last = {}}
  out.direction, out.status = facing.api(about, direction), doing
  fields.add(entity, out, about, notes, memo)
  out.warnings = warnings.of(entity, about, out, doing, notes)
  note_place(out, about, direction, memo)
  return out
end

--- Entities of one surface and force as a list of tables ready for JSON, but for characters. `joints` says of each belt
-- where what leads to it and from it stands, if that was read already: a list of `{before, after}`.
function serialise.list(entities, joints)
  local list, memo = {}, {waiting = {}, known = {}}
  for rank, entity in ipairs(entities) do
    memo.joint = joints and joints[rank]
    local about = facts.of(entity.name)
    if about.type ~= "character" then list[#list + 1] = describe(entity, about, memo) end
  end
  if #memo.waiting > 0 then around.fill(entities[1].surface, entities[1].force, memo.waiting, memo.known) end
  return list
end

--- The whole entity as a table ready for JSON.
function serialise.entity(entity)
  return serialise.list({entity})[1]
end

return serialise
