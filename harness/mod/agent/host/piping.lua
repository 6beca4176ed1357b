-- Fluids: of boxes that share a segment the segment once, of all others each box.

local exact = require("host.exact")

local piping = {}

-- Amounts of fluid are multiples of this, and shares of a segment are not: their sum is right but for the last bits.
local GRAIN = 2 ^ -24

local function add_share(segments, list, id, content, at)
  local segment = segments[id]
  if not segment then
    segment = {fluid = content.name, amount = 0, temperature = exact.pack(content.temperature), at = {}}
    segments[id] = segment
    list[#list + 1] = segment
  end
  segment.amount = segment.amount + content.amount
  local places = segment.at
  places[#places + 1] = at
end

--- `{fluid, amount, temperature, at}` of every segment and box that is not empty; `at` are the boxes it is in, each
-- `{x, y, name, index}`.
function piping.read(entities)
  local segments, list = {}, {}
  for _, entity in ipairs(entities) do
    local boxes = entity.fluidbox
    for index = 1, #boxes do
      local content = boxes[index]
      if content then
        local position = entity.position
        local at = {position.x, position.y, entity.name, index}
        local id = boxes.get_fluid_segment_id(index)
        if id then
          add_share(segments, list, id, content, at)
        else
          list[#list + 1] = {fluid = content.name, amount = exact.pack(content.amount),
            temperature = exact.pack(content.temperature), at = {at}}
        end
      end
    end
  end
  for _, segment in pairs(segments) do segment.amount = exact.pack(math.floor(segment.amount / GRAIN + 0.5) * GRAIN) end
  return list
end

--- Puts the members with one box first: what is put into one of several boxes may go to another.
local function by_boxes(places, find)
  local simple, others = {}, {}
  for _, at in ipairs(places) do
    local entity = find(at[1], at[2], at[3])
    local list = #entity.fluidbox == 1 and simple or others
    list[#list + 1] = entity
  end
  for _, entity in ipairs(others) do simple[#simple + 1] = entity end
  return simple
end

--- Fills boxes; `find(x, y, name)` gives a building.
function piping.write(list, find)
  for _, saved in ipairs(list) do
    local content = {name = saved.fluid, amount = exact.unpack(saved.amount), temperature = exact.unpack(saved.temperature)}
    local first = saved.at[1]
    local boxes = find(first[1], first[2], first[3]).fluidbox
    if boxes.get_fluid_segment_id(first[4]) then
      for _, entity in ipairs(by_boxes(saved.at, find)) do
        if content.amount <= 0 then break end
        content.amount = content.amount - entity.insert_fluid(content)
      end
    else
      boxes[first[4]] = content
    end
  end
end

--- Empties every box.
function piping.clear(entities)
  for _, entity in ipairs(entities) do
    if #entity.fluidbox > 0 then entity.clear_fluid_inside() end
  end
end

return piping
