-- extract_item, inspect_inventory: looks into things and takes out of them.

local arguments = require("lib.arguments")
local failure = require("lib.failure")
local geometry = require("lib.geometry")
local hold = require("lib.hold")
local lookup = require("lib.lookup")
local session = require("lib.session")
local stock = require("lib.stock")

local INVENTORY = defines.inventory

local EXTRACT_REACH = 10

local function source_candidates(args)
  local source = args.source
  if type(source) ~= "table" then
    failure.raise("bad_argument", "source: expected a position or an entity, got " .. tostring(source),
      {expected = "{position}", found = tostring(source), hint = "pass an entity or its position"})
  end
  local position = arguments.position(source, "position")
  local name = arguments.optional_string(source, "name")
  if name then lookup.prototype(name) end
  local found = session.surface().find_entities_filtered{
    area = geometry.square(position, EXTRACT_REACH), name = name, force = session.force(),
  }
  return lookup.by_distance(found, position), position, name
end

local function refuse(item, candidates, position, name)
  local from = (name or "anything") .. " at " .. geometry.show(position)
  local found = "nothing of yours stands within " .. EXTRACT_REACH .. " tiles"
  for _, entity in ipairs(candidates) do
    if entity.type ~= "character" then
      found = "the nearest, " .. entity.name .. " at " .. geometry.show(entity.position) .. ", holds "
        .. stock.show(hold.contents(entity), 5)
      break
    end
  end
  failure.raise("missing_items", "could not extract " .. item .. " from " .. from .. ", nothing there holds it, " .. found,
    {expected = item, found = found, hint = "look at what entities hold with get_entities, or wait until it is made"})
end

local function find_source(args, item)
  local candidates, position, name = source_candidates(args)
  for _, entity in ipairs(candidates) do
    if entity.type ~= "character" and hold.count(entity, item) > 0 then return entity end
  end
  return refuse(item, candidates, position, name)
end

--- Takes up to `count` of an item out of the containers in turn; returns how many came out.
local function take(containers, item, count, remove)
  local left = count
  for _, container in ipairs(containers) do
    if left > 0 then left = left - remove(container, {name = item, count = left}) end
  end
  return count - left
end

local function extract(args)
  local item = lookup.item(arguments.string(args, "item")).name
  local quantity = arguments.count(args, "quantity", 5)
  local entity = find_source(args, item)
  local own = session.inventory()
  local count = math.min(quantity, own.get_insertable_count(item))
  if count == 0 then
    stock.refuse_full(own, "could not extract " .. item .. " from " .. entity.name .. " at " .. geometry.show(entity.position),
      {[item] = math.min(quantity, hold.count(entity, item))})
  end
  local taken = take(hold.inventories(entity), item, count, function(inventory, stack) return inventory.remove(stack) end)
  taken = taken + take(hold.lines(entity), item, count - taken, function(line, stack) return line.remove_item(stack) end)
  own.insert{name = item, count = taken}
  return taken
end

local INSPECTED = {
  ["furnace"] = {INVENTORY.furnace_source, INVENTORY.furnace_result},
  ["assembling-machine"] = {INVENTORY.crafter_input, INVENTORY.crafter_output},
  ["rocket-silo"] = {INVENTORY.crafter_input, INVENTORY.crafter_output},
  ["lab"] = {INVENTORY.lab_input},
}

local function inspect(args)
  if args.entity == nil then return stock.contents(session.inventory()) end
  local entity = lookup.expect(arguments.entity(args, "entity"), 2, "could not inspect")
  local counts = {}
  for _, kind in ipairs(INSPECTED[entity.type] or {INVENTORY.chest}) do
    stock.add(counts, stock.contents(entity.get_inventory(kind)))
  end
  return counts
end

return {tools = {extract_item = extract, inspect_inventory = inspect}}
