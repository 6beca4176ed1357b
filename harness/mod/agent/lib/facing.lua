-- Translates between a direction as the agent's API means it and as the engine means it.
-- An inserter's API direction is the side it drops to, the engine's is the side it takes from; the others
-- here are turned the same way, both when placing and when reporting.

local geometry = require("lib.geometry")

local facing = {}

local TURNED_TYPES = {["inserter"] = true, ["offshore-pump"] = true, ["pipe-to-ground"] = true}
local TURNED_NAMES = {["chemical-plant"] = true}

local function is_turned(prototype)
  return TURNED_TYPES[prototype.type] or TURNED_NAMES[prototype.name] or false
end

--- API direction to engine direction; being a half turn or nothing, it is its own inverse.
function facing.engine(prototype, direction)
  if is_turned(prototype) then return geometry.opposite(direction) end
  return direction
end

facing.api = facing.engine

return facing
