-- get_research_progress, set_research: the force's technologies.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local session = require("lib.session")
local unlocking = require("lib.unlocking")

local function technology_named(name)
  local technology = session.force().technologies[name]
  if technology then return technology end
  failure.raise("not_available", "technology " .. name .. " doesn't exist",
    {expected = "the name of a technology", found = name, hint = "use a Technology, or the game's own name for one"})
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
    failure.raise("no_research", "No research currently in progress",
      {expected = "a technology that is being researched", found = "none", hint = "call set_research first, or name a technology"})
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

local function refuse(technology, code, reason, hint)
  failure.raise(code, "could not research " .. technology.name .. ", " .. reason,
    {expected = "a technology that can be researched now", found = technology.name .. ": " .. reason, hint = hint})
end

local function expect_startable(technology)
  if technology.researched then
    refuse(technology, "already_researched", "it is already researched", "research something that builds on it")
  end
  if not technology.enabled then refuse(technology, "not_enabled", "it is not enabled", "research another technology") end
  local trigger = technology.prototype.research_trigger
  if trigger then
    refuse(technology, "trigger_technology", "no science packs unlock it but doing this: " .. unlocking.deed(trigger),
      unlocking.deed(trigger) .. " to unlock it")
  end
  local missing = missing_prerequisites(technology)
  if #missing > 0 then
    refuse(technology, "missing_prerequisites", "it needs " .. table.concat(missing, ", "), "research " .. missing[1] .. " first")
  end
end

--- Stops what is researched and what waits behind it; returns their names in order.
local function stop_research(force)
  local names = {}
  while force.current_research do
    names[#names + 1] = force.current_research.name
    force.cancel_current_research()
  end
  return names
end

--- The technology is researched now, alone; what was researched keeps its progress.
local function set_research(args)
  local force = session.force()
  local technology = technology_named(arguments.string(args, "technology"))
  expect_startable(technology)
  local current = force.current_research
  if not current or current.name ~= technology.name then
    local before = stop_research(force)
    if not force.add_research(technology.name) then
      for _, name in ipairs(before) do force.add_research(name) end
      refuse(technology, "not_started", "the game would not start it", "research another technology first")
    end
  end
  return packs(technology, technology.research_unit_count)
end

return {tools = {get_research_progress = get_research_progress, set_research = set_research}}
