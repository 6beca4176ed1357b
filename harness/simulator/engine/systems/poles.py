"""Poles, wires and networks: who is connected to whom. Python, run when something is built, removed, wired or turned.

`attach` and `detach` are called for every entity; they give it a consumer or generator row if its prototype has an
electric side. Networks are the connected components of poles of one surface and force. When components join, the lowest
id survives; when one falls apart, its largest part keeps the id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.data import prototypes as data
from harness.simulator.engine.systems.awake import wake_all, wake_machine
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.power import consumer_facts
from harness.simulator.engine.systems.power_tables import Consumers, Generators, Networks, Poles, Wires
from harness.simulator.engine.tables import NONE, UNIT, Int32, Int64

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

KINDS = ("electric-pole",)
"""Entity prototype types whose component is a row in `Poles`."""

MAX_AUTO_WIRES = 5
"""Wires a new pole gets by itself. Source: documented default of the game's runtime API."""


class Boxes(NamedTuple):
    """Collision boxes of entities on the map, (E,) int64, 1/256 tile."""

    left: Int64
    top: Int64
    right: Int64
    bottom: Int64


def build(world: World, row: int) -> None:
    """Gives a new pole its row, wires it up, and puts what it covers on its network."""
    pole = take_row(world, "poles", row)
    poles, entities = _poles(world), world.entities
    prototype = world.protos.entity_data[entities.proto[row]]
    poles.reach[pole] = round(prototype["maximum_wire_distance"] * UNIT)
    poles.supply[pole] = round(prototype["supply_area_distance"] * UNIT)
    poles.network[pole] = _new_network(world)
    entities.component[row] = pole
    _auto_connect(world, pole)
    _cover(world, pole)


def remove(world: World, row: int) -> None:
    """Takes a pole's wires down and puts everybody it fed on other poles, or on none."""
    pole = int(world.entities.component[row])
    network = int(_poles(world).network[pole])
    wires = _wires(world)
    for wire in np.flatnonzero((wires.owner == pole) | ((wires.owner >= 0) & (wires.other == pole))):
        give_row(world, "wires", int(wire))
    give_row(world, "poles", pole)
    _split(world, network)
    _recover(world, network)


def connect(world: World, row: int, other_row: int) -> bool:
    """Hangs a copper wire between two poles; false if there is one, or they are out of each other's reach."""
    pole, other = int(world.entities.component[row]), int(world.entities.component[other_row])
    distance = _squared_distances(world, pole)[other]
    reach = min(int(_poles(world).reach[pole]), int(_poles(world).reach[other]))
    if pole == other or distance > reach**2 or other in wired(world, pole):
        return False
    _wire(world, pole, other)
    return True


def disconnect(world: World, row: int, other_row: int) -> bool:
    """Takes the copper wire between two poles down; false if there is none."""
    pole, other = int(world.entities.component[row]), int(world.entities.component[other_row])
    wires = _wires(world)
    ends = ((wires.owner == pole) & (wires.other == other)) | ((wires.owner == other) & (wires.other == pole))
    if not ends.any():
        return False
    give_row(world, "wires", int(np.flatnonzero(ends)[0]))
    network = int(_poles(world).network[pole])
    _split(world, network)
    _recover(world, network)
    return True


def neighbours(world: World, row: int) -> list[int]:
    """Entity rows of the poles wired to this one, by serial."""
    owners = [int(_poles(world).owner[other]) for other in wired(world, int(world.entities.component[row]))]
    return sorted(owners, key=lambda owner: int(world.entities.serial[owner]))


def wired(world: World, pole: int) -> list[int]:
    """Pole rows wired to a pole row, in row order."""
    wires = _wires(world)
    ends = np.concatenate([wires.other[wires.owner == pole], wires.owner[(wires.other == pole) & (wires.owner >= 0)]])
    return sorted(int(end) for end in ends)


def attach(world: World, row: int) -> None:
    """Gives an entity its electric side, if its prototype has one. Generators' rows are made by `machines.py`."""
    facts = consumer_facts(world.protos.entity_data[world.entities.proto[row]])
    if facts is None:
        return
    consumer = take_row(world, "consumers", row)
    consumers = _consumers(world)
    consumers.priority[consumer] = facts.priority
    consumers.capacity[consumer] = facts.capacity
    consumers.flow[consumer] = facts.flow
    consumers.drain[consumer] = facts.drain
    consumers.network[consumer] = network_at(world, row)
    world.entities.electric[row] = consumer


def detach(world: World, row: int) -> None:
    """Takes an entity's consumer row away; what its buffer held is gone."""
    if world.entities.electric[row] >= 0:
        give_row(world, "consumers", int(world.entities.electric[row]))
        world.entities.electric[row] = NONE


def refresh(world: World, row: int) -> None:
    """Looks again at which network an entity is on, after it was turned or moved."""
    if world.entities.electric[row] >= 0:
        _consumers(world).network[world.entities.electric[row]] = network_at(world, row)
    generators = _generators(world)
    generators.network[generators.owner == row] = network_at(world, row)
    wake_machine(world.state, row)


def network_at(world: World, row: int) -> int:
    """The network that feeds an entity: that of the oldest pole whose square its collision box overlaps, or NONE."""
    poles, entities = _poles(world), world.entities
    rows = np.flatnonzero(poles.owner >= 0)
    owners = poles.owner[rows]
    box = boxes(world, np.array([row], np.int32))
    supply = poles.supply[rows].astype(np.int64)
    covered = (
        (entities.surface[owners] == entities.surface[row])
        & (entities.force[owners] == entities.force[row])
        & (box.left < entities.x[owners] + supply)
        & (box.right > entities.x[owners] - supply)
        & (box.top < entities.y[owners] + supply)
        & (box.bottom > entities.y[owners] - supply)
    )
    if not covered.any():
        return NONE
    serials = np.where(covered, entities.serial[owners], np.iinfo(np.int64).max)
    return int(poles.network[rows[int(np.argmin(serials))]])


def network_id(world: World, row: int) -> int | None:
    """`LuaEntity.electric_network_id`: of a pole, a consumer or a generator; None off any network."""
    network = network_row(world, row)
    return None if network < 0 else int(_networks(world).id[network])


def network_row(world: World, row: int) -> int:
    """The row in `Networks` an entity is on, or NONE."""
    kind = data.entities()[world.protos.entity_names.names[world.entities.proto[row]]]["type"]
    if kind in KINDS:
        return int(_poles(world).network[world.entities.component[row]])
    if world.entities.electric[row] >= 0:
        return int(_consumers(world).network[world.entities.electric[row]])
    generators = _generators(world)
    rows = np.flatnonzero(generators.owner == row)
    return int(generators.network[rows[0]]) if len(rows) else NONE


def boxes(world: World, rows: Int32) -> Boxes:
    """Collision boxes of entity rows, turned as the entities are."""
    entities, facts = world.entities, world.protos.prototypes
    proto, turns = entities.proto[rows], entities.direction[rows] // 4
    left, top = facts.box_left[proto].astype(np.int64), facts.box_top[proto].astype(np.int64)
    right, bottom = facts.box_right[proto].astype(np.int64), facts.box_bottom[proto].astype(np.int64)
    x, y = entities.x[rows].astype(np.int64), entities.y[rows].astype(np.int64)
    return Boxes(
        left=x + np.choose(turns, [left, -bottom, -right, top]),
        top=y + np.choose(turns, [top, left, -bottom, -right]),
        right=x + np.choose(turns, [right, -top, -left, bottom]),
        bottom=y + np.choose(turns, [bottom, right, -top, -left]),
    )


def _auto_connect(world: World, pole: int) -> None:
    """Nearest first, up to five, leaving out poles already wired to one just connected."""
    poles, entities = _poles(world), world.entities
    distances = _squared_distances(world, pole)
    reach = np.minimum(poles.reach, poles.reach[pole]).astype(np.int64)
    rows = [int(other) for other in np.flatnonzero((distances >= 0) & (distances <= reach**2)) if other != pole]
    rows.sort(key=lambda other: (int(distances[other]), int(entities.serial[poles.owner[other]])))
    connected: list[int] = []
    for other in rows:
        if len(connected) < MAX_AUTO_WIRES and not set(wired(world, other)) & set(connected):
            _wire(world, pole, other)
            connected.append(other)


def _squared_distances(world: World, pole: int) -> Int64:
    """From a pole's centre to every pole's, 1/256 tile squared; -1 for free rows, other surfaces and forces."""
    poles, entities = _poles(world), world.entities
    owners, owner = poles.owner, int(poles.owner[pole])
    across = entities.x[owners].astype(np.int64) - int(entities.x[owner])
    down = entities.y[owners].astype(np.int64) - int(entities.y[owner])
    same = (entities.surface[owners] == entities.surface[owner]) & (entities.force[owners] == entities.force[owner])
    squared: npt.NDArray[np.int64] = np.where((owners >= 0) & same, across**2 + down**2, -1)
    return squared


def _wire(world: World, pole: int, other: int) -> None:
    wire = take_row(world, "wires", pole)
    _wires(world).other[wire] = other
    poles, networks = _poles(world), _networks(world)
    first, second = int(poles.network[pole]), int(poles.network[other])
    if first != second:
        keep, lose = (first, second) if networks.id[first] < networks.id[second] else (second, first)
        _merge(world, keep, lose)


def _merge(world: World, keep: int, lose: int) -> None:
    for table in (_poles(world), _consumers(world), _generators(world)):
        table.network[table.network == lose] = keep
    networks = _networks(world)
    networks.consumed[keep] += networks.consumed[lose]
    networks.produced[keep] += networks.produced[lose]
    _free_network(world, lose)


def _new_network(world: World) -> int:
    row = world.storage.new_row("networks", "id")
    networks = _networks(world)
    networks.id[row] = networks.last_id[row] = int(networks.last_id.max()) + 1
    return row


def _free_network(world: World, network: int) -> None:
    networks = _networks(world)
    last_id = int(networks.last_id[network])
    world.storage.free_row("networks", network)
    networks.last_id[network] = last_id


def _split(world: World, network: int) -> None:
    """Gives each part of a network that fell apart a network of its own; frees it if no pole is left."""
    poles = _poles(world)
    left = {int(pole) for pole in np.flatnonzero((poles.owner >= 0) & (poles.network == network))}
    if not left:
        _consumers(world).network[_consumers(world).network == network] = NONE
        _generators(world).network[_generators(world).network == network] = NONE
        _free_network(world, network)
        return
    parts = []
    while left:
        parts.append(_component(world, min(left)))
        left -= parts[-1]
    parts.sort(key=lambda part: (-len(part), min(part)))
    for part in parts[1:]:
        fresh = _new_network(world)
        _poles(world).network[sorted(part)] = fresh


def _component(world: World, pole: int) -> set[int]:
    found, edge = {pole}, [pole]
    while edge:
        for other in wired(world, edge.pop()):
            if other not in found:
                found.add(other)
                edge.append(other)
    return found


def _cover(world: World, pole: int) -> None:
    """Puts entities without a network that a new pole covers on the pole's."""
    poles, entities = _poles(world), world.entities
    owner, supply, network = int(poles.owner[pole]), int(poles.supply[pole]), int(poles.network[pole])
    tables: tuple[Any, ...] = (_consumers(world), _generators(world))
    for table in tables:
        rows = np.flatnonzero((table.owner >= 0) & (table.network < 0))
        owners = table.owner[rows]
        box = boxes(world, owners)
        covered = (
            (entities.surface[owners] == entities.surface[owner])
            & (entities.force[owners] == entities.force[owner])
            & (box.left < int(entities.x[owner]) + supply)
            & (box.right > int(entities.x[owner]) - supply)
            & (box.top < int(entities.y[owner]) + supply)
            & (box.bottom > int(entities.y[owner]) - supply)
        )
        table.network[rows[covered]] = network
    wake_all(world.state)


def _recover(world: World, network: int) -> None:
    """Looks again at everybody who was on a network that lost a pole or a wire."""
    for table in (_consumers(world), _generators(world)):
        for row in np.flatnonzero((table.owner >= 0) & ((table.network == network) | (table.network < 0))):
            table.network[row] = network_at(world, int(table.owner[row]))
    wake_all(world.state)


def _poles(world: World) -> Poles:
    return world.storage.tables["poles"]  # type: ignore[return-value]


def _wires(world: World) -> Wires:
    return world.storage.tables["wires"]  # type: ignore[return-value]


def _networks(world: World) -> Networks:
    return world.storage.tables["networks"]  # type: ignore[return-value]


def _consumers(world: World) -> Consumers:
    return world.storage.tables["consumers"]  # type: ignore[return-value]


def _generators(world: World) -> Generators:
    return world.storage.tables["generators"]  # type: ignore[return-value]
