-- sleep, launch_rocket, and the words a program may say.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")

local function sleep(args)
  local seconds = arguments.number(args, "seconds")
  if seconds < 0 then
    failure.raise("bad_argument", "seconds: expected 0 or more, got " .. seconds, {found = seconds})
  end
  clock.charge(math.floor(seconds * 60 + 0.5))
  return true
end

local function launch_rocket(args)
  local position = arguments.position(args, "position")
  local silos = session.surface().find_entities_filtered{
    position = position, radius = 5, type = "rocket-silo", force = session.force(),
  }
  local silo = lookup.closest(silos, position)
  if not silo then
    failure.raise("not_found", "no rocket silo at " .. geometry.show(position), {expected = "rocket-silo"})
  end
  if silo.rocket_silo_status == defines.rocket_silo_status.rocket_ready then silo.launch_rocket() end
  return serialise.entity(silo)
end

--- The harness keeps what a program says; the game has nobody to show it to.
local function say()
  return true
end

return {tools = {sleep = sleep, launch_rocket = launch_rocket, print = say, send_message = say}}
