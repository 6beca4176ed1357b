-- The command: reads JSON, finds the tool, and answers one line of JSON. The only place that catches errors.

local clock = require("lib.clock")
local failure = require("lib.failure")
local session = require("lib.session")

local dispatch = {}

local MODULES = {
  "tools.build", "tools.beside", "tools.walk", "tools.nearest", "tools.patch", "tools.buildable",
  "tools.insert", "tools.extract", "tools.pickup", "tools.shift",
  "tools.craft", "tools.harvest", "tools.observe", "tools.machine", "tools.research", "tools.wait", "tools.connect",
  "tools.blueprint",
  "host.session", "host.report", "host.save", "host.restore", "host.members",
}

local function load_tools()
  local tools = {}
  for _, name in ipairs(MODULES) do
    for tool, run in pairs(require(name).tools) do tools[tool] = run end
  end
  return tools
end

local TOOLS = load_tools()

local function run(request)
  local tool = TOOLS[request.tool]
  if not tool then
    failure.raise("unknown_tool", "there is no tool called " .. tostring(request.tool),
      {expected = "the name of a tool", found = tostring(request.tool), hint = "see the API reference"})
  end
  return tool(type(request.args) == "table" and request.args or {})
end

local function answer_problem(reply, problem)
  reply.ok = false
  if failure.is(problem) then
    reply.error = problem
  else
    reply.error = {code = "internal", message = "fault in the mod: " .. tostring(problem)}
  end
end

--- Runs one request; the ticks it was charged start to run when the command is over.
function dispatch.answer(request)
  local left = clock.left()
  if left > 0 then return {id = request.id, ok = false, busy = left} end
  clock.begin(tonumber(request.most))
  session.begin()
  local reply = {id = request.id, tick = game.tick}
  local ok, result, token = pcall(run, request)
  session.finish()
  if ok then
    reply.ok, reply.result, reply.pending = true, result, token
  else
    answer_problem(reply, result)
  end
  reply.ticks = clock.charged()
  clock.release()
  return reply
end

--- Handler of the console command.
function dispatch.command(event)
  session.prepare()
  local request = event.parameter and helpers.json_to_table(event.parameter)
  if type(request) ~= "table" then
    rcon.print(helpers.table_to_json({ok = false, error = {
      code = "bad_request", message = "expected one JSON object after the command",
    }, ticks = 0, tick = game.tick}))
    return
  end
  rcon.print(helpers.table_to_json(dispatch.answer(request)))
end

return dispatch
