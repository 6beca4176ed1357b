-- Poles: the network they carry.

local stock = require("lib.stock")

local power = {}

local function carried(entity)
  local total = 0
  local statistics = entity.electric_network_statistics
  local counts = statistics and statistics.input_counts or {}
  -- Added up by name, as sums of floating point numbers hang on the order.
  for _, name in ipairs(stock.names(counts)) do total = total + counts[name] end
  return total
end

--- The energy that the pole's network has taken in ever.
function power.pole(entity, out, _, _, memo)
  memo.networks = memo.networks or {}
  local network = out.electrical_id or 0
  memo.networks[network] = memo.networks[network] or carried(entity)
  out.flow_rate = memo.networks[network]
end

return power
