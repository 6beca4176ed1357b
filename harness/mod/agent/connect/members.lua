-- The whole of what a connection belongs to: the line of belts, the body of fluid, the electric network, the walls.

local session = require("lib.session")

local members = {}

local MAX_MEMBERS = 5000
local IS_LINE = {["transport-belt"] = true, ["underground-belt"] = true}
local PIPES = {"pipe", "pipe-to-ground"}

--- Reads a belt: which belts lead to it and from it, and where the first of either stands.
local function read(belt, kind)
  local beside, others = belt.belt_neighbours, {}
  for _, other in ipairs(beside.inputs) do others[#others + 1] = other end
  for _, other in ipairs(beside.outputs) do others[#others + 1] = other end
  if kind == "underground-belt" then others[#others + 1] = belt.neighbours end
  local before, after = beside.inputs[1], beside.outputs[1]
  return others, {before = before and before.position, after = after and after.position}
end

--- All belts that lead to or from one, nearest first; splitters part lines. Also what stands before and after each, as
-- `serialise.list` takes it.
function members.belts(anchor)
  local seen, list, kinds, joints, head = {[anchor.unit_number] = true}, {anchor}, {anchor.type}, {}, 1
  while list[head] do
    local others, joint = read(list[head], kinds[head])
    joints[head] = joint
    for _, other in ipairs(#list < MAX_MEMBERS and others or {}) do
      local number = other.unit_number
      local kind = not seen[number] and other.type
      seen[number] = true
      if IS_LINE[kind] then
        list[#list + 1], kinds[#list + 1] = other, kind
      end
    end
    head = head + 1
  end
  return list, joints
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
