-- Entry point: one console command and the one event it needs.

local dispatch = require("dispatch")
local session = require("lib.session")
local walk = require("tools.walk")

script.on_init(session.prepare)
script.on_configuration_changed(session.prepare)
script.on_event(defines.events.on_script_path_request_finished, walk.path_finished)
commands.add_command("agent", "Runs one tool: JSON in, JSON out.", dispatch.command)
