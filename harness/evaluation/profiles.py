"""What was made by hand (static) and what by machines (dynamic) between two readings of the statistics."""

from __future__ import annotations

from typing import NamedTuple

from harness.evaluation.slot import Production

TOLERANCE = 1e-9
"""Amounts of fluids are fractions; differences below this are rounding."""


class Profile(NamedTuple):
    """Item or fluid -> amount, sorted by name, only what rose."""

    static: dict[str, float]
    dynamic: dict[str, float]


def production_profile(before: Production, after: Production) -> Profile:
    """Splits what was produced between two readings.

    An item's static amount is what was harvested and crafted of it, its dynamic amount whatever was produced beyond.
    Items of which no more was produced than before are left out of both.

    Source: the achievements of the reference environment, "Between two statistics snapshots: static = harvested delta
    + sum of outputs of new crafted entries; if produced - static > 0 report it as dynamic".
    """
    static: dict[str, float] = {}
    dynamic: dict[str, float] = {}
    for name in sorted(after.produced):
        produced = after.produced[name] - before.produced.get(name, 0)
        if produced <= TOLERANCE:
            continue
        harvested = after.harvested.get(name, 0) - before.harvested.get(name, 0)
        crafted = after.crafted.get(name, 0) - before.crafted.get(name, 0)
        by_hand = harvested + crafted
        if by_hand > TOLERANCE:
            static[name] = by_hand
        if produced - by_hand > TOLERANCE:
            dynamic[name] = produced - by_hand
    return Profile(static, dynamic)


TICKS_PER_MINUTE = 3600


def throughput(before: Production, after: Production) -> dict[str, float]:
    """Item or fluid -> made by machines per game minute between two readings; empty if no time passed.

    Over an accrual window no program runs, so nothing that a program carried or crafted can pass for production.
    """
    ticks = after.tick - before.tick
    if ticks <= 0:
        return {}
    made = production_profile(before, after).dynamic
    return {name: amount * TICKS_PER_MINUTE / ticks for name, amount in made.items()}
