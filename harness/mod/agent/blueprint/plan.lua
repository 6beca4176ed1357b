-- What a blueprint would become on the map: every piece with its prototype, place and settings, all of it checked.

local construct = require("lib.construct")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local plan = {}

local FULL_TURN = 16
local MOST_FILTERS = 5

local function refuse(piece, expected, found, hint)
  failure.raise("bad_argument", piece.name .. " in the blueprint: expected " .. expected .. ", got " .. tostring(found),
    {expected = expected, found = tostring(found), hint = hint})
end

--- The prototype, if a player could build it.
local function placeable(name)
  local prototype = lookup.prototype(name)
  if prototype.items_to_place_this and prototype.items_to_place_this[1] then return prototype end
  failure.raise("bad_argument", name .. " cannot be built by hand", {expected = "a building", found = name})
end

local function read(entry, turn)
  local direction = entry.direction or 0
  local piece = {
    name = entry.name, prototype = placeable(entry.name), settings = entry, end_type = nil,
    direction = (direction + turn) % FULL_TURN,
  }
  if not geometry.step(piece.direction) then
    refuse(piece, "one of the directions 0, 4, 8 and 12", direction, "diagonal things are not offered")
  end
  if piece.prototype.type == "underground-belt" then piece.end_type = entry.type or "input" end
  piece.position = geometry.turned({x = entry.x, y = entry.y}, turn)
  return piece
end

local function corner(piece)
  local width, height = geometry.tile_size(piece.prototype, piece.direction)
  return piece.position.x - width / 2, piece.position.y - height / 2, width, height
end

--- Moves all pieces so that the left top corner of the whole lies on the tile of `position`.
local function anchor(list, position)
  local left, top = math.huge, math.huge
  for _, piece in ipairs(list) do
    local x, y = corner(piece)
    left, top = math.min(left, x), math.min(top, y)
  end
  local dx, dy = math.floor(position.x) - left, math.floor(position.y) - top
  for _, piece in ipairs(list) do
    piece.position = {x = piece.position.x + dx, y = piece.position.y + dy}
  end
end

--- Each tile is taken by one piece, and every piece lies on the grid.
local function check_tiles(list)
  local taken = {}
  for _, piece in ipairs(list) do
    local left, top, width, height = corner(piece)
    if left % 1 ~= 0 or top % 1 ~= 0 then
      refuse(piece, "a place on the grid of tiles", geometry.show(piece.position), "export it again in the game")
    end
    for x = left, left + width - 1 do
      for y = top, top + height - 1 do
        local key = x .. "," .. y
        if taken[key] then
          refuse(piece, "tiles of its own", "those of " .. taken[key], "no two things may overlap")
        end
        taken[key] = piece.name
      end
    end
  end
end

local function check_recipe(piece)
  local name = piece.settings.recipe
  if not name then return end
  local recipe = session.force().recipes[name]
  local categories = piece.prototype.crafting_categories
  if not recipe or piece.prototype.type ~= "assembling-machine" or not categories[recipe.category] then
    failure.raise("not_available", "could not set recipe of " .. piece.name .. " to " .. name
      .. (recipe and ", it cannot make it" or ", there is no such recipe"), {expected = piece.name, found = name})
  end
  if not recipe.enabled then
    failure.raise("locked", "could not set recipe of " .. piece.name .. " to " .. name .. ", it is not unlocked",
      {found = name, hint = "research its technology first"})
  end
end

-- Settings that only one type of entity has.
local BELONGS = {
  filter = "splitter", input_priority = "splitter", output_priority = "splitter", filters = "inserter",
  use_filters = "inserter", filter_mode = "inserter", stack_size = "inserter", bar = "container",
  type = "underground-belt",
}

local function check_settings(piece)
  for _, key in ipairs(stock.names(BELONGS)) do
    if piece.settings[key] ~= nil and piece.prototype.type ~= BELONGS[key] then
      refuse(piece, key .. " only for a " .. BELONGS[key], piece.prototype.type, "take it out of the blueprint")
    end
  end
  if piece.settings.filter then lookup.item(piece.settings.filter) end
  for _, filter in ipairs(piece.settings.filters or {}) do
    lookup.item(filter.name)
    if filter.index > MOST_FILTERS then refuse(piece, "filters 1 to " .. MOST_FILTERS, filter.index) end
  end
  for _, wanted in ipairs(piece.settings.items or {}) do lookup.item(wanted.name) end
  check_recipe(piece)
end

local function check_stock(list)
  local counts = {}
  for _, piece in ipairs(list) do
    local item = construct.item_of(piece.prototype)
    counts[item] = (counts[item] or 0) + 1
  end
  local missing, first = {}, nil
  for _, name in ipairs(stock.names(counts)) do
    local held = session.inventory().get_item_count(name)
    if held < counts[name] then
      first = first or {name = name, count = counts[name], held = held}
      missing[#missing + 1] = name .. " (" .. held .. " of " .. counts[name] .. ")"
    end
  end
  if first then
    failure.raise("missing_items", "not enough for the blueprint: " .. table.concat(missing, ", "),
      {expected = {name = first.name, count = first.count}, found = first.held, hint = "craft or fetch what is missing"})
  end
end

--- The pieces of a request, or a failure; the ground is looked at by `plan.check_ground`.
function plan.read(entries, position, turn)
  local list = {}
  for rank, entry in ipairs(entries) do list[rank] = read(entry, turn) end
  anchor(list, position)
  check_tiles(list)
  for _, piece in ipairs(list) do check_settings(piece) end
  check_stock(list)
  return list
end

--- The rectangle of tiles that the pieces cover.
function plan.box(list)
  local box = {left = math.huge, top = math.huge, right = -math.huge, bottom = -math.huge}
  for _, piece in ipairs(list) do
    local left, top, width, height = corner(piece)
    box.left, box.top = math.min(box.left, left), math.min(box.top, top)
    box.right, box.bottom = math.max(box.right, left + width), math.max(box.bottom, top + height)
  end
  return box
end

--- Raises unless every piece may stand where it shall.
function plan.check_ground(list)
  for _, piece in ipairs(list) do
    if not ground.allows(piece.name, piece.position, piece.direction, true) then
      ground.refuse(piece.prototype, piece.position, piece.direction, "clear the ground or choose another position")
    end
  end
end

return plan
