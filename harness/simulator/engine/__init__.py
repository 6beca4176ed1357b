"""The engine of the embedded server: the game's world as arrays, and what a tick does to them.

It knows nothing of Lua or RCON. `world.World` is its front for Python; kernels are the modules beside it.
"""
