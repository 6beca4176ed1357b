-- Which technology unlocks a recipe, and what unlocks the technology.

local session = require("lib.session")

local unlocking = {}

local unlocked_by

--- Recipe to technology, the first in the alphabet of several; prototypes never change, so once is enough.
local function survey()
  local names, found = {}, {}
  for name in pairs(prototypes.technology) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    for _, effect in ipairs(prototypes.technology[name].effects) do
      if effect.type == "unlock-recipe" then found[effect.recipe] = found[effect.recipe] or name end
    end
  end
  return found
end

--- The name of the technology that unlocks the recipe called `name`; nil if none does.
function unlocking.technology(name)
  unlocked_by = unlocked_by or survey()
  return unlocked_by[name]
end

local DEEDS = {
  ["craft-item"] = "make", ["craft-fluid"] = "make", ["mine-entity"] = "mine", ["build-entity"] = "build",
  ["send-item-to-orbit"] = "send to orbit",
}

--- "make 10 copper-plate": what a technology without science packs waits for.
function unlocking.deed(trigger)
  local what = trigger.item or trigger.entity or trigger.fluid
  if type(what) == "table" then what = what.name end
  local deed = DEEDS[trigger.type] or trigger.type
  if not what then return deed end
  return deed .. " " .. (trigger.count or 1) .. " " .. what
end

local function first_missing(technology)
  local names = {}
  for _, required in pairs(technology.prerequisites) do
    if not required.researched then names[#names + 1] = required.name end
  end
  table.sort(names)
  return names[1]
end

--- What to do for the recipe called `name`; `otherwise` if no technology unlocks it.
function unlocking.hint(name, otherwise)
  local technology = unlocking.technology(name)
  if not technology then return otherwise end
  local trigger = prototypes.technology[technology].research_trigger
  if not trigger then return "set_research(\"" .. technology .. "\") first" end
  local missing = first_missing(session.force().technologies[technology])
  return unlocking.deed(trigger) .. " first, that unlocks " .. technology
    .. (missing and " once " .. missing .. " is researched" or "")
end

return unlocking
