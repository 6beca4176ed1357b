-- Plain values as portable text and back: what a snapshot keeps of `storage`, and how one script hands values to another.
-- Tables keep identity (shared and cyclic ones come back so), API objects go as class and handle. Functions have no text.
local host = ...
local raw_type, raw_next, pairs, class = host.raw_type, host.raw_next, host.pairs, host.class
local format, find, sub, concat, error, tonumber = string.format, string.find, string.sub, table.concat, error, tonumber
local tostring = tostring

local function encode(out, value, ids, where)
  local kind = raw_type(value)
  if kind == "number" then
    out[#out + 1] = value == value and format("n%.17g;", value) or "nnan;"
  elseif kind == "string" then
    out[#out + 1] = "s" .. #value .. ";" .. value
  elseif kind == "boolean" then
    out[#out + 1] = value and "t;" or "f;"
  elseif value == nil then
    out[#out + 1] = "z;"
  elseif kind ~= "table" then
    error(where .. " is a " .. kind .. ", which cannot be saved; keep functions outside of storage", 0)
  elseif class(value) then
    local fields = host.fields(value)
    out[#out + 1] = "o" .. #class(value) .. ";" .. class(value)
    for index = 1, 3 do encode(out, fields[index], ids, where) end
  elseif ids[value] then
    out[#out + 1] = "r" .. ids[value] .. ";"
  else
    ids.count = ids.count + 1
    ids[value] = ids.count
    out[#out + 1] = "{;"
    for key, item in pairs(value) do
      local name = where .. "[" .. tostring(key) .. "]"
      encode(out, key, ids, name)
      encode(out, item, ids, name)
    end
    out[#out + 1] = "};"
  end
end

function host.encode(value, where)
  local out = {}
  encode(out, value, { count = 0 }, where or "storage")
  return concat(out)
end

local decode

local function decode_table(text, at, tables)
  local result = {}
  tables[#tables + 1] = result
  while sub(text, at, at) ~= "}" do
    local key, value
    key, at = decode(text, at, tables)
    value, at = decode(text, at, tables)
    if key ~= nil then result[key] = value end
  end
  return result, at + 2
end

function decode(text, at, tables)
  local stop = find(text, ";", at, true)
  local tag, body = sub(text, at, at), sub(text, at + 1, stop - 1)
  at = stop + 1
  if tag == "n" then
    if body == "nan" then return 0 / 0, at end
    if body == "inf" or body == "-inf" then return body == "inf" and math.huge or -math.huge, at end
    return tonumber(body), at
  elseif tag == "s" then
    return sub(text, at, stop + body), at + body
  elseif tag == "t" or tag == "f" then
    return tag == "t", at
  elseif tag == "{" then
    return decode_table(text, at, tables)
  elseif tag == "r" then
    return tables[tonumber(body)], at
  elseif tag == "o" then
    local name = sub(text, at, stop + body)
    at = at + body
    local fields = {}
    for index = 1, 3 do fields[index], at = decode(text, at, tables) end
    return host.wrap(name, fields[1], fields[2], fields[3]), at
  end
  return nil, at
end

function host.decode(text)
  local value, stop = decode(text, 1, {})
  if stop ~= #text + 1 then error("a text of " .. #text .. " bytes that ends at " .. stop, 0) end
  return value
end
