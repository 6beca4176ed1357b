-- Everything an entity holds: its inventories, its belt lines and what is in its hand.

local belts = require("entity.belts")
local stock = require("lib.stock")

local hold = {}

--- The inventories of an entity, the one for its output first.
function hold.inventories(entity)
  local output = entity.get_output_inventory()
  local first = output and output.index
  local list = {output}
  for index = 1, entity.get_max_inventory_index() do
    local inventory = index ~= first and entity.get_inventory(index)
    if inventory then list[#list + 1] = inventory end
  end
  return list
end

--- The lanes of a belt; none for anything else.
function hold.lines(entity)
  if not belts.types[entity.type] then return {} end
  local lines = {}
  for lane = 1, entity.get_max_transport_line_index() do
    lines[lane] = entity.get_transport_line(lane)
  end
  return lines
end

--- Everything in an entity as `{name = count}`.
function hold.contents(entity)
  local counts = {}
  for _, inventory in ipairs(hold.inventories(entity)) do stock.add(counts, stock.contents(inventory)) end
  for _, line in ipairs(hold.lines(entity)) do stock.add(counts, stock.contents(line)) end
  if entity.type == "inserter" and entity.held_stack.valid_for_read then
    stock.add(counts, {[entity.held_stack.name] = entity.held_stack.count})
  end
  return counts
end

--- How many of an item an entity holds in inventories and on lanes.
function hold.count(entity, name)
  local total = entity.get_item_count(name)
  for _, line in ipairs(hold.lines(entity)) do total = total + line.get_item_count(name) end
  return total
end

return hold
