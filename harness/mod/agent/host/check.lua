-- Looks a save over before the world is touched: its version, its shape, and every name and number in it.

local buildings = require("check.buildings")
local characters = require("check.characters")
local country = require("check.country")
local expect = require("host.expect")
local failure = require("lib.failure")
local past = require("check.past")
local saving = require("host.save")
local worlds = require("host.worlds")

local LISTS = {"entities", "order", "fluids", "wells", "ground_items", "characters"}

local check = {}

--- Raises unless `state` is a save that this version can make a world of.
function check.state(state)
  if type(state) ~= "table" then expect.refuse("the whole", "a save", type(state)) end
  if state.format ~= saving.FORMAT then
    failure.raise("bad_state", "state: expected a save of format " .. saving.FORMAT .. ", got " .. tostring(state.format),
      {expected = saving.FORMAT, found = tostring(state.format), hint = "restore it with the version that saved it"})
  end
  for _, key in ipairs(LISTS) do
    if state[key] == nil then expect.refuse(key, "a list", "nothing") end
  end
  worlds.expect(state.map)
  expect.whole(state.seed, "seed")
  expect.whole(state.age, "age", 0, expect.LAST_COUNT)
  past.check_memory(state.memory)
  country.check_day(state.day)
  local places = buildings.check(state.entities)
  buildings.check_order(state.order, #state.entities)
  buildings.check_statuses(state.statuses, #state.entities)
  buildings.check_fluids(state.fluids, places)
  country.check(state.nature, state.wells, state.ground_items)
  past.check_knowledge(state.technologies)
  characters.check(state.characters, state.technologies)
  past.check_statistics(state.statistics)
end

return check
