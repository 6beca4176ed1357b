-- Tables as text: JSON as the game writes it, and serpent's three printers in our own small form.
local host = ...
local raw_type, pairs, class = host.raw_type, host.pairs, host.class
local format, find, gsub, rep = string.format, string.find, string.gsub, string.rep
local concat, floor, huge = table.concat, math.floor, math.huge
local error, tostring, ipairs = error, tostring, ipairs

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\b"] = "\\b", ["\f"] = "\\f" }
local function escape(char) return ESCAPES[char] or format("\\u%04x", char:byte()) end

local function quote(text)
  if find(text, '[%c"\\]') then text = gsub(text, '[%c"\\]', escape) end
  return '"' .. text .. '"'
end

-- The game writes whole numbers in full and takes a fraction apart digit by digit, which shows the rounding of every
-- multiplication: 1/3 has 51 digits. Measured: 1e21 is written in full, 1e300 and 1e-7 with an exponent.
local LARGEST_WRITTEN_IN_FULL, SMALLEST_WRITTEN_IN_FULL = 1e25, 1e-4

-- Texts of what scripts write again and again: names, keys of tables, the fractions of positions and sizes. They are
-- forgotten when they get many.
local MOST_KEPT = 4096
local quoted, num_quoted, fractions, num_fractions = {}, 0, {}, 0

local function quoted_once(text)
  local known = quoted[text]
  if known then return known end
  if #text > 64 then return quote(text) end
  if num_quoted >= MOST_KEPT then quoted, num_quoted = {}, 0 end
  known = quote(text)
  quoted[text], num_quoted = known, num_quoted + 1
  return known
end

local function fraction(value)
  local known, whole = fractions[value], value
  if known then return known end
  local digits, count = {}, 0
  while value > 0 do
    value = value * 10
    local digit = floor(value)
    count = count + 1
    digits[count] = digit
    value = value - digit
  end
  if num_fractions >= MOST_KEPT then fractions, num_fractions = {}, 0 end
  known = concat(digits)
  fractions[whole], num_fractions = known, num_fractions + 1
  return known
end

local function number(value)
  if value == floor(value) then
    if value == 0 then return 1 / value < 0 and "-0" or "0" end
    if value < 1e15 and value > -1e15 then return format("%d", value) end
    if value ~= huge and value ~= -huge and value < LARGEST_WRITTEN_IN_FULL and value > -LARGEST_WRITTEN_IN_FULL then
      return format("%.0f", value)
    end
  elseif value ~= value then
    return "null"
  end
  if value == huge or value == -huge then return "null" end
  local size = value < 0 and -value or value
  if size >= LARGEST_WRITTEN_IN_FULL or size < SMALLEST_WRITTEN_IN_FULL then return host.shortest(value) end
  local whole = floor(size)
  return (value < 0 and "-" or "") .. format("%.0f", whole) .. "." .. fraction(size - whole)
end

local numbers, num_numbers = {}, 0

local function number_once(value)
  local known = numbers[value]
  if known then return known end
  known = number(value)
  -- Minus 0 is written otherwise than 0 and yet the same key.
  if value == value and value ~= 0 then
    if num_numbers >= MOST_KEPT then numbers, num_numbers = {}, 0 end
    numbers[value], num_numbers = known, num_numbers + 1
  end
  return known
end

local first_border, ordered_keys, raw_metatable = host.first_border, host.ordered_keys, host.raw_metatable

-- Tables with the same keys are written again and again: records of entities, positions. A tree of the keys in the
-- order in which Lua gives them leads to what their order in text is, so that they are sorted once. Where texts before
-- values begin a table, they hold its brace.
local SHAPE = {}
local shapes, num_shapes = {}, 0

local function shape_of(branch, value)
  local keys, lead = host.ordered_keys(value), {}
  for index = 1, #keys do lead[index] = (index == 1 and "{" or ",") .. quote(keys[index]) .. ":" end
  branch[SHAPE] = { keys = keys, lead = lead }
  return branch[SHAPE]
end

-- The shape of a table whose keys are all texts; nil for another, and for one with nothing in it.
local function find_shape(value)
  local branch = shapes
  for key in host.raw_next, value do
    local further = branch[key]
    if not further then
      if raw_type(key) ~= "string" then return nil end
      if num_shapes >= MOST_KEPT then shapes, num_shapes, branch = {}, 0, {} end
      further = {}
      branch[key], num_shapes = further, num_shapes + 1
    end
    branch = further
  end
  if branch == shapes then return nil end
  return branch[SHAPE] or shape_of(branch, value)
end

-- Length of a table that is a list and nothing else; nil for any other, the empty one too.
local function list_length(value)
  local length, count = first_border(value), 0
  if length == 0 then return nil end
  for _ in host.raw_next, value do count = count + 1 end
  if count == length then return length end
end

local MAX_DEPTH = 200
local write

-- Writers put texts into `out` behind its `count` texts and return how many there are then: the length operator would
-- look for the end each time.

local function write_key(out, count, key, separator)
  local kind = raw_type(key)
  if kind == "number" then key = number(key) elseif kind ~= "string" then key = tostring(key) end
  if separator then
    count = count + 1
    out[count] = separator
  end
  out[count + 1], out[count + 2] = quoted_once(key), ":"
  return count + 2
end

local function write_list(out, count, value, length, depth)
  count = count + 1
  out[count] = "["
  for index = 1, length do
    if index > 1 then
      count = count + 1
      out[count] = ","
    end
    count = write(out, count, value[index], depth)
  end
  out[count + 1] = "]"
  return count + 1
end

local function write_table(out, count, value, depth)
  if depth > MAX_DEPTH then error("table_to_json: the table is nested too deeply or contains itself", 0) end
  local meta, separator = raw_metatable(value), nil
  if meta and class(value) then error("table_to_json: a " .. class(value) .. " cannot be written as JSON", 0) end
  local shape = not meta and find_shape(value)
  if shape then
    local keys, lead = shape.keys, shape.lead
    for index = 1, #keys do
      count = count + 1
      out[count] = lead[index]
      count = write(out, count, value[keys[index]], depth + 1)
    end
    out[count + 1] = "}"
    return count + 1
  end
  local length = list_length(value)
  if length then return write_list(out, count, value, length, depth + 1) end
  count = count + 1
  out[count] = "{"
  if meta then
    for key, item in pairs(value) do
      count = write(out, write_key(out, count, key, separator), item, depth + 1)
      separator = ","
    end
  else
    local keys = ordered_keys(value)
    for index = 1, #keys do
      local key = keys[index]
      count = write(out, write_key(out, count, key, separator), value[key], depth + 1)
      separator = ","
    end
  end
  out[count + 1] = "}"
  return count + 1
end

function write(out, count, value, depth)
  local kind = raw_type(value)
  if kind == "table" then return write_table(out, count, value, depth) end
  count = count + 1
  if kind == "string" then
    out[count] = quoted_once(value)
  elseif kind == "number" then
    out[count] = number_once(value)
  elseif kind == "boolean" then
    out[count] = value and "true" or "false"
  else
    error("table_to_json: a " .. kind .. " cannot be written as JSON", 0)
  end
  return count
end

function host.to_json(value)
  local out = {}
  write(out, 0, value, 0)
  return concat(out)
end

-- serpent

local KEYWORDS = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true until while"):gmatch("%a+") do
  KEYWORDS[word] = true
end

local function key_text(key)
  if raw_type(key) == "string" and find(key, "^[%a_][%w_]*$") and not KEYWORDS[key] then return key end
  return "[" .. (raw_type(key) == "string" and format("%q", key) or tostring(key)) .. "]"
end

local function print_value(value, indent, level, open)
  local kind = raw_type(value)
  if kind == "string" then return (gsub(format("%q", value), "\\\n", "\\n")) end
  if kind == "number" then
    if value ~= value then return "0/0" end
    if value == huge or value == -huge then return value > 0 and "math.huge" or "-math.huge" end
    return value == floor(value) and tostring(value) or format("%.17g", value)
  end
  if kind ~= "table" then return kind == "function" and "function() --[[..skipped..]] end" or tostring(value) end
  if class(value) then return tostring(value) end
  if open[value] then return "nil --[[ref]]" end
  open[value] = true
  local parts, length = {}, first_border(value)
  for index = 1, length do parts[index] = print_value(value[index], indent, level + 1, open) end
  for key, item in pairs(value) do
    if not (raw_type(key) == "number" and key >= 1 and key <= length and key == floor(key)) then
      parts[#parts + 1] = key_text(key) .. " = " .. print_value(item, indent, level + 1, open)
    end
  end
  open[value] = nil
  if not indent or #parts == 0 then return "{" .. concat(parts, ", ") .. "}" end
  local margin = "\n" .. rep(indent, level + 1)
  return "{" .. margin .. concat(parts, "," .. margin) .. "\n" .. rep(indent, level) .. "}"
end

serpent = {
  line = function(value) return print_value(value, nil, 0, {}) end,
  block = function(value, options) return print_value(value, options and options.indent or "  ", 0, {}) end,
  dump = function(value) return "do local _ = " .. print_value(value, nil, 0, {}) .. "; return _; end" end,
  load = function(text)
    local chunk, message = host.load(find(text, "^%s*do local") and text or "return " .. text, "=serpent", "t", {})
    if not chunk then return false, message end
    return pcall(chunk)
  end,
}
