"""The agent mod: Lua that the real game and the embedded server both run, shipped as package data.

This package only says where the mod is and what it contains; `python -m harness.mod` renews the content hash that the
mod carries and tells a host that asks.
"""

from __future__ import annotations

from harness.mod.content import compute_hash, mod_directory, mod_hash, mod_version

__all__ = ["compute_hash", "mod_directory", "mod_hash", "mod_version"]
