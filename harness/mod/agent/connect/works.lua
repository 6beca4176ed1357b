-- Carries out a plan: checks the stock and every place first, then builds all of it, or none.

local clock = require("lib.clock")
local construct = require("lib.construct")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local works = {}

local MAX_STEP_ASIDE = 30
local CLEARANCE = 0.75

--- Raises unless the inventory holds all that is needed.
local function require_stock(counts)
  for _, name in ipairs(stock.names(counts)) do
    local held = session.inventory().get_item_count(name)
    if held < counts[name] then
      failure.raise("missing_items",
        "not enough " .. name .. ": required " .. counts[name] .. ", available " .. held,
        {expected = {name = name, count = counts[name]}, found = held, hint = "craft or extract more " .. name .. " first"})
    end
  end
end

--- The walk along a list of things with a `position`, in ticks.
function works.walking_ticks(list)
  local ticks, speed = 0, session.character().character_running_speed
  for rank = 2, #list do
    ticks = ticks + clock.walking_at(speed, geometry.distance(list[rank - 1].position, list[rank].position))
  end
  return ticks
end

--- The walk along all pieces of a plan, in ticks.
function works.walking(plan)
  local ticks = 0
  for _, way in ipairs(plan.route) do ticks = ticks + works.walking_ticks(way) end
  return ticks
end

local function in_the_way(position, pieces)
  for _, piece in ipairs(pieces) do
    local prototype = lookup.prototype(piece.name)
    if math.abs(piece.position.x - position.x) < prototype.tile_width / 2 + CLEARANCE
      and math.abs(piece.position.y - position.y) < prototype.tile_height / 2 + CLEARANCE then
      return true
    end
  end
  return false
end

--- Moves the character off what is about to be built; returns where it was, nil if it stayed.
local function step_aside(pieces)
  local character = session.character()
  local home = {x = character.position.x, y = character.position.y}
  if not in_the_way(home, pieces) then return nil end
  local here = geometry.tile_centre(home)
  for radius = 1, MAX_STEP_ASIDE do
    for dx = -radius, radius do
      for dy = -radius, radius do
        local spot = {x = here.x + dx, y = here.y + dy}
        if math.max(math.abs(dx), math.abs(dy)) == radius and not in_the_way(spot, pieces)
          and session.surface().can_place_entity{name = "character", position = spot, force = session.force()} then
          character.teleport(spot)
          return home
        end
      end
    end
  end
  return nil
end

--- Raises if the engine would refuse a piece; the character is then put back.
local function require_ground(pieces, home)
  for _, piece in ipairs(pieces) do
    if not ground.allows(piece.name, piece.position, piece.direction, false) then
      if home then session.character().teleport(home) end
      ground.refuse(lookup.prototype(piece.name), piece.position, piece.direction,
        "connect by way of another position, or pick up what is there")
    end
  end
end

local function undo(built, turned, home)
  for rank = #built, 1, -1 do built[rank].destroy() end
  for _, change in ipairs(turned) do change.entity.direction = change.before end
  if home then session.character().teleport(home) end
end

local function turn_all(turns)
  local turned = {}
  for rank, turn in ipairs(turns) do
    turned[rank] = {entity = turn.entity, before = turn.entity.direction}
    turn.entity.direction = turn.direction
  end
  return turned
end

local function entity_of(body)
  return body.entity or body.piece.entity
end

--- Joins poles that the engine left on two networks.
local function wire_all(wires)
  for _, pair in ipairs(wires) do
    local one, other = entity_of(pair[1]), entity_of(pair[2])
    if one.electric_network_id ~= other.electric_network_id then
      local copper = defines.wire_connector_id.pole_copper
      one.get_wire_connector(copper, true).connect_to(other.get_wire_connector(copper, true))
    end
  end
end

local function build_all(plan, home)
  local turned, built = turn_all(plan.turns), {}
  for rank, piece in ipairs(plan.pieces) do
    local entity = construct.raw(lookup.prototype(piece.name), piece.position, piece.direction, piece.end_type)
    if not entity then
      undo(built, turned, home)
      failure.raise("blocked", "could not place " .. piece.name .. " at " .. geometry.show(piece.position) .. " on the way",
        {found = piece.name, hint = "connect by way of another position"})
    end
    piece.entity, built[rank] = entity, entity
  end
  wire_all(plan.wires)
end

local function pay(counts)
  local inventory = session.inventory()
  for _, name in ipairs(stock.names(counts)) do inventory.remove{name = name, count = counts[name]} end
end

--- Builds a plan. The walk is counted twice, once for measuring and once for building, and not waited for.
function works.build(plan)
  local needs = plan:needs()
  require_stock(needs)
  local home = step_aside(plan.pieces)
  require_ground(plan.pieces, home)
  build_all(plan, home)
  pay(needs)
  clock.count(2 * works.walking(plan))
end

--- The entity at which what was connected begins; nil if the ends touch each other.
function works.anchor(plan)
  return plan.anchor and entity_of(plan.anchor)
end

return works
