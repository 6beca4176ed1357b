-- Reads a request's arguments: the type each tool needs, or a failure that says what came instead.

local failure = require("lib.failure")

local arguments = {}

local FARTHEST = 1000000

local function shown(value)
  if value == nil then return "nothing" end
  -- The text of a table is an address, which no answer may hang on.
  return type(value) == "table" and "a table" or tostring(value)
end

local function wrong(key, expected, value)
  failure.raise("bad_argument", key .. ": expected " .. expected .. ", got " .. shown(value),
    {expected = expected, found = shown(value), hint = "pass " .. expected .. " for " .. key})
end

local function finite(value)
  return type(value) == "number" and value == value and math.abs(value) <= FARTHEST
end

function arguments.string(args, key)
  local value = args[key]
  if type(value) ~= "string" then wrong(key, "a name", value) end
  return value
end

function arguments.optional_string(args, key)
  if args[key] == nil then return nil end
  return arguments.string(args, key)
end

function arguments.number(args, key, default)
  local value = args[key]
  if value == nil then value = default end
  if not finite(value) then wrong(key, "a number", value) end
  return value
end

--- A distance in tiles of 0 or more; what is beyond `most` reaches as far as `most`.
function arguments.radius(args, key, default, most)
  local value = args[key]
  if value == nil then value = default end
  if type(value) ~= "number" or value ~= value or value < 0 then wrong(key, "a number of at least 0", value) end
  return math.min(value, most)
end

--- A whole number of at least `least`, 1 unless told.
function arguments.count(args, key, default, least)
  local value = arguments.number(args, key, default)
  least = least or 1
  if value < least or value ~= math.floor(value) then wrong(key, "a whole number of at least " .. least, value) end
  return value
end

function arguments.point(value, key)
  if type(value) == "table" and type(value.x) == "number" and type(value.y) == "number"
    and not (finite(value.x) and finite(value.y)) then
    local found = string.format("(%g, %g)", value.x, value.y)
    local expected = string.format("coordinates from -%d to %d", FARTHEST, FARTHEST)
    failure.raise("bad_argument", key .. ": " .. found .. " is out of range, expected " .. expected,
      {expected = expected, found = found, hint = "pass a position on the map"})
  end
  if type(value) ~= "table" or not finite(value.x) or not finite(value.y) then
    wrong(key, "a position {x, y}", value)
  end
  return {x = value.x, y = value.y}
end

function arguments.position(args, key)
  return arguments.point(args[key], key)
end

function arguments.optional_position(args, key)
  if args[key] == nil then return nil end
  return arguments.position(args, key)
end

function arguments.direction(args, key)
  local value = args[key]
  if value == nil then return defines.direction.north end
  if value ~= 0 and value ~= 4 and value ~= 8 and value ~= 12 then
    wrong(key, "one of UP (0), RIGHT (4), DOWN (8), LEFT (12)", value)
  end
  return value
end

local function reference(value, key)
  if type(value) ~= "table" then wrong(key, "an entity {name, position}", value) end
  return {name = arguments.string(value, "name"), position = arguments.position(value, "position")}
end

--- An entity reference `{name, position}`.
function arguments.entity(args, key)
  return reference(args[key], key)
end

--- A list of at least one entity reference; nil if there is none under the key.
function arguments.optional_entities(args, key)
  local list = args[key]
  if list == nil then return nil end
  if type(list) ~= "table" or list[1] == nil then wrong(key, "a list of entities {name, position}", list) end
  local found = {}
  for rank, value in ipairs(list) do found[rank] = reference(value, key) end
  return found
end

return arguments
