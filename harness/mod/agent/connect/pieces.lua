-- Turns a path over tiles into the pieces to build, and builds them: all or none.

local clock = require("lib.clock")
local construct = require("lib.construct")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local serialise = require("entity.serialise")
local session = require("lib.session")

local pieces = {}

--- The direction of travel out of each tile of a path; the last goes on as it came, a lone tile as `default`.
function pieces.headings(path, default)
  local headings = {}
  for rank = 1, #path - 1 do headings[rank] = geometry.heading(path[rank], path[rank + 1]) end
  headings[#path] = headings[#path - 1] or default
  return headings
end

--- How many of each item the pieces take: `{name = count}`, pieces that stand already not counted.
function pieces.needs(list)
  local counts = {}
  for _, piece in ipairs(list) do
    if not piece.entity then
      local item = construct.item_of(lookup.prototype(piece.name))
      counts[item] = (counts[item] or 0) + 1
    end
  end
  return counts
end

function pieces.total(counts)
  local total = 0
  for _, count in pairs(counts) do total = total + count end
  return total
end

--- Raises unless the inventory holds all that is needed.
function pieces.require_stock(counts)
  local names = {}
  for name in pairs(counts) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local held = session.inventory().get_item_count(name)
    if held < counts[name] then
      failure.raise("missing_items",
        "not enough " .. name .. ", required " .. counts[name] .. ", available " .. held,
        {expected = {name = name, count = counts[name]}, found = held, hint = "craft more " .. name})
    end
  end
end

--- The walk along the pieces, in ticks.
function pieces.walking_ticks(list)
  local ticks, from = 0, nil
  local character = session.character()
  for _, piece in ipairs(list) do
    if from then ticks = ticks + clock.walking(character, geometry.distance(from, piece.position)) end
    from = piece.position
  end
  return ticks
end

local function occupied(list)
  local keys = {}
  for _, piece in ipairs(list) do
    local tile = field.tile(piece.position)
    for dx = -1, 1 do
      for dy = -1, 1 do keys[field.key(tile.x + dx, tile.y + dy)] = true end
    end
  end
  return keys
end

local MAX_STEP_ASIDE = 30

--- Moves the character out of the way of what is about to be built.
local function step_aside(list)
  local character = session.character()
  local keys = occupied(list)
  local here = field.tile(character.position)
  if not keys[field.key(here.x, here.y)] then return end
  for radius = 1, MAX_STEP_ASIDE do
    for dx = -radius, radius do
      for dy = -radius, radius do
        local x, y = here.x + dx, here.y + dy
        local spot = field.centre({x = x, y = y})
        if math.max(math.abs(dx), math.abs(dy)) == radius and not keys[field.key(x, y)]
          and session.surface().can_place_entity{name = "character", position = spot, force = session.force()} then
          character.teleport(spot)
          return
        end
      end
    end
  end
end

local function undo(built, turned)
  for _, entity in ipairs(built) do
    local item = construct.item_of(entity.prototype)
    entity.destroy()
    session.inventory().insert{name = item, count = 1}
  end
  for _, change in ipairs(turned) do change.entity.direction = change.before end
end

--- Builds the pieces in order and turns those that stand already; returns all their entities and how many are new.
function pieces.build(list)
  step_aside(list)
  local built, turned, all = {}, {}, {}
  for rank, piece in ipairs(list) do
    local entity = piece.entity
    if entity then
      if piece.direction and entity.direction ~= piece.direction then
        turned[#turned + 1] = {entity = entity, before = entity.direction}
        entity.direction = piece.direction
      end
    else
      entity = construct.build(lookup.prototype(piece.name), piece.position, piece.direction or 0, piece.end_type)
      if not entity then
        undo(built, turned)
        failure.raise("blocked",
          "could not place " .. piece.name .. " at " .. geometry.show(piece.position) .. " on the way",
          {found = piece.name, hint = "connect by way of another position"})
      end
      built[#built + 1] = entity
    end
    all[rank] = entity
  end
  return all, #built
end

--- Checks the stock, builds unless it is a dry run, charges the walk, and gives connect_entities' result.
function pieces.finish(list, primary, dry_run)
  local counts = pieces.needs(list)
  local result = {
    required = pieces.total(counts),
    available = session.inventory().get_item_count(primary),
    placed = 0,
    entities = {},
  }
  local ticks = pieces.walking_ticks(list)
  if not dry_run then
    pieces.require_stock(counts)
    local entities
    entities, result.placed = pieces.build(list)
    result.entities = serialise.list(entities)
  end
  clock.charge(ticks)
  return result
end

return pieces
