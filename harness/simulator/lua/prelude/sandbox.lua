-- Makes the standard library what scripts of the game get: no files, no processes, no debugger, one order of iteration
-- for everybody, and an end to endless loops. `host` is the private table that all prelude files share; scripts never see it.
local host = ...
local raw_type, raw_next, raw_get, raw_set, raw_len = type, next, rawget, rawset, rawlen
local raw_pcall, raw_xpcall, raw_tostring, raw_load = pcall, xpcall, tostring, load
local raw_metatable, set_hook = debug.getmetatable, debug.sethook
local sort, concat = table.sort, table.concat
local error, select, floor = error, select, math.floor

host.raw_type, host.raw_next, host.raw_metatable, host.raw_pcall = raw_type, raw_next, raw_metatable, raw_pcall
host.raw_set = raw_set

-- Metatable of an API class -> that class; filled by objects.lua.
local class_of = {}
host.class_of = class_of

local function class(value)
  return raw_type(value) == "table" and class_of[raw_metatable(value)] or nil
end
host.class = class

function type(...)
  if select("#", ...) == 0 then error("bad argument #1 to 'type' (value expected)", 2) end
  local value = ...
  local name = raw_type(value)
  if name == "table" and class_of[raw_metatable(value)] then return "userdata" end
  return name
end

-- Order of iteration: 1..n, other numbers, strings by bytes, false, true, API objects, then the rest as first seen.

local seen, num_seen = setmetatable({}, { __mode = "k" }), 0
local function number_of(key)
  local number = seen[key]
  if not number then
    num_seen = num_seen + 1
    number = num_seen
    seen[key] = number
  end
  return number
end

local function other_rank(key)
  if key == false then return "0" end
  if key == true then return "1" end
  if class(key) then return "2" .. host.identity(key) end
  return ("3%016d"):format(number_of(key))
end

-- The first border. The length operator gives any of them, depending on how the table came to be.
local function first_border(t)
  local length = 0
  while raw_get(t, length + 1) ~= nil do length = length + 1 end
  return length
end
host.first_border = first_border

local function ordered_keys(t)
  local numbers, strings, others, length = {}, {}, nil, first_border(t)
  local num_numbers, num_strings = 0, 0
  for key in raw_next, t do
    local kind = raw_type(key)
    if kind == "string" then
      num_strings = num_strings + 1
      strings[num_strings] = key
    elseif kind ~= "number" then
      others = others or {}
      others[#others + 1] = key
    elseif key < 1 or key > length or key ~= floor(key) then
      num_numbers = num_numbers + 1
      numbers[num_numbers] = key
    end
  end
  if num_strings > 1 then sort(strings) end
  local count = length
  if length == 0 and num_numbers == 0 and not others then return strings end
  local keys = {}
  for index = 1, length do keys[index] = index end
  if num_numbers > 1 then sort(numbers) end
  for index = 1, num_numbers do keys[count + index] = numbers[index] end
  count = count + num_numbers
  for index = 1, num_strings do keys[count + index] = strings[index] end
  count = count + num_strings
  if others then
    local rank = {}
    for _, key in ipairs(others) do rank[key] = other_rank(key) end
    sort(others, function(a, b) return rank[a] < rank[b] end)
    for index = 1, #others do keys[count + index] = others[index] end
  end
  return keys
end

host.ordered_keys = ordered_keys

-- The engine's own order is fixed already if the keys are exactly 1..n, met in that order.
local function is_sequence(t)
  local expected = 1
  for key in raw_next, t do
    if key ~= expected then return false end
    expected = expected + 1
  end
  return true
end

local function iterate(t)
  local keys, index = ordered_keys(t), 0
  return function()
    while true do
      index = index + 1
      local key = keys[index]
      if key == nil then return nil end
      local value = raw_get(t, key)
      if value ~= nil then return key, value end
    end
  end, t, nil
end

local function iterable(t, what)
  if raw_type(t) ~= "table" or class_of[raw_metatable(t)] then
    error("bad argument #1 to '" .. what .. "' (table expected, got " .. type(t) .. ")", 3)
  end
end

function pairs(t)
  local meta = raw_metatable(t)
  local custom = raw_type(meta) == "table" and raw_get(meta, "__pairs")
  if custom then
    local step, state, first = custom(t)
    return step, state, first
  end
  iterable(t, "pairs")
  if is_sequence(t) then return raw_next, t, nil end
  return iterate(t)
end
host.pairs = pairs

-- One traversal by hand at a time is remembered a table, so `next(t, key)` need not sort again at every step.
local cursors = setmetatable({}, { __mode = "k" })

local function advance(t, cursor)
  while true do
    cursor.index = cursor.index + 1
    local key = cursor.keys[cursor.index]
    if key == nil then return nil end
    local value = raw_get(t, key)
    if value ~= nil then return key, value end
  end
end

function next(t, key)
  iterable(t, "next")
  if key == nil then
    local first, value = raw_next(t)
    if first == nil or first == 1 or raw_next(t, first) == nil then
      if first ~= nil then cursors[t] = nil end
      return first, value
    end
  end
  local cursor = cursors[t]
  if key == nil then
    cursor = { keys = ordered_keys(t), index = 0 }
    cursors[t] = cursor
  elseif not cursor or cursor.keys[cursor.index] ~= key then
    cursor = { keys = ordered_keys(t), index = 0 }
    for index, candidate in ipairs(cursor.keys) do
      if candidate == key then cursor.index = index end
    end
    if cursor.index == 0 then error("invalid key to 'next'", 2) end
    cursors[t] = cursor
  end
  return advance(t, cursor)
end

function table_size(t)
  iterable(t, "table_size")
  local count = 0
  for _ in raw_next, t do count = count + 1 end
  return count
end

-- API objects look like tables inside only; the raw functions must not show it.

local function guarded(name, raw)
  return function(t, ...)
    if class(t) then error("bad argument #1 to '" .. name .. "' (table expected, got userdata)", 2) end
    return raw(t, ...)
  end
end
rawget, rawset, rawlen = guarded("rawget", raw_get), guarded("rawset", raw_set), guarded("rawlen", raw_len)

function tostring(...)
  if select("#", ...) == 0 then error("bad argument #1 to 'tostring' (value expected)", 2) end
  local value = ...
  local kind = raw_type(value)
  if kind == "table" or kind == "function" then
    local meta = raw_metatable(value)
    if not (raw_type(meta) == "table" and raw_get(meta, "__tostring")) then
      return ("%s: 0x%08x"):format(kind, number_of(value))
    end
  end
  return raw_tostring(value)
end

-- Budget. A hook counts instructions, and what is work without being one is charged where it is done: crossings into the
-- engine (binding.py), patterns and copies (patterns.lua). What none of that sees, such as joining huge texts, is bounded
-- by processor time. Once a budget is spent no pcall may swallow that error.

local STEP, CLOSE_STEP, STEPS_A_LOOK = 1000, 100, 10
local LARGE_KILOBYTES = 64 * 1024
local OUT_OF_BUDGET = "the script ran too many instructions without an end and was stopped"
local OUT_OF_TIME = "the script ran too long without an end and was stopped"
local raw_clock, raw_collect = os.clock, collectgarbage
local budget, step, looks, deadline, spent = { 0 }, STEP, 0, 0, nil
host.budget = budget

local function stop(why, level)
  spent = why
  error(why, level)
end

local function check_time(level)
  if raw_clock() > deadline then stop(OUT_OF_TIME, level) end
end
host.check_time = check_time

-- A script that holds much memory can copy much of it in one instruction: it is looked at closely.
local function on_count()
  budget[1] = budget[1] - step
  if budget[1] <= 0 then stop(OUT_OF_BUDGET, 3) end
  local wanted = raw_collect("count") > LARGE_KILOBYTES and CLOSE_STEP or STEP
  looks = looks + 1
  if wanted == CLOSE_STEP or step == CLOSE_STEP or looks >= STEPS_A_LOOK then
    looks = 0
    check_time(4)
  end
  if wanted ~= step then
    step = wanted
    set_hook(on_count, "", step)
  end
end

function host.start_budget(instructions, seconds)
  budget[1], deadline, spent, step, looks = instructions, raw_clock() + seconds, nil, CLOSE_STEP, 0
  set_hook(on_count, "", step)
end

--- What the server itself does between calls must not meet the deadline of a call that is long over.
function host.end_budget(...)
  set_hook()
  return ...
end

function host.charge(instructions)
  budget[1] = budget[1] - instructions
  if budget[1] <= 0 then stop(OUT_OF_BUDGET, 4) end
end

function host.is_spent() return spent ~= nil end

local function checked(...)
  if spent then error(spent, 0) end
  return ...
end

-- Catching an error costs as much as some hundred instructions.
local PROTECTED_CALL_INSTRUCTIONS = 300

function pcall(...)
  budget[1] = budget[1] - PROTECTED_CALL_INSTRUCTIONS
  return checked(raw_pcall(...))
end

-- Inside the hook no hook runs, so a handler must not see the budget's own error: it could loop there for ever.
function xpcall(f, handler, ...)
  budget[1] = budget[1] - PROTECTED_CALL_INSTRUCTIONS
  return checked(raw_xpcall(f, function(problem)
    if spent then return problem end
    return handler(problem)
  end, ...))
end

-- Finalizers run at moments that depend on memory, and without hooks.
local raw_setmetatable = setmetatable
function setmetatable(t, meta)
  if raw_type(meta) == "table" and raw_get(meta, "__gc") ~= nil then
    error("setmetatable: __gc is not available to scripts", 2)
  end
  return raw_setmetatable(t, meta)
end
host.raw_setmetatable = raw_setmetatable

-- Text only: bytecode could break out of the virtual machine.
function load(chunk, name, _, ...)
  if select("#", ...) > 0 then return raw_load(chunk, name, "t", (...)) end
  return raw_load(chunk, name, "t")
end
loadstring = load
host.load = raw_load

function print(...)
  local texts = {}
  for index = 1, select("#", ...) do texts[index] = tostring((select(index, ...))) end
  host.log(concat(texts, "\t"))
end

function math.random(low, high)
  local draw = host.random()
  if not low then return draw end
  if not high then low, high = 1, low end
  if low > high then error("bad argument #1 to 'random' (interval is empty)", 2) end
  return low + floor(draw * (high - low + 1))
end
function math.randomseed() end

string.dump = nil
debug = { traceback = function(message)
  if message ~= nil and raw_type(message) ~= "string" then return message end
  return (message or "") .. "\nstack traceback: not available"
end }
for _, name in ipairs { "io", "os", "package", "module", "require", "dofile", "loadfile", "collectgarbage", "coroutine", "python" } do
  _G[name] = nil
end
