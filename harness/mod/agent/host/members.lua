-- Which members of the API this server's objects have, asked of one object of each class.

local flow = require("lib.flow")
local session = require("lib.session")

local UNKNOWN = "doesn't contain key"

local function entity_of(kind)
  return session.surface().find_entities_filtered{type = kind, limit = 1}[1]
end

local function wire_connector()
  local pole = entity_of("electric-pole")
  return pole and pole.get_wire_connector(defines.wire_connector_id.pole_copper, true)
end

local function fluidbox()
  local pipe = entity_of("pipe")
  return pipe and pipe.fluidbox
end

local function transport_line()
  local belt = entity_of("transport-belt")
  return belt and belt.get_transport_line(1)
end

local function burner()
  local furnace = entity_of("furnace")
  return furnace and furnace.burner
end

-- An object of each class; nil where the world holds none.
local SAMPLES = {
  LuaBootstrap = function() return script end,
  LuaBurner = burner,
  LuaCommandProcessor = function() return commands end,
  LuaEntity = function() return session.character() end,
  LuaEntityPrototype = function() return prototypes.entity["pipe"] end,
  LuaFlowStatistics = flow.items,
  LuaFluidBox = fluidbox,
  LuaForce = session.force,
  LuaGameScript = function() return game end,
  LuaHelpers = function() return helpers end,
  LuaInventory = session.inventory,
  LuaItemPrototype = function() return prototypes.item["pipe"] end,
  LuaItemStack = function() return session.inventory()[1] end,
  LuaPrototypes = function() return prototypes end,
  LuaRCON = function() return rcon end,
  LuaRecipe = function() return session.force().recipes["pipe"] end,
  LuaRecipePrototype = function() return prototypes.recipe["pipe"] end,
  LuaSurface = session.surface,
  LuaTechnology = function() return session.force().technologies["automation"] end,
  LuaTechnologyPrototype = function() return prototypes.technology["automation"] end,
  LuaTile = function() return session.surface().get_tile(0, 0) end,
  LuaTransportLine = transport_line,
  LuaWireConnector = wire_connector,
}

-- An attribute that does not suit the object raises another error than one that no object of the class has.
local function has(object, member)
  local ok, problem = pcall(function() return object[member] end)
  return ok or not string.find(tostring(problem), UNKNOWN, 1, true)
end

local function defined(path)
  local value = defines
  for word in string.gmatch(path, "[^.]+") do
    value = type(value) == "table" and value[word] or nil
  end
  return value ~= nil
end

--- Of `classes` (class to names of members) and `defines` (paths) what this server does not have.
local function members(args)
  local missing = {}
  for class, names in pairs(args.classes or {}) do
    local object = SAMPLES[class] and SAMPLES[class]()
    for _, name in ipairs(names) do
      if object == nil or not has(object, name) then missing[#missing + 1] = class .. "." .. name end
    end
  end
  for _, path in ipairs(args.defines or {}) do
    if not defined(path) then missing[#missing + 1] = "defines." .. path end
  end
  table.sort(missing)
  return {missing = missing}
end

return {tools = {members = members}}
