-- What carries or keeps things: chests, inserters, turrets, vehicles.

local contents = require("entity.contents")
local fluids = require("entity.fluids")
local geometry = require("lib.geometry")

local holders = {}

local INVENTORY = defines.inventory

function holders.chest(entity, out, _, notes)
  out.inventory = contents.read(entity, INVENTORY.chest, notes, "chest is full")
end

function holders.inserter(entity, out)
  out.pickup_position = geometry.rounded(entity.pickup_position)
  out.drop_position = geometry.rounded(entity.drop_position)
end

function holders.kills(entity, out)
  out.kills = entity.kills
end

function holders.turret(entity, out)
  out.turret_ammo = contents.read(entity, INVENTORY.turret_ammo)
  holders.kills(entity, out)
end

function holders.artillery(entity, out)
  out.turret_ammo = contents.read(entity, INVENTORY.artillery_turret_ammo)
  holders.kills(entity, out)
end

function holders.fluid_turret(entity, out, _, notes)
  fluids.boxes(entity, out)
  fluids.points(entity, out, notes)
  holders.kills(entity, out)
end

function holders.car(entity, out)
  out.trunk_inventory = contents.read(entity, INVENTORY.car_trunk)
end

function holders.spider(entity, out)
  out.trunk_inventory = contents.read(entity, INVENTORY.spider_trunk)
end

function holders.cargo_wagon(entity, out)
  out.inventory = contents.read(entity, INVENTORY.cargo_wagon)
end

return holders
