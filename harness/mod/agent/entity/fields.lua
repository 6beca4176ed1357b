-- The fields that each type of entity adds to the common ones.

local belts = require("entity.belts")
local geometry = require("lib.geometry")
local ports = require("entity.ports")
local stock = require("lib.stock")
local water = require("lib.water")

local fields = {}

local INVENTORY = defines.inventory

local function contents(entity, kind)
  return stock.contents(entity.get_inventory(kind)) or {}
end

local function positions(list)
  local points = {}
  for rank, port in ipairs(list) do points[rank] = port.position end
  return points
end

--- Non-empty fluid boxes and the segments they belong to.
local function fluids(entity, out)
  local fluidbox = entity.fluidbox
  out.fluid_box, out.fluid_systems = {}, {}
  for index = 1, #fluidbox do
    local content = fluidbox[index]
    if content then
      out.fluid_box[#out.fluid_box + 1] = {
        name = content.name, amount = content.amount, temperature = content.temperature,
      }
      if #out.fluid_systems == 0 then out.fluid_systems[1] = fluidbox.get_fluid_segment_id(index) end
    end
  end
end

local function connection_points(entity, out)
  local kept, wet = ports.dry(entity.surface, ports.all(entity))
  if wet > 0 then
    out.warnings[#out.warnings + 1] = "some connection points were filtered because they are in water"
  end
  out.connection_points = positions(kept)
  return kept
end

--- A machine that moves fluid but has none says it is not connected, whatever the engine calls it.
local function demand_fluid(entity, out)
  if #out.fluid_box > 0 then return end
  out.status = "not_connected"
  for _, port in ipairs(ports.all(entity)) do
    if port.connected then
      out.warnings[#out.warnings + 1] = "no fluid present in connections"
      return
    end
  end
  out.warnings[#out.warnings + 1] = "missing fluid connection"
end

local function fluid_handler(entity, out)
  fluids(entity, out)
  connection_points(entity, out)
  demand_fluid(entity, out)
end

local function storage_tank(entity, out)
  fluids(entity, out)
  connection_points(entity, out)
end

local function boiler(entity, out)
  fluids(entity, out)
  local inlets, steam = {}, nil
  for _, port in ipairs(ports.all(entity)) do
    if port.flow == "output" then steam = port.position else inlets[#inlets + 1] = port end
  end
  local kept, wet = ports.dry(entity.surface, inlets)
  if wet > 0 then
    out.warnings[#out.warnings + 1] = "some connection points were filtered because they are in water"
  end
  out.connection_points = positions(kept)
  if steam and water.at(entity.surface, steam) then
    out.warnings[#out.warnings + 1] = "steam output point was filtered because it is in water"
    steam = nil
  end
  out.steam_output_point = steam
  demand_fluid(entity, out)
end

-- Half a tile inside the outer tile: on the machine's edge, where programs expect a generator's points.
local function generator(entity, out)
  fluid_handler(entity, out)
  for _, position in ipairs(out.connection_points) do
    local heading = geometry.heading(position, entity.position)
    local inward = geometry.moved(position, heading, 0.5)
    position.x, position.y = inward.x, inward.y
  end
end

--- A recipe as plain data.
function fields.recipe(recipe)
  local function list(entries)
    local copies = {}
    for rank, entry in ipairs(entries) do
      local amount = entry.amount or ((entry.amount_min + entry.amount_max) / 2)
      copies[rank] = {name = entry.name, amount = amount, type = entry.type, probability = entry.probability}
    end
    return copies
  end
  return {
    name = recipe.name,
    category = recipe.category,
    energy = recipe.energy,
    enabled = recipe.enabled,
    ingredients = list(recipe.ingredients),
    products = list(recipe.products),
  }
end

local function labelled(port)
  return {x = port.position.x, y = port.position.y, type = port.fluid}
end

local function machine_ports(entity, out, recipe)
  out.input_connection_points, out.output_connection_points = {}, {}
  if not recipe then return end
  for _, port in ipairs((ports.dry(entity.surface, ports.all(entity)))) do
    if port.fluid then
      local list = port.flow == "output" and out.output_connection_points or out.input_connection_points
      list[#list + 1] = labelled(port)
    end
  end
end

local MULTI_FLUID = {["chemical-plant"] = true, ["oil-refinery"] = true}

local function assembling_machine(entity, out)
  local recipe = entity.get_recipe()
  out.recipe = recipe and fields.recipe(recipe) or nil
  out.assembling_machine_input = contents(entity, INVENTORY.crafter_input)
  out.assembling_machine_output = contents(entity, INVENTORY.crafter_output)
  out.assembling_machine_modules = contents(entity, INVENTORY.crafter_modules)
  if #entity.fluidbox > 0 then fluids(entity, out) end
  if MULTI_FLUID[entity.name] then
    machine_ports(entity, out, recipe)
    return
  end
  local point = ports.facing(entity)
  out.connection_points = water.at(entity.surface, point) and {} or {point}
end

local function resources(entity)
  local reach = entity.prototype.mining_drill_radius or 0.5
  local totals = {}
  local area = geometry.square(entity.position, reach)
  for _, resource in ipairs(entity.surface.find_entities_filtered{area = area, type = "resource"}) do
    local inside = math.abs(resource.position.x - entity.position.x) < reach
      and math.abs(resource.position.y - entity.position.y) < reach
    if inside and entity.prototype.resource_categories[resource.prototype.resource_category] then
      totals[resource.name] = (totals[resource.name] or 0) + resource.amount
    end
  end
  local list = {}
  for rank, name in ipairs(stock.names(totals)) do list[rank] = {name = name, count = totals[name]} end
  return list
end

local function mining_drill(entity, out)
  out.drop_position = geometry.rounded(entity.drop_position)
  out.resources = resources(entity)
  if #out.resources == 0 then
    out.status = "no_minable_resources"
  end
  if #entity.fluidbox > 0 then
    fluids(entity, out)
    connection_points(entity, out)
  end
end

local function inserter(entity, out)
  out.pickup_position = geometry.rounded(entity.pickup_position)
  out.drop_position = geometry.rounded(entity.drop_position)
end

local function furnace(entity, out)
  out.furnace_source = contents(entity, INVENTORY.furnace_source)
  out.furnace_result = contents(entity, INVENTORY.furnace_result)
end

local function container(entity, out)
  out.inventory = contents(entity, INVENTORY.chest)
end

local function lab(entity, out)
  out.lab_input = contents(entity, INVENTORY.lab_input)
  out.lab_modules = contents(entity, INVENTORY.lab_modules)
  local research = entity.force.current_research
  out.research = research and research.name or nil
end

local function pipe(entity, out)
  local fluidbox = entity.fluidbox
  local id = fluidbox.get_fluid_segment_id(1)
  local segment = id and fluidbox.get_fluid_segment_contents(1) or {}
  out.fluidbox_id = id
  out.flow_rate = 0
  out.contents = 0
  for _, name in ipairs(stock.names(segment)) do
    out.contents = out.contents + segment[name]
    out.fluid = name
  end
end

local function electric_pole(entity, out)
  out.flow_rate = 0
  local counts = entity.electric_network_statistics.input_counts
  for _, name in ipairs(stock.names(counts)) do out.flow_rate = out.flow_rate + counts[name] end
end

local function turret(entity, out)
  out.turret_ammo = contents(entity, INVENTORY.turret_ammo)
end

local function rocket_silo(entity, out)
  assembling_machine(entity, out)
  local required = entity.prototype.rocket_parts_required
  out.rocket_parts = entity.rocket_parts
  out.rocket_progress = entity.rocket_parts / required * 100
  out.rocket_inventory = contents(entity, INVENTORY.rocket_silo_rocket)
  if out.rocket_parts > 0 and out.rocket_parts < required then
    out.status = "preparing_rocket_for_launch"
  end
  local ready = entity.rocket_silo_status == defines.rocket_silo_status.rocket_ready
  out.warnings[#out.warnings + 1] = ready and "ready to launch" or "waiting for rocket parts"
end

local BY_TYPE = {
  ["transport-belt"] = belts.describe,
  ["underground-belt"] = belts.describe,
  ["splitter"] = belts.describe_splitter,
  ["offshore-pump"] = fluid_handler,
  ["pump"] = fluid_handler,
  ["generator"] = generator,
  ["storage-tank"] = storage_tank,
  ["boiler"] = boiler,
  ["assembling-machine"] = assembling_machine,
  ["mining-drill"] = mining_drill,
  ["inserter"] = inserter,
  ["furnace"] = furnace,
  ["container"] = container,
  ["logistic-container"] = container,
  ["lab"] = lab,
  ["pipe"] = pipe,
  ["pipe-to-ground"] = pipe,
  ["electric-pole"] = electric_pole,
  ["ammo-turret"] = turret,
  ["rocket-silo"] = rocket_silo,
}

--- Adds to `out` what the entity's type calls for; `out.warnings` is there already.
function fields.add(entity, out)
  if entity.burner then
    out.fuel = stock.contents(entity.burner.inventory)
  end
  out.electrical_id = entity.electric_network_id
  local describe = BY_TYPE[entity.type]
  if describe then describe(entity, out) end
end

return fields
