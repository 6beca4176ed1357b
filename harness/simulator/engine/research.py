"""Research of a force: what may be researched, the queue, levels, and what being researched means.

Labs and triggers are kernels and only say that a technology is done (`happenings.py`); everything that follows is here,
between ticks: effects, the next in the queue, levels, what scripts hear of it. Progress is kept by technology, so
switching loses nothing.

Source: documented members of `LuaForce` and `LuaTechnology`. Two rules are our own, for want of a reading of the game:
a technology may be queued behind its own prerequisites, and what is done for a trigger before its turn counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine import bonuses
from harness.simulator.engine.force_tables import QUEUE_LENGTH, first_level
from harness.simulator.engine.research_costs import INFINITE_LEVEL, last_level, unit_count
from harness.simulator.engine.systems.waiting import wake_everyone
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


# What there is to know


def queue_of(world: World, force: int) -> list[int]:
    """Technologies in the queue, the current one first."""
    return [int(technology) for technology in world.forces.queue[force] if technology >= 0]


def current(world: World, force: int) -> int:
    """The technology that labs work on, or NONE."""
    return int(world.forces.queue[force, 0])


def prerequisites(world: World, technology: int) -> list[int]:
    """Technologies that must come before, in name order."""
    names = world.protos.technology_data[technology].get("prerequisites", ())
    return sorted(world.protos.technology_names.ids[name] for name in names)


def successors(world: World, technology: int) -> list[int]:
    """Technologies that must come after, in name order."""
    name = world.protos.technology_names.names[technology]
    data = world.protos.technology_data
    return [other for other in range(len(data)) if name in data[other].get("prerequisites", ())]


def first_level_of(world: World, technology: int) -> int:
    """The level a technology begins with."""
    return first_level(world.protos.technology_names.names[technology])


def last_level_of(world: World, technology: int) -> int:
    """The level after which a technology is researched; `INFINITE_LEVEL` if there is none."""
    return last_level(world.protos.technology_data[technology], first_level_of(world, technology))


def units(world: World, force: int, technology: int) -> float:
    """Units of science that the present level costs."""
    return unit_count(world.protos.technology_data[technology], int(world.forces.level[force, technology]))


def times_researched(world: World, force: int, technology: int) -> int:
    """How many levels of a technology a force has."""
    done = int(world.forces.level[force, technology]) - first_level_of(world, technology)
    return done + int(world.forces.researched[force, technology])


def is_ready(world: World, force: int, technology: int, planned: Iterable[int] = ()) -> bool:
    """Whether a technology is enabled, not researched, and all before it is researched or `planned`."""
    forces = world.forces
    if not forces.technology_enabled[force, technology] or forces.researched[force, technology]:
        return False
    ahead = set(planned)
    return all(
        forces.researched[force, other] or times_researched(world, force, other) > 0 or other in ahead
        for other in prerequisites(world, technology)
    )


def progress(world: World, force: int, technology: int) -> float:
    """Part of the present level that is done, 0..1; for a trigger technology, of what its trigger asks for."""
    for row in np.flatnonzero(world.protos.triggers.technology == technology):
        if world.protos.triggers.deed[row] >= 0 and not world.forces.researched[force, technology]:
            share = float(world.forces.trigger_count[force, row] / world.protos.triggers.needed[row])
            return min(share, float(np.nextafter(1.0, 0.0)))
    return float(world.forces.progress[force, technology])


# The queue


def add(world: World, force: int, technology: int) -> bool:
    """Puts a technology at the end of the queue (`LuaForce.add_research`); false if it cannot be there."""
    queued = queue_of(world, force)
    if not _fits(world, force, technology, queued):
        return False
    before = current(world, force)
    world.forces.queue[force, len(queued)] = technology
    world.announce("research_queued", force=force, technology=technology)
    if before < 0:
        _begin(world, force, NONE)
    return True


def set_queue(world: World, force: int, technologies: list[int]) -> None:
    """Replaces the queue (`LuaForce.research_queue`); what cannot be researched is left out without a word."""
    before, dropped = current(world, force), queue_of(world, force)
    world.forces.queue[force] = NONE
    for technology in technologies:
        queued = queue_of(world, force)
        if _fits(world, force, technology, queued):
            world.forces.queue[force, len(queued)] = technology
            if technology in dropped:
                dropped.remove(technology)
            else:
                world.announce("research_queued", force=force, technology=technology)
    if dropped:
        world.announce("research_cancelled", force=force, technologies=dropped)
    if current(world, force) != before:
        _begin(world, force, before)


def cancel(world: World, force: int) -> None:
    """Takes the current technology out of the queue, and all that need it (`cancel_current_research`)."""
    if current(world, force) >= 0:
        set_queue(world, force, queue_of(world, force)[1:])


def _fits(world: World, force: int, technology: int, queued: list[int]) -> bool:
    if len(queued) >= QUEUE_LENGTH or "unit" not in world.protos.technology_data[technology]:
        return False
    levels_left = last_level_of(world, technology) - int(world.forces.level[force, technology]) + 1
    return is_ready(world, force, technology, queued) and queued.count(technology) < levels_left


def _begin(world: World, force: int, before: int) -> None:
    """Makes labs work on the head of the queue."""
    technology = refresh(world, force)
    if technology >= 0:
        world.announce("research_started", force=force, technology=technology, last=before)


def refresh(world: World, force: int) -> int:
    """Tells labs and triggers what there is to do now; returns the current technology or NONE."""
    technology = current(world, force)
    world.forces.unit_count[force] = max(1.0, units(world, force, technology)) if technology >= 0 else 1.0
    for row, other in enumerate(world.protos.triggers.technology.tolist()):
        known = world.protos.triggers.deed[row] >= 0
        world.forces.trigger_open[force, row] = known and is_ready(world, force, other)
    wake_everyone(world.state)
    return technology


def set_progress(world: World, force: int, technology: int, share: float) -> None:
    """Writes progress, within 0..1; a technology of which nothing is left is researched."""
    world.forces.progress[force, technology] = min(max(share, 0.0), 1.0)
    if share >= 1.0 and current(world, force) == technology:
        finish(world, force, technology, by_script=True)


# Being researched


def finish(world: World, force: int, technology: int, *, by_script: bool) -> None:
    """One level more of a technology: its effects, and the next in the queue."""
    forces = world.forces
    if forces.researched[force, technology]:
        return
    if int(forces.level[force, technology]) >= last_level_of(world, technology):
        forces.researched[force, technology] = True
    else:
        forces.level[force, technology] += 1
    forces.progress[force, technology] = 0.0
    forces.previous_research[force] = technology
    _apply(world, force, technology, 1)
    _leave_queue(world, force, technology, by_script=by_script)


def _apply(world: World, force: int, technology: int, times: int) -> None:
    bonuses.apply(world, force, technology, times)
    bonuses.settle(world, force)


def _leave_queue(world: World, force: int, technology: int, *, by_script: bool) -> None:
    queued = queue_of(world, force)
    was_current = bool(queued) and queued[0] == technology
    if technology in queued:
        queued.remove(technology)
        world.forces.queue[force] = NONE
        world.forces.queue[force, : len(queued)] = queued
    refresh(world, force)
    world.announce("research_finished", force=force, technology=technology, by_script=by_script)
    if was_current and current(world, force) == (queued[0] if queued else NONE):
        _begin(world, force, technology)


def undo(world: World, force: int, technology: int) -> None:
    """Takes the last level of a technology back, by a script."""
    forces = world.forces
    if times_researched(world, force, technology) <= 0:
        return
    if forces.researched[force, technology]:
        forces.researched[force, technology] = False
    else:
        forces.level[force, technology] -= 1
    forces.progress[force, technology] = 0.0
    _apply(world, force, technology, -1)
    refresh(world, force)
    world.announce("research_reversed", force=force, technology=technology, by_script=True)
    set_queue(world, force, queue_of(world, force))


def set_researched(world: World, force: int, technology: int, value: bool) -> None:
    """Writes `LuaTechnology.researched`: true gives one level more, false takes one back."""
    if value:
        finish(world, force, technology, by_script=True)
    else:
        undo(world, force, technology)


def set_level(world: World, force: int, technology: int, level: int) -> None:
    """Writes `LuaTechnology.level`: all levels before it are researched, none from it on; enables the technology.

    Raises:
        SimError: below the first level or above the last.
    """
    first, last = first_level_of(world, technology), last_level_of(world, technology)
    if not first <= level <= last:
        raise SimError(f"LuaTechnology::level: expected {first} to {last}, got {level}")
    world.forces.technology_enabled[force, technology] = True
    if first != last:
        while int(world.forces.level[force, technology]) < level:
            finish(world, force, technology, by_script=True)
        while int(world.forces.level[force, technology]) > level:
            undo(world, force, technology)
    refresh(world, force)


def research_all(world: World, force: int, *, disabled_too: bool) -> None:
    """Researches every technology that has a last level (`LuaForce.research_all_technologies`)."""
    for technology in in_order(world):
        wanted = disabled_too or world.protos.technologies.enabled[technology]
        if wanted and last_level_of(world, technology) != INFINITE_LEVEL:
            finish(world, force, technology, by_script=True)


def research_with_prerequisites(world: World, force: int, technology: int) -> None:
    """Researches a technology and all that must come before it (`LuaTechnology.research_recursive`)."""
    for needed in prerequisites(world, technology):
        if times_researched(world, force, needed) == 0:
            research_with_prerequisites(world, force, needed)
    finish(world, force, technology, by_script=True)


def in_order(world: World) -> list[int]:
    """All technologies, each behind its prerequisites, else in name order."""
    order: list[int] = []
    seen: set[int] = set()

    def visit(technology: int) -> None:
        if technology not in seen:
            seen.add(technology)
            for needed in prerequisites(world, technology):
                visit(needed)
            order.append(technology)

    for technology in range(len(world.protos.technology_data)):
        visit(technology)
    return order


def set_enabled(world: World, force: int, technology: int, value: bool) -> None:
    """Writes `LuaTechnology.enabled`."""
    world.forces.technology_enabled[force, technology] = value
    set_queue(world, force, queue_of(world, force))
    refresh(world, force)


def set_research_enabled(world: World, force: int, value: bool) -> None:
    """Lets labs work (`LuaForce.enable_research`) or not."""
    world.forces.research_enabled[force] = value
    refresh(world, force)


def reset_effects(world: World, force: int) -> None:
    """See `LuaForce.reset_technology_effects`."""
    done = {technology: times_researched(world, force, technology) for technology in in_order(world)}
    bonuses.reapply(world, force, done)
    world.announce("technology_effects_reset", force=force)


def reset(world: World, force: int) -> None:
    """Everything a force has learnt is forgotten, as at the start of a game (`LuaForce.reset`)."""
    table = world.forces
    table.records[force] = type(table).allocate(1).records[0]
    bonuses.settle(world, force)
    refresh(world, force)
    world.announce("force_reset", force=force)


def triggered(world: World, force: int, technology: int) -> None:
    """What a trigger asks for is done."""
    if is_ready(world, force, technology):
        finish(world, force, technology, by_script=False)


def researched_by_labs(world: World, force: int, technology: int) -> None:
    """Labs have done the last unit of the current technology."""
    if current(world, force) == technology:
        finish(world, force, technology, by_script=False)
