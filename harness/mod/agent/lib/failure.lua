-- Structured errors. A tool raises one before it changes anything; the command boundary turns it into JSON.

local failure = {}

--- Raises a failure that a program can act on.
-- `fields` may carry `expected`, `found` and `hint`.
function failure.raise(code, message, fields)
  local problem = {code = code, message = message}
  for key, value in pairs(fields or {}) do
    problem[key] = value
  end
  error(problem, 0)
end

--- Whether a caught value is one of ours rather than a fault in the mod.
function failure.is(value)
  return type(value) == "table" and value.code ~= nil and value.message ~= nil
end

return failure
