"""Ticks as scripts see them: at the beginning of a tick its events, then the world moves on to the next."""

from __future__ import annotations

from harness.simulator.lua.paths import raise_finished_paths
from harness.simulator.lua.scripts import Scripts


def step(scripts: Scripts, max_ticks: int) -> int:
    """Runs at least one tick and at most `max_ticks`, up to the next one a script must see; gives how many."""
    game = scripts.game
    scripts.dispatch_tick()
    raise_finished_paths(scripts)
    tick = game.world.tick
    wake = scripts.next_wake(tick)
    ticks = max_ticks if wake is None else min(max_ticks, wake - tick)
    if game.paths:
        ticks = 1  # asked for by the handlers of this very tick; answered at the next
    game.world.advance(ticks)
    return ticks
