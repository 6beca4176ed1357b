"""What was made by hand (static) and what by machines (dynamic) between two readings of the statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from harness.game import ProductionStatistics

TICKS_PER_MINUTE = 3600


class Profile(NamedTuple):
    """Item or fluid -> amount, sorted by name, only what rose."""

    static: dict[str, float]
    dynamic: dict[str, float]


def production_profile(before: ProductionStatistics, after: ProductionStatistics) -> Profile:
    """Splits what was produced between two readings."""
    return Profile(*after.since(before).split())


def throughput(before: ProductionStatistics, after: ProductionStatistics) -> dict[str, float]:
    """Item or fluid -> made by machines per game minute between two readings; empty if no time passed.

    Over an accrual window no program runs, so nothing that a program carried or crafted can pass for production.
    """
    ticks = after.tick - before.tick
    if ticks <= 0:
        return {}
    made = production_profile(before, after).dynamic
    return {name: amount * TICKS_PER_MINUTE / ticks for name, amount in made.items()}
