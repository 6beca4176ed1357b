"""Runs the mod's pure Lua in a bare interpreter: what needs no game, tested without one."""

from typing import Any

from lupa import lua52

from harness.mod import mod_directory


def load(module: str) -> Any:
    """The table that `require(module)` gives inside the mod."""
    runtime = lua52.LuaRuntime(register_eval=False, unpack_returned_tuples=True)
    runtime.globals().package.path = f"{mod_directory()}/?.lua"
    return runtime, runtime.globals().require(module)
