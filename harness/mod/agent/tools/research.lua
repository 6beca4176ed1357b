-- get_research_progress, set_research: the force's technologies.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local session = require("lib.session")

local function technology_named(name)
  local technology = session.force().technologies[name]
  if technology then return technology end
  failure.raise("not_available", "technology " .. name .. " doesn't exist", {found = name})
end

local function packs(technology, units)
  local list = {}
  for rank, ingredient in ipairs(technology.research_unit_ingredients) do
    list[rank] = {name = ingredient.name, count = ingredient.amount * units, type = ingredient.type or "item"}
  end
  return list
end

--- Science packs still to be spent; none for what is researched.
local function get_research_progress(args)
  local force = session.force()
  local current = force.current_research
  local name = arguments.optional_string(args, "technology")
  if not name and not current then
    failure.raise("no_research", "No research currently in progress", {hint = "call set_research first"})
  end
  local technology = name and technology_named(name) or current
  if technology.researched then return {} end
  local units = technology.research_unit_count
  if current and current.name == technology.name then
    units = math.ceil(units * (1 - force.research_progress) - 1e-9)
  end
  return packs(technology, units)
end

local function missing_prerequisites(technology)
  local names = {}
  for _, required in pairs(technology.prerequisites) do
    if not required.researched then names[#names + 1] = required.name end
  end
  table.sort(names)
  return names
end

local function set_research(args)
  local force = session.force()
  local technology = technology_named(arguments.string(args, "technology"))
  local function refuse(code, reason, hint)
    failure.raise(code, "could not research " .. technology.name .. ", " .. reason, {found = technology.name, hint = hint})
  end
  if technology.researched then refuse("already_researched", "it is already researched") end
  if not technology.enabled then refuse("not_enabled", "it is not enabled") end
  if technology.prototype.research_trigger then
    refuse("trigger_technology", "it is unlocked by doing something, not by science packs")
  end
  local missing = missing_prerequisites(technology)
  if #missing > 0 then
    refuse("missing_prerequisites", "it needs " .. table.concat(missing, ", "), "research " .. missing[1] .. " first")
  end
  local previous = force.current_research
  force.cancel_current_research()
  if not force.add_research(technology.name) then
    if previous then force.add_research(previous.name) end
    refuse("not_started", "the game would not start it")
  end
  return packs(technology, technology.research_unit_count)
end

return {tools = {get_research_progress = get_research_progress, set_research = set_research}}
