"""What a script reads of electric networks. Names outside, rows inside; `poles.py` has wires and network ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from harness.simulator.engine import status
from harness.simulator.engine.daylight import lamps_lit, sunlight
from harness.simulator.engine.systems import networks as members
from harness.simulator.engine.systems import poles
from harness.simulator.engine.systems.electric_facts import panel_power
from harness.simulator.engine.systems.power import SOLAR_PANELS, power_problem
from harness.simulator.engine.systems.power_tables import STORAGE

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an entity's electric side takes and gives at most, joules a tick.

    Attributes:
        drain: taken in any tick.
        most_in: into its buffer.
        most_out: out of it into the network.
    """

    drain: float
    most_in: float
    most_out: float


def limits(world: World, row: int) -> Limits | None:
    """The limits of an entity's electric side; None for an entity without one."""
    power = panel_power(world.name_of(row))
    if power > 0.0:
        return Limits(drain=0.0, most_in=0.0, most_out=power)
    consumer = int(world.entities.electric[row])
    if consumer < 0:
        return None
    consumers = members.consumers_of(world)
    flow, stores = float(consumers.flow[consumer]), consumers.priority[consumer] == STORAGE
    return Limits(drain=float(consumers.drain[consumer]), most_in=flow, most_out=flow if stores else 0.0)


def network(world: World, row: int) -> NetworkView | None:
    """The network an entity is on, or None."""
    found = poles.network_row(world, row)
    if found < 0:
        return None
    networks: Any = world.storage.tables["networks"]
    return NetworkView(
        id=int(networks.id[found]),
        satisfaction=float(networks.satisfaction[found, 1]),
        consumed=_by_name(world, members.consumed(world, found)),
        produced=_by_name(world, members.produced(world, found)),
    )


def clear_statistics(world: World, row: int) -> None:
    """Forgets what the entity's network used and made so far."""
    found = poles.network_row(world, row)
    if found >= 0:
        members.clear_statistics(world, found)


def stored(world: World, network_row: int) -> dict[str, float]:
    """Joules in the accumulators of a network now, by prototype name."""
    consumers = members.consumers_of(world)
    total = np.zeros(len(world.protos.entity_names.names))
    for owner in consumers.owner[(consumers.network == network_row) & (consumers.priority == STORAGE)].tolist():
        total[world.entities.proto[owner]] += world.entities.energy[owner]
    return _by_name(world, total)


def energy_generated_last_tick(world: World, row: int) -> float:
    """Joules a generator or solar panel made in the last tick; 0 for anything else."""
    power = panel_power(world.name_of(row))
    if power > 0.0:
        return power * _light_used(world, int(members.panels_of(world).network[world.entities.component[row]]))
    generators = members.generators_of(world)
    rows = np.flatnonzero(generators.owner == row)
    return float(generators.produced[rows[0]]) if len(rows) else 0.0


def _light_used(world: World, found: int) -> float:
    """Part of their power that a network's panels gave in the last tick."""
    networks = members.networks_of(world)
    if found < 0 or networks.solar[found] <= 0.0:
        return 0.0
    return float(networks.use[found, SOLAR_PANELS] * networks.supply[found, SOLAR_PANELS] / networks.solar[found])


def electric_status(world: World, row: int) -> int | None:
    """The status number of an entity whose status is nothing but its network's; None for any other.

    Those are accumulators, lamps, solar panels and what uses energy whatever it does; and a pump that rests, which
    does not notice that its network fails.
    """
    kind, consumer = world.type_of(row), int(world.entities.electric[row])
    if panel_power(world.name_of(row)) > 0.0:
        return _panel_status(world, row)
    if consumer < 0 or kind not in ("accumulator", "lamp", "radar", "roboport", "pump"):
        return None
    problem = int(power_problem(world.state, consumer))
    if kind == "pump":
        return problem if problem != 0 and world.entities.active[row] else None
    if problem != 0:
        return problem
    if kind == "accumulator":
        return _accumulator_status(world, row, consumer)
    if kind == "lamp" and lamps_lit(world.state, int(world.entities.surface[row])) <= 0.0:
        return status.NUMBERS["turned_off_during_daytime"]
    return status.WORKING


def _panel_status(world: World, row: int) -> int:
    found = int(members.panels_of(world).network[world.entities.component[row]])
    if found < 0:
        return status.NUMBERS["not_plugged_in_electric_network"]
    return status.WORKING if sunlight(world.state, int(world.entities.surface[row])) > 0.0 else status.NORMAL


def _accumulator_status(world: World, row: int, consumer: int) -> int:
    networks, consumers = members.networks_of(world), members.consumers_of(world)
    found = int(consumers.network[consumer])
    if networks.use[found, STORAGE] > 0.0 and world.entities.energy[row] > 0.0:
        return status.NUMBERS["discharging"]
    if world.entities.energy[row] >= consumers.capacity[consumer]:
        return status.NUMBERS["fully_charged"]
    return status.NUMBERS["charging"] if networks.charge[found] > 0.0 else status.NORMAL


def buffer_capacity(world: World, row: int) -> float | None:
    """`LuaEntity.electric_buffer_size`: joules, None for an entity that takes no electric energy."""
    consumer = int(world.entities.electric[row])
    consumers: Any = world.storage.tables["consumers"]
    return float(consumers.capacity[consumer]) if consumer >= 0 else None


def _by_name(world: World, joules: npt.NDArray[np.float64]) -> dict[str, float]:
    names = world.protos.entity_names.names
    return {names[proto]: float(joules[proto]) for proto in np.flatnonzero(joules)}
