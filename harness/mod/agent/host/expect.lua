-- What a save may consist of: each function raises unless a value is of its kind. `what` says where in the save it is.

local failure = require("lib.failure")
local stock = require("lib.stock")

local expect = {}

-- Tiles from the origin to the end of any map. Source: the game's largest map is 2,000,000 tiles wide.
local FAR = 1000000
-- Whole numbers beyond this have lost digits.
local EXACT = 2 ^ 53

expect.FAR = FAR
-- Numbers that the game keeps in 16 bits; game time and amounts of ore have 32.
expect.MOST, expect.LAST_COUNT = 65535, 2 ^ 32 - 1
-- Points of health, more than anything of the game has.
expect.HEALTH = 1e6
expect.LAST_DIRECTION = 15
-- Slots of an inventory whose size the game does not tell beforehand.
expect.MOST_SLOTS = 255
-- Types of what nature puts on a map.
expect.WILD = {["resource"] = true, ["tree"] = true, ["simple-entity"] = true, ["fish"] = true}

function expect.refuse(what, expected, found)
  failure.raise("bad_state", "state: " .. what .. ": expected " .. expected .. ", got " .. tostring(found),
    {expected = expected, found = tostring(found), hint = "take the state anew with save"})
end

local refuse = expect.refuse

function expect.table(value, what)
  if type(value) ~= "table" then refuse(what, "a table", type(value)) end
  return value
end

--- A table with numbers from 1 on as its only keys; nothing is an empty one.
function expect.list(value, what)
  local list, count = expect.table(value or {}, what), 0
  for _ in pairs(list) do count = count + 1 end
  if count ~= #list then refuse(what, "a list", "a table with other keys") end
  return list
end

--- A finite number or, where a save keeps fractions, its text; between `low` and `high`, where these are given.
function expect.number(value, what, low, high)
  local number = (type(value) == "number" or type(value) == "string") and tonumber(value)
  if not number or number ~= number or number == math.huge or number == -math.huge then refuse(what, "a number", value) end
  if (low and number < low) or (high and number > high) then
    refuse(what, "a number from " .. tostring(low) .. (high and " to " .. high or " on"), value)
  end
end

--- A whole number, not as text.
function expect.whole(value, what, low, high)
  if type(value) ~= "number" or value ~= math.floor(value) then refuse(what, "a whole number", value) end
  expect.number(value, what, low or -EXACT, high or EXACT)
end

function expect.some_number(value, what, low, high)
  if value ~= nil then expect.number(value, what, low, high) end
end

function expect.place(x, y, what)
  for _, value in ipairs({x or "nothing", y or "nothing"}) do
    if type(value) ~= "number" then refuse(what .. ", place", "x and y", value) end
    expect.number(value, what .. ", place", -FAR, FAR)
  end
end

function expect.flag(value, what)
  if value ~= nil and type(value) ~= "boolean" then refuse(what, "true, false or nothing", value) end
end

function expect.one_of(value, what, words)
  for _, word in ipairs(words) do
    if value == word then return end
  end
  refuse(what, table.concat(words, ", "), value)
end

--- The prototype of that name.
function expect.name(kind, name, what)
  local found = type(name) == "string" and prototypes[kind][name]
  if not found then refuse(what, "the name of " .. kind, name) end
  return found
end

--- `{name = number}` of things that are there; numbers that can be counted up to, unless told otherwise.
function expect.counts(kind, counts, what, low, high)
  for _, name in ipairs(stock.names(expect.table(counts or {}, what))) do
    expect.name(kind, name, what)
    expect.number(counts[name], what .. ", " .. name, low, high or EXACT)
  end
end

-- Beyond any that technologies give, and small enough for the slots of an inventory.
local MOST_BONUS = 10000

--- `{name = number}` of some of the bonuses in `words`; what changes a speed may take nearly all of it away.
function expect.bonuses(words, values, what)
  for name, value in pairs(expect.table(values or {}, what)) do
    expect.one_of(name, what, words)
    expect.number(value, what .. ", " .. name, name:find("_modifier$") and -1 or 0, MOST_BONUS)
  end
end

--- A stack, as many as one holds; `most` says otherwise of machines, which may take in more.
function expect.stack(name, count, what, most)
  local item = expect.name("item", name, what)
  expect.whole(count, what .. ", count of " .. name, 1, most or item.stack_size)
end

return expect
