-- Production statistics and the logs of what was made by hand.

local session = require("lib.session")

local flow = {}

function flow.items()
  return session.force().get_item_production_statistics(session.surface())
end

function flow.fluids()
  return session.force().get_fluid_production_statistics(session.surface())
end

--- Notes items gained by hand mining.
function flow.harvested(counts, order)
  local statistics = flow.items()
  for _, name in ipairs(order) do
    statistics.on_flow(name, counts[name])
    storage.harvested[name] = (storage.harvested[name] or 0) + counts[name]
  end
end

local function tally(counts, entries)
  for _, entry in ipairs(entries) do counts[entry.name] = (counts[entry.name] or 0) + entry.count end
end

--- Notes one recipe made by hand: `inputs` and `outputs` are `{name, count}` lists of totals.
function flow.crafted(inputs, outputs)
  local statistics = flow.items()
  for _, entry in ipairs(inputs) do statistics.on_flow(entry.name, -entry.count) end
  for _, entry in ipairs(outputs) do statistics.on_flow(entry.name, entry.count) end
  tally(storage.crafted_from, inputs)
  tally(storage.crafted, outputs)
end

return flow
