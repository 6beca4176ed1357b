-- What entities are doing. A server tells it as of the last tick they lived through, so it has nothing true to tell of
-- what a restore has just made; until the world runs on, what was saved counts.

local status = {}

local NAMES = {}
for name, value in pairs(defines.entity_status) do
  -- Several names may share a number; the first in the alphabet wins, whatever the table's order.
  if not NAMES[value] or name < NAMES[value] then NAMES[value] = name end
end

--- The number in `defines.entity_status`, nil of what has none.
function status.number(entity)
  local found, kept = entity.status, storage.statuses
  if not kept or kept.tick ~= game.tick then return found end
  local before = kept.of[entity.unit_number or 0]
  -- Something was done to it since if the server tells another one now.
  return before and before.told == found and before.saved or found
end

--- Its name; `normal` for what has none.
function status.name(entity)
  return NAMES[status.number(entity)] or "normal"
end

--- The name as a save keeps it: empty for what has none.
function status.read(entity)
  return NAMES[status.number(entity)] or ""
end

--- Makes the saved statuses count for what was built of a save, by rank.
function status.keep(placed, names)
  if not names then return end
  local kept = {}
  for rank, entity in ipairs(placed) do
    local saved = defines.entity_status[names[rank]]
    if saved then kept[entity.unit_number] = {told = entity.status, saved = saved} end
  end
  storage.statuses = {tick = game.tick, of = kept}
end

--- From now on the server has something to tell.
function status.forget()
  storage.statuses = nil
end

return status
