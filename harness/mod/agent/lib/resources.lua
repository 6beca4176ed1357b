-- What programs call resources.

local resources = {}

local SHORT = {["copper"] = "copper-ore", ["iron"] = "iron-ore", ["uranium"] = "uranium-ore"}

--- The game's name of a resource.
function resources.called(name)
  return SHORT[name] or name
end

return resources
