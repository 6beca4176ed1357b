-- Fluid in machines and pipes, and where pipes join on.

local ports = require("entity.ports")
local stock = require("lib.stock")

local fluids = {}

local IN_WATER = "some connection points were filtered because they are in water"
local STEAM_IN_WATER = "steam output point was filtered because it is in water"
local EMPTY = "no fluid present in connections"
local UNCONNECTED = "missing fluid connection"

local function warn(notes, text)
  notes.last[#notes.last + 1] = text
end

--- Non-empty fluid boxes and the segment of the first of them.
function fluids.boxes(entity, out)
  local fluidbox = entity.fluidbox
  out.fluid_box, out.fluid_systems = {}, {}
  for index = 1, #fluidbox do
    local content = fluidbox[index]
    if content then
      out.fluid_box[#out.fluid_box + 1] = {
        name = content.name, amount = content.amount, temperature = content.temperature,
      }
      if #out.fluid_box == 1 then out.fluid_systems[1] = fluidbox.get_fluid_segment_id(index) end
    end
  end
end

local function put_dry(entity, out, list, notes)
  local kept, wet = ports.dry(entity.surface, list)
  if wet > 0 then warn(notes, IN_WATER) end
  out.connection_points = ports.positions(kept, out.position)
end

--- The places on land where pipes join on.
function fluids.points(entity, out, notes)
  put_dry(entity, out, ports.all(entity), notes)
end

--- A machine that moves fluid but has none says it is not connected, whatever the engine calls it.
local function demand_fluid(out, list, notes)
  if #out.fluid_box > 0 then return end
  out.status = "not_connected"
  for _, port in ipairs(list) do
    if port.connected then return warn(notes, EMPTY) end
  end
  warn(notes, UNCONNECTED)
end

--- A pump, an offshore pump or a generator.
function fluids.handler(entity, out, _, notes)
  local list = ports.all(entity)
  fluids.boxes(entity, out)
  put_dry(entity, out, list, notes)
  demand_fluid(out, list, notes)
end

function fluids.tank(entity, out, _, notes)
  fluids.boxes(entity, out)
  fluids.points(entity, out, notes)
end

--- A boiler or heat exchanger: water goes through, steam comes out in front.
function fluids.boiler(entity, out, _, notes)
  fluids.boxes(entity, out)
  local list, inlets, steam = ports.all(entity), {}, {}
  for _, port in ipairs(list) do
    local side = port.flow == "output" and steam or inlets
    side[#side + 1] = port
  end
  put_dry(entity, out, inlets, notes)
  local kept, wet = ports.dry(entity.surface, steam)
  if wet > 0 then warn(notes, STEAM_IN_WATER) end
  out.steam_output_point = kept[1] and kept[1].position or nil
  demand_fluid(out, list, notes)
end

local function content_of(fluidbox)
  local contents, amount, fluid = fluidbox.get_fluid_segment_contents(1) or {}, 0, nil
  for _, name in ipairs(stock.names(contents)) do
    amount, fluid = amount + contents[name], name
  end
  return {amount = amount, fluid = fluid}
end

--- A piece of pipe tells what its whole segment holds. The engine has no flow through a single pipe: always 0.
function fluids.pipe(entity, out, _, _, memo)
  local fluidbox = entity.fluidbox
  local id = fluidbox.get_fluid_segment_id(1)
  memo.segments = memo.segments or {}
  local segment = id and (memo.segments[id] or content_of(fluidbox)) or {amount = 0}
  if id then memo.segments[id] = segment end
  out.fluidbox_id, out.flow_rate, out.contents, out.fluid = id, 0, segment.amount, segment.fluid
end

return fluids
