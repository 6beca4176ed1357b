"""The systems of the engine, in the order in which a new entity passes through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.simulator.engine import character
from harness.simulator.engine.systems import (
    belt_map,
    belts,
    burners,
    connections,
    containers,
    crafting,
    drills,
    effects,
    gates,
    inserters,
    machines,
    silo,
    turrets,
)

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

Hook = Callable[["World", int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What the world calls when entities come, go or turn; rows are entity rows.

    Attributes:
        kinds: entity types it is called for, None for all.
        build: after the entity's row, tiles and inventories of earlier systems exist.
        remove: before the entity goes, last system first.
        rotate: after its direction (and place) changed.
        changed: after any building came, turned, or is about to lose its row (its tiles are free by then).
    """

    kinds: tuple[str, ...] | None
    build: Hook
    remove: Hook
    rotate: Hook | None = None
    changed: Hook | None = None


SYSTEMS: tuple[System, ...] = (
    System(kinds=None, build=burners.build, remove=burners.remove),
    System(kinds=containers.KINDS, build=containers.build, remove=containers.remove),
    System(kinds=turrets.KINDS, build=turrets.build, remove=turrets.remove),
    System(kinds=gates.KINDS, build=gates.build, remove=gates.remove),
    System(kinds=character.KINDS, build=character.build, remove=character.remove),
    System(kinds=crafting.KINDS, build=crafting.build, remove=crafting.remove),
    System(kinds=silo.KINDS, build=silo.build, remove=silo.remove),
    System(kinds=connections.KINDS, build=connections.build, remove=connections.remove, rotate=connections.rotate),
    System(kinds=machines.KINDS, build=machines.build, remove=machines.remove),
    System(kinds=effects.KINDS, build=effects.build, remove=effects.remove),
    System(kinds=drills.KINDS, build=drills.build, remove=drills.remove, rotate=drills.rotate, changed=drills.changed),
    System(kinds=belt_map.KINDS, build=belts.build, remove=belts.remove, rotate=belts.rotate),
    System(
        kinds=inserters.KINDS,
        build=inserters.build,
        remove=inserters.remove,
        rotate=inserters.rotate,
        changed=inserters.changed,
    ),
)
"""Registered systems; one line each."""
