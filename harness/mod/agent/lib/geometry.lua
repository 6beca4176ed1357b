-- Plane geometry in tiles: x grows east, y grows south.

local geometry = {}

function geometry.distance_squared(a, b)
  local dx, dy = a.x - b.x, a.y - b.y
  return dx * dx + dy * dy
end

function geometry.distance(a, b)
  return math.sqrt(geometry.distance_squared(a, b))
end

--- The axis-aligned square of half side `reach` around a position.
function geometry.square(position, reach)
  return {
    {x = position.x - reach, y = position.y - reach},
    {x = position.x + reach, y = position.y + reach},
  }
end

--- One number for a pair of whole ones, for tables of tiles.
function geometry.key(x, y)
  return x * 4194304 + y
end

function geometry.tile_centre(position)
  return {x = math.floor(position.x) + 0.5, y = math.floor(position.y) + 0.5}
end

function geometry.round_half(value)
  return math.floor(value * 2 + 0.5) / 2
end

function geometry.rounded(position)
  return {x = geometry.round_half(position.x), y = geometry.round_half(position.y)}
end

local STEPS = {[0] = {x = 0, y = -1}, [4] = {x = 1, y = 0}, [8] = {x = 0, y = 1}, [12] = {x = -1, y = 0}}

--- The unit step of a cardinal direction.
function geometry.step(direction)
  return STEPS[direction]
end

function geometry.moved(position, direction, distance)
  local step = STEPS[direction]
  return {x = position.x + step.x * distance, y = position.y + step.y * distance}
end

--- The cardinal direction that points from one position to another, by the longer axis.
function geometry.heading(from, to)
  local dx, dy = to.x - from.x, to.y - from.y
  if math.abs(dx) > math.abs(dy) then
    return dx > 0 and 4 or 12
  end
  return dy > 0 and 8 or 0
end

function geometry.opposite(direction)
  return (direction + 8) % 16
end

--- An offset given for north, turned to a cardinal direction.
function geometry.turned(offset, direction)
  if direction == 4 then return {x = -offset.y, y = offset.x} end
  if direction == 8 then return {x = -offset.x, y = -offset.y} end
  if direction == 12 then return {x = offset.y, y = -offset.x} end
  return {x = offset.x, y = offset.y}
end

--- Width and height in tiles of a prototype that faces `direction`.
function geometry.tile_size(prototype, direction)
  if direction == 4 or direction == 12 then
    return prototype.tile_height, prototype.tile_width
  end
  return prototype.tile_width, prototype.tile_height
end

--- The collision box of a prototype at a position, turned.
function geometry.footprint(prototype, position, direction)
  local box = prototype.collision_box
  local a = geometry.turned(box.left_top, direction)
  local b = geometry.turned(box.right_bottom, direction)
  return {
    {x = position.x + math.min(a.x, b.x), y = position.y + math.min(a.y, b.y)},
    {x = position.x + math.max(a.x, b.x), y = position.y + math.max(a.y, b.y)},
  }
end

--- Where the centre of a building belongs that is turned from one direction to another. A quarter turn of one with an
-- odd and an even side moves it by half a tile each way, south east to lie along x and back again to lie along y.
function geometry.centre_turned(prototype, position, from, to)
  local moves = (to - from) % 8 == 4 and (prototype.tile_width - prototype.tile_height) % 2 == 1
  local half = not moves and 0 or (to == 4 or to == 12) and 0.5 or -0.5
  return {x = position.x + half, y = position.y + half}
end

--- Where the game's grid puts the centre of a building asked for at `position`.
function geometry.snapped(prototype, position, direction)
  local width, height = geometry.tile_size(prototype, direction)
  local function snap(value, size)
    if size % 2 == 1 then return math.floor(value) + 0.5 end
    return math.floor(value + 0.5)
  end
  return {x = snap(position.x, width), y = snap(position.y, height)}
end

local NAMES = {[0] = "UP", [4] = "RIGHT", [8] = "DOWN", [12] = "LEFT"}

--- The word programs use for a direction.
function geometry.named(direction)
  return NAMES[direction] or tostring(direction)
end

function geometry.show(position)
  -- Adding 0 makes 0 of minus 0.
  return string.format("(%g, %g)", position.x + 0, position.y + 0)
end

--- A distance that is more than `limit`, with as many digits as it takes to say so.
function geometry.show_beyond(distance, limit)
  for digits = 1, 3 do
    local text = string.format("%." .. digits .. "f", distance)
    if tonumber(text) > limit then return text .. " tiles" end
  end
  return string.format("just over %g tiles", limit)
end

return geometry
