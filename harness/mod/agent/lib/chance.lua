-- The mod's own chance and noise, whole-number arithmetic only, so a seed gives one world on every server.

local chance = {}

local MODULUS = 2147483647
local MULTIPLIER = 48271
local WORD = 4294967296

--- The product of two 32-bit numbers modulo 2^32, exact in doubles.
local function multiply(a, b)
  local high, low = math.floor(a / 65536), a % 65536
  return (((high * b) % 65536) * 65536 + low * b) % WORD
end

local function scramble(value)
  value = bit32.bxor(value, bit32.rshift(value, 16))
  value = multiply(value, 0x85ebca6b)
  value = bit32.bxor(value, bit32.rshift(value, 13))
  value = multiply(value, 0xc2b2ae35)
  return bit32.bxor(value, bit32.rshift(value, 16))
end

--- A generator; `next(self, low, high)` gives a whole number in the closed range.
-- Source: minimal standard generator of Park and Miller with multiplier 48271 (CACM 36(7), 1993).
function chance.new(seed)
  local self = {state = scramble(seed % WORD) % (MODULUS - 1) + 1}
  return self
end

function chance.next(self, low, high)
  self.state = self.state * MULTIPLIER % MODULUS
  return low + self.state % (high - low + 1)
end

--- A number in [0, 1).
function chance.share(self)
  self.state = self.state * MULTIPLIER % MODULUS
  return self.state / MODULUS
end

--- Exchanges the entries of a list at random.
function chance.shuffle(self, list)
  for last = #list, 2, -1 do
    local other = chance.next(self, 1, last)
    list[last], list[other] = list[other], list[last]
  end
  return list
end

--- A fixed number in [0, 1) for a lattice point; `layer` tells one use of the same seed from another.
function chance.at(seed, layer, x, y)
  local mixed = multiply((x + 1048576) % WORD, 0x9e3779b1)
  mixed = scramble(bit32.bxor(mixed, multiply((y + 1048576) % WORD, 0x85ebca77)))
  mixed = scramble(bit32.bxor(mixed, multiply(seed % WORD, 0xc2b2ae3d)))
  return scramble(bit32.bxor(mixed, layer)) / WORD
end

local function smooth(t)
  return t * t * (3 - 2 * t)
end

--- Value noise in [0, 1): lattice numbers `scale` tiles apart, blended.
function chance.noise(seed, layer, x, y, scale)
  local left, top = math.floor(x / scale), math.floor(y / scale)
  local across, down = smooth(x / scale - left), smooth(y / scale - top)
  local above = chance.at(seed, layer, left, top) * (1 - across) + chance.at(seed, layer, left + 1, top) * across
  local below = chance.at(seed, layer, left, top + 1) * (1 - across) + chance.at(seed, layer, left + 1, top + 1) * across
  return above * (1 - down) + below * down
end

return chance
