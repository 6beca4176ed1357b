-- Machines that make things: assembling machines and their kin, furnaces, labs, rocket silos.

local contents = require("entity.contents")
local fluids = require("entity.fluids")
local ports = require("entity.ports")

local crafting = {}

local INVENTORY = defines.inventory

local function amounts(entries)
  local copies = {}
  for rank, entry in ipairs(entries) do
    local amount = entry.amount or ((entry.amount_min + entry.amount_max) / 2)
    copies[rank] = {name = entry.name, amount = amount, type = entry.type, probability = entry.probability}
  end
  return copies
end

--- A recipe as plain data.
function crafting.recipe(recipe)
  return {
    name = recipe.name,
    category = recipe.category,
    energy = recipe.energy,
    enabled = recipe.enabled,
    ingredients = amounts(recipe.ingredients),
    products = amounts(recipe.products),
  }
end

-- A recipe of one answer is often many machines'.
local function recipe_of(entity, memo)
  local recipe = entity.get_recipe()
  if not recipe then return nil end
  memo.recipes = memo.recipes or {}
  local name = recipe.name
  memo.recipes[name] = memo.recipes[name] or crafting.recipe(recipe)
  return memo.recipes[name]
end

local function split_points(entity, out)
  out.input_connection_points, out.output_connection_points = {}, {}
  if not out.recipe then return end
  for _, port in ipairs((ports.dry(entity.surface, ports.all(entity)))) do
    if port.fluid then
      local list = port.flow == "output" and out.output_connection_points or out.input_connection_points
      list[#list + 1] = {x = port.position.x, y = port.position.y, type = port.fluid}
    end
  end
end

--- Where the machine's recipe has pipes; with none in use, the place in front of it that a fluid recipe would use.
local function single_points(entity, out, about)
  local list = about.has_fluids and ports.all(entity) or {}
  if #list == 0 then list = {{position = ports.facing(out.position, entity.direction, about)}} end
  out.connection_points = ports.positions((ports.dry(entity.surface, list)), out.position)
end

local MULTI_FLUID = {["chemical-plant"] = true, ["oil-refinery"] = true}

local function inside(entity, out, called, notes, memo)
  out.recipe = recipe_of(entity, memo)
  out.assembling_machine_input = contents.read(entity, INVENTORY.crafter_input, notes, called .. " input is full")
  out.assembling_machine_output = contents.read(entity, INVENTORY.crafter_output, notes, called .. " output is full")
  out.assembling_machine_modules = contents.read(entity, INVENTORY.crafter_modules)
end

function crafting.assembling_machine(entity, out, about, notes, memo)
  inside(entity, out, "assembler", notes, memo)
  if about.has_fluids then fluids.boxes(entity, out) end
  if MULTI_FLUID[about.name] then split_points(entity, out) else single_points(entity, out, about) end
end

function crafting.furnace(entity, out, _, notes)
  out.furnace_source = contents.read(entity, INVENTORY.furnace_source, notes, "furnace source is full")
  out.furnace_result = contents.read(entity, INVENTORY.furnace_result, notes, "furnace result is full")
end

function crafting.lab(entity, out)
  out.lab_input = contents.read(entity, INVENTORY.lab_input)
  out.lab_modules = contents.read(entity, INVENTORY.lab_modules)
  local research = entity.force.current_research
  out.research = research and research.name or nil
end

function crafting.rocket_silo(entity, out, about, notes, memo)
  inside(entity, out, "rocket silo", notes, memo)
  local required = about.prototype.rocket_parts_required
  out.rocket_parts = entity.rocket_parts
  out.rocket_progress = out.rocket_parts / required * 100
  out.rocket_inventory = contents.read(entity, INVENTORY.rocket_silo_rocket, notes, "rocket silo rocket is full")
  if out.rocket_parts > 0 and out.rocket_parts < required then out.status = "preparing_rocket_for_launch" end
  local ready = entity.rocket_silo_status == defines.rocket_silo_status.rocket_ready
  notes.last[#notes.last + 1] = ready and "ready to launch" or "waiting for rocket parts"
end

return crafting
