-- What a call of connect_entities would build, pair of ends after pair of ends, before anything is built.

local construct = require("lib.construct")
local field = require("connect.field")
local lookup = require("lib.lookup")
local session = require("lib.session")

local Plan = {}
Plan.__index = Plan

local plan = {}

--- A plan of nothing yet, on the field `map`.
function plan.new(map)
  return setmetatable({map = map, pieces = {}, turns = {}, wires = {}, route = {}, stock = {}, anchor = nil}, Plan)
end

--- Begins the way between the next two ends.
function Plan:begin()
  self.route[#self.route + 1] = {}
end

local function pass(self, body, position)
  local way = self.route[#self.route]
  way[#way + 1] = {position = position}
  -- A splitter parts lines: what was connected is the line that begins or ends at it.
  if not self.anchor or self.anchor.type == "splitter" then self.anchor = body end
end

--- Adds a piece `{name, position, direction, end_type}` to be built; returns its body on the field.
function Plan:add(piece)
  local prototype = lookup.prototype(piece.name)
  self.pieces[#self.pieces + 1] = piece
  local item = construct.item_of(prototype)
  self.stock[item] = self:left(item) - 1
  local body = field.put(self.map, piece, prototype)
  pass(self, body, piece.position)
  return body
end

--- Passes by a body that stands or is planned already.
function Plan:use(body)
  pass(self, body, body.piece and body.piece.position or body.entity.position)
end

--- Lets a body that stands or is planned face another way.
function Plan:turn(body, direction)
  if body.piece then
    body.piece.direction = direction
  elseif body.entity.direction ~= direction then
    self.turns[#self.turns + 1] = {entity = body.entity, direction = direction}
  end
end

--- Asks for one network of two poles; what the engine does not join by itself is wired.
function Plan:wire(body, other)
  self.wires[#self.wires + 1] = {body, other}
end

--- How many of an item are in hand beyond what is planned; negative if the plan wants more.
function Plan:left(item)
  if not self.stock[item] then self.stock[item] = session.inventory().get_item_count(item) end
  return self.stock[item]
end

--- How many of each item the pieces take.
function Plan:needs()
  local counts = {}
  for _, piece in ipairs(self.pieces) do
    local item = construct.item_of(lookup.prototype(piece.name))
    counts[item] = (counts[item] or 0) + 1
  end
  return counts
end

return plan
