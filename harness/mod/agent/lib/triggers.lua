-- Technologies that research themselves once something has been made: the engine sees what machines make, but not
-- what the mod crafts, so the mod looks at the production statistics after each craft.

local flow = require("lib.flow")
local session = require("lib.session")

local triggers = {}

local function ready(technology)
  for _, required in pairs(technology.prerequisites) do
    if not required.researched then return false end
  end
  return true
end

local function met(trigger, statistics)
  local item = type(trigger.item) == "table" and trigger.item.name or trigger.item
  return statistics.get_input_count(item) >= (trigger.count or 1)
end

local waiting

--- The technologies with a crafting trigger, in the order of their names; prototypes never change.
local function with_trigger()
  if waiting then return waiting end
  waiting = {}
  for name, prototype in pairs(prototypes.technology) do
    local trigger = prototype.research_trigger
    if trigger and trigger.type == "craft-item" then waiting[#waiting + 1] = name end
  end
  table.sort(waiting)
  return waiting
end

--- Researches every technology whose crafting trigger is met by now, in the order of their names.
function triggers.crafted()
  local technologies = session.force().technologies
  local statistics = flow.items()
  for _, name in ipairs(with_trigger()) do
    local technology = technologies[name]
    if technology.enabled and not technology.researched and ready(technology)
      and met(prototypes.technology[name].research_trigger, statistics) then
      technology.researched = true
    end
  end
end

return triggers
