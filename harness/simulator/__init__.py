"""The embedded server: a headless server that speaks the real one's command line, RCON and Lua runtime API.

`engine` is the world, `lua` runs scripts against it, `rcon` talks to clients, and `server` keeps the time. It can be
shipped alone: it imports nothing of the harness but `core` and `data`.
"""
