-- Reads every attribute and calls every harmless method of every kind of object there is, and notes what came.
-- `attributes` and `methods` (class -> names) and `calls` (name -> argument lists as Lua text) come from the test.
local MAX_OBJECTS_OF_A_CLASS, MAX_ENTRIES, MAX_DEPTH = 400, 6, 6
local notes, failures, counts, queue, seen = {}, {}, {}, {}, {}

local function class_of(object)
  local ok, name = pcall(function() return object.object_name end)
  return ok and name or "?"
end

local function meet(object)
  local name = class_of(object)
  local text = name .. tostring(object)
  if name == "LuaCustomTable" or seen[text] or (counts[name] or 0) >= MAX_OBJECTS_OF_A_CLASS then return end
  seen[text], counts[name] = true, (counts[name] or 0) + 1
  queue[#queue + 1] = object
end

local describe

local function describe_custom(object, depth)
  local count, item = 0, "nothing"
  for _, value in pairs(object) do
    count = count + 1
    if count > 60 then break end
    item = describe(value, depth + 1)
  end
  return "custom " .. item
end

function describe(value, depth)
  local kind = type(value)
  if kind == "userdata" then
    if class_of(value) == "LuaCustomTable" then return describe_custom(value, depth) end
    meet(value)
    return class_of(value)
  elseif kind ~= "table" then
    return kind
  elseif depth > MAX_DEPTH then
    return "seen"
  end
  local fields, count = {}, 0
  for key, item in pairs(value) do
    count = count + 1
    if count > MAX_ENTRIES and type(key) == "number" then break end
    fields[tostring(key)] = describe(item, depth + 1)
  end
  return fields
end

local function note(class, member, ok, value)
  local key = class .. "." .. member
  if not ok then
    failures[key] = tostring(value)
    return
  end
  local described = describe(value, 0)
  local text = type(described) == "table" and helpers.table_to_json(described) or described
  notes[key] = notes[key] or {}
  notes[key][text] = described
end

local function survey(object)
  local class = class_of(object)
  for _, name in ipairs(attributes[class] or {}) do
    note(class, name, pcall(function() return object[name] end))
  end
  for _, name in ipairs(methods[class] or {}) do
    for _, arguments in ipairs(calls[name] or { "" }) do
      local call = load("local object = ... return object['" .. name .. "'](" .. arguments .. ")")
      note(class, name, pcall(call, object))
    end
  end
  if indexed[class] then
    for index = 1, math.min(#object, 4) do note(class, "[]", pcall(function() return object[index] end)) end
  end
end

for _, root in ipairs { game, prototypes, script, helpers, rcon, remote, commands, settings, rendering } do meet(root) end
for _, entity in ipairs(game.surfaces[1].find_entities_filtered {}) do meet(entity) end
local at = 1
while queue[at] do
  survey(queue[at])
  at = at + 1
end
local lists = {}
for key, each in pairs(notes) do
  lists[key] = {}
  for _, described in pairs(each) do table.insert(lists[key], described) end
end
rcon.print(helpers.table_to_json { notes = lists, failures = failures, counts = counts })
