-- move_to: asks the engine for a path, waits for it, and puts the character at its end for the time the walk takes.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local restoring = require("host.restore")
local session = require("lib.session")
local trail = require("lib.trail")

local walk = {}

local GRID = 0.25
local BODY = 0.49
local GOAL_RADIUS = 0.5
local GOAL_SEARCH = 200
-- Tiles as the crow flies: what is farther is not worth the search, nor the ground that has to be made for it.
local FARTHEST = 2000
-- Ticks to wait for the engine's path finder before giving up: one second of game time.
local MAX_WAIT = 60

local function floored(value)
  return math.floor(value / GRID) * GRID
end

--- The free spot nearest to the goal, where a body of one tile fits.
local function free_goal(goal)
  return session.surface().find_non_colliding_position("iron-chest", goal, GOAL_SEARCH, 0.5, true) or goal
end

--- Paths lead to the middle of a tile, so whoever is on the goal's tile has arrived.
local function there(from, goal)
  local same_tile = math.floor(from.x) == math.floor(goal.x) and math.floor(from.y) == math.floor(goal.y)
  return same_tile or geometry.distance(from, goal) <= GOAL_RADIUS
end

local function ask(character, goal)
  return session.surface().request_path{
    bounding_box = {{-BODY, -BODY}, {BODY, BODY}},
    collision_mask = {layers = {player = true, train = true, water_tile = true, object = true}},
    start = character.position,
    goal = goal,
    force = session.force(),
    radius = GOAL_RADIUS,
    entity_to_ignore = character,
    can_open_gates = true,
    pathfind_flags = {cache = false, no_break = true, prefer_straight_paths = false,
      allow_paths_through_own_entities = true},
  }
end

--- The belts to lay on the way, as `{name, leading}`; nil for none.
local function belts_asked_for(args)
  local laying = arguments.optional_string(args, "laying")
  local leading = arguments.optional_string(args, "leading")
  if laying and leading then
    failure.raise("bad_argument", "laying and leading: expected one of them, got both",
      {expected = "laying or leading", found = "both", hint = "lay belts behind (laying) or ahead (leading)"})
  end
  if not laying and not leading then return nil end
  trail.expect(laying and "laying" or "leading", laying or leading)
  return {name = laying or leading, leading = leading ~= nil}
end

local function no_path(goal, reason, hint)
  local here = session.character().position
  failure.raise("no_path", string.format("cannot move, could not get path from %s to %s, %.1f tiles away, %s",
    geometry.show(here), geometry.show(goal), geometry.distance(here, goal), reason),
    {expected = "a way to " .. geometry.show(goal), found = reason,
     hint = hint or "move somewhere closer first, or pick up what blocks the way"})
end

local function begin(args)
  local wanted = arguments.position(args, "position")
  local belts = belts_asked_for(args)
  local character = session.character()
  local target = {x = floored(wanted.x), y = floored(wanted.y)}
  if there(character.position, target) then return {x = character.position.x, y = character.position.y} end
  if geometry.distance(character.position, target) > FARTHEST then
    no_path(target, "that is more than " .. FARTHEST .. " tiles", "go to a place on the map, such as nearest(...) gives")
  end
  local goal = free_goal(target)
  local token = "path:" .. storage.next_errand
  storage.next_errand = storage.next_errand + 1
  storage.errands[token] = {request = ask(character, goal), goal = goal, waited = 1, belts = belts}
  -- The finder needs ticks to answer; they count as part of the walk once there is one, and for nothing if not.
  clock.run(1)
  return nil, token
end

--- The engine's answer; kept until the errand that asked for it comes by.
function walk.path_finished(event)
  if not storage.paths then return end
  storage.paths[event.id] = {path = event.path, again = event.try_again_later or false}
end

local function points_of(path)
  local points = {}
  for rank, waypoint in ipairs(path) do points[rank] = {x = waypoint.position.x, y = waypoint.position.y} end
  return points
end

--- Puts the character at the end of the path, with the belts of the walk laid.
local function arrive(errand, path)
  local character, points = session.character(), points_of(path)
  local from, ticks = character.position, 0
  for _, to in ipairs(points) do
    ticks = ticks + clock.walking(character, geometry.distance(from, to))
    from = to
  end
  clock.expect(math.max(0, ticks - errand.waited), "walk to " .. geometry.show(from))
  if errand.belts then
    trail.lay(lookup.prototype(errand.belts.name), character.position, points, errand.belts.leading)
  end
  character.teleport({x = from.x, y = from.y})
  clock.count(ticks)
  clock.run(math.max(0, ticks - errand.waited))
  return {x = character.position.x, y = character.position.y}
end

local function resume(token, errand)
  local answer = storage.paths[errand.request]
  if not answer then
    if errand.waited >= MAX_WAIT then
      storage.errands[token] = nil
      no_path(errand.goal, "the path finder did not answer in time")
    end
    errand.waited = errand.waited + 1
    clock.run(1)
    return nil, token
  end
  storage.errands[token] = nil
  storage.paths[errand.request] = nil
  if answer.again then no_path(errand.goal, "the path finder is busy") end
  if not answer.path then no_path(errand.goal, "there is no way") end
  return arrive(errand, answer.path)
end

--- Goes on with an errand that had to let the world run.
local function poll(args)
  local token = arguments.string(args, "token")
  if token == restoring.TOKEN then return restoring.resume() end
  local errand = storage.errands[token]
  if not errand then
    failure.raise("unknown_token", token .. " is not waiting for anything",
      {expected = "a token that a call gave as pending", found = token, hint = "call the tool again"})
  end
  return resume(token, errand)
end

walk.tools = {move_to = begin, poll = poll}

return walk
