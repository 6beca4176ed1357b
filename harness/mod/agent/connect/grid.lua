-- The poles there are, standing and planned, and which of them are on one network.

local field = require("connect.field")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local members = require("connect.members")

local Grid = {}
Grid.__index = Grid

local grid = {}

--- Surveys the standing poles.
function grid.read()
  local self = setmetatable({nodes = {}, by_serial = {}, above = {}, served = {}, planned = 0}, Grid)
  for _, entity in ipairs(members.all_poles()) do
    local node = {
      x = entity.position.x, y = entity.position.y, body = {entity = entity, type = entity.type},
      network = entity.electric_network_id, reach = entity.prototype.get_max_wire_distance(),
    }
    self.nodes[#self.nodes + 1] = node
    self.by_serial[entity.unit_number] = node
  end
  return self
end

--- The network that stands for all that were joined with a node's.
function Grid:root(node)
  local network = node.network
  while self.above[network] do network = self.above[network] end
  return network
end

function Grid:join(node, other)
  local one, two = self:root(node), self:root(other)
  if one ~= two then self.above[two] = one end
end

--- Adds a planned pole, on a network of its own at first.
function Grid:add(body, centre, reach)
  self.planned = self.planned + 1
  local node = {x = centre.x, y = centre.y, body = body, network = "planned " .. self.planned, reach = reach}
  self.nodes[#self.nodes + 1] = node
  return node
end

--- Nodes that are on one of the networks of `list`.
function Grid:alike(list)
  local roots, found = {}, {}
  for _, node in ipairs(list) do roots[self:root(node)] = true end
  for _, node in ipairs(self.nodes) do
    if roots[self:root(node)] then found[#found + 1] = node end
  end
  return found
end

--- Whether what fills a box is in a node's supply area.
function grid.supplies(node, box)
  local body = node.body
  local prototype = body.entity and body.entity.prototype or lookup.prototype(body.piece.name)
  local reach = prototype.get_supply_area_distance()
  return node.x + reach > box.left_top.x and node.x - reach < box.right_bottom.x
    and node.y + reach > box.left_top.y and node.y - reach < box.right_bottom.y
end

--- Nodes whose supply area covers an entity, the nearest first.
function Grid:covering(entity)
  local list, box = {}, entity.bounding_box
  for rank, node in ipairs(self.nodes) do
    if grid.supplies(node, box) then
      list[#list + 1] = {node = node, rank = rank, distance = geometry.distance_squared(node, entity.position)}
    end
  end
  table.sort(list, function(a, b)
    if a.distance ~= b.distance then return a.distance < b.distance end
    return a.rank < b.rank
  end)
  for rank, found in ipairs(list) do list[rank] = found.node end
  return list
end

local function place(point)
  local tile = field.tile(point.position)
  return field.key(tile.x, tile.y)
end

--- Remembers that a planned pole was put up for an end, which may not stand on it.
function Grid:serve(point, node)
  self.served[place(point)] = self.served[place(point)] or node
end

--- Nodes that an end stands for already.
function Grid:at_end(point)
  if point.node then return {point.node} end
  local list = {}
  for _, member in ipairs(point.members) do
    if member.type == "electric-pole" then list[#list + 1] = self.by_serial[member.unit_number] end
  end
  if #list > 0 then return list end
  if point.entity then return self:covering(point.entity) end
  return {self.served[place(point)]}
end

--- The two nodes of two lists that are closest to each other.
function grid.closest(sources, targets)
  local least, from, to = math.huge, nil, nil
  for _, a in ipairs(sources) do
    for _, b in ipairs(targets) do
      local distance = geometry.distance_squared(a, b)
      if distance < least then least, from, to = distance, a, b end
    end
  end
  return from, to
end

--- Left-top tiles for a new pole at an end, best first: at a bare position, or round the edge of an entity, the closest
-- to `towards` first.
function grid.spots(pole, point, towards)
  local list = {}
  if point.entity then
    local box = point.entity.bounding_box
    local left, top = math.floor(box.left_top.x) - pole.tile_width, math.floor(box.left_top.y) - pole.tile_height
    local right, bottom = math.ceil(box.right_bottom.x), math.ceil(box.right_bottom.y)
    for x = left, right do
      for y = top, bottom do
        if x == left or x == right or y == top or y == bottom then list[#list + 1] = {x = x, y = y} end
      end
    end
  else
    local tile = field.tile({
      x = point.position.x - (pole.tile_width - 1) / 2, y = point.position.y - (pole.tile_height - 1) / 2,
    })
    for dx = -2, 2 do
      for dy = -2, 2 do list[#list + 1] = {x = tile.x + dx, y = tile.y + dy} end
    end
    towards = grid.centre(pole, tile)
  end
  for rank, tile in ipairs(list) do
    tile.rank, tile.distance = rank, geometry.distance_squared(grid.centre(pole, tile), towards)
  end
  table.sort(list, function(a, b)
    if a.distance ~= b.distance then return a.distance < b.distance end
    return a.rank < b.rank
  end)
  return list
end

--- Where the centre of a pole goes when its left-top tile is given.
function grid.centre(pole, tile)
  return {x = tile.x + pole.tile_width / 2, y = tile.y + pole.tile_height / 2}
end

--- The left-top tile of a pole that stands about `centre`.
function grid.corner(pole, centre)
  return {x = math.floor(centre.x - pole.tile_width / 2 + 0.5), y = math.floor(centre.y - pole.tile_height / 2 + 0.5)}
end

--- Whether a pole may stand with its left-top corner on a tile.
function grid.has_room(pole, map, tile)
  for x = tile.x, tile.x + pole.tile_width - 1 do
    for y = tile.y, tile.y + pole.tile_height - 1 do
      if map.held and map.held[field.key(x, y)] or not field.is_free(map, x, y) then return false end
    end
  end
  return true
end

--- Keeps the ground of a pole that will stand about `centre` free of others.
function grid.hold(pole, map, centre)
  local tile = grid.corner(pole, centre)
  map.held = {}
  for x = tile.x, tile.x + pole.tile_width - 1 do
    for y = tile.y, tile.y + pole.tile_height - 1 do map.held[field.key(x, y)] = true end
  end
end

return grid
