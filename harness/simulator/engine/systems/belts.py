"""Belts as things that stand on the ground: which lanes they have and what leads into what.

Owns the rows of `Belts` and `Lanes` and keeps links, turns and chains right when a belt is built, removed or rotated;
`lanes.py` moves the items. All here is Python: it runs when the world changes, not every tick.

A belt with nothing behind it and one belt at its side is a turn; any other belt at a side loads the near lane. The ends
of an underground belt show half a tile of lane each; the part between is a lane a tile. A splitter is four short lanes
in and four out, and each of its two sides takes turns on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine.spilling import spill
from harness.simulator.engine.systems.belt_map import (
    BEHIND,
    FROM_LEFT,
    FROM_RIGHT,
    STEPS,
    BeltMap,
    spots_of,
)
from harness.simulator.engine.systems.belt_tables import LEFT, NUM_BELT_LANES, RIGHT, STRAIGHT, Belts, Lanes
from harness.simulator.engine.systems.chain_links import chain_connect, chain_release, lane_stretch
from harness.simulator.engine.systems.lanes import lane_put
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

STRAIGHT_UNITS = 256
HALF_UNITS = 128
OUTER_UNITS = 295
INNER_UNITS = 106
UPSTREAM_ENTRY = 188
DOWNSTREAM_ENTRY = 67
"""Lane lengths and where a side-load goes on. Source: readings of the game, `belts-inserters.json`."""

_LENGTHS = {
    STRAIGHT: (STRAIGHT_UNITS, STRAIGHT_UNITS),
    LEFT: (INNER_UNITS, OUTER_UNITS),
    RIGHT: (OUTER_UNITS, INNER_UNITS),
}

_TURNS = {FROM_LEFT: LEFT, FROM_RIGHT: RIGHT}
"""The turn that a belt makes which is fed from one side alone."""


def build(world: World, row: int) -> None:
    """Gives a new belt entity its lanes and links it with its neighbours; `choose_end` links an underground belt."""
    kind, data = world.type_of(row), world.protos.entity_data[world.entities.proto[row]]
    belt = take_row(world, "belts", row)
    belts = _belts(world)
    belts.surface[belt] = world.entities.surface[row]
    belts.speed[belt] = round(data["speed"] * UNIT)
    belts.input[belt] = False
    belts.reach[belt] = data.get("max_distance", 0)
    belts.bend[belt] = STRAIGHT
    belts.partner[belt] = NONE
    belts.lane[belt] = NONE
    world.entities.component[row] = belt
    _stand(world, belt)
    for column in range(8 if kind == "splitter" else 2):
        _add_lane(world, belt, column, STRAIGHT_UNITS if kind == "transport-belt" else HALF_UNITS)
    if kind != "underground-belt":
        ground = BeltMap(world)
        _relink(world, ground, ground.surroundings(belt))


def remove(world: World, row: int) -> None:
    """Frees a belt's rows; what lay on it is gone, callers that want it read it first."""
    belt = int(world.entities.component[row])
    ground = BeltMap(world)
    _relink(world, ground, ground.surroundings(belt), without=belt)
    give_row(world, "belts", belt)


def rotate(world: World, row: int) -> None:
    """Links a belt anew after its direction changed."""
    belt = int(world.entities.component[row])
    before = BeltMap(world).surroundings(belt)
    _stand(world, belt)
    ground = BeltMap(world)
    _relink(world, ground, before | ground.surroundings(belt))


def choose_end(world: World, row: int, end: str) -> None:
    """Makes an underground belt the `input` or the `output` end and links it.

    Raises:
        SimError: another word.
    """
    if end not in ("input", "output"):
        raise SimError(f"underground belt type: expected 'input' or 'output', got {end!r}")
    belt = int(world.entities.component[row])
    before = BeltMap(world).surroundings(belt)
    _belts(world).input[belt] = end == "input"
    ground = BeltMap(world)
    _relink(world, ground, before | ground.surroundings(belt))


def _belts(world: World) -> Belts:
    """The table stays the same object when it grows; its columns do not."""
    return cast("Belts", world.storage.tables["belts"])


def _lanes(world: World) -> Lanes:
    return cast("Lanes", world.storage.tables["lanes"])


def _kind(world: World, belt: int) -> str:
    return world.type_of(int(_belts(world).owner[belt]))


def _stand(world: World, belt: int) -> None:
    """Works out the tiles a belt covers."""
    belts = _belts(world)
    row = int(belts.owner[belt])
    x, y = int(world.entities.x[row]), int(world.entities.y[row])
    if world.type_of(row) == "splitter":
        dx, dy = STEPS[(int(world.entities.direction[row]) + 4) % 16]
        shifts = [(-dx * HALF_UNITS, -dy * HALF_UNITS), (dx * HALF_UNITS, dy * HALF_UNITS)]
    else:
        shifts = [(0, 0), (0, 0)]
    for side, (shift_x, shift_y) in enumerate(shifts):
        belts.tile_x[belt, side] = (x + shift_x) // UNIT
        belts.tile_y[belt, side] = (y + shift_y) // UNIT


class Buried(NamedTuple):
    """An item in the hidden part of an underground belt that is about to change.

    Attributes:
        belt: row in `Belts` of the end where items go in.
        side: 0 left, 1 right.
        depth: 1/256 tile from where the hidden part begins.
        item: item id.
        unique: its number.
    """

    belt: int
    side: int
    depth: int
    item: int
    unique: int


def _relink(world: World, ground: BeltMap, around: set[int], without: int = NONE) -> None:
    """Works out turns, links and chains of some belts anew; `without` is about to go and is left out."""
    chain_of = _lanes(world).chain
    touched = {int(chain_of[lane]) for belt in around for lane in _own_lanes(world, belt)} - {NONE}
    for belt in sorted(around):
        _detach(world, belt)
    if without >= 0:
        _vanish(world, without)
        ground, around = BeltMap(world), around - {without}
    buried = [item for belt in sorted(around) for item in _pair(world, ground, belt)]
    for belt in sorted(around):
        _shape(world, ground, belt)
    for belt in sorted(around):
        _attach(world, ground, belt)
    lanes = [lane for belt in sorted(around) for lane in _own_lanes(world, belt)]
    world.storage.reserve("chains", "head", len(lanes) + 2)
    state = world.state
    for lane in lanes:
        chain_connect(state, lane)
    for chain in sorted(touched):
        chain_release(state, chain)
    for item in buried:
        _bury(world, item)


def _bury(world: World, buried: Buried) -> None:
    """Puts an item back where it lay underground; what has no place there any more is spilt by the end."""
    belts, lanes = _belts(world), _lanes(world)
    last = int(belts.lane[buried.belt, 2 + buried.side])
    for lane in reversed(_hidden(world, last)) if last >= 0 else ():
        if buried.depth < lanes.length[lane]:
            place = int(lanes.length[lane]) - 1 - buried.depth
            if lane_put(world.state, lane, buried.item, buried.unique, place, 0):
                return
            break
        buried = buried._replace(depth=buried.depth - int(lanes.length[lane]))
    row = int(belts.owner[buried.belt])
    name = world.protos.item_names.names[buried.item]
    spill(world, int(belts.surface[buried.belt]), world.position_of(row), name, 1)


def _vanish(world: World, belt: int) -> None:
    """Takes a belt off the map as the searches here see it, and frees its lanes."""
    partner = int(_belts(world).partner[belt])
    _unpair(world, belt)
    if partner >= 0:
        _unpair(world, partner)
    for lane in _own_lanes(world, belt):
        _free_lane(world, lane)
    _belts(world).lane[belt] = NONE
    world.entities.component[_belts(world).owner[belt]] = NONE


def _own_lanes(world: World, belt: int) -> list[int]:
    """All lanes of a belt, hidden ones too."""
    own = [lane for lane in _belts(world).lane[belt].tolist() if lane >= 0]
    if _kind(world, belt) == "underground-belt":
        own = own[:2] + [lane for last in own[2:] for lane in _hidden(world, last)]
    return own


def _hidden(world: World, last: int) -> list[int]:
    """The hidden lanes that end with `last`, downstream first. Their links among themselves never change."""
    belt, found = _lanes(world).belt[last], [last]
    while True:
        lane = int(_lanes(world).prev[found[-1]])
        if lane < 0 or _lanes(world).belt[lane] != belt or lane in _belts(world).lane[belt]:
            return found
        found.append(lane)


def _add_lane(world: World, belt: int, column: int, length: int) -> int:
    lane = world.storage.new_row("lanes", "belt")
    lanes = _lanes(world)
    belts = _belts(world)
    lanes.belt[lane] = belt
    lanes.length[lane] = length
    lanes.speed[lane] = belts.speed[belt]
    lanes.arbiter[lane] = lane
    belts.lane[belt, column] = lane
    return lane


def _free_lane(world: World, lane: int) -> None:
    world.storage.free_row("lanes", lane)


def _pair(world: World, ground: BeltMap, belt: int) -> list[Buried]:
    """Finds the other end of an underground belt, digs or fills the part between, and returns what lay there."""
    if ground.kind(belt) != "underground-belt":
        return []
    partner = ground.opposite_end(belt)
    old = int(_belts(world).partner[belt])
    if partner == old:
        return []
    ends = [belt, old, partner, int(_belts(world).partner[partner]) if partner >= 0 else NONE]
    buried = [item for end in ends if end >= 0 for item in _unpair(world, end)]
    if partner >= 0:
        _belts(world).partner[belt], _belts(world).partner[partner] = partner, belt
        _dig(world, belt if _belts(world).input[belt] else partner)
    return buried


def _unpair(world: World, belt: int) -> list[Buried]:
    """Fills the hidden part of an end where items go in; returns what lay there, nearest that end first."""
    _belts(world).partner[belt] = NONE
    lanes, buried = _lanes(world), []
    for side in range(2):
        last = int(_belts(world).lane[belt, 2 + side])
        depth = 0
        for lane in reversed(_hidden(world, last)) if last >= 0 else ():
            length = int(lanes.length[lane])
            for slot in reversed(range(int(lanes.count[lane]))):
                place = depth + length - 1 - int(lanes.pos[lane, slot])
                item, unique = int(lanes.item_id[lane, slot]), int(lanes.unique[lane, slot])
                buried.append(Buried(belt=belt, side=side, depth=place, item=item, unique=unique))
            depth += length
            _free_lane(world, lane)
        _belts(world).lane[belt, 2 + side] = NONE
    return buried


def _dig(world: World, belt: int) -> None:
    belts = _belts(world)
    (_, x, y), (_, other_x, other_y) = (spots_of(belts, end)[0] for end in (belt, int(belts.partner[belt])))
    tiles = abs(x - other_x) + abs(y - other_y)
    for column in (2, 3):
        previous = NONE
        for _ in range(tiles):
            lane = _add_lane(world, belt, column, STRAIGHT_UNITS)
            if previous >= 0:
                _join(world, previous, lane)
            previous = lane


def _shape(world: World, ground: BeltMap, belt: int) -> None:
    """Sets turn and lane lengths."""
    bend, belts, lengths = ground.bend(belt), _belts(world), _lanes(world).length
    belts.bend[belt] = bend
    if ground.kind(belt) != "transport-belt":
        return
    for lane, length in zip(belts.lane[belt].tolist(), _LENGTHS[bend], strict=False):
        if lengths[lane] != length:
            lane_stretch(world.state, lane, length)


def _join(world: World, lane: int, onward: int) -> None:
    lanes = _lanes(world)
    lanes.next[lane], lanes.prev[onward] = onward, lane


def _load(world: World, lane: int, targets: list[int], entry: int) -> None:
    """Makes `lane` load other lanes at `entry`."""
    lanes = _lanes(world)
    lanes.entry[lane] = entry
    for column, target in enumerate(targets):
        lanes.side[lane, column] = target
        lanes.feeders[target, 0 if lanes.feeders[target, 0] < 0 else 1] = lane


def _detach(world: World, belt: int) -> None:
    """Undoes what a belt's lanes lead to, but for the hidden lanes of one underground belt among themselves."""
    lanes = _lanes(world)
    for lane in _own_lanes(world, belt):
        onward = int(lanes.next[lane])
        if onward >= 0 and not _both_hidden(world, lane, onward):
            lanes.next[lane], lanes.prev[onward] = NONE, NONE
        for column, target in enumerate(lanes.side[lane].tolist()):
            if target >= 0:
                kept = [other for other in lanes.feeders[target].tolist() if other not in (lane, NONE)]
                lanes.feeders[target] = [*kept, NONE, NONE][:2]
                lanes.side[lane, column] = NONE


def _both_hidden(world: World, lane: int, onward: int) -> bool:
    belt_of = _lanes(world).belt
    belt = int(belt_of[lane])
    return belt == int(belt_of[onward]) and lane not in _belts(world).lane[belt, :2].tolist()


def _attach(world: World, ground: BeltMap, belt: int) -> None:
    """Links a belt's lanes to what they lead to."""
    kind, lanes, bends = ground.kind(belt), _belts(world).lane, _belts(world).bend
    if kind == "splitter":
        _split(world, belt)
    elif kind == "underground-belt" and _belts(world).input[belt]:
        _tunnel(world, belt)
        return
    for port, (target, tile, relation) in enumerate(ground.fed(belt)):
        if target < 0:
            continue
        first = 4 + 2 * port if kind == "splitter" else 0
        ends = lanes[belt, first : first + 2].tolist()
        if relation == BEHIND or _TURNS[relation] == bends[target]:
            for end, onward in zip(ends, lanes[target, 2 * tile : 2 * tile + 2].tolist(), strict=True):
                _join(world, end, onward)
        else:
            _side_load(world, ends, target, relation)


def _side_load(world: World, ends: list[int], target: int, relation: int) -> None:
    """Leads both lanes of a belt to the near lane of the belt it runs into; half an underground end admits one."""
    near = int(_belts(world).lane[target, 0 if relation == FROM_LEFT else 1])
    upstream, downstream = (ends[1], ends[0]) if relation == FROM_LEFT else (ends[0], ends[1])
    if _kind(world, target) != "underground-belt":
        _load(world, upstream, [near], UPSTREAM_ENTRY)
        _load(world, downstream, [near], DOWNSTREAM_ENTRY)
    elif _belts(world).input[target]:
        _load(world, upstream, [near], UPSTREAM_ENTRY - HALF_UNITS)
    else:
        _load(world, downstream, [near], DOWNSTREAM_ENTRY)


def _split(world: World, belt: int) -> None:
    own = [int(lane) for lane in _belts(world).lane[belt]]
    for side in range(2):
        for lane in (own[side], own[2 + side]):
            _load(world, lane, [own[4 + side], own[6 + side]], HALF_UNITS)
            _lanes(world).arbiter[lane] = own[side]
        _lanes(world).rival[own[side]], _lanes(world).rival[own[2 + side]] = own[2 + side], own[side]


def _tunnel(world: World, belt: int) -> None:
    partner = int(_belts(world).partner[belt])
    if partner < 0:
        return
    for side in range(2):
        last = int(_belts(world).lane[belt, 2 + side])
        first = _hidden(world, last)[-1]
        _join(world, int(_belts(world).lane[belt, side]), first)
        _join(world, last, int(_belts(world).lane[partner, side]))


class LineItem(NamedTuple):
    """An item on a line.

    Attributes:
        name: the item.
        position: 1/256 tile from the line's downstream end.
        unique: its number, the same wherever it goes.
    """

    name: str
    position: int
    unique: int


def line_items(world: World, belt: int, line: int) -> list[LineItem]:
    """What lies on line 1..8 of a belt (row in `Belts`), front first; nothing where it has no such line."""
    lanes, found, offset = _lanes(world), [], 0
    for lane in _line_lanes(world, belt, line):
        for index in range(int(lanes.count[lane])):
            name = world.protos.item_names.names[lanes.item_id[lane, index]]
            found.append(LineItem(name, offset + int(lanes.pos[lane, index]), int(lanes.unique[lane, index])))
        offset += int(lanes.length[lane])
    return found


def lane_contents(world: World, belt: int, line: int) -> list[tuple[str, int]]:
    """Names and positions of `line_items`."""
    return [(item.name, item.position) for item in line_items(world, belt, line)]


def items_on(world: World, row: int) -> list[tuple[str, int]]:
    """Everything that goes with a belt entity when it is taken away, by name; so too what lies underground."""
    belt = int(world.entities.component[row])
    partner = int(_belts(world).partner[belt])
    found = [item.name for line in range(1, NUM_BELT_LANES + 1) for item in line_items(world, belt, line)]
    if partner >= 0 and not _belts(world).input[belt]:
        found += [item.name for line in (3, 4) for item in line_items(world, partner, line)]
    return [(name, found.count(name)) for name in dict.fromkeys(found)]


def _line_lanes(world: World, belt: int, line: int) -> list[int]:
    """The lanes of a line, downstream first."""
    last = int(_belts(world).lane[belt, line - 1]) if 1 <= line <= NUM_BELT_LANES else NONE
    if last < 0:
        return []
    return _hidden(world, last) if line > 2 and _kind(world, belt) == "underground-belt" else [last]


def line_length(world: World, belt: int, line: int) -> int:
    """Length of line 1..8 of a belt, 1/256 tile; 0 where it has none."""
    return int(np.sum(_lanes(world).length[_line_lanes(world, belt, line)]))
