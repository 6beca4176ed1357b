-- API objects: proxies with a class, up to three hidden handle fields, and the members that Python's tables name.
-- `harness/simulator/lua/binder.py` writes the members as Lua source against this file.
local host = ...
local raw_type, raw_next = host.raw_type, host.raw_next
local class_of, raw_metatable = host.class_of, host.raw_metatable
local setmetatable, error, tostring, concat = host.raw_setmetatable, error, tostring, table.concat

-- Keys no script can name, so a proxy's own table stays free for members.
local A, B, C = {}, {}, {}
host.A, host.B, host.C = A, B, C
local wrappers = {}
local entity_cache = setmetatable({}, { __mode = "v" })

local function same(left, right)
  return left[A] == right[A] and left[B] == right[B] and left[C] == right[C]
end

-- `readers[key](self)`, `writers[key](self, value)`; `index` answers keys that are no member (inventory slots, tables by
-- name) and returns whether it knows the key; `keep` is "entity" (by serial), "always" (by handle) or "never".
function host.new_class(name, readers, writers, index, length, items, put, keep)
  local meta = { __metatable = "protected", __eq = same, __len = length }
  class_of[meta] = name
  function meta.__index(self, key)
    local reader = readers[key]
    if reader then return reader(self) end
    if index then return index(self, key) end
    error(name .. " doesn't contain key " .. tostring(key) .. ".", 2)
  end
  function meta.__newindex(self, key, value)
    local writer = writers[key]
    if writer then return writer(self, value) end
    if put and raw_type(key) == "number" then return put(self, key, value) end
    if readers[key] then error("Can't write to " .. name .. "::" .. tostring(key) .. ": the attribute is read-only.", 2) end
    error(name .. " doesn't contain key " .. tostring(key) .. ".", 2)
  end
  function meta.__tostring(self)
    return host.identity(self)
  end
  if items then
    function meta.__pairs(self)
      local keys, at = items(self), 0
      return function()
        at = at + 1
        local key = keys[at]
        if key ~= nil then return key, self[key] end
      end, self, nil
    end
  else
    function meta.__pairs()
      error("bad argument #1 to 'pairs' (table expected, got " .. name .. ")", 3)
    end
  end
  local cache = {}
  wrappers[name] = function(a, b, c)
    if a == nil then return nil end
    local slots, key = cache, a
    if keep == "entity" then
      slots, key = entity_cache, b
    elseif keep == "always" and b then
      key = a .. "\0" .. b .. (c and "\0" .. c or "")
    end
    local known = keep ~= "never" and slots[key]
    if known and known[A] == a then return known end
    local proxy = setmetatable({ [A] = a, [B] = b or false, [C] = c or false }, meta)
    if keep ~= "never" then slots[key] = proxy end
    return proxy
  end
end

function host.wrapper(name) return wrappers[name] end
function host.wrap(name, a, b, c) return wrappers[name](a, b, c) end
function host.fields(proxy) return { proxy[A], proxy[B], proxy[C] } end

function host.identity(proxy)
  local parts = { host.class(proxy), tostring(proxy[A]) }
  if proxy[B] then parts[3] = tostring(proxy[B]) end
  if proxy[C] then parts[4] = tostring(proxy[C]) end
  return "[" .. concat(parts, " ") .. "]"
end

-- After a restore the same serial may be another entity's: nothing remembered may answer for it.
function host.forget_entities()
  for key in raw_next, entity_cache do entity_cache[key] = nil end
end

-- Arguments. Every converter raises at level 3: the script's line that called the method.

local convert = {}
host.convert = convert

local function wrong(expected, value)
  error("wrong argument: expected " .. expected .. ", got " .. type(value) .. ".", 4)
end

function convert.any(value) return value end

function convert.name(value)
  if raw_type(value) == "string" then return value end
  if raw_type(value) == "table" then
    local name = value.name
    if raw_type(name) == "string" then return name end
  end
  wrong("a name or prototype", value)
end

function convert.names(value)
  if raw_type(value) == "string" then return value end
  if raw_type(value) ~= "table" then wrong("a name or a list of names", value) end
  if host.class(value) then return value.name end
  local names = {}
  for index = 1, #value do names[index] = convert.name(value[index]) end
  return concat(names, "\n")
end

-- Collision layers: a name, a list of names, or the set {name = true}.
function convert.layers(value)
  if raw_type(value) ~= "table" or value[1] ~= nil or raw_next(value) == nil then return convert.names(value) end
  local names = {}
  for name, wanted in raw_next, value do
    if raw_type(name) == "string" and wanted then names[#names + 1] = name end
  end
  table.sort(names)
  return concat(names, "\n")
end

-- A number or a list of numbers, as text.
function convert.numbers(value)
  local list = raw_type(value) == "table" and value or { value }
  local numbers = {}
  for index = 1, #list do
    if raw_type(list[index]) ~= "number" then wrong("a number or a list of numbers", list[index]) end
    numbers[index] = list[index]
  end
  return concat(numbers, "\n")
end

local function coordinates(value)
  if raw_type(value) ~= "table" then return nil end
  if host.class(value) then value = value.position end
  local x, y = value.x or value[1], value.y or value[2]
  if raw_type(x) == "number" and raw_type(y) == "number" and x == x and y == y then return x, y end
end

function convert.position(value)
  local x, y = coordinates(value)
  if not x then wrong("a position {x, y}", value) end
  return x, y
end

function convert.tile(value, other)
  if raw_type(value) == "number" and raw_type(other) == "number" then return value, other end
  local x, y = coordinates(value)
  if not x then wrong("a position {x, y}, or x and y", value) end
  return x, y
end

function convert.area(value)
  if raw_type(value) == "table" then
    local x1, y1 = coordinates(value.left_top or value[1])
    local x2, y2 = coordinates(value.right_bottom or value[2])
    if x1 and x2 then return x1, y1, x2, y2 end
  end
  wrong("an area {{x, y}, {x, y}}", value)
end

function convert.force(value)
  if host.class(value) == "LuaForce" then return value[A] + 1 end
  if raw_type(value) == "string" or raw_type(value) == "number" then return value end
  wrong("a force", value)
end

-- One force, or several as text: names, and indices behind a "#".
function convert.forces(value)
  if raw_type(value) == "table" and not host.class(value) then
    local names = {}
    for index = 1, #value do
      local force = convert.force(value[index])
      names[index] = raw_type(force) == "number" and "#" .. force or force
    end
    return concat(names, "\n")
  end
  return convert.force(value)
end

function convert.surface(value)
  if host.class(value) == "LuaSurface" then return value[A] end
  if raw_type(value) == "string" or raw_type(value) == "number" then return host.find_surface(value) end
  wrong("a surface", value)
end

-- x, y, surface, and whether x and y say how far to go and not where to.
function convert.goal(value, second)
  if raw_type(value) == "number" then
    if second ~= nil and raw_type(second) ~= "number" then wrong("two numbers", second) end
    return value, second or 0, nil, true
  end
  local x, y = coordinates(value)
  if not x then wrong("a position {x, y}", value) end
  return x, y, second ~= nil and convert.surface(second) or nil, false
end

function convert.entity(value)
  if host.class(value) == "LuaEntity" then return value[A], value[B] end
  wrong("a LuaEntity", value)
end

function convert.connector(value)
  local name = host.class(value)
  if name == "LuaWireConnector" then return value[A], value[B], value[C] end
  if name == "LuaEntity" then return value[A], value[B], 0 end
  wrong("a LuaWireConnector", value)
end

function convert.inventory(value)
  if host.class(value) == "LuaInventory" then return value[A], value[B] end
  wrong("a LuaInventory", value)
end

function convert.stack(value)
  if raw_type(value) == "string" then return value, 1 end
  if raw_type(value) == "table" then
    if host.class(value) == "LuaItemStack" then return value.name, value.count end
    local name, count = value.name, value.count
    if raw_type(name) == "table" then name = name.name end
    if raw_type(name) == "string" and (count == nil or raw_type(count) == "number") then
      return name, count or 1
    end
  end
  wrong("an item stack {name=, count=}", value)
end

-- A stack to take from: its handle; or nil, the name and the count of items that come from nowhere.
function convert.slot(value)
  if host.class(value) == "LuaItemStack" then return value[A], value[B], value[C] end
  local name, count = convert.stack(value)
  return nil, name, count
end

function convert.table(value)
  if raw_type(value) ~= "table" then wrong("a table", value) end
  return host.to_json(value)
end

-- Tiles as two texts, names once and "x y n x y n ..." numbers, so that a whole map crosses in one call.
function convert.tiles(value)
  if raw_type(value) ~= "table" then wrong("a list of tiles {name=, position=}", value) end
  local ids, names, numbers, count = {}, {}, {}, 0
  for index = 1, #value do
    local tile = value[index]
    if raw_type(tile) ~= "table" or raw_type(tile.name) ~= "string" then wrong("a tile {name=, position=}", tile) end
    local id = ids[tile.name]
    if not id then
      id = #names
      ids[tile.name], names[id + 1] = id, tile.name
    end
    local x, y = coordinates(tile.position)
    if not x then wrong("a tile {name=, position=}", tile) end
    numbers[count + 1], numbers[count + 2], numbers[count + 3] = x, y, id
    count = count + 3
  end
  return concat(names, "\n"), concat(numbers, " ")
end

-- Results.

function host.to_position(x, y)
  if x ~= nil then return { x = x, y = y } end
end

function host.to_box(x1, y1, x2, y2)
  if x1 ~= nil then return { left_top = { x = x1, y = y1 }, right_bottom = { x = x2, y = y2 } } end
end

function host.to_objects(name, width, flat)
  local wrap, result, count = wrappers[name], {}, 0
  for at = 1, #flat, width do
    count = count + 1
    result[count] = wrap(flat[at], width > 1 and flat[at + 1] or nil, width > 2 and flat[at + 2] or nil)
  end
  return result
end

-- Two lists of objects by their keys, of the handles of both one after the other; `count` is how many are in the first.
function host.to_pair(name, width, first, second, count, ...)
  if count == nil then error((...), 3) end
  local flat, split = { ... }, count * width
  local result = { [first] = {}, [second] = {} }
  local wrap, list, length = wrappers[name], result[first], 0
  for at = 1, #flat, width do
    if at == split + 1 then list, length = result[second], 0 end
    length = length + 1
    list[length] = wrap(flat[at], width > 1 and flat[at + 1] or nil, width > 2 and flat[at + 2] or nil)
  end
  return result
end

function host.to_named(name, width, flat)
  local wrap, result = wrappers[name], {}
  for at = 1, #flat, width + 1 do
    result[flat[at]] = wrap(flat[at + 1], width > 1 and flat[at + 2] or nil, width > 2 and flat[at + 3] or nil)
  end
  return result
end

function host.with_objects(name, key, records)
  local wrap = wrappers[name]
  for index = 1, #records do
    local handle = records[index][key]
    if handle then records[index][key] = wrap(handle[1], handle[2], handle[3]) end
  end
  return records
end
