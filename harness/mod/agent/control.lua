-- Entry point: one console command and the one event it needs.

local dispatch = require("dispatch")
local restore = require("host.restore")
local session = require("lib.session")
local walk = require("tools.walk")

-- A new world stands still until the host runs it, so that its age never depends on how long a start took.
script.on_init(function()
  session.prepare()
  game.tick_paused = true
end)
script.on_configuration_changed(session.prepare)
script.on_load(restore.listen)
script.on_event(defines.events.on_script_path_request_finished, walk.path_finished)
commands.add_command("agent", "Runs one tool: JSON in, JSON out.", dispatch.command)
