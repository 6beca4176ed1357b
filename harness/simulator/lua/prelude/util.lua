-- The part of the core library `util` that scripts in this field use.
local host = ...
local pairs, raw_type = host.pairs, host.raw_type

local function deepcopy(value, copies)
  if raw_type(value) ~= "table" or host.class(value) then return value end
  copies = copies or {}
  if copies[value] then return copies[value] end
  local copy = {}
  copies[value] = copy
  for key, item in pairs(value) do copy[deepcopy(key, copies)] = deepcopy(item, copies) end
  return setmetatable(copy, getmetatable(value))
end

local function compare(left, right)
  if raw_type(left) ~= "table" or raw_type(right) ~= "table" then return left == right end
  for key, item in pairs(left) do
    if not compare(item, right[key]) then return false end
  end
  for key in pairs(right) do
    if left[key] == nil then return false end
  end
  return true
end

-- Expected amount of one product entry: the mean of its range, times its chance.
local function product_amount(product)
  local amount = product.amount or (product.amount_min + product.amount_max) / 2
  return amount * (product.probability or 1)
end

function host.make_util()
  local util = { product_amount = product_amount, copy = deepcopy, table = { deepcopy = deepcopy, compare = compare } }
  function util.distance(a, b)
    local dx, dy = (a.x or a[1]) - (b.x or b[1]), (a.y or a[2]) - (b.y or b[2])
    return math.sqrt(dx * dx + dy * dy)
  end
  function util.merge(tables)
    local merged = {}
    for _, each in ipairs(tables) do
      for key, item in pairs(each) do
        if raw_type(item) == "table" and raw_type(merged[key]) == "table" then
          merged[key] = util.merge { merged[key], item }
        else
          merged[key] = deepcopy(item)
        end
      end
    end
    return merged
  end
  function util.split(text, separator)
    local parts = {}
    for part in text:gmatch("([^" .. (separator or "%s") .. "]+)") do parts[#parts + 1] = part end
    return parts
  end
  return util
end
