-- production, observe: what the host reads between calls.

local facts = require("entity.facts")
local flow = require("lib.flow")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")

-- The technologies in the order of their names; they are the same ones as long as the game runs.
local technologies

local function all_technologies()
  if technologies and technologies[1].valid then return technologies end
  technologies = {}
  local names, of_force = stock.names(prototypes.technology), session.force().technologies
  for rank, name in ipairs(names) do technologies[rank] = of_force[name] end
  technologies.names = names
  return technologies
end

local function researched()
  local known, list = all_technologies(), {}
  for rank, technology in ipairs(known) do
    if technology.researched then list[#list + 1] = known.names[rank] end
  end
  return list
end

local FOLLOW_RECIPES = {"assembling-machine", "furnace", "rocket-silo"}

--- Every machine that follows recipes: its number, the recipe (empty for none now), how many crafts it has finished.
local function machines()
  local list = {}
  for rank, machine in ipairs(session.surface().find_entities_filtered{type = FOLLOW_RECIPES, force = session.force()}) do
    local recipe = machine.get_recipe()
    list[rank] = {machine.unit_number, recipe and recipe.name or "", machine.products_finished}
  end
  return list
end

local STORES = {"container", "logistic-container", "storage-tank"}

--- Every chest and tank that is not empty: its number and what it holds.
local function stocks()
  local list = {}
  for _, store in ipairs(session.surface().find_entities_filtered{type = STORES, force = session.force()}) do
    local tank = facts.of(store.name).type == "storage-tank"
    local held = tank and store.get_fluid_contents() or stock.contents(store.get_inventory(defines.inventory.chest))
    if next(held) then list[#list + 1] = {store.unit_number, held} end
  end
  return list
end

--- Totals since the reset: made and used up, by machines and by hand; then the part that hands mined, crafted, and
-- used up in crafting. With `full` also machines, stocks and technologies.
local function production(args)
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
    machines = args.full and machines() or nil,
    stocks = args.full and stocks() or nil,
    researched = args.full and researched() or nil,
  }
end

--- Counts of entities by name and status.
local function summary()
  local groups = {}
  for _, entity in ipairs(session.surface().find_entities_filtered{force = session.force()}) do
    local name = entity.name
    if facts.of(name).type ~= "character" then
      local status = serialise.status(entity)
      local group = groups[name] or {}
      groups[name], group[status] = group, (group[status] or 0) + 1
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
