-- What the documented API only reads, brought about by letting machines do it: for some ticks, before a restored
-- factory is filled, arms swing to where they were, machines take in the ingredients of the craft they were at, drills
-- mine the item they could not put down, and characters mine as far as they were. Everything else is empty and without
-- power, so it stands still.

local exact = require("host.exact")

local settle = {}

-- More than any of them uses in a tick; what they are to have is written afterwards.
local PLENTY = 1e9
-- Something nobody burns, to swing an arm over with.
local DUMMY = {name = "iron-plate", count = 1}
-- Hands are read in 256ths of a tile; a hand this near to a point is there.
local NEAR = 0.012
-- An arm that comes no nearer than this part of its step is as near as it gets.
local HALF_STEP = 0.6
-- Tiles off the line from pickup to drop at which a hand is on one side of it.
local ASIDE = 0.03
-- The slowest arm is over and back in less.
local MAX_TICKS = 300
-- Work by hand is done when this part of it is wanting at most: sums of the same steps agree to far less.
local ROUNDING = 1e-9
-- With this much less speed nobody mines any further: all of it may not be taken away, but what is left is lost in
-- rounding.
local STANDSTILL = -1 + 2 ^ -52

local function distance(ax, ay, bx, by)
  return math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by))
end

local function hand_of(entity)
  local hand, at = entity.held_stack_position, entity.position
  return hand.x - at.x, hand.y - at.y
end

local function point_of(entity, position)
  local at = entity.position
  return {x = position.x - at.x, y = position.y - at.y}
end

local function hold(entity, what)
  entity.inserter_stack_size_override = 1
  entity.held_stack.set_stack(what)
end

--- Starts to bring one arm to its place: over with what it held, over and back empty, or just out to its pickup.
local function start_arm(entity, saved)
  local x, y = hand_of(entity)
  if distance(x, y, saved.x, saved.y) < NEAR then return nil end
  local pickup, drop = point_of(entity, entity.pickup_position), point_of(entity, entity.drop_position)
  local arm = {entity = entity, goal = saved, pickup = pickup, drop = drop, phase = "out", x = x, y = y}
  if distance(saved.x, saved.y, pickup.x, pickup.y) < NEAR then arm.phase = "last" end
  entity.energy = PLENTY
  return arm
end

local function there(point, x, y)
  return distance(x, y, point.x, point.y) < NEAR
end

local function stop(arm)
  arm.entity.active = false
  return true
end

--- Whether an arm on its last way has come as near to its goal as it will.
local function is_nearest(arm, x, y)
  local left, step = distance(x, y, arm.goal.x, arm.goal.y), distance(x, y, arm.x, arm.y)
  return left < NEAR or (step > 0 and left < HALF_STEP * step)
end

--- On which side of the line from pickup to drop a point lies: above 0 clockwise from the pickup.
local function side_of(arm, x, y)
  return arm.pickup.x * y - arm.pickup.y * x
end

--- Whether an arm that has to turn half round does so by the side on which it was not.
local function is_astray(arm, x, y)
  local wanted, found = side_of(arm, arm.goal.x, arm.goal.y), side_of(arm, x, y)
  return math.abs(wanted) > ASIDE and math.abs(found) > ASIDE and wanted * found < 0
end

--- Turns the inserter for a moment, so that its arm goes a step to the other side.
local function turn_aside(arm)
  local entity = arm.entity
  arm.phase, arm.facing = "aside", entity.direction
  entity.held_stack.clear()
  entity.direction = (arm.facing + (side_of(arm, arm.goal.x, arm.goal.y) > 0 and 4 or 12)) % 16
end

local function set_out(arm, from)
  arm.phase, arm.from = "last", from
  if from == arm.pickup then hold(arm.entity, {name = arm.goal.held[1], count = arm.goal.held[2]}) end
end

local PHASES = {
  out = function(arm, x, y)
    if not there(arm.pickup, x, y) then return end
    if arm.goal.held then
      set_out(arm, arm.pickup)
    else
      arm.phase = "over"
      hold(arm.entity, DUMMY)
    end
  end,
  over = function(arm, x, y)
    if not there(arm.drop, x, y) then return end
    arm.entity.held_stack.clear()
    set_out(arm, arm.drop)
  end,
  aside = function(arm, x, y)
    if is_astray(arm, x, y) or math.abs(side_of(arm, x, y)) <= ASIDE then return end
    arm.entity.direction = arm.facing
    set_out(arm, arm.from)
  end,
  last = function(arm, x, y)
    if arm.from and is_astray(arm, x, y) then turn_aside(arm) end
  end,
}

--- One tick of one arm; true when it is done.
local function move_arm(arm)
  local x, y = hand_of(arm.entity)
  if arm.phase ~= "last" then PHASES[arm.phase](arm, x, y) end
  if arm.phase == "last" then
    if is_nearest(arm, x, y) then return stop(arm) end
    PHASES.last(arm, x, y)
  end
  arm.x, arm.y = x, y
  arm.entity.energy = PLENTY
  return false
end

--- Gives a machine what its craft takes, so that it begins; true if it was at one.
local function start_craft(entity, saved)
  local making = saved.craft and saved.craft.making
  if not making then return nil end
  for _, ingredient in ipairs(prototypes.recipe[making].ingredients) do
    if ingredient.type == "fluid" then
      entity.insert_fluid{name = ingredient.name, amount = ingredient.amount}
    else
      entity.insert{name = ingredient.name, count = ingredient.amount}
    end
  end
  entity.energy = PLENTY
  return {entity = entity, kind = "craft"}
end

--- Lets a drill mine what it held; the ore it takes for that is added first.
local function start_drill(entity, saved)
  if not (saved.mining and saved.mining.waiting) then return nil end
  local ore = entity.mining_target
  if not ore then return nil end
  ore.amount = ore.amount + 1
  entity.energy, entity.mining_progress = PLENTY, 1
  return {entity = entity, kind = "mine"}
end

--- Follows those who mine by hand; `last` is how far a hand was when it was seen last.
local function start_miners(miners, people)
  local list = {}
  for rank, saved in ipairs(people) do
    if miners[rank] then
      list[#list + 1] = {
        entity = miners[rank], goal = exact.unpack(saved.mining[3]), position = {x = saved.x, y = saved.y}, last = -1,
      }
    end
  end
  return list
end

--- One tick of one miner, who stays where it is even on a belt; true when it is as far as it was, or comes no further
-- because nothing to mine is there.
local function mine(miner)
  local character = miner.entity
  local at, progress = character.position, character.character_mining_progress
  if at.x ~= miner.position.x or at.y ~= miner.position.y then character.teleport(miner.position) end
  if miner.last < progress and progress < miner.goal - ROUNDING then
    miner.last = progress
    return
  end
  character.character_mining_speed_modifier = STANDSTILL
  miner.is_done = true
end

local function is_any_mining(miners)
  for _, miner in ipairs(miners) do
    if not miner.is_done then return true end
  end
  return false
end

--- Begins with a list of buildings, the characters that mine, and what is saved of them; nil if there is nothing to do.
function settle.begin(placed, miners, state)
  local saved = state.entities
  local work = {arms = {}, jobs = {}, miners = start_miners(miners, state.characters), ticks = 0}
  for rank, entity in pairs(placed) do
    if saved[rank].arm and saved[rank].arm.x then
      work.arms[#work.arms + 1] = start_arm(entity, saved[rank].arm)
    else
      work.jobs[#work.jobs + 1] = start_craft(entity, saved[rank]) or start_drill(entity, saved[rank])
    end
  end
  return (#work.arms > 0 or #work.jobs > 0 or #work.miners > 0) and work or nil
end

local function keep_unless(list, done)
  local kept = {}
  for _, each in ipairs(list) do
    if not done(each) then kept[#kept + 1] = each end
  end
  return kept
end

local IS_DONE = {
  craft = function(entity) return entity.is_crafting() end,
  mine = function(entity) return entity.mining_progress < 1 end,
}

local function finish_job(job)
  if not IS_DONE[job.kind](job.entity) then return false end
  job.entity.active = false
  return true
end

--- After each tick: stops whoever has arrived.
function settle.step(work)
  work.ticks = work.ticks + 1
  work.arms = keep_unless(work.arms, move_arm)
  work.jobs = keep_unless(work.jobs, finish_job)
  for _, miner in ipairs(work.miners) do mine(miner) end
end

--- Whether all have arrived, or have had all the time there is.
function settle.is_over(work)
  if is_any_mining(work.miners) then return false end
  return (#work.arms == 0 and #work.jobs == 0) or work.ticks >= MAX_TICKS
end

return settle
