-- The legs of a call, each from where the one before ended. A leg that finds no way past the others says which ground it
-- would take; then all are planned again, and that ground costs the others more each time, until every leg finds its way
-- or no leg can give in any more.

local belts = require("connect.belts")
local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local pipes = require("connect.pipes")
local plans = require("connect.plan")
local poles = require("connect.poles")
local walls = require("connect.walls")

local chain = {}

local PLANS = {belt = belts.plan, pipe = pipes.plan, pole = poles.plan, wall = walls.plan}
-- Walls and poles use what the legs before them put up, so these stand in nobody's way.
local YIELDS = {belt = true, pipe = true}

local MAX_ROUNDS = 4
-- What a tile costs the others, in tiles of a longer way, when a leg asks for it for the first time.
local PRICE = 8
-- What it costs a leg that looks past the others to cross their way.
local CROSSING = 4

local function new_field(call)
  return field.new({fluids = call.kind == "pipe", traffic = call.kind == "belt", under = call.under})
end

--- What tiles cost a leg, by the claims of the others; nil if nothing.
local function prices_for(claims, leg)
  local prices = nil
  for other, claim in ipairs(claims) do
    if other ~= leg then
      for _, tile in ipairs(claim) do
        prices = prices or {}
        prices[tile.key] = (prices[tile.key] or 0) + tile.price
      end
    end
  end
  return prices
end

--- The claims to begin with: lines of belts have no junctions, so each keeps the places of its end to itself. Pipes do.
local function first_claims(call)
  local claims = {}
  for leg = 1, #call.points - 1 do
    claims[leg] = {}
    local point = call.points[leg + 1]
    if call.kind == "belt" and point.bare and not point.entity then
      local tile = field.tile(point.position)
      claims[leg][1] = {key = field.key(tile.x, tile.y), price = PRICE}
    end
  end
  return claims
end

--- Raises what is no refusal but a fault of the mod's own.
local function unless_fault(problem)
  if not failure.is(problem) then error(problem, 0) end
  return nil
end

local function plan_leg(call, plan, leg, source)
  plan:begin()
  return pcall(PLANS[call.kind], plan, source, call.points[leg + 1], call.surface, call.under)
end

--- Plans all legs; returns the plan, or what became of it with the leg that failed, its source and its problem.
local function plan_all(call, claims)
  local plan = plans.new(new_field(call))
  local source = call.points[1]
  for leg = 1, #call.points - 1 do
    plan.map.prices = prices_for(claims, leg)
    local ok, result = plan_leg(call, plan, leg, source)
    if not ok then return plan, {leg = leg, source = source, problem = result} end
    source = result
  end
  return plan, nil
end

--- The tiles that a leg would take if what the others planned did not stand there; nil if there is no way even so.
local function wish(call, claims, plan, failed)
  local alone = plans.new(new_field(call))
  alone.stock, alone.joined = plan.stock, plan.joined
  local prices = prices_for(claims, failed.leg) or {}
  for _, piece in ipairs(plan.pieces) do
    local tile = field.tile(piece.position)
    local key = field.key(tile.x, tile.y)
    prices[key] = (prices[key] or 0) + CROSSING
  end
  alone.map.prices = prices
  if failed.source.line then failed.source.line.barred = nil end
  local ok, problem = plan_leg(call, alone, failed.leg, failed.source)
  if not ok then return unless_fault(problem) end
  local tiles = {}
  for _, piece in ipairs(alone.pieces) do tiles[#tiles + 1] = field.tile(piece.position) end
  return tiles
end

--- Raises the price of tiles for all legs but one.
local function claim(claims, leg, tiles, price)
  for _, tile in ipairs(tiles) do
    table.insert(claims[leg], {key = field.key(tile.x, tile.y), price = price})
  end
end

--- Adds to a failure between which ends it came.
function chain.explain(problem, names, source, target)
  problem.message = "Failed to connect " .. table.concat(names, ", ") .. " from " .. ends.show(source) .. " to "
    .. ends.show(target) .. ". " .. problem.message:sub(1, 1):upper() .. problem.message:sub(2)
end

local function may_yield(call, failed)
  return YIELDS[call.kind] and failed.leg > 1 and failed.problem.code == "blocked"
end

--- Plans a call `{points, names, kind, surface, under}`; raises the first problem if its legs cannot all be laid.
function chain.plan(call)
  local claims, first = first_claims(call), nil
  for round = 1, MAX_ROUNDS do
    local plan, failed = plan_all(call, claims)
    if not failed then return plan end
    unless_fault(failed.problem)
    first = first or failed
    local tiles = round < MAX_ROUNDS and may_yield(call, failed) and wish(call, claims, plan, failed)
    if not tiles then break end
    claim(claims, failed.leg, tiles, PRICE * round)
  end
  chain.explain(first.problem, call.names, first.source, call.points[first.leg + 1])
  error(first.problem, 0)
end

return chain
