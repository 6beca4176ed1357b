-- Which technology unlocks a recipe.

local unlocked_by

--- Recipe to technology, the first in the alphabet of several; prototypes never change, so once is enough.
local function survey()
  local names, found = {}, {}
  for name in pairs(prototypes.technology) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    for _, effect in ipairs(prototypes.technology[name].effects) do
      if effect.type == "unlock-recipe" then found[effect.recipe] = found[effect.recipe] or name end
    end
  end
  return found
end

--- The name of the technology that unlocks the recipe called `name`; nil if none does.
return function(name)
  unlocked_by = unlocked_by or survey()
  return unlocked_by[name]
end
