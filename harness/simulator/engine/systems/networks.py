"""Who belongs to which electric network, and the sums a network keeps of its members. Python, run when that changes.

A network knows how many consumers and solar panels of each prototype it has, so what they take and give alike is one
sum (`Networks.drain`, `lamps`, `solar`). Before members change, `settle` turns the ticks counted so far into joules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.clock import LISTED_CONSUMERS
from harness.simulator.engine.systems.awake import wake_machine
from harness.simulator.engine.systems.electric_facts import facts_of, panel_power
from harness.simulator.engine.systems.power import list_consumer
from harness.simulator.engine.systems.power_tables import STORAGE, Consumers, Generators, Listed, Networks, Panels
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

MEMBER_TABLES = ("consumers", "panels", "generators")
"""Tables whose rows belong to networks: columns `owner` and `network`."""

Rows = npt.NDArray[np.intp]


def networks_of(world: World) -> Networks:
    """The networks' table."""
    return world.storage.tables["networks"]  # type: ignore[return-value]


def consumers_of(world: World) -> Consumers:
    """The consumers' table."""
    return world.storage.tables["consumers"]  # type: ignore[return-value]


def panels_of(world: World) -> Panels:
    """The solar panels' table."""
    return world.storage.tables["panels"]  # type: ignore[return-value]


def generators_of(world: World) -> Generators:
    """The generators' table."""
    return world.storage.tables["generators"]  # type: ignore[return-value]


def new_network(world: World, surface: int) -> int:
    """A network without members on a surface; its id is higher than any before."""
    row = world.storage.new_row("networks", "id")
    networks = networks_of(world)
    networks.id[row] = networks.last_id[row] = int(networks.last_id.max()) + 1
    networks.surface[row] = surface
    return row


def free_network(world: World, network: int) -> None:
    """Gives a network's row back; whoever was on it is on none."""
    for name in MEMBER_TABLES:
        table: Any = world.storage.tables[name]
        table.network[table.network == network] = NONE
    last_id = int(networks_of(world).last_id[network])
    world.storage.free_row("networks", network)
    networks_of(world).last_id[network] = last_id


def absorb(world: World, keep: int, lose: int) -> None:
    """Makes one network of two."""
    settle(world, keep)
    settle(world, lose)
    networks = networks_of(world)
    for name in ("consumed", "produced", "members"):
        column = getattr(networks, name)
        column[keep] += column[lose]
    for name in MEMBER_TABLES:
        table: Any = world.storage.tables[name]
        table.network[table.network == lose] = keep
    free_network(world, lose)
    _sum_up(world, keep)
    _link_storage(world, keep)


def join(world: World, name: str, rows: Rows, network: int) -> None:
    """Puts rows of a table of members on a network, or on none."""
    table: Any = world.storage.tables[name]
    rows = rows[table.network[rows] != network]
    touched = sorted({*table.network[rows].tolist(), network} - {NONE}) if len(rows) else []
    for each in touched:
        settle(world, each)
    if name != "generators":
        _recount(world, table, rows, network)
    table.network[rows] = network
    stores = name == "consumers" and bool((table.priority[rows] == STORAGE).any())
    for each in touched:
        _sum_up(world, each)
        if stores:
            _link_storage(world, each)
    for owner in table.owner[rows].tolist():
        wake_machine(world.state, owner)
    if name == "consumers":
        for row in rows.tolist():
            list_consumer(world.state, row)


def _recount(world: World, table: Any, rows: Rows, network: int) -> None:
    """Counts rows out of the networks they are on and into another."""
    members, protos = networks_of(world).members, world.entities.proto[table.owner[rows]]
    before = table.network[rows]
    np.subtract.at(members, (before[before >= 0], protos[before >= 0]), 1)
    if network >= 0:
        np.add.at(members[network], protos, 1)


def leave(world: World, name: str, row: int) -> None:
    """Takes a row of a table of members away for good."""
    if name == "consumers":
        _strike_off(world, row)
    join(world, name, np.array([row]), NONE)
    world.storage.free_row(name, row)


def _strike_off(world: World, row: int) -> None:
    """Takes a consumer off the list of those whose buffers are to be filled."""
    consumers, count = consumers_of(world), int(world.clock[LISTED_CONSUMERS])
    if consumers.is_listed[row]:
        listed = cast(Listed, world.storage.tables["listed"]).consumer
        left = listed[:count][listed[:count] != row].copy()
        listed[:count] = NONE
        listed[: len(left)] = left
        world.clock[LISTED_CONSUMERS] = len(left)
        consumers.is_listed[row] = False


def settle(world: World, network: int) -> None:
    """Turns what members took and gave alike since the last time into joules by prototype."""
    networks = networks_of(world)
    networks.consumed[network] = consumed(world, network)
    networks.produced[network] = produced(world, network)
    networks.drain_ticks[network] = 0.0
    networks.lamp_ticks[network] = 0.0
    networks.solar_ticks[network] = 0.0


def consumed(world: World, network: int) -> npt.NDArray[np.float64]:
    """(P,) joules used since the network began, by entity prototype id."""
    networks = networks_of(world)
    total: npt.NDArray[np.float64] = networks.consumed[network].copy()
    for proto, count in _member_counts(world, network):
        facts = facts_of(world.protos.entity_names.names[proto])
        if facts is not None and facts.priority != STORAGE:
            total[proto] += count * facts.drain * float(networks.drain_ticks[network, facts.priority])
            total[proto] += count * facts.lamp * float(networks.lamp_ticks[network])
    return total


def produced(world: World, network: int) -> npt.NDArray[np.float64]:
    """(P,) joules made since the network began, by entity prototype id."""
    networks = networks_of(world)
    total: npt.NDArray[np.float64] = networks.produced[network].copy()
    for proto, count in _member_counts(world, network):
        power = panel_power(world.protos.entity_names.names[proto])
        total[proto] += count * power * float(networks.solar_ticks[network])
    return total


def clear_statistics(world: World, network: int) -> None:
    """Forgets what a network used and made so far."""
    settle(world, network)
    networks_of(world).consumed[network] = 0.0
    networks_of(world).produced[network] = 0.0


def _member_counts(world: World, network: int) -> list[tuple[int, int]]:
    members = networks_of(world).members[network]
    return [(proto, int(members[proto])) for proto in np.flatnonzero(members).tolist()]


def _sum_up(world: World, network: int) -> None:
    """Works out what members take and give alike; `settle` must have come before the change."""
    networks = networks_of(world)
    networks.drain[network], networks.lamps[network], networks.solar[network] = 0.0, 0.0, 0.0
    for proto, count in _member_counts(world, network):
        name = world.protos.entity_names.names[proto]
        facts = facts_of(name)
        if facts is not None and facts.priority != STORAGE:
            networks.drain[network, facts.priority] += count * facts.drain
            networks.lamps[network] += count * facts.lamp
        networks.solar[network] += count * panel_power(name)


def _link_storage(world: World, network: int) -> None:
    networks, consumers = networks_of(world), consumers_of(world)
    rows = np.flatnonzero((consumers.network == network) & (consumers.priority == STORAGE))
    networks.first_storage[network] = rows[0] if len(rows) else NONE
    consumers.next_storage[rows] = [*rows[1:], NONE] if len(rows) else []
    networks.storage_known[network] = False
