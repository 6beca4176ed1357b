-- What lies on a map without belonging to anyone: ore, wells, trees, rocks, and items on the ground.
-- A restore changes only what differs, as most of a country is as it was.

local slots = require("host.slots")

local nature = {}

local WILD = {"tree", "simple-entity", "fish"}
-- A number for each place; maps reach less than this many half tiles from the origin.
local SPAN = 4194304

local function place(x, y)
  return (x * 256) * SPAN + y * 256
end

local function append(lists, name, x, y, amount)
  local list = lists[name]
  if not list then
    list = {}
    lists[name] = list
  end
  local last = #list
  list[last + 1], list[last + 2], list[last + 3] = x, y, amount
end

local function is_endless(cache, entity, name)
  local known = cache[name]
  if known == nil then
    known = entity.initial_amount ~= nil
    cache[name] = known
  end
  return known
end

--- `{name = "x y amount x y amount ..."}`, amount 0 for what has none; and `{{name, x, y, amount, initial}}` of wells.
-- Text, as that is written ten times faster than thousands of numbers.
function nature.read(surface)
  local lists, wells, endless = {}, {}, {}
  for _, entity in ipairs(surface.find_entities_filtered{type = "resource"}) do
    local name, at, amount = entity.name, entity.position, entity.amount
    if is_endless(endless, entity, name) then
      wells[#wells + 1] = {name, at.x, at.y, amount, entity.initial_amount}
    else
      append(lists, name, at.x, at.y, amount)
    end
  end
  for _, entity in ipairs(surface.find_entities_filtered{type = WILD}) do
    local at = entity.position
    append(lists, entity.name, at.x, at.y, 0)
  end
  for name, list in pairs(lists) do lists[name] = table.concat(list, " ") end
  return lists, wells
end

--- `{x, y, item, count}` of everything that lies about.
function nature.read_items(surface)
  local found = {}
  for _, entity in ipairs(surface.find_entities_filtered{type = "item-entity"}) do
    local at, stack = entity.position, slots.read_one(entity.stack)
    found[#found + 1] = {at.x, at.y, stack[1], stack[2]}
  end
  return found
end

local function wanted_places(lists, wells)
  local wanted = {}
  for name, list in pairs(lists) do
    local places = {}
    for index = 1, #list, 3 do places[place(list[index], list[index + 1])] = list[index + 2] end
    wanted[name] = places
  end
  for _, well in ipairs(wells) do
    wanted[well[1]] = wanted[well[1]] or {}
    wanted[well[1]][place(well[2], well[3])] = well
  end
  return wanted
end

local function settle_amount(entity, amount)
  if type(amount) == "table" then
    entity.amount, entity.initial_amount = amount[4], amount[5]
  elseif amount > 0 and entity.amount ~= amount then
    entity.amount = amount
  end
end

local function create_missing(surface, lists, wells, wanted)
  local names = {}
  for name in pairs(lists) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local list, missing = lists[name], wanted[name]
    for index = 1, #list, 3 do
      local amount = missing[place(list[index], list[index + 1])]
      if amount then
        surface.create_entity{
          name = name, position = {x = list[index], y = list[index + 1]}, amount = amount > 0 and amount or nil,
          force = "neutral",
        }
      end
    end
  end
  for _, well in ipairs(wells) do
    if wanted[well[1]][place(well[2], well[3])] then
      local made = surface.create_entity{name = well[1], position = {x = well[2], y = well[3]}, amount = well[4]}
      if made then made.initial_amount = well[5] end
    end
  end
end

--- Makes the surface's ore, wells, trees and rocks those of a save, where they are not.
function nature.write(surface, lists, wells)
  local wanted = wanted_places(lists, wells)
  for _, kind in ipairs({{"resource"}, WILD}) do
    for _, entity in ipairs(surface.find_entities_filtered{type = kind}) do
      local at, places = entity.position, wanted[entity.name]
      local key = place(at.x, at.y)
      local amount = places and places[key]
      if amount then
        settle_amount(entity, amount)
        places[key] = nil
      else
        entity.destroy()
      end
    end
  end
  create_missing(surface, lists, wells, wanted)
end

function nature.write_items(surface, list)
  for _, entity in ipairs(surface.find_entities_filtered{type = "item-entity"}) do entity.destroy() end
  for _, item in ipairs(list) do
    surface.create_entity{
      name = "item-on-ground", position = {x = item[1], y = item[2]}, stack = {name = item[3], count = item[4]},
    }
  end
end

return nature
