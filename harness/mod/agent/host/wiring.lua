-- Wires between buildings. New poles connect themselves; where that gave other wires than saved, it is put right.

local wiring = {}

local function key(id, x, y, other)
  return id .. ":" .. x .. ":" .. y .. ":" .. other
end

--- `{connector, x, y, connector there}` of every wire of a building, nil for none.
function wiring.read(entity)
  local saved
  for id, connector in pairs(entity.get_wire_connectors(false)) do
    for _, wire in ipairs(connector.connections) do
      local target = wire.target
      local at = target.owner.position
      saved = saved or {}
      saved[#saved + 1] = {id, at.x, at.y, target.wire_connector_id}
    end
  end
  return saved
end

local function differs(entity, saved)
  local wanted, count = {}, 0
  for _, wire in ipairs(saved or {}) do
    wanted[key(wire[1], wire[2], wire[3], wire[4])] = true
    count = count + 1
  end
  for _, wire in ipairs(wiring.read(entity) or {}) do
    if not wanted[key(wire[1], wire[2], wire[3], wire[4])] then return true end
    count = count - 1
  end
  return count ~= 0
end

--- Gives buildings their wires; `find(x, y)` gives a building with wires.
function wiring.write(placed, list, find)
  local same = true
  for rank, entity in pairs(placed) do
    if differs(entity, list[rank].wires) then same = false end
  end
  if same then return end
  for _, entity in pairs(placed) do
    for _, connector in pairs(entity.get_wire_connectors(false)) do connector.disconnect_all() end
  end
  for rank, entity in pairs(placed) do
    for _, wire in ipairs(list[rank].wires or {}) do
      local target = find(wire[2], wire[3])
      local there = target.get_wire_connector(wire[4], true)
      local here = entity.get_wire_connector(wire[1], true)
      if not here.is_connected_to(there) then here.connect_to(there, false) end
    end
  end
end

return wiring
