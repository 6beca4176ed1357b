-- Text patterns with an end. The library's matcher backtracks inside one C call, where no instruction is counted: a few
-- repetitions on a few kilobytes run for years. Where a pattern could take long on a text, the same matching is done
-- here in Lua, where the script's budget ends it; everywhere else the library's own functions are called.
local host = ...
local raw_type, budget, check_time = host.raw_type, host.budget, host.check_time
local byte, char, sub, format = string.byte, string.char, string.sub, string.format
local error, tostring, concat, unpack = error, tostring, table.concat, table.unpack
local native = { find = string.find, match = string.match, gmatch = string.gmatch, gsub = string.gsub, rep = string.rep }

local MAX_NATIVE_STEPS = 1e7
local STEPS_WORTH_A_LOOK_AT_THE_CLOCK = 1e6
local BYTES_AN_INSTRUCTION = 4
local MAX_KNOWN_PATTERNS = 1000
local MAX_CAPTURES = 32

-- Patterns, parsed: a list of items. A repeated class has `set` (byte -> true) and `rep`; others have `kind`.

local function set_of(class)
  local set = {}
  for code = 0, 255 do
    if native.find(char(code), class) then set[code] = true end
  end
  return set
end

-- End of the class that begins at `at`: behind `x`, `%a`, `[...]`.
local function class_end(pattern, at)
  local first = sub(pattern, at, at)
  if first == "%" then
    if at == #pattern then error("malformed pattern (ends with '%')", 0) end
    return at + 2
  elseif first ~= "[" then
    return at + 1
  end
  at = at + 1
  if sub(pattern, at, at) == "^" then at = at + 1 end
  repeat
    if at > #pattern then error("malformed pattern (missing ']')", 0) end
    local inner = sub(pattern, at, at)
    at = at + (inner == "%" and 2 or 1)
  until sub(pattern, at, at) == "]"
  return at + 1
end

local function parse_special(items, pattern, at)
  local two = sub(pattern, at, at + 1)
  if two == "()" then
    items[#items + 1] = { kind = "position" }
    return at + 2
  elseif sub(two, 1, 1) == "(" then
    items[#items + 1] = { kind = "open" }
    return at + 1
  elseif sub(two, 1, 1) == ")" then
    items[#items + 1] = { kind = "close" }
    return at + 1
  elseif two == "%b" then
    if at + 3 > #pattern then error("malformed pattern (missing arguments to '%b')", 0) end
    items[#items + 1] = { kind = "balance", left = byte(pattern, at + 2), right = byte(pattern, at + 3) }
    return at + 4
  elseif two == "%f" then
    if sub(pattern, at + 2, at + 2) ~= "[" then error("missing '[' after '%f' in pattern", 0) end
    local stop = class_end(pattern, at + 2)
    items[#items + 1] = { kind = "frontier", set = set_of(sub(pattern, at + 2, stop - 1)) }
    return stop
  elseif native.find(two, "^%%%d") then
    items[#items + 1] = { kind = "back", number = byte(two, 2) - 48 }
    return at + 2
  elseif two == "$" then
    items[#items + 1] = { kind = "end" }
    return at + 1
  end
end

local function parse(pattern, at)
  local items = {}
  while at <= #pattern do
    local after = parse_special(items, pattern, at)
    if not after then
      after = class_end(pattern, at)
      local class, rep = sub(pattern, at, after - 1), sub(pattern, after, after)
      if native.find(rep, "^[*+?-]$") then after = after + 1 else rep = nil end
      if class == "$" or class == "^" then class = "%" .. class end
      items[#items + 1] = { set = set_of(class), rep = rep }
    end
    at = after
  end
  return items
end

-- Matching. `caps` holds start and length of each capture: OPEN until closed, POSITION for `()`.

local OPEN, POSITION = -1, -2
local from

local function balance(item, text, at)
  if byte(text, at) ~= item.left then return nil end
  local depth = 1
  for here = at + 1, #text do
    local code = byte(text, here)
    if code == item.right then
      depth = depth - 1
      if depth == 0 then return here + 1 end
    elseif code == item.left then
      depth = depth + 1
    end
  end
end

local function open(items, index, text, at, caps, length)
  if caps.count == MAX_CAPTURES then error("too many captures", 0) end
  local number = caps.count + 1
  caps.count, caps[number], caps[-number] = number, at, length
  local stop = from(items, index + 1, text, at, caps)
  if not stop then caps.count = number - 1 end
  return stop
end

local function close(items, index, text, at, caps)
  for number = caps.count, 1, -1 do
    if caps[-number] == OPEN then
      caps[-number] = at - caps[number]
      local stop = from(items, index + 1, text, at, caps)
      if not stop then caps[-number] = OPEN end
      return stop
    end
  end
  error("invalid pattern capture", 0)
end

local function back(item, text, at, caps)
  local number = item.number
  if number < 1 or number > caps.count or caps[-number] == OPEN then
    error("invalid capture index %" .. number, 0)
  end
  local length = caps[-number]
  if length == POSITION then return nil end  -- as the library: a place has no text that could come again
  if sub(text, at, at + length - 1) == sub(text, caps[number], caps[number] + length - 1) and at + length <= #text + 1 then
    return at + length
  end
end

local function many(items, index, text, at, caps)
  local set, count = items[index].set, 0
  while set[byte(text, at + count)] do count = count + 1 end
  for taken = count, items[index].rep == "+" and 1 or 0, -1 do
    local stop = from(items, index + 1, text, at + taken, caps)
    if stop then return stop end
  end
end

local function few(items, index, text, at, caps)
  local set = items[index].set
  while true do
    local stop = from(items, index + 1, text, at, caps)
    if stop then return stop end
    if not set[byte(text, at)] then return nil end
    at = at + 1
  end
end

-- Where a match of `items[index...]` that begins at `at` ends (one behind it), or nil.
function from(items, index, text, at, caps)
  while true do
    local item = items[index]
    if not item then return at end
    local kind, rep = item.kind, item.rep
    if kind == "open" then return open(items, index, text, at, caps, OPEN) end
    if kind == "position" then return open(items, index, text, at, caps, POSITION) end
    if kind == "close" then return close(items, index, text, at, caps) end
    if kind == "end" then return at == #text + 1 and at or nil end
    if kind == "balance" then
      at = balance(item, text, at)
    elseif kind == "back" then
      at = back(item, text, at, caps)
    elseif kind == "frontier" then
      local before = at > 1 and byte(text, at - 1) or 0
      if item.set[before] or not item.set[byte(text, at) or 0] then return nil end
    elseif rep == "*" or rep == "+" then
      return many(items, index, text, at, caps)
    elseif rep == "-" then
      return few(items, index, text, at, caps)
    elseif rep == "?" then
      if item.set[byte(text, at)] then
        local stop = from(items, index + 1, text, at + 1, caps)
        if stop then return stop end
      end
    else
      at = item.set[byte(text, at)] and at + 1
    end
    if not at then return nil end
    index = index + 1
  end
end

local function capture(text, caps, number, first, stop)
  if number > caps.count then
    if number ~= 1 then error("invalid capture index", 0) end
    return sub(text, first, stop - 1)
  end
  local length = caps[-number]
  if length == POSITION then return caps[number] end
  if length == OPEN then error("unfinished capture", 0) end
  return sub(text, caps[number], caps[number] + length - 1)
end

-- All captures; the whole match if there are none and `whole` is set.
local function captures(text, caps, first, stop, whole)
  local values = {}
  for number = 1, (caps.count == 0 and whole) and 1 or caps.count do
    values[number] = capture(text, caps, number, first, stop)
  end
  return unpack(values)
end

local function search(items, text, at, anchored)
  repeat
    local caps = { count = 0 }
    local stop = from(items, 1, text, at, caps)
    if stop then return at, stop, caps end
    at = at + 1
  until at > #text + 1 or anchored
end

-- How long might the library take? Each repetition that can give back what it took multiplies the work by the text's
-- length; one at the very end cannot, since nothing behind it can fail.

local known, num_known = {}, 0

local function look(pattern)
  local anchored = byte(pattern, 1) == 94
  local items = parse(pattern, anchored and 2 or 1)
  local power, factor, last = anchored and 0 or 1, 1, #items
  while items[last] and items[last].kind == "close" do last = last - 1 end
  for index, item in ipairs(items) do
    local rep = item.rep
    if rep == "?" then
      factor = factor * 2
    elseif item.kind == "balance" or rep and (rep == "-" or index < last) then
      power = power + 1
    end
  end
  return { power = power, factor = factor, anchored = anchored, items = items }
end

local function facts(pattern)
  local found = known[pattern]
  if found then return found end
  if num_known >= MAX_KNOWN_PATTERNS then known, num_known = {}, 0 end
  local ok, made = host.raw_pcall(look, pattern)
  found = ok and made or { problem = made }
  known[pattern], num_known = found, num_known + 1
  return found
end

-- The parsed pattern if matching must be done here; nil if the library may do it.
local function must_count(text, pattern)
  if raw_type(text) ~= "string" or raw_type(pattern) ~= "string" then return nil end
  local found, length = facts(pattern), #text + 1
  -- The library complains only once it gets there, which may be never.
  if found.problem then error(found.problem, 3) end
  budget[1] = budget[1] - length / BYTES_AN_INSTRUCTION
  if found.power <= 1 and found.factor == 1 then return nil end
  local steps = length ^ found.power * found.factor
  if steps <= STEPS_WORTH_A_LOOK_AT_THE_CLOCK then return nil end
  if steps > MAX_NATIVE_STEPS then return found end
  check_time(5)
end

local function start_of(text, init)
  if init == nil then return 1 end
  init = init < 0 and #text + init + 1 or init
  return init < 1 and 1 or init
end

local function searched(text, pattern, init)
  local at = start_of(text, init)
  if at > #text + 1 then return nil end
  return search(pattern.items, text, at, pattern.anchored)
end

-- Errors of the functions above carry no place; the script's line is added here.
local function placed(ok, ...)
  if ok then return ... end
  local problem = ...
  if host.is_spent() then error(problem, 0) end
  error(problem, 3)
end

local function find(text, pattern, init)
  local first, stop, caps = searched(text, pattern, init)
  if not first then return nil end
  return first, stop - 1, captures(text, caps, first, stop, false)
end

local function match(text, pattern, init)
  local first, stop, caps = searched(text, pattern, init)
  if not first then return nil end
  return captures(text, caps, first, stop, true)
end

function string.find(text, pattern, init, plain)
  local counted = not plain and must_count(text, pattern)
  if not counted then return native.find(text, pattern, init, plain) end
  return placed(host.raw_pcall(find, text, counted, init))
end

function string.match(text, pattern, init)
  local counted = must_count(text, pattern)
  if not counted then return native.match(text, pattern, init) end
  return placed(host.raw_pcall(match, text, counted, init))
end

function string.gmatch(text, pattern)
  local counted = must_count(text, pattern)
  if not counted then return native.gmatch(text, pattern) end
  local items, at = parse(pattern, 1), 1
  return function()
    if at > #text + 1 then return nil end
    local first, stop, caps = search(items, text, at, false)
    if not first then
      at = #text + 2
      return nil
    end
    at = stop == first and stop + 1 or stop
    return captures(text, caps, first, stop, true)
  end
end

local function replacement(text, with, caps, first, stop)
  local kind, value = raw_type(with), nil
  if kind == "function" then
    value = with(captures(text, caps, first, stop, true))
  elseif kind == "table" then
    value = with[capture(text, caps, 1, first, stop)]
  else
    return (native.gsub(with, "%%(.?)", function(mark)
      if mark == "%" then return "%" end
      if mark == "0" then return sub(text, first, stop - 1) end
      if not native.find(mark, "%d") then error("invalid use of '%' in replacement string", 0) end
      return tostring(capture(text, caps, byte(mark) - 48, first, stop))
    end))
  end
  if not value then return sub(text, first, stop - 1) end
  if raw_type(value) ~= "string" and raw_type(value) ~= "number" then
    error(format("invalid replacement value (a %s)", type(value)), 0)
  end
  return value
end

local function gsub(text, pattern, with, limit)
  local parts, count, at, size = {}, 0, 1, 0
  while count < limit do
    local caps = { count = 0 }
    local stop = from(pattern.items, 1, text, at, caps)
    if stop then
      count, size = count + 1, size + 1
      parts[size] = replacement(text, with, caps, at, stop)
    end
    if stop and stop > at then
      at = stop
    elseif at <= #text then
      size = size + 1
      parts[size] = sub(text, at, at)
      at = at + 1
    else
      break
    end
    if pattern.anchored then break end
  end
  parts[size + 1] = sub(text, at)
  return concat(parts), count
end

function string.gsub(text, pattern, with, limit)
  local counted, kind = must_count(text, pattern), raw_type(with)
  if not counted or not (kind == "string" or kind == "number" or kind == "table" or kind == "function") then
    return native.gsub(text, pattern, with, limit)
  end
  return placed(host.raw_pcall(gsub, text, counted, kind == "number" and tostring(with) or with, limit or #text + 1))
end

-- Copying is work too, and one call may ask for any amount of it.
function string.rep(text, count, separator)
  if raw_type(text) == "string" and raw_type(count) == "number" and count > 0 then
    host.charge((#text + (raw_type(separator) == "string" and #separator or 0)) * count / BYTES_AN_INSTRUCTION)
  end
  return native.rep(text, count, separator)
end
