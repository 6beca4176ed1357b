-- The global objects that need no engine: events, commands, replies, JSON, settings, remote interfaces, drawing.
local host = ...
local raw_type, raw_pcall, raw_tostring = host.raw_type, host.raw_pcall, tostring
local pairs, error, tostring, select, ipairs = host.pairs, error, tostring, select, ipairs
local convert = host.convert

storage = {}
global = nil

-- Functions of a plain global object behave as those of an API object: unknown members raise.
local libraries = {}
local function library(name, members)
  libraries[name] = members
  return setmetatable({}, {
    __index = function(_, key)
      local member = members[key]
      if member == nil then error(name .. " doesn't contain key " .. tostring(key) .. ".", 2) end
      return member
    end,
    __newindex = function(_, key)
      error(name .. " doesn't contain key " .. tostring(key) .. " that can be written.", 2)
    end,
    __metatable = "protected",
  })
end

-- For tests: the members of a global object, a line each, with their types.
function host.library_members(name)
  local lines = {}
  for key, member in pairs(libraries[name]) do lines[#lines + 1] = key .. " " .. raw_type(member) end
  return table.concat(lines, "\n")
end

local function expect(kind, value, what, level)
  if raw_type(value) ~= kind then
    error(what .. ": expected a " .. kind .. ", got " .. type(value) .. ".", (level or 2) + 1)
  end
end

-- script: the last registration for an event wins.

local handlers = { event = {}, nth = {}, init = {}, load = {}, changed = {} }
host.handlers = handlers

local function register(kind, key, handler)
  if handler ~= nil then expect("function", handler, "event handler", 3) end
  handlers[kind][key] = handler
  host.subscribe(kind, key, handler ~= nil)
end

local function each(value, act)
  if raw_type(value) == "table" then
    for _, item in ipairs(value) do act(item) end
  else
    act(value)
  end
end

local num_custom_events, next_custom_event = 0, host.first_custom_event

script = library("LuaBootstrap", {
  object_name = "LuaBootstrap",
  mod_name = host.mod_name,
  level = { is_simulation = false, level_name = "freeplay", mod_name = "base" },
  active_mods = host.active_mods,
  on_init = function(handler) register("init", 0, handler) end,
  on_load = function(handler) register("load", 0, handler) end,
  on_configuration_changed = function(handler) register("changed", 0, handler) end,
  on_event = function(events, handler)
    each(events, function(event)
      if raw_type(event) ~= "number" then
        error("script.on_event: expected an event id of defines.events, got " .. tostring(event) .. ".", 4)
      end
      register("event", event, handler)
    end)
  end,
  on_nth_tick = function(ticks, handler)
    if ticks == nil then
      for tick in pairs(handlers.nth) do register("nth", tick, nil) end
      return
    end
    each(ticks, function(tick)
      if raw_type(tick) ~= "number" or tick < 1 or tick ~= math.floor(tick) then
        error("script.on_nth_tick: expected a whole number of ticks of at least 1, got " .. tostring(tick) .. ".", 4)
      end
      register("nth", tick, handler)
    end)
  end,
  get_event_handler = function(event) return handlers.event[event] end,
  generate_event_name = function()
    num_custom_events = num_custom_events + 1
    return next_custom_event + num_custom_events - 1
  end,
  raise_event = function(event, data)
    data = data or {}
    data.name, data.tick = event, host.tick()
    host.raise(event, host.encode(data, "event"))
  end,
  register_metatable = function() end,
})

-- Called by Python. `data` is a text of storage.lua, or nil.
function host.dispatch(kind, key, data)
  local handler = handlers[kind][key]
  if not handler then return end
  if kind == "event" then return handler(host.decode(data)) end
  if kind == "nth" then return handler { nth_tick = key, tick = host.tick(), name = 0 } end
  return handler(data and host.decode(data))
end

function host.copy_handlers()
  local copy = {}
  for kind, table in pairs(handlers) do
    copy[kind] = {}
    for key, handler in pairs(table) do copy[kind][key] = handler end
  end
  return copy
end

function host.set_handlers(saved)
  for kind, table in pairs(handlers) do
    for key in pairs(table) do register(kind, key, nil) end
    for key, handler in pairs(saved[kind]) do register(kind, key, handler) end
  end
end

-- commands

local command_functions = {}
commands = library("LuaCommandProcessor", {
  object_name = "LuaCommandProcessor",
  add_command = function(name, help, handler)
    expect("string", name, "command name")
    expect("function", handler, "command handler")
    local taken = host.add_command(name, raw_tostring(help))
    if taken then error(taken, 2) end
    command_functions[name] = handler
  end,
  remove_command = function(name)
    local known = command_functions[name] ~= nil
    if known then host.remove_command(name) end
    command_functions[name] = nil
    return known
  end,
})

function host.run_command(name, parameter)
  command_functions[name] { name = name, tick = host.tick(), parameter = parameter }
end

-- rcon, log, helpers

rcon = library("LuaRCON", { object_name = "LuaRCON", print = function(value) host.reply(tostring(value)) end })

function log(value) host.log(raw_type(value) == "string" and value or serpent.line(value)) end
function localised_print(value) host.log(tostring(value)) end

helpers = library("LuaHelpers", {
  object_name = "LuaHelpers",
  game_version = host.game_version,
  table_to_json = function(value)
    if raw_type(value) ~= "table" then error("table_to_json: expected a table, got " .. type(value) .. ".", 2) end
    local ok, text = raw_pcall(host.to_json, value)
    if not ok then error(text, 2) end
    return text
  end,
  json_to_table = function(text)
    expect("string", text, "json_to_table")
    return host.from_json(text)
  end,
  write_file = function(filename, data, append)
    expect("string", filename, "write_file: filename")
    local text = raw_type(data) == "table" and serpent.line(data) or tostring(data)
    local problem = host.write_file(filename, text, append and true or false)
    if problem then error(problem, 2) end
  end,
  remove_path = function(path)
    expect("string", path, "remove_path")
    local problem = host.remove_file(path)
    if problem then error(problem, 2) end
  end,
  is_valid_sound_path = function() return false end,
  is_valid_sprite_path = function() return false end,
})

-- settings, remote, rendering

settings = library("LuaSettings", { object_name = "LuaSettings", global = {}, startup = {}, player_default = {} })

local interfaces = {}
local function plain(...)
  local values = { n = select("#", ...), ... }
  return host.encode(values, "remote argument")
end
local function unplain(text)
  local values = host.decode(text)
  return table.unpack(values, 1, values.n)
end

local function interface_functions(interface)
  local names = host.remote_names(interface)
  if not names then return nil end
  local functions = {}
  for name in names:gmatch("[^\n]+") do functions[name] = true end
  return functions
end

remote = library("LuaRemote", {
  object_name = "LuaRemote",
  interfaces = setmetatable({}, { __index = function(_, name) return interface_functions(name) end, __metatable = "protected" }),
  add_interface = function(name, functions)
    local taken = host.add_interface(name)
    if taken then error(taken, 2) end
    interfaces[name] = functions
  end,
  remove_interface = function(name)
    local known = interfaces[name] ~= nil
    if known then host.remove_interface(name) end
    interfaces[name] = nil
    return known
  end,
  call = function(interface, name, ...)
    local result, problem = host.remote_call(interface, name, plain(...))
    if problem then error(problem, 2) end
    return unplain(result)
  end,
})

function host.remote_functions(interface)
  local names = {}
  for name in pairs(interfaces[interface] or {}) do names[#names + 1] = name end
  return table.concat(names, "\n")
end

-- Called by Python for another script's remote.call.
function host.answer_remote(interface, name, arguments)
  local callee = interfaces[interface] and interfaces[interface][name]
  if not callee then error("No such function: " .. tostring(interface) .. "." .. tostring(name), 0) end
  return plain(callee(unplain(arguments)))
end

-- A headless server draws nothing; scripts may still ask it to.
local drawing = {}
for _, shape in ipairs { "line", "text", "circle", "rectangle", "arc", "polygon", "sprite", "light", "animation" } do
  drawing["draw_" .. shape] = function() return host.wrap("LuaRenderObject", host.next_drawing()) end
end
drawing.object_name = "LuaRendering"
drawing.clear = function() end
drawing.get_all_objects = function() return {} end
drawing.get_object_by_id = function() return nil end
rendering = library("LuaRendering", drawing)

-- defines, by name

local function constants(name, values)
  for key, value in pairs(values) do
    if raw_type(value) == "table" then values[key] = constants(name .. "." .. key, value) end
  end
  return values
end
defines = constants("defines", host.defines)

-- require: a mod's own files, `__base__` and the core library as far as we have written it.

local loaded, loading = {}, {}
local core = { util = host.make_util }

function require(name)
  expect("string", name, "require")
  if loaded[name] ~= nil then return loaded[name] end
  if core[name] then
    loaded[name] = core[name]()
    return loaded[name]
  end
  local code, chunk = host.read_module(name)
  if not code then error("module " .. name .. " not found; " .. chunk, 2) end
  if loading[chunk] then error("module " .. name .. " requires itself", 2) end
  if loaded[chunk] == nil then
    local run, message = host.load(code, "@" .. chunk, "t")
    if not run then error(message, 0) end
    loading[chunk] = true
    local result = run(name)
    loading[chunk] = nil
    loaded[chunk] = result == nil and true or result
  end
  loaded[name] = loaded[chunk]
  return loaded[name]
end

-- Entry points for Python: an error comes back as a text, never through Python's own exceptions.

local function describe(problem)
  if raw_type(problem) == "string" then return problem end
  if raw_type(problem) == "table" and not host.class(problem) and problem.message then return tostring(problem.message) end
  return tostring(problem)
end

local function outcome(ok, ...)
  if ok then return nil, ... end
  return describe((...))
end

-- A call from within a call (an event, a remote interface) goes on with what is left of the outer one's budget.
function host.enter(budget, seconds, f, ...)
  if not budget then return outcome(raw_pcall(f, ...)) end
  host.start_budget(budget, seconds)
  return host.end_budget(outcome(raw_pcall(f, ...)))
end

function host.run_code(code, chunk)
  local run, message = host.load(code, chunk, "t")
  if not run then error(message, 0) end
  return run()
end

function host.save_storage() return host.encode(storage, "storage") end

-- A storage is read first and adopted once all scripts' are known to be sound; until then the old one can come back.
local staged, replaced
function host.stage_storage(text)
  staged = host.decode(text)
end
function host.adopt_storage()
  host.forget_entities()
  storage, replaced, staged = staged, storage, nil
end
function host.give_back_storage()
  host.forget_entities()
  storage, replaced = replaced, nil
end
