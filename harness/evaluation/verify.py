"""Whether a task's goal is reached: read off the world after a program's accrual window, and off what it goes on to do.

Throughput is verified as in the reference environment, by whole minutes in which no program runs, as many as the
output strictly rises in; with what buffers and hands gave taken off (`coverage`). A quota that seems to be reached is
confirmed over three minutes: what was put into machines beforehand is used up in them, and what begins and ends on
either side of a window's edge hardly shows. Output that falls is followed until it is steady, and counts as what is
left of it. The world that is looked ahead into is thrown away; children start from the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.evaluation.coverage import MOST_UNCOUNTED, Coverage
from harness.evaluation.slot import Slot

if TYPE_CHECKING:
    from harness.game import GameState, ProductionStatistics
    from harness.tasks import Success, Task, Throughput

WINDOW_TICKS = 3600
"""60 seconds of the game. Source: the reference environment's throughput tasks."""

CONFIRMED_WINDOWS = 3
"""Windows over which a quota that is reached is confirmed."""

MAX_WINDOWS = 10
"""Bound of the windows in which output goes on rising, or has not settled."""

STEADY = 0.05
"""Share by which steady output may differ from one window to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A verified throughput.

    Attributes:
        item: what was measured.
        quota: what is asked for, in one window.
        windows: what machines made in each window.
        covered: the share of it that no stock was used up for.
        amount: what counts: the best window, or what was kept up from it on and at the end if that is less, as far as
            it is covered.
        short: goods that were used faster than they were made, and how much of each is covered.
    """

    item: str
    quota: float
    windows: tuple[float, ...]
    covered: float
    amount: float
    short: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain data, rounded to what a reader can tell apart."""
        return {
            "item": self.item,
            "quota": self.quota,
            "throughput": round(self.amount, 3),
            "windows": [round(made, 3) for made in self.windows],
            "covered": round(self.covered, 4),
            "short": {name: round(share, 4) for name, share in sorted(self.short.items())},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a task says to a program.

    Attributes:
        task: its name.
        success: whether all of its predicates hold.
        rate: of a task that asks for a throughput.
        unmet: the other predicates that do not hold, in words.
        reached, missing: milestones of the task that machines have made since the world began, and the others.
    """

    task: str
    success: bool
    unmet: tuple[str, ...] = ()
    rate: Rate | None = None
    reached: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain data, for a program's `meta["task"]`."""
        data: dict[str, Any] = {"name": self.task, "success": self.success, "unmet": list(self.unmet)}
        if self.rate is not None:
            data |= self.rate.to_json()
        return data | {"reached": list(self.reached), "missing": list(self.missing)}


def verify(task: Task, slot: Slot, now: ProductionStatistics, state: GameState, price_profile: str) -> Verdict:
    """Judges the world on a slot; a throughput task leaves it some minutes later.

    Args:
        task: what is asked for.
        slot: as it is at the end of the accrual window.
        now: its statistics, in full.
        state: its state.
        price_profile: of the production score.

    Raises:
        ServerError: the slot broke.
    """
    rate = verified_throughput(slot, now, task.throughput) if task.throughput else None
    made = now.split()[1]
    unmet = _unmet(task.success, now, made, state, price_profile) if task.success else ()
    falls_short = rate is not None and rate.amount < rate.quota
    return Verdict(
        task=task.name,
        success=task.success is not None and not falls_short and not unmet,
        unmet=unmet,
        rate=rate,
        reached=tuple(name for name in task.way if name in made),
        missing=tuple(name for name in task.way if name not in made),
    )


def verified_throughput(slot: Slot, now: ProductionStatistics, wanted: Throughput) -> Rate:
    """Lets the slot run for whole windows and measures what machines make in them.

    Raises:
        ServerError: the slot broke.
    """
    readings, windows = [now], []
    while True:
        slot.advance(WINDOW_TICKS)
        readings.append(slot.production(full=True))
        windows.append(readings[-1].since(readings[-2]).split()[1].get(wanted.item, 0.0))
        rate = _rate(readings[-1].since(now), windows, wanted)
        improved = windows[-1] > max(windows[:-1], default=0.0)
        if (improved or not _has_settled(windows)) and len(windows) < MAX_WINDOWS:
            continue
        if rate.amount < wanted.quota or len(windows) >= CONFIRMED_WINDOWS:
            return rate


def _has_settled(windows: list[float]) -> bool:
    """Whether the last window is as good as the best, as the one before it, or nothing."""
    last = windows[-1]
    as_before = len(windows) > 1 and abs(last - windows[-2]) <= max(1.0, STEADY * windows[-2])
    return last == 0 or as_before or last >= max(windows) - max(1.0, STEADY * max(windows))


def _rate(flow: ProductionStatistics, windows: list[float], wanted: Throughput) -> Rate:
    coverage = Coverage(flow, fuel_counts=wanted.fuel_counts)
    covered = coverage.of(wanted.item)
    best = max(windows)
    later = windows[windows.index(best) :]
    # A craft that ends just after a window, or just before it, is the difference of one between honest windows.
    edge = max(1.0, coverage.batches(wanted.item))
    lowest = min(later) + min(edge, min(later))
    kept_up = min(_mean(later, edge), _mean(_steady_end(later, edge), edge))
    return Rate(
        item=wanted.item,
        quota=wanted.quota,
        windows=tuple(windows),
        covered=covered,
        amount=covered * min(best, kept_up, lowest),
        short=coverage.short,
    )


def _steady_end(windows: list[float], edge: float) -> list[float]:
    """The last windows that are alike."""
    for start in range(len(windows)):
        end = windows[start:]
        if max(end) - min(end) <= max(edge, STEADY * max(end)):
            break
    return end


def _mean(windows: list[float], edge: float) -> float:
    """What machines make in a window, with the crafts that ended just outside of all of them."""
    return (sum(windows) + min(edge, MOST_UNCOUNTED * sum(windows))) / len(windows)


def _unmet(
    success: Success,
    now: ProductionStatistics,
    made: Mapping[str, float],
    state: GameState,
    price_profile: str,
) -> tuple[str, ...]:
    unmet = []
    for name, count in success.inventory.items():
        if (held := state.inventory.get(name, 0)) < count:
            unmet.append(f"{held} of {count} {name} in the inventory")
    for name, amount in success.made.items():
        if made.get(name, 0.0) < amount:
            unmet.append(f"{made.get(name, 0.0):.4g} of {amount:g} {name} made by machines")
    unmet += [f"{name} is not researched" for name in success.researched if name not in now.researched]
    if success.score is not None and (score := now.score(price_profile)) < success.score:
        unmet.append(f"a production score of {score:.1f} of {success.score:g}")
    return tuple(unmet)
