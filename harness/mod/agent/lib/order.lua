-- Sorting that does not depend on the engine.

local order = {}

--- The items of a list from the least of what `measure(item)` gives to the greatest; equal ones keep their order.
function order.by(list, measure)
  local keyed, sorted = {}, {}
  for rank, item in ipairs(list) do keyed[rank] = {item = item, rank = rank, measure = measure(item)} end
  table.sort(keyed, function(a, b)
    if a.measure ~= b.measure then return a.measure < b.measure end
    return a.rank < b.rank
  end)
  for rank, entry in ipairs(keyed) do sorted[rank] = entry.item end
  return sorted
end

return order
