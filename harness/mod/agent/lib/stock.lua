-- Counts and moves items in inventories, whatever their quality.

local failure = require("lib.failure")

local stock = {}

--- Contents as `{name = count}`; nil for no inventory.
function stock.contents(inventory)
  if not inventory then return nil end
  local counts = {}
  for _, item in ipairs(inventory.get_contents()) do
    counts[item.name] = (counts[item.name] or 0) + item.count
  end
  return counts
end

--- Adds `more` to `counts`.
function stock.add(counts, more)
  for name, count in pairs(more or {}) do
    counts[name] = (counts[name] or 0) + count
  end
  return counts
end

--- The names of a `{name = count}` in order, so that no answer depends on the order of a table.
function stock.names(counts)
  local names = {}
  for name in pairs(counts) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- "coal 5, wood 1", at most `limit` kinds.
function stock.show(counts, limit)
  local parts = {}
  for rank, name in ipairs(stock.names(counts)) do
    if rank > (limit or 10) then
      parts[#parts + 1] = "..."
      break
    end
    parts[#parts + 1] = name .. " " .. counts[name]
  end
  if #parts == 0 then return "nothing" end
  return table.concat(parts, ", ")
end

--- Raises unless the inventory holds `count` of `name`.
function stock.require(inventory, name, count)
  local held = inventory.get_item_count(name)
  if held < count then
    failure.raise("missing_items",
      "no " .. name .. " in inventory (" .. held .. " of " .. count .. "), which holds " .. stock.show(stock.contents(inventory)),
      {expected = {name = name, count = count}, found = held, hint = "craft, harvest or extract " .. name .. " first"})
  end
end

--- Whether all of `{name = count}` would fit at once into the empty slots and the room in open stacks.
function stock.fits(inventory, counts)
  local empty = inventory.count_empty_stacks()
  local left = empty
  for _, name in ipairs(stock.names(counts)) do
    local size = prototypes.item[name].stack_size
    local excess = counts[name] - (inventory.get_insertable_count(name) - empty * size)
    if excess > 0 then left = left - math.ceil(excess / size) end
    if left < 0 then return false end
  end
  return true
end

--- Raises the failure of an inventory that has no room; `did` says what could not be done.
function stock.refuse_full(inventory, did, counts)
  failure.raise("inventory_full",
    did .. ", the character's inventory is full: it has " .. inventory.count_empty_stacks() .. " empty slots of " .. #inventory
      .. " and no room for " .. stock.show(counts, 5),
    {expected = "room for " .. stock.show(counts, 5), found = inventory.count_empty_stacks() .. " empty slots",
     hint = "insert items into a chest first, insert_item(Prototype.X, chest)"})
end

return stock
