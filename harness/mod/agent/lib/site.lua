-- What a building asks of the ground alone, whatever stands there: for a place that the building itself still covers,
-- where the engine's own check would only find the building.

local geometry = require("lib.geometry")
local session = require("lib.session")
local water = require("lib.water")

local site = {}

--- Calls `visit(tile)` for the tiles an area covers, row by row, and stops at a true answer.
local function on_tiles(area, visit)
  for y = math.floor(area[1].y), math.ceil(area[2].y) - 1 do
    for x = math.floor(area[1].x), math.ceil(area[2].x) - 1 do
      local found = visit(session.surface().get_tile(x, y))
      if found then return found end
    end
  end
  return nil
end

local function collides(tile, mask)
  for layer in pairs(mask.layers) do
    if tile.collides_with(layer) then return true end
  end
  return false
end

--- The first tile that the building cannot stand on, in words.
local function bad_tile(prototype, area)
  local mask, on_shore = prototype.collision_mask, prototype.tile_buildability_rules ~= nil
  return on_tiles(area, function(tile)
    local wet = not on_shore and water.is(tile.name)
    return (wet or collides(tile, mask)) and tile.name .. " " .. geometry.show(tile.position) or nil
  end)
end

local function turned_area(area, position, direction)
  local a = geometry.turned(area.left_top, direction)
  local b = geometry.turned(area.right_bottom, direction)
  return {
    {x = position.x + math.min(a.x, b.x), y = position.y + math.min(a.y, b.y)},
    {x = position.x + math.max(a.x, b.x), y = position.y + math.max(a.y, b.y)},
  }
end

--- The first tile that is not as the prototype's rules want it, such as an offshore pump's shore, in words.
local function unruly_tile(prototype, position, direction)
  for _, rule in ipairs(prototype.tile_buildability_rules or {}) do
    local found = on_tiles(turned_area(rule.area, position, direction), function(tile)
      local wanted = next(rule.required_tiles.layers) == nil or collides(tile, rule.required_tiles)
      if wanted and not collides(tile, rule.colliding_tiles) then return nil end
      return "no shore there, " .. tile.name .. " " .. geometry.show(tile.position)
    end)
    if found then return found end
  end
  return nil
end

--- Whether a drill would find anything of its kinds within its reach.
local function nothing_to_mine(prototype, position)
  local kinds = prototype.resource_categories
  for _, ore in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(position, prototype.mining_drill_radius), type = "resource",
  }) do
    if kinds[ore.prototype.resource_category] then return nil end
  end
  return "nothing to mine there"
end

--- Why the ground itself refuses a building, in words; nil if it does not.
function site.refusal(prototype, position, direction)
  return bad_tile(prototype, geometry.footprint(prototype, position, direction))
    or unruly_tile(prototype, position, direction)
    or (prototype.type == "mining-drill" and nothing_to_mine(prototype, position) or nil)
end

--- What lies in an area besides one building, in words; nil if nothing does.
function site.others_in(entity, area)
  for _, other in ipairs(session.surface().find_entities_filtered{area = area}) do
    local passable = other.type == "character" or other.type == "resource" or other.unit_number == entity.unit_number
    if not passable then return other.name .. " " .. geometry.show(other.position) end
  end
  return nil
end

return site
