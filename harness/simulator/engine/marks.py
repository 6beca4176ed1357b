"""Bits of `Entities.marks`: what a script has forbidden or asked of one entity."""

from __future__ import annotations

INDESTRUCTIBLE = 1
"""`destructible` is false: damage does nothing."""

NOT_MINABLE = 2
"""`minable_flag` is false: neither hands nor `mine` take it down."""

NOT_ROTATABLE = 4
"""`rotatable` is false: `rotate` does not turn it."""

NOT_OPERABLE = 8
"""`operable` is false. Nothing here opens entities, so it is only remembered."""

TO_BE_LOOTED = 16
"""An item on the ground that characters pick up when they come near."""
