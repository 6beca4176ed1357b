-- Where pipes may begin or end: tiles with the body of fluid behind them, by what they hold.

local ends = require("connect.ends")
local failure = require("lib.failure")
local field = require("connect.field")
local geometry = require("lib.geometry")
local ports = require("entity.ports")
local session = require("lib.session")

local sockets = {}

local IS_PIPE = {["pipe"] = true, ["pipe-to-ground"] = true}
local HEADINGS = {0, 4, 8, 12}

--- The fluid that a box holds or can only hold; nil if it takes any.
local function fluid_of(entity, box)
  local content = entity.fluidbox[box]
  return content and content.name or entity.fluidbox.get_locked_fluid(box)
end

--- Sorts tiles `{owner, fluid}` into classes `{owner, fluid, tiles, unlikely}`, in the order of their first tiles.
local function classes_of(tiles)
  local list, by_owner = {}, {}
  for rank, tile in ipairs(tiles) do
    local name = tile.owner or "free " .. rank
    local class = by_owner[name]
    if not class then
      class = {owner = tile.owner, fluid = tile.fluid, tiles = {}, unlikely = tile.unlikely, machine = tile.machine}
      by_owner[name], list[#list + 1] = class, class
    end
    class.tiles[#class.tiles + 1] = tile
  end
  return list
end

local function pipe_tile(entity)
  local tile = field.tile(entity.position)
  tile.body = {entity = entity, type = entity.type}
  tile.owner, tile.fluid = field.owner(entity, 1), fluid_of(entity, 1)
  if entity.type == "pipe-to-ground" then
    tile.barred = {}
    for _, heading in ipairs(HEADINGS) do tile.barred[heading] = heading ~= entity.direction end
  end
  return tile
end

--- What comes out of a well.
local function well_fluid(entity)
  for _, resource in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(entity.position, 0.4), type = "resource",
  }) do
    for _, product in ipairs(resource.prototype.mineable_properties.products or {}) do
      if product.type == "fluid" then return product.name end
    end
  end
  return nil
end

local function is_crafter(entity)
  return entity.type == "assembling-machine" or entity.type == "rocket-silo"
end

--- Ports of an entity that can be an end: of a crafting machine those that its recipe uses, on the right side.
local function usable_ports(entity, as_source)
  local list = {}
  local wanted = as_source and "output" or "input"
  for _, port in ipairs(ports.all(entity)) do
    port.fluid = port.fluid or fluid_of(entity, port.box)
    if not port.fluid and entity.type == "mining-drill" then port.fluid = well_fluid(entity) end
    port.unlikely = port.flow ~= "input-output" and port.flow ~= wanted
    if not is_crafter(entity) or (port.fluid and not port.unlikely) then list[#list + 1] = port end
  end
  return list
end

local function standing_pipe(map, tile, port)
  local body = port.connected and field.body(map, tile.x, tile.y)
  return body and IS_PIPE[body.type] and body or nil
end

--- The tile of a port; nil if something else than a pipe stands there.
local function port_tile(map, entity, port)
  local tile = field.tile(port.position)
  local owner = field.owner(entity, port.box)
  tile.machine, tile.owner, tile.fluid, tile.unlikely = owner, owner, port.fluid, port.unlikely
  local body = standing_pipe(map, tile, port)
  if body then
    tile.body, tile.owner = body, field.owner(body.entity, 1)
    tile.fluid = tile.fluid or fluid_of(body.entity, 1)
    return tile
  end
  local planned = field.body(map, tile.x, tile.y)
  if planned and planned.piece and planned.type == "pipe" then
    tile.body = planned
    return tile
  end
  if not field.is_free(map, tile.x, tile.y) then return nil, field.blocker(map, tile.x, tile.y) end
  local box = entity.bounding_box
  local centre = field.centre(tile)
  if centre.y < box.left_top.y then tile.land = 8 elseif centre.y > box.right_bottom.y then tile.land = 0
  elseif centre.x < box.left_top.x then tile.land = 4 else tile.land = 12 end
  tile.launch = geometry.opposite(tile.land)
  return tile
end

local function refuse_recipe(entity)
  failure.raise("no_recipe", entity.name .. " at " .. geometry.show(entity.position) .. " has no recipe, so no fluid connections",
    {expected = "a recipe with fluids", found = "none", hint = "set its recipe with set_entity_recipe first"})
end

local function expect_fluid_entity(entity)
  if entity.type == "assembling-machine" and not entity.get_recipe() then refuse_recipe(entity) end
  if #entity.fluidbox > 0 then return end
  failure.raise("no_fluid_port", entity.name .. " at " .. geometry.show(entity.position) .. " has no fluid connection",
    {expected = "a machine, pipe or tank that holds a fluid", found = entity.name})
end

local function port_tiles(map, point, as_source)
  local entity = point.entity
  expect_fluid_entity(entity)
  local list = usable_ports(entity, as_source)
  if #list == 0 then
    failure.raise("no_fluid_port",
      entity.name .. " at " .. geometry.show(entity.position) .. " has no fluid " .. (as_source and "outlet" or "inlet")
        .. " with its recipe",
      {found = entity.name, hint = "connect the other way round, or set a recipe with such a fluid"})
  end
  local tiles, blocked = {}, {}
  for _, port in ipairs(list) do
    local same = not point.port or geometry.distance(point.port.position, port.position) < 0.1
    if same then
      local tile, blocker = port_tile(map, entity, port)
      tiles[#tiles + 1] = tile
      if not tile then blocked[#blocked + 1] = geometry.show(port.position) .. " by " .. blocker end
    end
  end
  if #tiles == 0 then
    failure.raise("blocked", "no valid connections, check blocked points of " .. entity.name .. " at "
      .. geometry.show(entity.position) .. ": " .. table.concat(blocked, ", "),
      {expected = "a free connection point", found = blocked[1], hint = "pick up or move what blocks the connection point"})
  end
  return tiles
end

--- A place in the open; what it touches is joined.
local function bare_tile(map, point)
  local tile = field.tile(point.position)
  local body = field.body(map, tile.x, tile.y)
  if body and body.piece and body.type == "pipe" then tile.body = body end
  if not tile.body and not field.is_free(map, tile.x, tile.y) then
    local found = field.blocker(map, tile.x, tile.y)
    failure.raise("blocked", "the end at " .. ends.show(point) .. " is taken by " .. found,
      {expected = "a free tile, a pipe or a fluid connection", found = found, hint = "choose a free position beside it"})
  end
  tile.beside = field.touches(map, tile.x, tile.y)
  for _, touch in ipairs(tile.beside) do tile.fluid = tile.fluid or touch.fluid end
  return tile
end

--- Classes of tiles at which a line may begin (`as_source`) or end.
function sockets.of(map, point, as_source)
  if point.line then return {point.line} end
  if not point.entity then return classes_of({bare_tile(map, point)}) end
  local tiles = {}
  for _, member in ipairs(point.members) do
    if IS_PIPE[member.type] then tiles[#tiles + 1] = pipe_tile(member) end
  end
  if #tiles == 0 then tiles = port_tiles(map, point, as_source) end
  return classes_of(tiles)
end

return sockets
