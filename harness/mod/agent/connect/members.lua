-- The whole of what a connection belongs to: the line of belts, the body of fluid, the electric network, the walls.

local session = require("lib.session")

local members = {}

local MAX_MEMBERS = 5000
local IS_LINE = {["transport-belt"] = true, ["underground-belt"] = true}
local PIPES = {"pipe", "pipe-to-ground"}

local function neighbours(belt)
  local list = {}
  local beside = belt.belt_neighbours
  for _, other in ipairs(beside.inputs) do list[#list + 1] = other end
  for _, other in ipairs(beside.outputs) do list[#list + 1] = other end
  if belt.type == "underground-belt" then list[#list + 1] = belt.neighbours end
  return list
end

--- All belts that lead to or from one, nearest first; splitters part lines.
function members.belts(anchor)
  local seen, list, head = {[anchor.unit_number] = true}, {anchor}, 1
  while head <= #list and #list < MAX_MEMBERS do
    for _, other in ipairs(neighbours(list[head])) do
      if IS_LINE[other.type] and not seen[other.unit_number] then
        seen[other.unit_number] = true
        list[#list + 1] = other
      end
    end
    head = head + 1
  end
  return list
end

--- All pipes of one body of fluid.
function members.pipes(anchor)
  local segment, list = anchor.fluidbox.get_fluid_segment_id(1), {}
  for _, pipe in ipairs(session.surface().find_entities_filtered{type = PIPES, force = session.force()}) do
    if pipe.fluidbox.get_fluid_segment_id(1) == segment then list[#list + 1] = pipe end
  end
  return list
end

--- All of our poles.
function members.all_poles()
  return session.surface().find_entities_filtered{type = "electric-pole", force = session.force()}
end

--- All poles of one network.
function members.poles(anchor)
  local network, list = anchor.electric_network_id, {}
  for _, pole in ipairs(members.all_poles()) do
    if pole.electric_network_id == network then list[#list + 1] = pole end
  end
  return list
end

--- All of our walls.
function members.walls(anchor)
  return session.surface().find_entities_filtered{name = anchor.name, force = session.force()}
end

return members
