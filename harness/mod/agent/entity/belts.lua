-- The shape of belts: what feeds a piece, where it leads, and whether it can take more.

local geometry = require("lib.geometry")
local stock = require("lib.stock")

local belts = {}

belts.types = {["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true}

local TAKERS = {"transport-belt", "underground-belt", "splitter", "loader", "loader-1x1", "assembling-machine"}

local function point(position)
  return {x = position.x, y = position.y}
end

--- Items that lie on a last belt stay there, unless something ahead could take them.
local function is_blocked(entity, out)
  if not out.is_terminus then return false end
  if not next(out.inventory.left) and not next(out.inventory.right) then return false end
  local ahead = entity.surface.find_entities_filtered{
    area = geometry.square(out.output_position, 0.1), type = TAKERS, limit = 1,
  }
  return #ahead == 0
end

local function refuses(line, counts)
  return next(counts) ~= nil and not line.can_insert_at_back()
end

local function warn(entity, out, left, right, notes)
  local list = notes.last
  if is_blocked(entity, out) then
    list[#list + 1] = "transport belt blocked at " .. geometry.show(out.position) .. ", nothing ahead takes its items"
  end
  if refuses(left, out.inventory.left) and refuses(right, out.inventory.right) then list[#list + 1] = "full" end
end

local function describe_underground(entity, out)
  local partner = entity.neighbours
  out.is_input = entity.belt_to_ground_type == "input"
  out.connected_to = partner and partner.unit_number or nil
  -- Lines 3 and 4 are the way underground.
  stock.add(out.inventory.left, stock.contents(entity.get_transport_line(3)))
  stock.add(out.inventory.right, stock.contents(entity.get_transport_line(4)))
  if out.is_input then out.is_terminus = partner == nil else out.is_source = partner == nil end
end

--- Where the first belts that lead to one and from it stand, as `{before, after}`.
local function joint_of(entity)
  local neighbours = entity.belt_neighbours
  local before, after = neighbours.inputs[1], neighbours.outputs[1]
  return {before = before and before.position, after = after and after.position}
end

local function contents(line)
  -- Asking for the number first is cheaper where there is nothing, as on most belts of a new line.
  return #line > 0 and stock.contents(line) or {}
end

--- Fields of a belt or an underground belt. `memo.joint` is what stands before and after it, where that is known.
function belts.describe(entity, out, about, notes, memo)
  local joint, here, heading = memo.joint or joint_of(entity), out.position, out.direction
  local before, after = joint.before, joint.after
  local left, right = entity.get_transport_line(1), entity.get_transport_line(2)
  out.input_position = before and point(before) or geometry.moved(here, geometry.opposite(heading), 1)
  out.output_position = after and point(after) or geometry.moved(here, heading, 1)
  out.is_source = before == nil
  out.is_terminus = after == nil
  out.inventory = {left = contents(left), right = contents(right)}
  if about.type == "underground-belt" then describe_underground(entity, out) end
  warn(entity, out, left, right, notes)
end

-- The left lane's side first as seen facing north and east, mirrored for south and west.
local SIDES = {[0] = {-0.5, 0.5}, [4] = {-0.5, 0.5}, [8] = {0.5, -0.5}, [12] = {0.5, -0.5}}

function belts.describe_splitter(entity, out)
  local heading, here = out.direction, out.position
  local inputs, outputs = {}, {}
  local lengthwise = heading == 0 or heading == 8
  for rank, side in ipairs(SIDES[heading]) do
    local beside = {x = here.x + (lengthwise and side or 0), y = here.y + (lengthwise and 0 or side)}
    inputs[rank] = geometry.moved(beside, geometry.opposite(heading), 1)
    outputs[rank] = geometry.moved(beside, heading, 1)
  end
  out.input_positions, out.output_positions = inputs, outputs
  out.inventory = {stock.contents(entity.get_transport_line(1)), stock.contents(entity.get_transport_line(2))}
end

return belts
