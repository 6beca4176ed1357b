-- Drills: what lies in their reach and where it goes.

local facts = require("entity.facts")
local fluids = require("entity.fluids")
local geometry = require("lib.geometry")
local stock = require("lib.stock")

local mining = {}

local ONE_TILE = 0.5

--- What a drill could mine as `{name, count}`, in the order of the names.
local function resources(entity, here, about)
  local reach = about.mining_radius or ONE_TILE
  local totals = {}
  for _, resource in ipairs(entity.surface.find_entities_filtered{area = geometry.square(here, reach), type = "resource"}) do
    local position = resource.position
    local inside = math.abs(position.x - here.x) < reach and math.abs(position.y - here.y) < reach
    if inside then
      local name = resource.name
      if about.resource_categories[facts.of(name).resource_category] then
        totals[name] = (totals[name] or 0) + resource.amount
      end
    end
  end
  local list = {}
  for rank, name in ipairs(stock.names(totals)) do list[rank] = {name = name, count = totals[name]} end
  return list
end

function mining.drill(entity, out, about, notes)
  out.drop_position = geometry.rounded(entity.drop_position)
  out.resources = resources(entity, out.position, about)
  if #out.resources == 0 then out.status = "no_minable_resources" end
  if about.has_fluids then
    fluids.boxes(entity, out)
    fluids.points(entity, out, notes)
  end
end

return mining
