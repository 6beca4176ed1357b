-- The ground between two ends as a search sees it: what stands, read from the surface block by block as tiles are asked
-- for, and what the plan of this call would put there. Nothing here changes the world.

local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ports = require("entity.ports")
local session = require("lib.session")
local water = require("lib.water")

local field = {}

local BLOCK = 16
local SPREAD = 2097152
local floor = math.floor

-- What a building may stand on or in; everything else with a body is in the way.
local PASSABLE = {
  "resource", "character", "item-entity", "fish", "corpse", "character-corpse", "entity-ghost", "tile-ghost",
  "item-request-proxy", "deconstructible-tile-proxy", "explosion", "projectile", "beam", "smoke-with-trigger", "sticker",
}
local NATURE = {["tree"] = true, ["cliff"] = true, ["simple-entity"] = true}
local BELTS = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

--- A number that names a tile.
function field.key(x, y)
  return x * SPREAD + y
end

--- The tile `{x, y}` (its left-top corner) under a position.
function field.tile(position)
  return {x = math.floor(position.x), y = math.floor(position.y)}
end

--- The centre of a tile.
function field.centre(tile)
  return {x = tile.x + 0.5, y = tile.y + 0.5}
end

--- A name for the body of fluid behind a box: its segment, or the box alone.
function field.owner(entity, box)
  local segment = entity.fluidbox.get_fluid_segment_id(box)
  if segment then return "segment " .. segment end
  return "box " .. entity.unit_number .. " " .. box
end

-- What it costs a way to lead over a tile that a belt pours out on. Past drills and inserters the toll is small: a line
-- drawn past a few of them is meant to serve them, and going round costs two tiles and four turns.
local TOLLS = {belt = 3, machine = 0.5}

--- A field of one call. `options`: `fluids` notes what a pipe would join, `traffic` where others move items, and
-- `under` is the prototype of the piece that runs underground, if any.
function field.new(options)
  return {
    fluids = options.fluids, traffic = options.traffic, digger = options.under,
    bodies = {}, wet = {}, touches = {}, busy = {}, spans = {[0] = {}, [4] = {}}, read = {}, seen = {},
  }
end

--- Calls `visit(x, y)` for the tiles of a box.
local function each_tile(box, visit)
  for x = math.floor(box.left_top.x + 1e-6), math.ceil(box.right_bottom.x - 1e-6) - 1 do
    for y = math.floor(box.left_top.y + 1e-6), math.ceil(box.right_bottom.y - 1e-6) - 1 do visit(x, y) end
  end
end

--- The side of a tile just outside a box on which the box lies.
local function side_towards(box, tile)
  if tile.y + 0.5 < box.left_top.y then return 8 end
  if tile.y + 0.5 > box.right_bottom.y then return 0 end
  return tile.x + 0.5 < box.left_top.x and 4 or 12
end

local function note_touch(map, tile, touch)
  local key = field.key(tile.x, tile.y)
  local list = map.touches[key] or {}
  map.touches[key] = list
  list[#list + 1] = touch
end

local function note_ports(map, entity, box)
  for _, port in ipairs(ports.all(entity)) do
    local tile = field.tile(port.position)
    note_touch(map, tile, {
      owner = field.owner(entity, port.box), fluid = port.fluid, side = side_towards(box, tile), entity = entity,
    })
  end
end

--- Marks where items of others come to lie or are taken from.
local function note_traffic(map, body)
  local entity = body.entity
  local spots, kind = {}, "machine"
  if BELTS[body.type] then
    kind = "belt"
    spots[1] = geometry.moved(entity.position, entity.direction, 1)
  elseif body.type == "inserter" then
    spots[1], spots[2] = entity.drop_position, entity.pickup_position
  elseif body.type == "mining-drill" then
    spots[1] = entity.drop_position
  end
  for _, spot in ipairs(spots) do
    local key = field.key(math.floor(spot.x), math.floor(spot.y))
    if not map.busy[key] or map.busy[key] == "machine" then map.busy[key] = kind end
  end
end

local function note_body(map, entity)
  local serial = entity.unit_number
  if serial then
    if map.seen[serial] then return end
    map.seen[serial] = true
  end
  local body = {entity = entity, type = entity.type}
  local box = entity.bounding_box
  each_tile(box, function(x, y) map.bodies[field.key(x, y)] = body end)
  if NATURE[body.type] then return end
  if map.fluids and #entity.fluidbox > 0 then note_ports(map, entity, box) end
  if map.traffic then note_traffic(map, body) end
end

--- Which way an end runs underground, and how far to its partner; nil if it has none.
local function burrow(entity)
  if entity.type == "underground-belt" then
    local heading = entity.direction
    if entity.belt_to_ground_type == "output" then heading = geometry.opposite(heading) end
    local partner = entity.neighbours
    return heading, partner and geometry.distance(entity.position, partner.position)
  end
  for _, connection in ipairs(entity.fluidbox.get_pipe_connections(1)) do
    if connection.connection_type == "underground" and connection.target then
      return geometry.opposite(entity.direction), geometry.distance(entity.position, connection.target.owner.position)
    end
  end
  return geometry.opposite(entity.direction), nil
end

--- An end put where another pair runs, or may yet run, would take one of its ends away.
local function note_span(map, position, heading, length)
  for step = 1, length do
    local spot = geometry.moved(position, heading, step)
    map.spans[heading % 8][field.key(math.floor(spot.x), math.floor(spot.y))] = true
  end
end

local function note_spans(map, area)
  local reach = map.digger.max_underground_distance
  for _, entity in ipairs(session.surface().find_entities_filtered{
    area = {{x = area[1].x - reach, y = area[1].y - reach}, {x = area[2].x + reach, y = area[2].y + reach}},
    name = map.digger.name,
  }) do
    local heading, length = burrow(entity)
    note_span(map, entity.position, heading, length and length - 1 or reach)
  end
end

--- Reads the block that a tile lies in, unless that was done. A block's edge is read with it, since what stands there
-- may have its ports inside.
local function ensure(map, x, y)
  local left, top = floor(x / BLOCK), floor(y / BLOCK)
  local block = left * SPREAD + top
  if map.read[block] then return end
  map.read[block] = true
  local surface = session.surface()
  local area = {{x = left * BLOCK - 1, y = top * BLOCK - 1}, {x = (left + 1) * BLOCK + 1, y = (top + 1) * BLOCK + 1}}
  for _, tile in ipairs(surface.find_tiles_filtered{area = area, name = water.names}) do
    map.wet[field.key(tile.position.x, tile.position.y)] = true
  end
  for _, entity in ipairs(surface.find_entities_filtered{area = area, type = PASSABLE, invert = true}) do
    note_body(map, entity)
  end
  if map.digger then note_spans(map, area) end
end

--- What stands on a tile: `{type, entity}`, or `{type, piece}` for a planned piece; nil if nothing does.
function field.body(map, x, y)
  ensure(map, x, y)
  return map.bodies[field.key(x, y)]
end

function field.is_wet(map, x, y)
  ensure(map, x, y)
  return map.wet[field.key(x, y)] or false
end

--- Whether nothing stands on a tile and it is land.
function field.is_free(map, x, y)
  ensure(map, x, y)
  local key = x * SPREAD + y
  return not map.bodies[key] and not map.wet[key]
end

--- Bodies of fluid that a pipe on the tile would join, with the side of the tile each is on.
function field.touches(map, x, y)
  ensure(map, x, y)
  return map.touches[field.key(x, y)] or {}
end

--- What a tile costs beyond a step, where others move items or another leg of the call wants to lead (`map.prices`).
function field.toll(map, x, y)
  ensure(map, x, y)
  local key = field.key(x, y)
  local kind = map.busy[key]
  return (kind and TOLLS[kind] or 0) + (map.prices and map.prices[key] or 0)
end

--- Whether an end of a pair along `heading` can stand on a tile without coming between the ends of another.
function field.can_burrow(map, x, y, heading)
  return field.is_free(map, x, y) and not map.spans[heading % 8][field.key(x, y)]
end

local function direction_of(body)
  if body.piece then return body.piece.direction end
  return body.entity.direction
end

field.direction = direction_of

function field.name(body)
  return body.piece and body.piece.name or body.entity.name
end

--- Whether a pair along `heading` may pass below a tile.
function field.passes_below(map, x, y, heading)
  local body = field.body(map, x, y)
  if not body or body.type ~= map.digger.type or field.name(body) ~= map.digger.name then return true end
  return direction_of(body) % 8 ~= heading % 8
end

--- Puts a planned piece on the field. Raises if something stands or is planned there.
function field.put(map, piece, prototype)
  local body = {type = prototype.type, piece = piece}
  local left = math.floor(piece.position.x - prototype.tile_width / 2 + 0.5)
  local top = math.floor(piece.position.y - prototype.tile_height / 2 + 0.5)
  for x = left, left + prototype.tile_width - 1 do
    for y = top, top + prototype.tile_height - 1 do
      local found = field.blocker(map, x, y)
      if found then
        failure.raise("blocked", piece.name .. " at " .. geometry.show(piece.position) .. " on the way would stand on " .. found,
          {expected = "free ground", found = found, hint = "go by way of other positions"})
      end
      map.bodies[field.key(x, y)] = body
    end
  end
  return body
end

--- Notes that a planned pipe of the body of fluid `owner` opens onto a neighbouring tile.
function field.open(map, position, heading, owner, fluid)
  local tile = field.tile(geometry.moved(position, heading, 1))
  note_touch(map, tile, {owner = owner, fluid = fluid, side = geometry.opposite(heading)})
end

--- Notes a planned pair.
function field.burrow(map, from, heading, length)
  note_span(map, from, heading, length - 1)
end

--- "stone-furnace at (4, 6)", "the planned pipe at (0, 1)", "water at (2, 2)": what keeps a tile from being free; nil if
-- nothing does.
function field.blocker(map, x, y)
  local body = field.body(map, x, y)
  if body then
    local position = body.piece and body.piece.position or body.entity.position
    return (body.piece and "the planned " or "") .. field.name(body) .. " at " .. geometry.show(position)
  end
  return field.is_wet(map, x, y) and "water at " .. geometry.show(field.centre({x = x, y = y})) or nil
end

--- Bounds a search to the box around tiles, grown by a margin.
function field.bound(map, tiles, margin)
  map.left, map.top, map.right, map.bottom = math.huge, math.huge, -math.huge, -math.huge
  for _, tile in ipairs(tiles) do
    map.left, map.right = math.min(map.left, tile.x - margin), math.max(map.right, tile.x + margin)
    map.top, map.bottom = math.min(map.top, tile.y - margin), math.max(map.bottom, tile.y + margin)
  end
end

return field
