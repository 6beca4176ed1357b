-- What a call costs. The world stands still between calls: a call is charged ticks, and exactly those run after it.

local failure = require("lib.failure")
local status = require("lib.status")

local clock = {}

-- Lives within one command only; nothing of it crosses into the next.
local charged = 0
local most = math.huge

--- Begins a call that may be charged so many ticks; `nil` for any number.
function clock.begin(limit)
  charged = 0
  most = limit or math.huge
end

--- Whether so many ticks more may be charged to the call.
function clock.affords(ticks)
  return charged + ticks <= most
end

--- Raises unless so many ticks more may be charged; `action` is what cannot be done, in words.
function clock.expect(ticks, action)
  if clock.affords(ticks) then return end
  failure.raise("budget",
    string.format("could not %s: it takes %d game ticks, the program has %d left", action, ticks, most - charged),
    {expected = "at most " .. most - charged .. " ticks", found = ticks,
     hint = "do less of it at once, or let the program end; what is built goes on working"})
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
