"""Poles and wires, and so which networks there are. Python, run when something is built, removed, wired or turned.

`attach` and `detach` are called for every entity; they give it a consumer or panel row if its prototype has such a
side. Networks are the connected components of poles of one surface and force. When components join, the lowest id
survives; when one falls apart, its largest part keeps the id. What a network knows of its members is `networks.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.systems.electric_facts import facts_of, panel_power
from harness.simulator.engine.systems.networks import (
    MEMBER_TABLES,
    absorb,
    consumers_of,
    free_network,
    generators_of,
    join,
    leave,
    networks_of,
    new_network,
)
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.power_tables import Poles, Wires
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
    poles.network[pole] = new_network(world, int(entities.surface[row]))
    entities.component[row] = pole
    _auto_connect(world, pole)
    _cover(world, pole)


def remove(world: World, row: int) -> None:
    """Takes a pole's wires down and puts everybody it fed on other poles, or on none."""
    pole = int(world.entities.component[row])
    network, wires = int(_poles(world).network[pole]), _wires(world)
    fed = {name: _covered(world, name, pole, network) for name in MEMBER_TABLES}
    for wire in np.flatnonzero((wires.owner == pole) | ((wires.owner >= 0) & (wires.other == pole))):
        give_row(world, "wires", int(wire))
    give_row(world, "poles", pole)
    whole = _split(world, network)
    for name in MEMBER_TABLES:
        _look_again(world, name, fed[name] if whole else _on_network(world, name, network))


def connect(world: World, row: int, other_row: int, *, reach_check: bool = True) -> bool:
    """Hangs a copper wire between two poles; false if there is one, or they are out of each other's reach."""
    pole, other = int(world.entities.component[row]), int(world.entities.component[other_row])
    if pole == other or other in wired(world, pole) or not _may_be_wired(world, pole, other):
        return False
    if reach_check and not is_in_reach(world, row, other_row):
        return False
    _wire(world, pole, other)
    return True


def _may_be_wired(world: World, pole: int, other: int) -> bool:
    return int(_squared_distances(world, pole)[other]) >= 0


def is_in_reach(world: World, row: int, other_row: int) -> bool:
    """Whether two poles of one surface and force are no further apart than the shorter of their wires."""
    pole, other = int(world.entities.component[row]), int(world.entities.component[other_row])
    distance = int(_squared_distances(world, pole)[other])
    reach = min(int(_poles(world).reach[pole]), int(_poles(world).reach[other]))
    return 0 <= distance <= reach**2


def disconnect(world: World, row: int, other_row: int) -> bool:
    """Takes the copper wire between two poles down; false if there is none."""
    pole, other = int(world.entities.component[row]), int(world.entities.component[other_row])
    wires = _wires(world)
    ends = ((wires.owner == pole) & (wires.other == other)) | ((wires.owner == other) & (wires.other == pole))
    if not ends.any():
        return False
    give_row(world, "wires", int(np.flatnonzero(ends)[0]))
    network = int(_poles(world).network[pole])
    if not _split(world, network):
        for name in MEMBER_TABLES:
            _look_again(world, name, _on_network(world, name, network))
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
    """Gives an entity its electric side, if its prototype has one. `generators.py` makes the rows of generators."""
    name = world.name_of(row)
    facts = facts_of(name)
    if facts is not None:
        consumer = take_row(world, "consumers", row)
        consumers = consumers_of(world)
        world.storage.grow("listed", len(consumers))
        consumers.drain[consumer] = facts.drain
        consumers.priority[consumer] = facts.priority
        consumers.capacity[consumer] = facts.capacity
        consumers.flow[consumer] = facts.flow
        world.entities.electric[row] = consumer
    if panel_power(name) > 0.0:
        world.entities.component[row] = take_row(world, "panels", row)


def detach(world: World, row: int) -> None:
    """Takes an entity's consumer or panel row away; what its buffer held is gone."""
    if world.entities.electric[row] >= 0:
        leave(world, "consumers", int(world.entities.electric[row]))
        world.entities.electric[row] = NONE
    if panel_power(world.name_of(row)) > 0.0:
        leave(world, "panels", int(world.entities.component[row]))
        world.entities.component[row] = NONE


def refresh(world: World, row: int) -> None:
    """Looks again at which network an entity is on, after it was built, turned or moved."""
    sides = _sides(world, row)
    if sides:
        network = network_at(world, row)
        for name, member in sides:
            join(world, name, np.array([member]), network)


def _sides(world: World, row: int) -> list[tuple[str, int]]:
    """Rows of an entity in the tables of members: (table, row)."""
    sides = []
    if world.entities.electric[row] >= 0:
        sides.append(("consumers", int(world.entities.electric[row])))
    if panel_power(world.name_of(row)) > 0.0:
        sides.append(("panels", int(world.entities.component[row])))
    sides += [("generators", int(member)) for member in np.flatnonzero(generators_of(world).owner == row)]
    return sides


def network_at(world: World, row: int) -> int:
    """The network that feeds an entity: that of the oldest pole whose square its collision box overlaps, or NONE."""
    return int(_networks_at(world, np.array([row], np.int32))[0])


def _networks_at(world: World, rows: Int32) -> Int32:
    """The network that feeds each of some entities."""
    poles, entities = _poles(world), world.entities
    found = np.full(len(rows), NONE, np.int32)
    if len(rows) == 1:
        near = _poles_over(world, int(rows[0]))
    else:
        near = np.flatnonzero(poles.owner >= 0)
    for pole in near[np.argsort(entities.serial[poles.owner[near]])].tolist():
        left = np.flatnonzero(found == NONE)
        found[left[_is_over(world, pole, rows[left])]] = poles.network[pole]
    return found


def _poles_over(world: World, row: int) -> npt.NDArray[np.intp]:
    """Pole rows whose squares an entity's collision box overlaps."""
    poles, entities = _poles(world), world.entities
    rows = np.flatnonzero(poles.owner >= 0)
    owners, supply = poles.owner[rows], poles.supply[rows].astype(np.int64)
    box = boxes(world, np.array([row], np.int32))
    covered = (
        (entities.surface[owners] == entities.surface[row])
        & (entities.force[owners] == entities.force[row])
        & (box.left < entities.x[owners] + supply)
        & (box.right > entities.x[owners] - supply)
        & (box.top < entities.y[owners] + supply)
        & (box.bottom > entities.y[owners] - supply)
    )
    return rows[covered]


def _is_over(world: World, pole: int, rows: Int32) -> npt.NDArray[np.bool_]:
    """Which of some entities a pole's square overlaps."""
    poles, entities = _poles(world), world.entities
    owner, supply = int(poles.owner[pole]), int(poles.supply[pole])
    box = boxes(world, rows)
    over: npt.NDArray[np.bool_] = (
        (entities.surface[rows] == entities.surface[owner])
        & (entities.force[rows] == entities.force[owner])
        & (box.left < int(entities.x[owner]) + supply)
        & (box.right > int(entities.x[owner]) - supply)
        & (box.top < int(entities.y[owner]) + supply)
        & (box.bottom > int(entities.y[owner]) - supply)
    )
    return over


def network_id(world: World, row: int) -> int | None:
    """`LuaEntity.electric_network_id`: of a pole, a consumer or a generator; None off any network."""
    network = network_row(world, row)
    return None if network < 0 else int(networks_of(world).id[network])


def network_row(world: World, row: int) -> int:
    """The row in `Networks` an entity is on, or NONE."""
    if world.type_of(row) in KINDS:
        return int(_poles(world).network[world.entities.component[row]])
    for name, member in _sides(world, row):
        table: Any = world.storage.tables[name]
        return int(table.network[member])
    return NONE


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
    poles, networks = _poles(world), networks_of(world)
    first, second = int(poles.network[pole]), int(poles.network[other])
    if first != second:
        keep, lose = (first, second) if networks.id[first] < networks.id[second] else (second, first)
        poles.network[poles.network == lose] = keep
        absorb(world, keep, lose)


def _split(world: World, network: int) -> bool:
    """Gives each part of a network that fell apart a network of its own; frees it if no pole is left.

    Returns whether all its poles are still on one network.
    """
    poles = _poles(world)
    left = {int(pole) for pole in np.flatnonzero((poles.owner >= 0) & (poles.network == network))}
    if not left:
        free_network(world, network)
        return True
    parts, ends = [], _ends(world)
    while left:
        parts.append(_component(world, min(left), ends))
        left -= parts[-1]
    parts.sort(key=lambda part: (-len(part), min(part)))
    for part in parts[1:]:
        fresh = new_network(world, int(networks_of(world).surface[network]))
        _poles(world).network[sorted(part)] = fresh
    return len(parts) == 1


def _component(world: World, pole: int, ends: dict[int, list[int]]) -> set[int]:
    found, edge = {pole}, [pole]
    while edge:
        for other in ends.get(edge.pop(), ()):
            if other not in found:
                found.add(other)
                edge.append(other)
    return found


def _ends(world: World) -> dict[int, list[int]]:
    """Pole rows wired to each pole row."""
    wires, ends = _wires(world), dict[int, list[int]]()
    for wire in np.flatnonzero(wires.owner >= 0).tolist():
        owner, other = int(wires.owner[wire]), int(wires.other[wire])
        ends.setdefault(owner, []).append(other)
        ends.setdefault(other, []).append(owner)
    return ends


def _cover(world: World, pole: int) -> None:
    """Puts entities without a network that a new pole covers on the pole's."""
    network = int(_poles(world).network[pole])
    for name in MEMBER_TABLES:
        join(world, name, _covered(world, name, pole, NONE), network)


def _on_network(world: World, name: str, network: int) -> npt.NDArray[np.intp]:
    """Rows of a table of members that are on a network, or on none."""
    table: Any = world.storage.tables[name]
    return np.flatnonzero((table.owner >= 0) & ((table.network == network) | (table.network < 0)))


def _covered(world: World, name: str, pole: int, network: int) -> npt.NDArray[np.intp]:
    """Rows of a table of members on this network (or NONE) that a pole's square overlaps."""
    table: Any = world.storage.tables[name]
    rows = np.flatnonzero((table.owner >= 0) & (table.network == network))
    return rows[_is_over(world, pole, table.owner[rows])]


def _look_again(world: World, name: str, rows: npt.NDArray[np.intp]) -> None:
    """Puts rows of a table of members on the networks that feed them now."""
    table: Any = world.storage.tables[name]
    found = _networks_at(world, table.owner[rows])
    for each in sorted(set(found.tolist())):
        join(world, name, rows[found == each], each)


def _poles(world: World) -> Poles:
    return world.storage.tables["poles"]  # type: ignore[return-value]


def _wires(world: World) -> Wires:
    return world.storage.tables["wires"]  # type: ignore[return-value]
