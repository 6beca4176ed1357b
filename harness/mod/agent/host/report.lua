-- production, observe: what the host reads between calls.

local flow = require("lib.flow")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")

--- Totals since the reset: made and used up, by machines and by hand; then the part that hands mined, crafted, and
-- used up in crafting.
local function production()
  local produced, consumed = {}, {}
  for _, statistics in ipairs({flow.items(), flow.fluids()}) do
    stock.add(produced, statistics.input_counts)
    stock.add(consumed, statistics.output_counts)
  end
  return {
    tick = session.age(),
    elapsed_ticks = storage.elapsed,
    produced = produced,
    consumed = consumed,
    harvested = storage.harvested,
    crafted = storage.crafted,
    crafted_from = storage.crafted_from,
  }
end

local function researched()
  local names = {}
  for name, technology in pairs(session.force().technologies) do
    if technology.researched then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

--- Counts of entities by name and status.
local function summary()
  local groups = {}
  for _, entity in ipairs(session.surface().find_entities_filtered{force = session.force()}) do
    if entity.type ~= "character" then
      groups[entity.name] = groups[entity.name] or {}
      stock.add(groups[entity.name], {[serialise.status(entity)] = 1})
    end
  end
  return groups
end

local function observe()
  local character = session.character()
  local force = session.force()
  return {
    inventory = stock.contents(session.inventory()),
    entities = summary(),
    research = {
      current = force.current_research and force.current_research.name or nil,
      progress = force.research_progress,
      researched = researched(),
    },
    position = {x = character.position.x, y = character.position.y},
    ticks = session.age(),
    elapsed_ticks = storage.elapsed,
    map = storage.session,
  }
end

return {tools = {production = production, observe = observe}}
