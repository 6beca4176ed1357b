-- Looks over what a save says of the country: ore, wells, trees, rocks, what lies about, and the time of day.

local expect = require("host.expect")

local country = {}

local refuse = expect.refuse

local function expect_wild(name, what)
  local kind = expect.name("entity", name, what).type
  if not expect.WILD[kind] then refuse(what, "ore, a tree, a rock or fish", name) end
  return kind
end

--- `x, y, amount, ...`, looked at in one go, as there are thousands.
local function check_places(list, what, low, high)
  local far = expect.FAR
  for index = 1, #list, 3 do
    local x, y, amount = list[index], list[index + 1], list[index + 2]
    if type(x) ~= "number" or type(y) ~= "number" or not (math.abs(x) <= far and math.abs(y) <= far) then
      refuse(what, "x and y within " .. far .. " tiles", tostring(x) .. ", " .. tostring(y))
    end
    if type(amount) ~= "number" or amount % 1 ~= 0 or amount < low or amount > high then
      refuse(what, "a whole amount from " .. low .. " to " .. high, amount)
    end
  end
end

function country.check(lists, wells, items)
  for name, list in pairs(expect.table(lists, "nature")) do
    local what = "nature, " .. tostring(name)
    local is_ore = expect_wild(name, "nature") == "resource"
    if #expect.list(list, what) % 3 ~= 0 then refuse(what, "x, y, amount", #list) end
    check_places(list, what, is_ore and 1 or 0, is_ore and expect.LAST_COUNT or 0)
  end
  for _, well in ipairs(expect.list(wells, "wells")) do
    expect_wild(expect.table(well, "wells")[1], "wells")
    expect.place(well[2], well[3], "wells")
    for part = 4, 5 do expect.whole(well[part], "wells, amount", 0, expect.LAST_COUNT) end
  end
  for _, item in ipairs(expect.list(items, "ground_items")) do
    expect.place(expect.table(item, "ground_items")[1], item[2], "ground_items")
    expect.stack(item[3], item[4], "ground_items")
  end
end

function country.check_day(saved)
  expect.some_number(expect.table(saved, "day").time, "day", 0, 1)
  expect.flag(saved.frozen, "day")
  expect.flag(saved.always_day, "day")
end

return country
