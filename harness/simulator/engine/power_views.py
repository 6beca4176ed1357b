"""What a script reads of electric networks. Names outside, rows inside; `poles.py` has wires and network ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.systems import poles

if TYPE_CHECKING:
    from harness.simulator.engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """An electric network. In the game's flow statistics of a network, input is consumption and output production.

    Attributes:
        id: `LuaEntity.electric_network_id`.
        satisfaction: given / asked of ordinary consumers in the last tick, 0..1.
        consumed: joules used since the network began, by prototype name, in name order.
        produced: joules made, likewise.
    """

    id: int
    satisfaction: float
    consumed: dict[str, float]
    produced: dict[str, float]


def network(world: World, row: int) -> NetworkView | None:
    """The network an entity is on, or None."""
    found = poles.network_row(world, row)
    if found < 0:
        return None
    networks: Any = world.storage.tables["networks"]
    return NetworkView(
        id=int(networks.id[found]),
        satisfaction=float(networks.satisfaction[found, 1]),
        consumed=_by_name(world, networks.consumed[found]),
        produced=_by_name(world, networks.produced[found]),
    )


def clear_statistics(world: World, row: int) -> None:
    """Forgets what the entity's network used and made so far."""
    found = poles.network_row(world, row)
    if found >= 0:
        networks: Any = world.storage.tables["networks"]
        networks.consumed[found] = 0.0
        networks.produced[found] = 0.0


def energy_generated_last_tick(world: World, row: int) -> float:
    """Joules a generator made in the last tick; 0 for anything else."""
    generators: Any = world.storage.tables["generators"]
    rows = np.flatnonzero(generators.owner == row)
    return float(generators.produced[rows[0]]) if len(rows) else 0.0


def buffer_capacity(world: World, row: int) -> float | None:
    """`LuaEntity.electric_buffer_size`: joules, None for an entity that takes no electric energy."""
    consumer = int(world.entities.electric[row])
    consumers: Any = world.storage.tables["consumers"]
    return float(consumers.capacity[consumer]) if consumer >= 0 else None


def _by_name(world: World, joules: npt.NDArray[np.float64]) -> dict[str, float]:
    names = world.protos.entity_names.names
    return {names[proto]: float(joules[proto]) for proto in np.flatnonzero(joules)}
