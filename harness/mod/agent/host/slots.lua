-- Inventories slot by slot: what lies in each, how worn it is, the bar and the filters.

local exact = require("host.exact")

local slots = {}

-- Which reading of a stack tells how worn it is, by item type.
local WEAR = {["ammo"] = "ammo", ["tool"] = "durability", ["repair-tool"] = "durability"}

local function wear_of(stack, name)
  local kind = WEAR[prototypes.item[name].type]
  return kind and exact.pack(stack[kind]) or nil
end

--- `{slot, item, count[, wear]}` of every stack.
function slots.read_stacks(inventory)
  local stacks = {}
  local left = inventory.get_item_count()
  for slot = 1, #inventory do
    if left <= 0 then break end
    local stack = inventory[slot]
    if stack.valid_for_read then
      local name, count = stack.name, stack.count
      stacks[#stacks + 1] = {slot, name, count, wear_of(stack, name)}
      left = left - count
    end
  end
  return stacks
end

--- Makes one stack of what `read_stacks` gave of it, without its slot at the front if `offset` is 0.
function slots.write_stack(stack, saved, offset)
  local name = saved[1 + offset]
  stack.set_stack{name = name, count = saved[2 + offset]}
  local worn, kind = saved[3 + offset], WEAR[prototypes.item[name].type]
  if worn and kind then stack[kind] = exact.unpack(worn) end
end

--- A stack that is not in a list: `{item, count}`, nil if it is empty.
function slots.read_one(stack)
  if not stack.valid_for_read then return nil end
  return {stack.name, stack.count}
end

local function read_filters(inventory)
  local found = {}
  for slot = 1, #inventory do
    local filter = inventory.get_filter(slot)
    if filter then found[#found + 1] = {slot, filter.name} end
  end
  return found
end

--- An inventory, nil if there is nothing to say of it.
function slots.read(inventory)
  local saved, some = {}, false
  if not inventory.is_empty() then saved.stacks, some = slots.read_stacks(inventory), true end
  if inventory.supports_bar() and inventory.get_bar() <= #inventory then saved.bar, some = inventory.get_bar(), true end
  if inventory.supports_filters() and inventory.is_filtered() then
    saved.filters, some = read_filters(inventory), true
  end
  return some and saved or nil
end

--- Makes an inventory what `slots.read` gave; what was in it goes.
function slots.write(inventory, saved)
  if not inventory.is_empty() then inventory.clear() end
  for _, filter in ipairs(saved.filters or {}) do inventory.set_filter(filter[1], filter[2]) end
  for _, stack in ipairs(saved.stacks or {}) do slots.write_stack(inventory[stack[1]], stack, 1) end
  if saved.bar then inventory.set_bar(saved.bar) end
end

--- All inventories of an entity: `{{id, inventory}, ...}`, nil if there is nothing in them.
function slots.read_all(entity)
  local all
  for id = 1, entity.get_max_inventory_index() do
    local inventory = entity.get_inventory(id)
    local saved = inventory and slots.read(inventory)
    if saved then
      all = all or {}
      all[#all + 1] = {id, saved}
    end
  end
  return all
end

function slots.write_all(entity, all)
  for _, entry in ipairs(all) do
    local inventory = entity.get_inventory(entry[1])
    if inventory then slots.write(inventory, entry[2]) end
  end
end

return slots
