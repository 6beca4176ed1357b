-- place_entity_next_to: builds against the side of something that stands already.

local arguments = require("lib.arguments")
local construct = require("lib.construct")
local facing = require("lib.facing")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local ground = require("lib.ground")
local serialise = require("entity.serialise")
local session = require("lib.session")
local stock = require("lib.stock")

local beside = {}

-- Of the collision box: what an inserter may also be put against the middle of a side of.
local LARGE = 2.6 - 1e-3

local ADVICE = "try another direction, more spacing or another reference position"

--- The first thing at the reference position that has a body, nil for open ground.
local function reference_at(position)
  for _, entity in ipairs(session.surface().find_entities_filtered{area = geometry.square(position, 0.5)}) do
    if entity.type ~= "character" and entity.type ~= "resource" and entity.type ~= "item-entity" then return entity end
  end
  return nil
end

local function reference_size(entity)
  if not entity or entity.type == "inserter" then return 1, 1 end
  return geometry.tile_size(entity.prototype, entity.direction)
end

local function up_to_half(value)
  return math.ceil(value * 2 - 1e-9) / 2
end

--- Centre of the new entity: half of both sizes away along the direction, rounded up to half tiles.
local function centre_beside(prototype, reference, entity, direction, spacing)
  local width, height = geometry.tile_size(prototype, direction)
  local reference_width, reference_height = reference_size(entity)
  local vertical = direction == 0 or direction == 8
  local span = vertical and (reference_height + height) or (reference_width + width)
  local centre = geometry.moved(reference, direction, math.ceil(span) / 2 + spacing)
  return {x = up_to_half(centre.x), y = up_to_half(centre.y)}
end

local MOVABLE = {
  ["inserter"] = true, ["transport-belt"] = true, ["underground-belt"] = true, ["splitter"] = true, ["container"] = true,
}

local function occupant(centre)
  for _, entity in ipairs(session.surface().find_entities_filtered{
    position = centre, radius = 0.5, force = session.force(),
  }) do
    if entity.type ~= "character" then return entity end
  end
  return nil
end

local DIRECTIONS = {0, 4, 8, 12}

--- Other spots for a small entity whose place is taken, best first: `{position, direction}` in API directions.
local function alternatives(prototype, reference, entity, direction)
  local list = {}
  if prototype.type == "inserter" and entity then
    local box = entity.prototype.collision_box
    local width, height = box.right_bottom.x - box.left_top.x, box.right_bottom.y - box.left_top.y
    if width >= LARGE and height >= LARGE then
      for _, side in ipairs(DIRECTIONS) do
        list[#list + 1] = {position = geometry.moved(entity.position, side, 2), direction = side}
      end
    end
  end
  for distance = 1, 3 do
    list[#list + 1] = {position = geometry.moved(reference, direction, distance), direction = direction}
    for _, side in ipairs(DIRECTIONS) do
      if side ~= direction then
        list[#list + 1] = {position = geometry.moved(reference, side, distance), direction = side}
      end
    end
  end
  return list
end

local function choose_alternative(prototype, reference, entity, direction)
  for _, option in ipairs(alternatives(prototype, reference, entity, direction)) do
    local engine = facing.engine(prototype, option.direction)
    if ground.cleared(prototype, option.position, engine, false) then return option end
  end
  return nil
end

local function expect_ore(prototype, position, direction)
  if prototype.type ~= "mining-drill" then return end
  local categories = prototype.resource_categories
  for _, ore in ipairs(session.surface().find_entities_filtered{
    area = geometry.footprint(prototype, position, direction), type = "resource",
  }) do
    if categories[ore.prototype.resource_category] then return end
  end
  failure.raise("no_resource", prototype.name .. " at " .. geometry.show(position) .. " would have nothing to mine",
    {expected = "a resource under it", found = "none", hint = "use nearest_buildable to find a place on a resource"})
end

local function blocked(prototype, site, reference)
  local engine = facing.engine(prototype, site.direction)
  local ok, problem = pcall(ground.refuse, prototype, site.position, engine, ADVICE)
  if not ok and failure.is(problem) then
    problem.message = problem.message .. ", asked for next to " .. geometry.show(reference)
  end
  error(problem, 0)
end

local function choose_site(prototype, reference, direction, spacing)
  local entity = reference_at(reference)
  local site = {position = centre_beside(prototype, reference, entity, direction, spacing), direction = direction}
  local taken = occupant(site.position)
  if taken then
    if MOVABLE[prototype.type] or taken.type == "electric-pole" then
      site = choose_alternative(prototype, reference, entity, direction) or blocked(prototype, site, reference)
    else
      blocked(prototype, site, reference)
    end
  end
  local engine = facing.engine(prototype, site.direction)
  expect_ore(prototype, site.position, engine)
  if not ground.cleared(prototype, site.position, engine, false) then blocked(prototype, site, reference) end
  return site.position, engine
end

--- Items on the ground at the spot go to the character, as far as it has room.
local function sweep(position)
  local own = session.inventory()
  for _, pile in ipairs(session.surface().find_entities_filtered{
    area = geometry.square(position, 0.5), type = "item-entity",
  }) do
    if own.get_insertable_count(pile.stack.name) >= pile.stack.count then
      own.insert(pile.stack)
      pile.destroy()
    end
  end
end

local function place_next_to(args)
  local name = arguments.string(args, "name")
  local reference = arguments.position(args, "reference_position")
  local direction = args.direction == nil and defines.direction.east or arguments.direction(args, "direction")
  local spacing = arguments.number(args, "spacing", 0)
  local prototype = construct.buildable(name)
  stock.require(session.inventory(), construct.item_of(prototype), 1)
  local character = session.character()
  local home = {x = character.position.x, y = character.position.y}
  local ok, position, engine = pcall(choose_site, prototype, reference, direction, spacing)
  local entity = ok and construct.build(prototype, position, engine)
  if not entity then
    character.teleport(home)
    if not ok then error(position, 0) end
    ground.refuse(prototype, position, engine, ADVICE)
  end
  sweep(position)
  return serialise.entity(entity)
end

beside.tools = {place_entity_next_to = place_next_to}

return beside
