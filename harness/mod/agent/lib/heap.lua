-- A binary heap of values by number; equal numbers come out in the order they went in.

local heap = {}

function heap.new()
  return {size = 0, keys = {}, order = {}, values = {}, count = 0}
end

local function before(self, a, b)
  local left, right = self.keys[a], self.keys[b]
  if left ~= right then return left < right end
  return self.order[a] < self.order[b]
end

local function swap(self, a, b)
  self.keys[a], self.keys[b] = self.keys[b], self.keys[a]
  self.order[a], self.order[b] = self.order[b], self.order[a]
  self.values[a], self.values[b] = self.values[b], self.values[a]
end

function heap.push(self, key, value)
  self.size, self.count = self.size + 1, self.count + 1
  local at = self.size
  self.keys[at], self.order[at], self.values[at] = key, self.count, value
  while at > 1 do
    local parent = math.floor(at / 2)
    if not before(self, at, parent) then return end
    swap(self, at, parent)
    at = parent
  end
end

local function sink(self)
  local at = 1
  while true do
    local least, left = at, at * 2
    if left <= self.size and before(self, left, least) then least = left end
    if left + 1 <= self.size and before(self, left + 1, least) then least = left + 1 end
    if least == at then return end
    swap(self, at, least)
    at = least
  end
end

--- The value with the smallest key; nil when empty.
function heap.pop(self)
  if self.size == 0 then return nil end
  local value = self.values[1]
  swap(self, 1, self.size)
  self.keys[self.size], self.order[self.size], self.values[self.size] = nil, nil, nil
  self.size = self.size - 1
  sink(self)
  return value
end

return heap
