-- Looks over what a save says of characters.

local expect = require("host.expect")
local inventories = require("check.inventories")
local people = require("host.people")

local characters = {}

local refuse = expect.refuse

local function check_queue(queue)
  for _, craft in ipairs(expect.list(expect.table(queue, "characters, queue").crafts, "characters, queue")) do
    expect.name("recipe", expect.table(craft, "characters, queue")[1], "characters, queue")
    expect.whole(craft[2], "characters, queue", 1, expect.LAST_COUNT)
  end
  expect.some_number(queue.progress, "characters, queue", 0, 1)
end

local function check_character(saved, bonus)
  local prototype = expect.name("entity", expect.table(saved, "characters").name, "characters")
  if prototype.type ~= "character" then refuse("characters", "a character", saved.name) end
  expect.place(saved.x, saved.y, "characters")
  for _, key in ipairs({"direction", "walking"}) do
    if saved[key] ~= nil then expect.whole(saved[key], "characters, " .. key, 0, expect.LAST_DIRECTION) end
  end
  expect.some_number(saved.health, "characters, health", 0, expect.HEALTH)
  expect.bonuses(people.OWN_BONUSES, saved.bonuses, "characters, bonuses")
  local own = tonumber((saved.bonuses or {}).character_inventory_slots_bonus or 0)
  inventories.check(saved.inventories, prototype, bonus and bonus + own or expect.MOST, "characters")
  if saved.held then expect.stack(expect.table(saved.held, "characters")[1], saved.held[2], "characters, hand") end
  if saved.queue then check_queue(saved.queue) end
  if saved.mining then
    expect.place(expect.table(saved.mining, "characters")[1], saved.mining[2], "characters, mining")
    expect.some_number(saved.mining[3], "characters, mining", 0, 1)
  end
  expect.flag(saved.picking, "characters, picking")
  expect.flag(saved.stopped, "characters, stopped")
end

--- All of them; what is known decides how much they may carry.
function characters.check(list, technologies)
  local bonus, seen = nil, {}
  if technologies.recipes then bonus = tonumber(technologies.bonuses.character_inventory_slots_bonus or 0) end
  for _, saved in ipairs(expect.list(list, "characters")) do
    check_character(saved, bonus)
    if saved.agent ~= nil then
      expect.whole(saved.agent, "characters, agent", 1, expect.MOST)
      if seen[saved.agent] then refuse("characters, agent", "each number once", saved.agent) end
      seen[saved.agent] = true
    end
  end
end

return characters
