-- Where pipes meet an entity: the tiles just outside its fluid connections, and which fluid belongs there.

local geometry = require("lib.geometry")
local water = require("lib.water")

local ports = {}

--- The fluid that a box holds or is meant for; nil if it takes any.
local function fluid_of(entity, fluidbox, index)
  local content = fluidbox[index]
  if content then return content.name end
  -- A pump that never ran has no content and no filter, but there is only one thing it could draw.
  if entity.type == "offshore-pump" then return "water" end
  local filter = fluidbox.get_filter(index)
  return filter and filter.name or nil
end

--- All surface connections of an entity as `{position, flow, fluid, connected, box}`, in the engine's order.
-- `position` is the tile centre outside; `flow` is "input", "output" or "input-output".
function ports.all(entity)
  local fluidbox = entity.fluidbox
  local found = {}
  for index = 1, #fluidbox do
    local fluid = fluid_of(entity, fluidbox, index)
    for _, connection in ipairs(fluidbox.get_pipe_connections(index)) do
      if connection.connection_type == "normal" then
        found[#found + 1] = {
          position = {x = connection.target_position.x, y = connection.target_position.y},
          flow = connection.flow_direction,
          fluid = fluid,
          connected = connection.target ~= nil,
          box = index,
        }
      end
    end
  end
  return found
end

--- The tile just outside a machine in the middle of the side it faces.
function ports.facing(position, direction, about)
  return geometry.moved(position, direction, about.tile_dimensions.tile_height / 2 + 0.5)
end

--- The connections that are not in water, and how many were.
function ports.dry(surface, list)
  local kept, wet = {}, 0
  for _, port in ipairs(list) do
    if water.at(surface, port.position) then wet = wet + 1 else kept[#kept + 1] = port end
  end
  return kept, wet
end

--- The places of connections: those north of the centre first, on either side farther rows before nearer ones, and of
-- a row the western before the eastern.
function ports.positions(list, centre)
  local points = {}
  for rank, port in ipairs(list) do points[rank] = port.position end
  table.sort(points, function(a, b)
    local up, down = a.y - centre.y, b.y - centre.y
    if (up < 0) ~= (down < 0) then return up < 0 end
    if up ~= down then return math.abs(up) > math.abs(down) end
    return a.x < b.x
  end)
  return points
end

return ports
