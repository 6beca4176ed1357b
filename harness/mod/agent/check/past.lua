-- Looks over what a save says of the past: what was researched, made and used, and what tools remember.

local expect = require("host.expect")
local knowledge = require("host.knowledge")
local saving = require("host.save")

local past = {}

local refuse = expect.refuse

function past.check_knowledge(saved)
  expect.table(saved, "technologies")
  for _, key in ipairs({"researched", "disabled", "queue"}) do
    for _, name in ipairs(expect.list(expect.table(saved[key], "technologies, " .. key), "technologies, " .. key)) do
      expect.name("technology", name, "technologies, " .. key)
    end
  end
  expect.counts("technology", expect.table(saved.progress, "technologies"), "technologies, progress", 0, 1)
  expect.counts("technology", expect.table(saved.levels, "technologies"), "technologies, levels", 1, expect.LAST_COUNT)
  expect.counts("item", expect.table(saved.launched, "technologies"), "technologies, launched", 0)
  expect.bonuses(knowledge.BONUSES, expect.table(saved.bonuses, "technologies"), "technologies, bonuses")
  for _, name in ipairs(expect.list(saved.recipes, "technologies, recipes")) do
    expect.name("recipe", name, "technologies, recipes")
  end
  if saved.previous then expect.name("technology", saved.previous, "technologies, previous") end
  expect.some_number(saved.rockets, "technologies, rockets", 0, expect.LAST_COUNT)
end

function past.check_statistics(saved)
  expect.table(saved, "statistics")
  for part, kind in pairs({items = "item", fluids = "fluid"}) do
    local counts = expect.table(saved[part], "statistics, " .. part)
    for _, side in ipairs({"produced", "consumed"}) do
      expect.counts(kind, expect.table(counts[side], "statistics, " .. part), "statistics, " .. part, 0)
    end
  end
end

local TALLIES = {"harvested", "crafted", "crafted_from"}

--- What tools remember; `storage` has all of it already, empty if there is nothing yet.
function past.check_memory(saved)
  for key in pairs(expect.table(saved, "memory")) do
    if type(key) ~= "string" or saving.NOT_MEMORY[key] or storage[key] == nil then
      refuse("memory", "what tools remember", key)
    end
  end
  if saved.elapsed ~= nil then expect.whole(saved.elapsed, "memory, elapsed", 0) end
  for _, key in ipairs(TALLIES) do
    for name, count in pairs(expect.table(saved[key] or {}, "memory, " .. key)) do
      local what = "memory, " .. key .. ", " .. tostring(name)
      if type(name) ~= "string" then refuse(what, "the name of an item or fluid", name) end
      if type(count) ~= "number" then refuse(what, "a number", count) end
      expect.number(count, what, 0, 2 ^ 53)
    end
  end
end

return past
