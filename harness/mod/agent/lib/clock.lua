-- What a call costs. The world stands still between calls: a call is charged ticks, and exactly those run after it.

local status = require("lib.status")

local clock = {}

-- Lives within one command only; nothing of it crosses into the next.
local charged = 0

function clock.begin()
  charged = 0
end

--- Charges whole ticks to the call that runs now.
function clock.charge(ticks)
  charged = charged + ticks
  storage.elapsed = storage.elapsed + ticks
end

--- Counts ticks for the agent that the world does not run for.
function clock.count(ticks)
  storage.elapsed = storage.elapsed + ticks
end

--- Lets ticks run that no agent is charged for.
function clock.run(ticks)
  charged = charged + ticks
end

function clock.charged()
  return charged
end

--- Lets the charged ticks run as soon as the command is over.
function clock.release()
  if charged > 0 then
    game.ticks_to_run = game.ticks_to_run + charged
    status.forget()
  end
end

--- Ticks of earlier calls that are still to run, 0 when the world stands.
function clock.left()
  if not game.tick_paused then return 0 end
  return game.ticks_to_run
end

--- Ticks to walk a distance in tiles, at a speed in tiles a tick.
function clock.walking_at(speed, distance)
  return math.ceil(distance / speed - 1e-9)
end

--- Ticks that a character walks a distance in tiles.
function clock.walking(character, distance)
  return clock.walking_at(character.character_running_speed, distance)
end

return clock
