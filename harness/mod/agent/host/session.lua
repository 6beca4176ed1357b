-- hello, reset, step: the host's grip on the server.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local content = require("content")
local failure = require("lib.failure")
local flow = require("lib.flow")
local knowledge = require("host.knowledge")
local lookup = require("lib.lookup")
local restore = require("host.restore")
local session = require("lib.session")
local stock = require("lib.stock")
local worlds = require("host.worlds")

-- The pace at which ticks run that were asked for: beyond any machine, so that no clock holds a server back.
local GAME_SPEED = 1000

local function hello()
  return {
    mod = script.mod_name,
    version = script.active_mods[script.mod_name],
    content = content,
    game = script.active_mods.base,
  }
end

--- Fills the main inventory with `{item = count}`.
local function fill(character, items)
  local inventory = character.get_main_inventory()
  for _, name in ipairs(stock.names(items)) do
    local stack = {name = name, count = items[name]}
    if inventory.insert(stack) < stack.count then
      failure.raise("inventory_full", "the starting inventory does not fit: " .. name .. " " .. stack.count,
        {found = stack, hint = "start with fewer items"})
    end
  end
end

local function reset_technologies(force, all, from_technologies)
  knowledge.clear(force)
  if all then
    force.research_all_technologies()
    return
  end
  for _, name in ipairs(from_technologies) do force.technologies[name].researched = true end
end

local function expect_known(inventory, technologies)
  for _, name in ipairs(stock.names(inventory)) do lookup.item(name) end
  for _, name in ipairs(technologies) do
    if not prototypes.technology[name] then
      failure.raise("not_available", "technology " .. name .. " doesn't exist", {found = name})
    end
  end
end

--- Starts over: a new world from a seed, an inventory, technologies, clocks and logs at zero, time standing still.
local function reset(args)
  local kind = arguments.optional_string(args, "map") or "lab"
  worlds.expect(kind)
  local seed = arguments.number(args, "seed", 0)
  local inventory = type(args.inventory) == "table" and args.inventory or {}
  local technologies = type(args.technologies) == "table" and args.technologies or {"automation-science-pack"}
  expect_known(inventory, technologies)
  game.tick_paused = true
  game.speed = GAME_SPEED
  session.clear()
  restore.abandon()
  reset_technologies(session.force(), args.all_technologies ~= false, technologies)
  local character = worlds.enter(worlds.fresh(kind, seed), kind, seed)
  fill(character, inventory)
  flow.items().clear()
  flow.fluids().clear()
  return {position = {x = character.position.x, y = character.position.y}, map = kind, seed = seed}
end

--- Lets the world run; the agent's clock does not count it.
local function step(args)
  local ticks = arguments.count(args, "ticks")
  clock.run(ticks)
  return true
end

return {tools = {hello = hello, reset = reset, step = step}}
