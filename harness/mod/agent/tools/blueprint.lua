-- export_blueprint, import_blueprint: what stands in a place as a blueprint, and a blueprint built.
-- The text of a blueprint is the caller's work; here it is plain data.

local arguments = require("lib.arguments")
local clock = require("lib.clock")
local describe = require("blueprint.describe")
local erect = require("blueprint.erect")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local lookup = require("lib.lookup")
local plan = require("blueprint.plan")
local serialise = require("entity.serialise")
local session = require("lib.session")
local works = require("connect.works")

local MOST_ENTITIES = 500
-- Wiring splits and joins networks, which takes ever longer with more poles; a call must end well within its time.
local MOST_POLES = 200
local WIDEST = 400

local function area(args)
  local box = type(args.area) == "table" and args.area or {}
  local left_top, right_bottom = arguments.position(box, "left_top"), arguments.position(box, "right_bottom")
  local width, height = right_bottom.x - left_top.x, right_bottom.y - left_top.y
  if width < 0 or height < 0 or width > WIDEST or height > WIDEST then
    failure.raise("bad_argument", "area: expected a box of at most " .. WIDEST .. " tiles a side",
      {expected = WIDEST, found = geometry.show({x = width, y = height})})
  end
  return {left_top, right_bottom}
end

local function list_of(args, key)
  if args[key] == nil then return {} end
  if type(args[key]) ~= "table" then
    failure.raise("bad_argument", key .. ": expected a list", {found = tostring(args[key])})
  end
  return args[key]
end

--- The entities asked for, each once.
local function chosen(args)
  if args.entities == nil then
    return session.surface().find_entities_filtered{area = area(args), force = session.force()}
  end
  local list, seen = {}, {}
  for _, reference in ipairs(list_of(args, "entities")) do
    local entity = lookup.expect(arguments.entity({entity = reference}, "entity"), 0.5)
    local key = entity.name .. geometry.show(entity.position)
    if not seen[key] then list[#list + 1] = entity end
    seen[key] = true
  end
  return list
end

local function can_be_copied(entity)
  local items = entity.prototype.items_to_place_this
  return entity.type ~= "character" and items and items[1] and geometry.step(entity.direction) and true or false
end

--- From top to bottom and left to right, so that equal works give equal blueprints.
local function sorted(entities)
  local keyed = {}
  for _, entity in ipairs(entities) do
    if can_be_copied(entity) then
      keyed[#keyed + 1] = {entity = entity, x = entity.position.x, y = entity.position.y, name = entity.name}
    end
  end
  table.sort(keyed, function(a, b)
    if a.y ~= b.y then return a.y < b.y end
    if a.x ~= b.x then return a.x < b.x end
    return a.name < b.name
  end)
  local list = {}
  for rank, item in ipairs(keyed) do list[rank] = item.entity end
  return list
end

local function export(args)
  local entities = sorted(chosen(args))
  if #entities == 0 then
    failure.raise("not_found", "nothing there to copy into a blueprint",
      {expected = "buildings of your own", found = "none", hint = "look where they are with get_entities"})
  end
  if #entities > MOST_ENTITIES then
    failure.raise("bad_argument", "too much for one blueprint: " .. #entities .. " entities",
      {expected = MOST_ENTITIES, found = #entities, hint = "copy a smaller area"})
  end
  local described = {}
  for rank, entity in ipairs(entities) do described[rank] = describe.entity(entity) end
  return {entities = described, wires = describe.wires(entities)}
end

--- One entry of the request, so that nothing of an unexpected type goes further.
local function expect_entry(entry)
  if type(entry) ~= "table" then failure.raise("bad_argument", "entities: expected a list of entities", {found = tostring(entry)}) end
  arguments.string(entry, "name")
  arguments.position({position = {x = entry.x, y = entry.y}}, "position")
  arguments.number(entry, "direction", 0)
  for _, key in ipairs({"filters", "items"}) do
    for _, item in ipairs(list_of(entry, key)) do
      if type(item) ~= "table" then failure.raise("bad_argument", key .. ": expected a list of tables", {found = tostring(item)}) end
      arguments.string(item, "name")
      arguments.count(item, key == "filters" and "index" or "count")
    end
  end
  for _, key in ipairs({"recipe", "filter", "type", "input_priority", "output_priority", "filter_mode"}) do
    arguments.optional_string(entry, key)
  end
  for _, key in ipairs({"bar", "stack_size"}) do arguments.number(entry, key, 0) end
end

local function expect_wire(pair, list)
  for end_ = 1, 2 do
    local piece = type(pair) == "table" and list[pair[end_]]
    if not piece or piece.prototype.type ~= "electric-pole" then
      failure.raise("bad_argument", "wires: expected pairs of electric poles", {found = piece and piece.name or "nothing"})
    end
  end
end

local function expect_few_poles(list)
  local poles = 0
  for _, piece in ipairs(list) do
    if piece.prototype.type == "electric-pole" then poles = poles + 1 end
  end
  if poles > MOST_POLES then
    failure.raise("bad_argument", "entities: expected at most " .. MOST_POLES .. " electric poles, got " .. poles,
      {expected = MOST_POLES, found = poles, hint = "split the blueprint"})
  end
end

local function import(args)
  local position, turn = arguments.position(args, "position"), arguments.direction(args, "direction")
  local entries, wires = list_of(args, "entities"), list_of(args, "wires")
  if #entries == 0 or #entries > MOST_ENTITIES then
    failure.raise("bad_argument", "entities: expected 1 to " .. MOST_ENTITIES .. " of them, got " .. #entries,
      {expected = MOST_ENTITIES, found = #entries})
  end
  for _, entry in ipairs(entries) do expect_entry(entry) end
  local list = plan.read(entries, position, turn)
  expect_few_poles(list)
  for _, pair in ipairs(wires) do expect_wire(pair, list) end
  local ticks = works.walking_ticks(list)
  clock.expect(ticks, "build " .. #list .. " entities")
  local built = erect.build(list, wires)
  clock.charge(ticks)
  return serialise.list(built)
end

return {tools = {export_blueprint = export, import_blueprint = import}}
