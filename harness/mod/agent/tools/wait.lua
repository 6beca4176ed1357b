-- sleep, launch_rocket, and the words a program may say.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")

local SILO_REACH = 1

local function sleep(args)
  local seconds = arguments.number(args, "seconds")
  if seconds < 0 then
    failure.raise("bad_argument", "seconds: expected 0 or more, got " .. seconds,
      {expected = "0 or more", found = seconds, hint = "time only goes forward"})
  end
  local ticks = math.floor(seconds * 60 + 0.5)
  clock.expect(ticks, "sleep for " .. seconds .. " s")
  clock.charge(ticks)
  return true
end

--- Launches if the rocket is ready, else does nothing; the silo is given back as it is either way.
local function launch_rocket(args)
  local position = arguments.position(args, "position")
  local silo = lookup.closest(session.surface().find_entities_filtered{
    area = geometry.square(position, SILO_REACH), type = "rocket-silo", force = session.force(),
  }, position)
  if not silo then lookup.missing("could not launch a rocket", "rocket-silo", position) end
  local ready = silo.rocket_silo_status == defines.rocket_silo_status.rocket_ready
  if ready and not silo.launch_rocket() then
    failure.raise("not_available",
      "could not launch the rocket at " .. geometry.show(silo.position) .. ", it is ready but has nowhere to send its cargo back to",
      {expected = "a cargo-landing-pad", found = "none", hint = "place_entity(\"cargo-landing-pad\", position=...) first"})
  end
  return serialise.entity(silo)
end

--- The harness keeps what a program says; the game has nobody to show it to.
local function say()
  return true
end

return {tools = {sleep = sleep, launch_rocket = launch_rocket, print = say, send_message = say}}
