-- The shape of belts: what feeds a piece, where it leads, and whether it can take more.

local geometry = require("lib.geometry")
local stock = require("lib.stock")

local belts = {}

belts.types = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

local function point(position)
  return {x = position.x, y = position.y}
end

local function lane(entity, index)
  return stock.contents(entity.get_transport_line(index))
end

--- Whether neither lane has room at its back.
function belts.is_full(entity)
  return not entity.get_transport_line(1).can_insert_at_back()
    and not entity.get_transport_line(2).can_insert_at_back()
end

--- Fields of a belt or an underground belt.
function belts.describe(entity, out)
  local neighbours = entity.belt_neighbours
  local before, after = neighbours.inputs[1], neighbours.outputs[1]
  local here = entity.position
  out.input_position = before and point(before.position) or geometry.moved(here, geometry.opposite(entity.direction), 1)
  out.output_position = after and point(after.position) or geometry.moved(here, entity.direction, 1)
  out.is_source = before == nil
  out.is_terminus = after == nil
  out.inventory = {left = lane(entity, 1), right = lane(entity, 2)}
  if entity.type == "underground-belt" then
    local partner = entity.neighbours
    out.is_input = entity.belt_to_ground_type == "input"
    out.connected_to = partner and partner.unit_number or nil
    if out.is_input then out.is_terminus = partner == nil else out.is_source = partner == nil end
  end
end

-- The left lane's side first as seen facing north and east, mirrored for south and west.
local SIDES = {[0] = {-0.5, 0.5}, [4] = {-0.5, 0.5}, [8] = {0.5, -0.5}, [12] = {0.5, -0.5}}

function belts.describe_splitter(entity, out)
  local inputs, outputs = {}, {}
  local lengthwise = entity.direction == 0 or entity.direction == 8
  for rank, side in ipairs(SIDES[entity.direction]) do
    local beside = {x = entity.position.x + (lengthwise and side or 0), y = entity.position.y + (lengthwise and 0 or side)}
    inputs[rank] = geometry.moved(beside, geometry.opposite(entity.direction), 1)
    outputs[rank] = geometry.moved(beside, entity.direction, 1)
  end
  out.input_positions, out.output_positions = inputs, outputs
  out.inventory = {lane(entity, 1), lane(entity, 2)}
end

return belts
