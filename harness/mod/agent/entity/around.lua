-- Who stands beside whom: for a few entities by a search around each, for many by one search around them all.

local facts = require("entity.facts")
local geometry = require("lib.geometry")

local around = {}

local TOUCHING = 0.707
local FEW = 4
-- Reading so many others for each entity costs as much as a search around it.
local WORTH = 8
local CELL = 8

local function grown(box)
  return {
    {x = box[1].x - TOUCHING, y = box[1].y - TOUCHING}, {x = box[2].x + TOUCHING, y = box[2].y + TOUCHING},
  }
end

--- What others need to know of an entity that has a number.
function around.record(number, about, position, direction)
  return {number = number, name = about.name, position = position,
    box = geometry.footprint(about, position, direction)}
end

local function note(entity, known)
  local number = entity.unit_number
  if not number then return nil end
  if known[number] then return known[number] end
  local about = facts.of(entity.name)
  if about.type == "character" then return nil end
  return around.record(number, about, entity.position, entity.direction)
end

local function search(surface, force, area, known)
  local found = {}
  for _, entity in ipairs(surface.find_entities_filtered{area = area, force = force}) do
    found[#found + 1] = note(entity, known)
  end
  return found
end

local function row(here, other)
  return {
    unit_number = other.number,
    name = other.name,
    position = {x = other.position.x, y = other.position.y},
    direction = geometry.heading(here, other.position),
  }
end

local function beside(out, area, candidates)
  local list = {}
  for _, other in ipairs(candidates) do
    local box = other.box
    if other.number ~= out.id and box[1].x < area[2].x and box[2].x > area[1].x
      and box[1].y < area[2].y and box[2].y > area[1].y then
      list[#list + 1] = row(out.position, other)
    end
  end
  return list
end

local function bounds(areas)
  local left, top, right, bottom = math.huge, math.huge, -math.huge, -math.huge
  for _, area in ipairs(areas) do
    left, top = math.min(left, area[1].x), math.min(top, area[1].y)
    right, bottom = math.max(right, area[2].x), math.max(bottom, area[2].y)
  end
  return {{x = left, y = top}, {x = right, y = bottom}}
end

local function is_crowded(surface, force, areas)
  return surface.count_entities_filtered{area = bounds(areas), force = force} > WORTH * #areas
end

--- Candidates by the cells of a grid that their boxes cover, in the engine's order within each cell.
local function sorted_in(candidates)
  local cells = {}
  for rank, other in ipairs(candidates) do
    other.rank = rank
    for x = math.floor(other.box[1].x / CELL), math.floor(other.box[2].x / CELL) do
      for y = math.floor(other.box[1].y / CELL), math.floor(other.box[2].y / CELL) do
        local key = geometry.key(x, y)
        cells[key] = cells[key] or {}
        table.insert(cells[key], other)
      end
    end
  end
  return cells
end

local function near(cells, area)
  local list, seen = {}, {}
  for x = math.floor(area[1].x / CELL), math.floor(area[2].x / CELL) do
    for y = math.floor(area[1].y / CELL), math.floor(area[2].y / CELL) do
      for _, other in ipairs(cells[geometry.key(x, y)] or {}) do
        if not seen[other] then
          seen[other] = true
          list[#list + 1] = other
        end
      end
    end
  end
  table.sort(list, function(a, b) return a.rank < b.rank end)
  return list
end

--- Gives each described entity its `neighbours`: whoever touches its collision box grown by `TOUCHING`.
-- `waiting` is a list of `{out, box}`, all on one surface; `known` are records by number.
function around.fill(surface, force, waiting, known)
  local areas = {}
  for rank, entry in ipairs(waiting) do areas[rank] = grown(entry.box) end
  if #waiting <= FEW or is_crowded(surface, force, areas) then
    for rank, entry in ipairs(waiting) do
      entry.out.neighbours = beside(entry.out, areas[rank], search(surface, force, areas[rank], known))
    end
    return
  end
  local cells = sorted_in(search(surface, force, bounds(areas), known))
  for rank, entry in ipairs(waiting) do
    entry.out.neighbours = beside(entry.out, areas[rank], near(cells, areas[rank]))
  end
end

return around
