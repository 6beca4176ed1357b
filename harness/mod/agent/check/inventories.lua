-- Looks over what a save says of inventories.

local expect = require("host.expect")

local inventories = {}

-- Machines that make things may hold more of one than a stack, as much as their recipes take and give.
local CRAFTERS = {["furnace"] = true, ["assembling-machine"] = true, ["rocket-silo"] = true}
-- Stacks that a slot of such a machine may come to, or this many items of what hardly stacks.
local STACKS, FEW = 10, 1000

local function last_inventory()
  local last = 0
  for _, id in pairs(defines.inventory) do last = math.max(last, id) end
  return last
end

local function most_in_slot(prototype, name, what)
  if not CRAFTERS[prototype.type] then return nil end
  return math.max(STACKS * expect.name("item", name, what).stack_size, FEW)
end

local function check_inventory(saved, prototype, size, what)
  for _, stack in ipairs(expect.list(expect.table(saved, what).stacks, what)) do
    expect.whole(expect.table(stack, what)[1], what .. ", slot", 1, size)
    expect.stack(stack[2], stack[3], what, most_in_slot(prototype, stack[2], what))
    expect.some_number(stack[4], what .. ", wear", 0, expect.MOST)
  end
  for _, filter in ipairs(expect.list(saved.filters, what)) do
    expect.whole(expect.table(filter, what)[1], what .. ", filtered slot", 1, size)
    expect.name("item", filter[2], what .. ", filter")
  end
  if saved.bar ~= nil then expect.whole(saved.bar, what .. ", bar", 1, size + 1) end
end

--- The inventories of a `prototype`, which may have `more` slots than it says.
function inventories.check(all, prototype, more, what)
  for _, entry in ipairs(expect.list(all, what)) do
    expect.whole(expect.table(entry, what)[1], what .. ", inventory", 1, last_inventory())
    local size = prototype.get_inventory_size(entry[1])
    check_inventory(entry[2], prototype, size and size + more or expect.MOST_SLOTS, what .. ", inventory " .. entry[1])
  end
end

return inventories
