-- Numbers that come back as they were. The game's JSON writer rounds fractions; text with 17 digits does not.

local exact = {}

-- Positions are 256ths of a tile, which JSON keeps.
local KEPT = 256

--- A number as the save keeps it: itself if JSON cannot harm it, else text.
function exact.pack(value)
  if value * KEPT == math.floor(value * KEPT) then return value end
  return string.format("%.17g", value)
end

--- `exact.pack`, nil for nothing and for 0.
function exact.pack_some(value)
  if not value or value == 0 then return nil end
  return exact.pack(value)
end

--- The inverse; 0 for nil.
function exact.unpack(saved)
  return tonumber(saved or 0)
end

return exact
