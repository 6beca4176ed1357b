-- Inventories of entities as counts, noting the ones in which no stack has room.

local stock = require("lib.stock")

local contents = {}

--- An inventory as `{name = count}`, empty for no inventory. If it is full and that has a name, `notes` learns it.
function contents.of(inventory, notes, full)
  local counts = stock.contents(inventory) or {}
  if full and next(counts) and inventory.is_full() then notes.full[#notes.full + 1] = full end
  return counts
end

--- The same for one of an entity's inventories by its number.
function contents.read(entity, kind, notes, full)
  return contents.of(entity.get_inventory(kind), notes, full)
end

return contents
