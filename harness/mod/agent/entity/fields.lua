-- Which fields each type of entity adds to the common ones: the table of who describes what.

local belts = require("entity.belts")
local contents = require("entity.contents")
local crafting = require("entity.crafting")
local fluids = require("entity.fluids")
local holders = require("entity.holders")
local mining = require("entity.mining")
local power = require("entity.power")

local fields = {}

--- A recipe as plain data.
fields.recipe = crafting.recipe

local BY_TYPE = {
  ["ammo-turret"] = holders.turret,
  ["artillery-turret"] = holders.artillery,
  ["assembling-machine"] = crafting.assembling_machine,
  ["boiler"] = fluids.boiler,
  ["car"] = holders.car,
  ["cargo-wagon"] = holders.cargo_wagon,
  ["container"] = holders.chest,
  ["electric-pole"] = power.pole,
  ["electric-turret"] = holders.kills,
  ["fluid-turret"] = holders.fluid_turret,
  ["furnace"] = crafting.furnace,
  ["generator"] = fluids.handler,
  ["inserter"] = holders.inserter,
  ["lab"] = crafting.lab,
  ["logistic-container"] = holders.chest,
  ["mining-drill"] = mining.drill,
  ["offshore-pump"] = fluids.handler,
  ["pipe"] = fluids.pipe,
  ["pipe-to-ground"] = fluids.pipe,
  ["pump"] = fluids.handler,
  ["rocket-silo"] = crafting.rocket_silo,
  ["spider-vehicle"] = holders.spider,
  ["splitter"] = belts.describe_splitter,
  ["storage-tank"] = fluids.tank,
  ["transport-belt"] = belts.describe,
  ["underground-belt"] = belts.describe,
}

local FUEL_FULL = {["mining-drill"] = "fuel source is full", ["furnace"] = "furnace fuel source is full"}

--- Adds to `out` what the entity's type calls for.
-- `about` are the prototype's facts. `notes.full` and `notes.last` take warnings on the way: of full inventories, and
-- those that come after all others. `memo` keeps what the entities of one answer share.
function fields.add(entity, out, about, notes, memo)
  if about.burner then out.fuel = contents.of(entity.get_fuel_inventory(), notes, FUEL_FULL[about.type]) end
  if about.electric or about.type == "electric-pole" then out.electrical_id = entity.electric_network_id end
  local describe = BY_TYPE[about.type]
  if describe then describe(entity, out, about, notes, memo) end
end

return fields
