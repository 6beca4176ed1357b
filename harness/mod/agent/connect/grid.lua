-- The poles there are, standing and planned, and which of them are on one network.

local field = require("connect.field")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local members = require("connect.members")
local order = require("lib.order")

local Grid = {}
Grid.__index = Grid

local grid = {}

-- How far from a bare position its pole may stand.
local NEAR = 2

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

--- Whether what fills a box is in the supply area of a pole about `centre`.
function grid.covers(prototype, centre, box)
  local reach = prototype.get_supply_area_distance()
  return centre.x + reach > box.left_top.x and centre.x - reach < box.right_bottom.x
    and centre.y + reach > box.left_top.y and centre.y - reach < box.right_bottom.y
end

--- Whether what fills a box is in a node's supply area.
function grid.supplies(node, box)
  local body = node.body
  return grid.covers(body.entity and body.entity.prototype or lookup.prototype(body.piece.name), node, box)
end

--- Nodes whose supply area covers an entity, the nearest first.
function Grid:covering(entity)
  local list, box = {}, entity.bounding_box
  for _, node in ipairs(self.nodes) do
    if grid.supplies(node, box) then list[#list + 1] = node end
  end
  return order.by(list, function(node) return geometry.distance_squared(node, entity.position) end)
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

--- Left-top tiles of a pole that stands round a box, `gap` tiles off, and supplies what fills it.
local function ring(pole, box, gap)
  local left, top = math.floor(box.left_top.x) - pole.tile_width - gap, math.floor(box.left_top.y) - pole.tile_height - gap
  local right, bottom = math.ceil(box.right_bottom.x) + gap, math.ceil(box.right_bottom.y) + gap
  local list = {}
  for x = left, right do
    for y = top, bottom do
      local tile = {x = x, y = y}
      local on_edge = x == left or x == right or y == top or y == bottom
      if on_edge and grid.covers(pole, grid.centre(pole, tile), box) then list[#list + 1] = tile end
    end
  end
  return list
end

--- Left-top tiles of a pole that stands about a position.
local function square(corner, reach)
  local list = {}
  for dx = -reach, reach do
    for dy = -reach, reach do list[#list + 1] = {x = corner.x + dx, y = corner.y + dy} end
  end
  return list
end

--- Left-top tiles for a new pole at an end, best first, in one list after another until they are empty: those closest to
-- a bare position, or those round an entity, further off each time, the closest to `towards` first.
function grid.spots(pole, point, towards, gap)
  local list
  if point.entity then
    list = ring(pole, point.entity.bounding_box, gap)
  else
    local corner = field.tile({
      x = point.position.x - (pole.tile_width - 1) / 2, y = point.position.y - (pole.tile_height - 1) / 2,
    })
    towards = grid.centre(pole, corner)
    list = gap == 0 and square(corner, NEAR) or {}
  end
  return order.by(list, function(tile) return geometry.distance_squared(grid.centre(pole, tile), towards) end)
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
