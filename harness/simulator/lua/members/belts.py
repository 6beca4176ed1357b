"""Members of `LuaEntity` that belts have, and `LuaTransportLine`."""

from __future__ import annotations

from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine.systems import belts as belt_rules
from harness.simulator.engine.systems.belt_tables import ITEM_GAP, MAX_LANE_ITEMS
from harness.simulator.engine.systems.chains import chain_wake
from harness.simulator.engine.systems.lanes import lane_add, lane_take
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import ApiObject, Game
from harness.simulator.lua.members import tables
from harness.simulator.lua.members.guards import entity_handle, entity_handles, live_part, serial_of
from harness.simulator.lua.members.inventory import BELT, belt_slot, item_id
from harness.simulator.lua.members.lines import SURFACE_LINES, lane_at, lanes_of
from harness.simulator.lua.members.machines import only
from harness.simulator.lua.members.shapes import contents, item_filter

BELTS = ("transport-belt", "underground-belt", "splitter")
_NUM_LINES = {"transport-belt": 2, "underground-belt": 4, "splitter": 8}


def _belt(game: Game, row: int) -> int:
    return int(game.world.entities.component[row])


@only(*BELTS)
def _line(game: Game, row: int, index: Any) -> tuple[int, int, int]:
    most = _NUM_LINES[game.world.type_of(row)]
    if not isinstance(index, int | float) or not 1 <= index <= most:
        raise SimError(f"get_transport_line: expected 1 to {most}, got {index}")
    return row, serial_of(game, row), int(index)


@only(*BELTS)
def _num_lines(game: Game, row: int) -> int:
    return _NUM_LINES[game.world.type_of(row)]


def _lane(game: Game, row: int, line: int) -> int | None:
    """The lane of a line; None where the belt has none now, as the way underground of an end that leads nowhere."""
    lane = int(tables.belts(game).lane[_belt(game, row), line - 1])
    return lane if lane >= 0 else None


def _items(game: Game, row: int, line: int) -> list[tuple[str, int]]:
    return belt_rules.lane_contents(game.world, _belt(game, row), line)


def _counts(game: Game, row: int, line: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, _ in _items(game, row, line):
        counts[name] = counts.get(name, 0) + 1
    return counts


def _num_items(game: Game, row: int, line: int) -> int:
    if line > SURFACE_LINES:
        return len(_items(game, row, line))
    return int(tables.lanes(game).count[tables.belts(game).lane[_belt(game, row), line - 1]])


def _detailed(game: Game, row: int, line: int) -> list[dict[str, Any]]:
    return [
        {
            "position": position / UNIT,
            "stack": ApiObject("LuaItemStack", (BELT, serial_of(game, row), belt_slot(row, line, index))),
            "unique_id": index + 1,
        }
        for index, (_, position) in enumerate(_items(game, row, line))
    ]


def _item_count(game: Game, row: int, line: int, name: str | None) -> int:
    counts = _counts(game, row, line)
    return sum(counts.values()) if name is None else counts.get(name, 0)


def _can_insert_at_back(game: Game, row: int, line: int) -> bool:
    lane, lanes = _lane(game, row, line), tables.lanes(game)
    if lane is None:
        return False
    count = int(lanes.count[lane])
    if count == 0:
        return True
    return count < MAX_LANE_ITEMS and int(lanes.pos[lane, count - 1]) + ITEM_GAP < int(lanes.length[lane])


def _insert_at_back(game: Game, row: int, line: int, name: str, _count: Any, _size: Any) -> bool:
    lane, item = _lane(game, row, line), item_id(game, name)
    return lane is not None and bool(lane_add(game.world.state, lane, item, int(tables.lanes(game).length[lane])))


def _insert_at(game: Game, row: int, line: int, position: Any, name: str, _count: Any, _size: Any) -> bool:
    item = item_id(game, name)
    if not isinstance(position, int | float) or position < 0:
        raise SimError(f"insert_at: expected a position of at least 0, got {position!r}")
    lane, place = lane_at(game, row, line, round(position * UNIT))
    return lane >= 0 and bool(lane_add(game.world.state, lane, item, place))


def _remove(game: Game, row: int, line: int, name: str, count: Any) -> int:
    item, lanes, removed = item_id(game, name), tables.lanes(game), 0
    for lane in lanes_of(game, row, line):
        index = 0
        while index < int(lanes.count[lane]) and removed < int(count):
            if int(lanes.item_id[lane, index]) == item:
                lane_take(game.world.state, lane, index)
                removed += 1
            else:
                index += 1
    return removed


def _clear(game: Game, row: int, line: int) -> None:
    for lane in lanes_of(game, row, line):
        while int(tables.lanes(game).count[lane]):
            lane_take(game.world.state, lane, 0)


def _stack_at(game: Game, row: int, line: int, key: Any) -> tuple[int, int, int]:
    if not isinstance(key, int | float):
        raise SimError(f"LuaTransportLine doesn't contain key {key}.")
    if not 1 <= key <= len(_items(game, row, line)):
        raise SimError(f"Index out of bounds: {int(key)} of a line with {len(_items(game, row, line))} items.")
    return BELT, serial_of(game, row), belt_slot(row, line, int(key) - 1)


LINE = ApiClass(
    name="LuaTransportLine",
    handle=("row", "serial", "line"),
    guard=live_part,
    members={
        "object_name": Read(read=lambda *_: "LuaTransportLine"),
        "valid": Read(read=lambda game, *handle: live_part(game, *handle) is not None, guarded=False),
        "owner": Read(read=lambda game, row, _line: entity_handle(game, row), gives="object:LuaEntity"),
        "line_length": Read(
            read=lambda game, row, line: belt_rules.line_length(game.world, _belt(game, row), line) / UNIT
        ),
        "get_contents": Method(call=lambda game, row, line: contents(_counts(game, row, line)), gives="data"),
        "get_detailed_contents": Method(call=_detailed, gives="tree"),
        "get_item_count": Method(call=_item_count, takes=("name?",)),
        "can_insert_at_back": Method(call=_can_insert_at_back),
        "insert_at_back": Method(call=_insert_at_back, takes=("stack", "any")),
        "insert_at": Method(call=_insert_at, takes=("any", "stack", "any")),
        "remove_item": Method(call=_remove, takes=("stack",)),
        "clear": Method(call=_clear, gives="nothing"),
    },
    index=_stack_at,
    index_gives="object:LuaItemStack",
    length=_num_items,
)


# Neighbours


@only(*BELTS)
def _neighbours(game: Game, row: int) -> tuple[int | None, ...]:
    own, belts, lanes = _belt(game, row), tables.belts(game), tables.lanes(game)
    own_lanes = [lane for lane in belts.lane[own].tolist() if lane >= 0]
    apart = (own, int(belts.partner[own]))
    before = _others(lanes.belt, lanes.prev, lanes.feeders, own_lanes, apart)
    after = _others(lanes.belt, lanes.next, lanes.side, own_lanes, apart)
    rows = [int(belts.owner[belt]) for belt in (*before, *after)]
    return (len(before), *entity_handles(game, rows))


def _others(belt_of: Any, single: Any, several: Any, own_lanes: list[int], apart: tuple[int, int]) -> list[int]:
    """Belts that lanes are linked to by two columns of `Lanes`, none twice and none of `apart`."""
    found: list[int] = []
    for lane in own_lanes:
        for other in (int(single[lane]), *several[lane].tolist()):
            if other >= 0:
                belt = int(belt_of[other])
                if belt not in apart and belt not in found:
                    found.append(belt)
    return found


@only("underground-belt")
def _end(game: Game, row: int) -> str:
    return "input" if tables.belts(game).input[_belt(game, row)] else "output"


def _partner(game: Game, row: int) -> tuple[int, int] | None:
    if game.world.type_of(row) != "underground-belt":
        return None
    partner = int(tables.belts(game).partner[_belt(game, row)])
    return None if partner < 0 else entity_handle(game, int(tables.belts(game).owner[partner]))


# Splitters

_HALVES = {"none": NONE, "left": 0, "right": 1}
_NAMES = {half: name for name, half in _HALVES.items()}


def _wake(game: Game, row: int) -> None:
    """Items that stand before a splitter may go on now."""
    for lane in tables.belts(game).lane[_belt(game, row)].tolist():
        if int(tables.lanes(game).count[lane]) > 0:
            chain_wake(game.world.state, int(tables.lanes(game).chain[lane]))


def _priority(column: str) -> Read:
    """The attribute over a column of `Belts` that holds a half of the splitter."""

    @only("splitter")
    def read(game: Game, row: int) -> str:
        return _NAMES[int(getattr(tables.belts(game), column)[_belt(game, row)])]

    @only("splitter")
    def write(game: Game, row: int, value: Any) -> None:
        if value not in _HALVES:
            raise SimError(f"splitter_{column}: expected left, none or right, got {value!r}")
        getattr(tables.belts(game), column)[_belt(game, row)] = _HALVES[value]
        _wake(game, row)

    return Read(read=read, write=write)


@only("splitter")
def _filter(game: Game, row: int) -> dict[str, str] | None:
    item = int(tables.belts(game).filter_item[_belt(game, row)])
    return item_filter(None if item < 0 else game.world.protos.item_names.names[item])


@only("splitter")
def _set_filter(game: Game, row: int, name: str | None) -> None:
    tables.belts(game).filter_item[_belt(game, row)] = NONE if name is None else item_id(game, name)
    _wake(game, row)


MEMBERS: dict[str, Read | Method] = {
    "splitter_input_priority": _priority("input_priority"),
    "splitter_output_priority": _priority("output_priority"),
    "splitter_filter": Read(read=_filter, write=_set_filter, takes="name?", gives="data"),
    "get_transport_line": Method(call=_line, takes=("any",), gives="object:LuaTransportLine"),
    "get_max_transport_line_index": Method(call=_num_lines),
    "belt_neighbours": Read(read=_neighbours, gives="pair:LuaEntity:inputs:outputs"),
    "belt_to_ground_type": Read(read=_end),
    "neighbours": Read(read=_partner, gives="object:LuaEntity"),
}

CLASSES: list[ApiClass] = [LINE]
