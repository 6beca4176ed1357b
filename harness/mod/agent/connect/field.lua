-- What lies on the tiles between two ends, read from the surface once per search.

local ports = require("entity.ports")
local session = require("lib.session")
local water = require("lib.water")

local field = {}

local IGNORED = {["character"] = true, ["resource"] = true, ["item-entity"] = true}

function field.key(x, y)
  return x .. "," .. y
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

local function note_ports(map, entity)
  for _, port in ipairs(ports.all(entity)) do
    local tile = field.tile(port.position)
    local key = field.key(tile.x, tile.y)
    map.touches[key] = map.touches[key] or {}
    local list = map.touches[key]
    list[#list + 1] = {owner = field.owner(entity, port.box), fluid = port.fluid}
  end
end

local function note_body(map, entity)
  local box = entity.bounding_box
  for x = math.floor(box.left_top.x + 1e-6), math.ceil(box.right_bottom.x - 1e-6) - 1 do
    for y = math.floor(box.left_top.y + 1e-6), math.ceil(box.right_bottom.y - 1e-6) - 1 do
      map.bodies[field.key(x, y)] = entity
    end
  end
end

--- The box around tiles, grown by a margin.
function field.around(tiles, margin)
  local box = {left = math.huge, top = math.huge, right = -math.huge, bottom = -math.huge}
  for _, tile in ipairs(tiles) do
    box.left, box.right = math.min(box.left, tile.x - margin), math.max(box.right, tile.x + margin)
    box.top, box.bottom = math.min(box.top, tile.y - margin), math.max(box.bottom, tile.y + margin)
  end
  return box
end

--- Reads a box of tiles. `bodies`: the entity on each tile; `wet`: water tiles; `touches` (with `fluids`): which
-- bodies of fluid a pipe on the tile would join.
function field.read(box, fluids)
  local surface = session.surface()
  local area = {{x = box.left, y = box.top}, {x = box.right + 1, y = box.bottom + 1}}
  local map = {left = box.left, top = box.top, right = box.right, bottom = box.bottom,
    bodies = {}, wet = {}, touches = {}}
  for _, tile in ipairs(surface.find_tiles_filtered{area = area, name = water.names}) do
    map.wet[field.key(tile.position.x, tile.position.y)] = true
  end
  for _, entity in ipairs(surface.find_entities_filtered{area = area}) do
    if not IGNORED[entity.type] then
      note_body(map, entity)
      if fluids and entity.force.name == session.force().name and #entity.fluidbox > 0 then note_ports(map, entity) end
    end
  end
  return map
end

--- Whether nothing stands on a tile and it is land.
function field.is_free(map, x, y)
  local key = field.key(x, y)
  return not map.bodies[key] and not map.wet[key]
end

return field
