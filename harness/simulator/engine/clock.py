"""Positions in `state.clock`, the world's counters."""

from __future__ import annotations

TICK = 0
"""Ticks run since the world began."""
NEXT_SERIAL = 1
NEXT_UNIT_NUMBER = 2
ENTITY_HINT = 3
"""No entity row below this is free."""
FREE_ENTITIES = 4
"""Free rows of the entity table: kernels can make no more than these."""
RANDOM = 5
"""State of the world's own generator of chance (`rows.chance`)."""
NEXT_ORDER = 6
"""Order of the next entry of a hand-crafting queue."""
NEXT_BELT_ITEM = 7
"""Number of the last item that was put on a belt."""
HAPPENED = 8
"""Notes in `Happenings`; a tick that leaves some is the last of its run."""
NEXT_PLACE = 9
"""The first place of the inserters' order that nobody has taken yet."""
LISTED_CONSUMERS = 10
"""Entries of `Listed`."""
CLOCK_FIELDS = 11
