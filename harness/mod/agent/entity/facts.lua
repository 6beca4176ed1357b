-- What the prototype of an entity says about it, read once and kept: prototypes never change while a game runs.

local facts = {}

local known = {}

local function read(prototype)
  local box = prototype.collision_box
  local electric = prototype.electric_energy_source_prototype
  return {
    name = prototype.name,
    type = prototype.type,
    prototype = prototype,
    collision_box = box,
    dimensions = {width = box.right_bottom.x - box.left_top.x, height = box.right_bottom.y - box.left_top.y},
    tile_dimensions = {tile_width = prototype.tile_width, tile_height = prototype.tile_height},
    electric = electric ~= nil,
    has_fluids = #prototype.fluidbox_prototypes > 0,
    burner = prototype.burner_prototype ~= nil,
    mining_radius = prototype.mining_drill_radius,
    resource_category = prototype.resource_category,
    resource_categories = prototype.resource_categories,
  }
end

--- The facts of the entity prototype called `name`.
function facts.of(name)
  local found = known[name]
  if not found then
    found = read(prototypes.entity[name])
    known[name] = found
  end
  return found
end

return facts
