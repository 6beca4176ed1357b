-- Builds the pieces of a plan and sets them up: all, or none and everything as it was.

local construct = require("lib.construct")
local ground = require("lib.ground")
local plan = require("blueprint.plan")
local session = require("lib.session")

local erect = {}

local INVENTORY = defines.inventory
local COPPER = defines.wire_connector_id.pole_copper
local MAX_ASIDE = 40

--- Where the character can stand off the ground to be built on, nearest first; nil if nowhere.
local function spot_aside(character, box)
  local here = {x = math.floor(character.position.x), y = math.floor(character.position.y)}
  local function outside(x, y)
    return x < box.left - 1 or x > box.right or y < box.top - 1 or y > box.bottom
  end
  if outside(here.x, here.y) then return character.position end
  local reach = MAX_ASIDE + math.max(box.right - box.left, box.bottom - box.top)
  for radius = 1, reach do
    for dx = -radius, radius do
      local step = math.abs(dx) == radius and 1 or 2 * radius
      for dy = -radius, radius, step do
        local x, y = here.x + dx, here.y + dy
        local spot = {x = x + 0.5, y = y + 0.5}
        if outside(x, y) and ground.allows("character", spot, 0, false) then return spot end
      end
    end
  end
  return nil
end

local function set_up(entity, settings)
  if settings.recipe then entity.set_recipe(settings.recipe) end
  if settings.input_priority then entity.splitter_input_priority = settings.input_priority end
  if settings.output_priority then entity.splitter_output_priority = settings.output_priority end
  if settings.filter then entity.splitter_filter = {name = settings.filter} end
  for _, filter in ipairs(settings.filters or {}) do entity.set_filter(filter.index, {name = filter.name}) end
  if settings.use_filters then entity.use_filters = true end
  if settings.filter_mode then entity.inserter_filter_mode = settings.filter_mode end
  if settings.stack_size then entity.inserter_stack_size_override = settings.stack_size end
  if settings.bar then
    local chest = entity.get_inventory(INVENTORY.chest)
    chest.set_bar(math.min(settings.bar, #chest) + 1)
  end
end

--- Puts in what was asked for, as far as it is held and fits.
local function fill(entity, settings)
  local own = session.inventory()
  for _, wanted in ipairs(settings.items or {}) do
    local held = math.min(wanted.count, own.get_item_count(wanted.name))
    if held > 0 then
      local modules = prototypes.item[wanted.name].type == "module" and entity.get_module_inventory()
      local put = (modules or entity).insert{name = wanted.name, count = held}
      if put > 0 then own.remove{name = wanted.name, count = put} end
    end
  end
end

local function join(first, second)
  local a, b = first.get_wire_connector(COPPER, true), second.get_wire_connector(COPPER, true)
  if a and b and not a.is_connected_to(b) then a.connect_to(b, true) end
end

--- Poles that were built are wired by themselves; a blueprint that says how is followed.
local function wire(built, wires)
  if #wires == 0 then return end
  local asked = {}
  for _, pair in ipairs(wires) do
    asked[pair[1] .. "-" .. pair[2]], asked[pair[2] .. "-" .. pair[1]] = true, true
    join(built[pair[1]], built[pair[2]])
  end
  local ranks = {}
  for rank, entity in ipairs(built) do
    if entity.type == "electric-pole" then ranks[entity.unit_number] = rank end
  end
  for rank, entity in ipairs(built) do
    local connector = ranks[entity.unit_number] and entity.get_wire_connector(COPPER, true)
    for _, connection in ipairs(connector and connector.connections or {}) do
      local other = ranks[connection.target.owner.unit_number]
      if other and not asked[rank .. "-" .. other] then connector.disconnect_from(connection.target) end
    end
  end
end

local function undo(built, list)
  for rank = #built, 1, -1 do
    local entity = built[rank]
    for _, wanted in ipairs(list[rank].settings.items or {}) do
      local put = entity.get_item_count(wanted.name)
      if put > 0 then session.inventory().insert{name = wanted.name, count = put} end
    end
    entity.destroy()
    session.inventory().insert{name = construct.item_of(list[rank].prototype), count = 1}
  end
end

local function raise_all(built, list, wires)
  for rank, piece in ipairs(list) do
    local entity = construct.build(piece.prototype, piece.position, piece.direction, piece.end_type)
    if not entity then ground.refuse(piece.prototype, piece.position, piece.direction) end
    built[rank] = entity
    set_up(entity, piece.settings)
  end
  wire(built, wires)
  for rank, piece in ipairs(list) do fill(built[rank], piece.settings) end
end

--- Builds a plan; the entities in its order.
function erect.build(list, wires)
  local character = session.character()
  local home = {x = character.position.x, y = character.position.y}
  local aside = spot_aside(character, plan.box(list))
  local built = {}
  local ok, problem = pcall(function()
    if aside then character.teleport(aside) end
    plan.check_ground(list)
    raise_all(built, list, wires)
  end)
  if ok then return built end
  undo(built, list)
  character.teleport(home)
  error(problem, 0)
end

return erect
