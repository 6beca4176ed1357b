-- A binary heap of values by number; equal numbers come out in the order they went in.
-- A value that comes before all others stays out of the heap, in `first`: a search that goes straight on takes out what
-- it has just put in.

local heap = {}

local floor = math.floor

function heap.new()
  return {size = 0, keys = {}, order = {}, values = {}, count = 0, first = nil, first_key = nil, first_rank = nil}
end

local function rise(self, key, rank, value)
  local keys, order, values = self.keys, self.order, self.values
  local at = self.size + 1
  self.size = at
  while at > 1 do
    local parent = floor(at / 2)
    local above = keys[parent]
    if above < key or (above == key and order[parent] < rank) then break end
    keys[at], order[at], values[at] = above, order[parent], values[parent]
    at = parent
  end
  keys[at], order[at], values[at] = key, rank, value
end

function heap.push(self, key, value)
  local rank, least = self.count + 1, self.first_key or self.keys[1]
  self.count = rank
  if least and key >= least then return rise(self, key, rank, value) end
  if self.first_key then rise(self, self.first_key, self.first_rank, self.first) end
  self.first, self.first_key, self.first_rank = value, key, rank
end

--- Where a value of that key and rank goes when the place at the top is empty; what comes before it has moved up.
local function sink(self, key, rank)
  local keys, order, values, size = self.keys, self.order, self.values, self.size
  local at, child = 1, 2
  while child <= size do
    local least = keys[child]
    local other = child < size and keys[child + 1]
    if other and (other < least or (other == least and order[child + 1] < order[child])) then
      child, least = child + 1, other
    end
    if key < least or (key == least and rank < order[child]) then break end
    keys[at], order[at], values[at] = least, order[child], values[child]
    at, child = child, child * 2
  end
  return at
end

--- The value with the smallest key; nil when empty.
function heap.pop(self)
  if self.first_key then
    local value = self.first
    self.first, self.first_key, self.first_rank = nil, nil, nil
    return value
  end
  local keys, order, values, size = self.keys, self.order, self.values, self.size
  if size == 0 then return nil end
  local first, key, rank, last = values[1], keys[size], order[size], values[size]
  keys[size], order[size], values[size] = nil, nil, nil
  self.size = size - 1
  if size > 1 then
    local at = sink(self, key, rank)
    keys[at], order[at], values[at] = key, rank, last
  end
  return first
end

return heap
