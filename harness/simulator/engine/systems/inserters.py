"""Inserters: what one does in a tick, and their rows.

An inserter with something in its hand goes to its drop point; with fuel in its hand and an empty fuel slot it goes to
itself first. Empty-handed it chases an item on its pickup belt, or goes to its pickup point and takes what its target
would accept. Where it takes from is `pickup.py`, how the arm moves `arms.py`, the order and sleep `waiting.py`.

Belts move before inserters, so an inserter sees items where this tick has left them; what else changes it sees in the
next tick. After each tick awake a burner inserter fills its buffer; asleep it keeps what its last move left. What want
of electricity does to the status is worked out when that is read, so a sleeping inserter shows it too.

Source: rules measured with the game, see `belts-inserters.json` among the tests' data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from harness.data import prototypes
from harness.simulator.engine import queries, status
from harness.simulator.engine.clock import NEXT_PLACE
from harness.simulator.engine.inventories import (
    chest_is_full,
    entity_insert,
    inventory_first,
    output_inventory,
)
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_INSERTER
from harness.simulator.engine.spatial import building_at
from harness.simulator.engine.systems.arms import arm_move, turn_towards
from harness.simulator.engine.systems.awake import highest_bit
from harness.simulator.engine.systems.belt_drop import belt_insert_at_drop_point, drop_lane, step_x, step_y
from harness.simulator.engine.systems.belt_tables import NUM_BELT_LANES
from harness.simulator.engine.systems.burners import BUFFER_FIFTEENTHS, BUFFER_SIXTEENTHS, burner_draw
from harness.simulator.engine.systems.chains import await_line
from harness.simulator.engine.systems.drop import is_belt, lay_item
from harness.simulator.engine.systems.inserter_tables import SOURCE, TARGET, Inserters
from harness.simulator.engine.systems.machine_tables import BITS
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.pickup import (
    chase_belt,
    hand_size,
    line_has_wanted,
    needs_own_fuel,
    pick_from_entity,
    pick_from_ground,
)
from harness.simulator.engine.systems.power import power_problem
from harness.simulator.engine.systems.waiting import (
    close_gaps,
    join_order,
    leave_order,
    rest,
    wait_for,
    wake_inserter,
    wake_waiters,
)
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("inserter",)

HAND_REACH = 3 * UNIT
"""An inserter and what it takes from or drops to are nearer than this, box to box, 1/256 tile (long-handed: 2.2)."""

DEFAULT_STARTING_LENGTH = 0.7
"""Tiles an arm is out when built, unless the prototype says. Source: documented default of `starting_distance`."""

ACTS = 0
WATCHES = 1
RESTS = 2
SLEEPS = 3
"""What an inserter does after its tick: fill its buffer and act again, only act again, rest at its place, or leave the
order; see `waiting.py`."""

SPARE_PLACES = 64
"""Places beyond those that all inserters fill and fill anew, so that gaps are closed seldom."""

SELF_LENGTH = 0.01 * 2**0.5
"""How far out an arm is when it loads its own fuel slot: 0.01 tile each way. Source: measured."""

STATUS_WAITING_FOR_SOURCE: int = status.NUMBERS["waiting_for_source_items"]
STATUS_WAITING_FOR_SPACE: int = status.WAITING_FOR_SPACE
STATUS_WORKING: int = status.WORKING
STATUS_NO_FUEL: int = status.NO_FUEL
STATUS_DISABLED: int = status.DISABLED_BY_SCRIPT


@kernel
def _own_turn(state: State, inserter: int) -> np.float32:
    """Where an arm points when it loads its own fuel slot: south-east, or over towards the drop point's side."""
    east = -1 if state.inserters.drop_x[inserter] < 0 else 1
    south = -1 if state.inserters.drop_y[inserter] < 0 else 1
    return turn_towards(east, south)


@kernel
def _drop(state: State, inserter: int, entity: int) -> None:
    """Empties the hand into whatever lies at the drop point, as far as that takes it."""
    inserters = state.inserters
    item, target = inserters.held_item[inserter], inserters.target[inserter]
    x = state.entities.x[entity] + inserters.drop_x[inserter]
    y = state.entities.y[entity] + inserters.drop_y[inserter]
    put = 0
    if target < 0:
        put = 1 if lay_item(state, state.entities.surface[entity], x, y, item, 1) >= 0 else 0
    elif is_belt(state, target):
        put = 1 if belt_insert_at_drop_point(state, int(state.entities.component[target]), x, y, item) else 0
    else:
        put = entity_insert(state, target, item, int(inserters.held_count[inserter]), False)
    inserters.held_count[inserter] -= put
    if inserters.held_count[inserter] == 0:
        inserters.held_item[inserter] = NONE


@kernel
def _carry(state: State, inserter: int, entity: int) -> int:
    """A tick with something in the hand; returns what the inserter does then."""
    inserters = state.inserters
    item = int(inserters.held_item[inserter])
    if needs_own_fuel(state, entity, item):
        if arm_move(state, inserter, _own_turn(state, inserter), SELF_LENGTH):
            put = entity_insert(state, entity, item, int(inserters.held_count[inserter]), False)
            inserters.held_count[inserter] -= put
            if inserters.held_count[inserter] == 0:
                inserters.held_item[inserter] = NONE
        state.entities.status[entity] = STATUS_WORKING
        return ACTS
    if arm_move(state, inserter, inserters.drop_turn[inserter], inserters.drop_length[inserter]):
        before = inserters.held_count[inserter]
        _drop(state, inserter, entity)
        if inserters.held_count[inserter] == before:
            state.entities.status[entity] = STATUS_WAITING_FOR_SPACE
            return _wait_for_space(state, inserter, entity)
    state.entities.status[entity] = STATUS_WORKING
    return ACTS


@kernel
def _wait_for_space(state: State, inserter: int, entity: int) -> int:
    """What an inserter does that cannot drop: a belt is waited for while its line stands still."""
    target = int(state.inserters.target[inserter])
    if not is_belt(state, target):
        return _sleeps_for(state, target)
    x = state.entities.x[entity] + state.inserters.drop_x[inserter]
    y = state.entities.y[entity] + state.inserters.drop_y[inserter]
    lane, _ = drop_lane(state, int(state.entities.component[target]), int(x), int(y))
    return RESTS if await_line(state, lane) else ACTS


@kernel
def _fetch(state: State, inserter: int, entity: int) -> int:
    """A tick with an empty hand, or one that a belt has more for; returns what it does then."""
    inserters = state.inserters
    source, target = int(inserters.source[inserter]), int(inserters.target[inserter])
    state.entities.status[entity] = STATUS_WORKING
    on_belt = is_belt(state, source)
    if on_belt and chase_belt(state, inserter, entity):
        return ACTS
    if inserters.held_count[inserter] > 0:
        return _carry(state, inserter, entity)
    if not arm_move(state, inserter, inserters.pickup_turn[inserter], inserters.pickup_length[inserter]):
        return ACTS
    if source < 0:
        if pick_from_ground(state, inserter, entity):
            return ACTS
    elif not on_belt and pick_from_entity(state, inserter, entity):
        return ACTS
    full = chest_is_full(state, target)
    state.entities.status[entity] = STATUS_WAITING_FOR_SPACE if full else STATUS_WAITING_FOR_SOURCE
    if on_belt:
        return _wait_by_belt(state, inserter, entity, source)
    if target >= 0 and state.prototypes.kind[state.entities.proto[target]] == KIND_INSERTER:
        return _sleeps_for(state, source) if _has_nothing(state, source) else ACTS
    return _sleeps_for(state, source)


@kernel
def _wait_by_belt(state: State, inserter: int, entity: int, source: int) -> int:
    """What an inserter does whose belt has nothing for it.

    It rests until something comes onto the belt or its target changes. While the line carries nothing that it would
    take, a burner inserter keeps the buffer its last move left, till something is put on the line anywhere.
    """
    target = int(state.inserters.target[inserter])
    feeds_another = target >= 0 and state.prototypes.kind[state.entities.proto[target]] == KIND_INSERTER
    if state.entities.burner[entity] < 0 or state.entities.energy[entity] >= state.inserters.buffer[inserter]:
        return WATCHES if feeds_another else RESTS
    belt = int(state.entities.component[source])
    if line_has_wanted(state, inserter, belt):
        return ACTS
    for column in range(NUM_BELT_LANES):
        lane = state.belts.lane[belt, column]
        if lane >= 0:
            state.chains.heard[state.lanes.chain[lane]] = True
    return WATCHES if feeds_another else RESTS


@kernel
def _sleeps_for(state: State, entity: int) -> int:
    """SLEEPS if an inserter may sleep until this building's contents change; belts and other inserters are watched."""
    if entity < 0 or is_belt(state, entity):
        return ACTS
    return ACTS if state.prototypes.kind[state.entities.proto[entity]] == KIND_INSERTER else SLEEPS


@kernel
def _has_nothing(state: State, entity: int) -> bool:
    inventory = output_inventory(state, entity)
    return inventory < 0 or inventory_first(state, inventory) < 0


@kernel
def _refill(state: State, inserter: int, entity: int) -> bool:
    """Fills a burner inserter's buffer from its fire; false when it stands still for want of fuel."""
    burner = int(state.entities.burner[entity])
    if burner < 0:
        return True
    lacking = state.inserters.buffer[inserter] - state.entities.energy[entity]
    if lacking > 0.0:
        state.entities.energy[entity] += burner_draw(state, burner, lacking)
    if state.entities.energy[entity] > 0.0:
        return True
    state.entities.status[entity] = STATUS_NO_FUEL
    return False


@kernel
def _act(state: State, inserter: int) -> None:
    """One inserter's tick."""
    inserters = state.inserters
    entity = int(inserters.owner[inserter])
    if not state.entities.active[entity]:
        state.entities.status[entity] = STATUS_DISABLED
        return
    if inserters.held_count[inserter] >= hand_size(state, inserter):
        then = _carry(state, inserter, entity)
    else:
        then = _fetch(state, inserter, entity)
    if then == ACTS:
        if not _refill(state, inserter, entity):
            rest(state, inserter)
        return
    if then == WATCHES:
        return
    if then == SLEEPS:
        leave_order(state, inserter)
    else:
        rest(state, inserter)
    wait_for(state, inserter, SOURCE, int(inserters.source[inserter]))
    wait_for(state, inserter, TARGET, int(inserters.target[inserter]))


@kernel
def step(state: State) -> None:
    """One tick of all inserters that act, the last in the order first."""
    close_gaps(state)
    words = (int(state.clock[NEXT_PLACE]) + BITS - 1) // BITS
    for back in range(words):
        index = words - 1 - back
        still_to_come = (1 << BITS) - 1
        word = int(state.acting.word[index])
        while word != 0:
            bit = highest_bit(word)
            _act(state, int(state.places.inserter[BITS * index + bit]))
            still_to_come = (1 << bit) - 1
            word = int(state.acting.word[index]) & still_to_come


def _table(world: World) -> Inserters:
    return cast("Inserters", world.storage.tables["inserters"])


def build(world: World, row: int) -> None:
    """Gives a new inserter its row; burner and electric rows are given by their own systems."""
    inserter = take_row(world, "inserters", row)
    world.storage.grow("places", 2 * len(_table(world)) + SPARE_PLACES)
    world.storage.grow("acting", (len(world.storage.tables["places"]) + BITS - 1) // BITS)
    table, data = _table(world), world.protos.entity_data[world.entities.proto[row]]
    world.entities.component[row] = inserter
    table.turn_speed[inserter] = data["rotation_speed"]
    table.length_speed[inserter] = data["extension_speed"]
    table.turn_joules[inserter] = prototypes.parse_energy(data["energy_per_rotation"])
    table.bulk[inserter] = data.get("bulk", False)
    table.length_joules[inserter] = prototypes.parse_energy(data["energy_per_movement"])
    turning = data["rotation_speed"] * table.turn_joules[inserter]
    reaching = data["extension_speed"] * table.length_joules[inserter]
    table.buffer[inserter] = (turning + reaching) * BUFFER_SIXTEENTHS / BUFFER_FIFTEENTHS
    table.length[inserter] = data.get("starting_distance", DEFAULT_STARTING_LENGTH)
    table.pickup_length[inserter] = abs(data["pickup_position"][1])
    table.drop_length[inserter] = abs(data["insert_position"][1])
    world.entities.status[row] = STATUS_WORKING
    _face(world, row)
    table.turn[inserter] = table.pickup_turn[inserter]
    _look(world, row)
    close_gaps(world.state)  # places of those that went since the last tick: hosts may rebuild many of them
    join_order(world.state, inserter)


def remove(world: World, row: int) -> None:
    """Takes an inserter out of the order and frees its row; what it held is gone."""
    inserter = int(world.entities.component[row])
    wake_inserter(world.state, inserter)
    leave_order(world.state, inserter)
    _let_go(world.state, inserter)
    give_row(world, "inserters", inserter)
    world.entities.component[row] = NONE


def rotate(world: World, row: int) -> None:
    """Turns pickup and drop points after the direction changed; the arm swings over by itself."""
    _face(world, row)
    _look(world, row)
    wake_inserter(world.state, int(world.entities.component[row]))


def changed(world: World, row: int) -> None:
    """Looks again at what lies under inserters' hands after building `row` came, or just before it goes.

    Call it for every building, while it is on the map or after it was taken off; cheap when no inserter is near.
    """
    wake_waiters(world.state, row)
    for other in queries.near(world, row, KINDS, HAND_REACH):
        if _look(world, other):
            wake_inserter(world.state, int(world.entities.component[other]))


def _face(world: World, row: int) -> None:
    """Works out pickup and drop points from the direction, which points to the pickup."""
    table, inserter = _table(world), int(world.entities.component[row])
    direction = int(world.entities.direction[row])
    pickup = int(table.pickup_length[inserter] * UNIT)
    drop = int(table.drop_length[inserter] * UNIT)
    table.pickup_x[inserter], table.pickup_y[inserter] = step_x(direction) * pickup, step_y(direction) * pickup
    table.drop_x[inserter], table.drop_y[inserter] = -step_x(direction) * drop, -step_y(direction) * drop
    table.pickup_turn[inserter] = direction / 16
    table.drop_turn[inserter] = (direction / 16 + 0.5) % 1.0
    table.chase[inserter] = 0


def _look(world: World, row: int) -> bool:
    """Finds the buildings at the pickup and drop points; returns whether one of them is another than before."""
    return bool(look(world.state, row))


@kernel
def look(state: State, entity: int) -> bool:
    """`_look` for an inserter's entity."""
    inserter, surface = int(state.entities.component[entity]), int(state.entities.surface[entity])
    x, y = int(state.entities.x[entity]), int(state.entities.y[entity])
    inserters = state.inserters
    source = building_at(
        state, surface, (x + inserters.pickup_x[inserter]) >> 8, (y + inserters.pickup_y[inserter]) >> 8
    )
    target = building_at(state, surface, (x + inserters.drop_x[inserter]) >> 8, (y + inserters.drop_y[inserter]) >> 8)
    if source == inserters.source[inserter] and target == inserters.target[inserter]:
        return False
    _let_go(state, inserter)
    inserters.source[inserter] = source
    if is_belt(state, source):
        _take_hold(state, inserter, int(state.entities.component[source]))
    inserters.target[inserter] = target
    inserters.chase[inserter] = 0
    return True


@kernel
def _take_hold(state: State, inserter: int, belt: int) -> None:
    """Lists an inserter among those that take from a belt."""
    state.inserters.taken_belt[inserter] = belt
    state.inserters.next_taker[inserter] = state.belts.taker[belt]
    state.belts.taker[belt] = inserter
    _watch(state, belt)


@kernel
def _let_go(state: State, inserter: int) -> None:
    """Takes an inserter off the list of its belt, which may be gone already."""
    inserters = state.inserters
    belt = int(inserters.taken_belt[inserter])
    if belt < 0:
        return
    other, after = int(state.belts.taker[belt]), inserters.next_taker[inserter]
    if other == inserter:
        state.belts.taker[belt] = after
        _watch(state, belt)
    while other >= 0:
        if inserters.next_taker[other] == inserter:
            inserters.next_taker[other] = after
        other = int(inserters.next_taker[other])
    inserters.taken_belt[inserter] = NONE
    inserters.next_taker[inserter] = NONE


@kernel
def _watch(state: State, belt: int) -> None:
    """Makes a belt's lanes tell of what comes onto them, if anyone takes from it."""
    for column in range(NUM_BELT_LANES):
        lane = state.belts.lane[belt, column]
        if lane >= 0:
            state.lanes.watched[lane] = state.belts.taker[belt] >= 0


@kernel
def energy_problem(state: State, entity: int) -> int:
    """The status that want of electricity gives an inserter, asleep or not, or 0."""
    if not state.entities.active[entity]:
        return 0
    return power_problem(state, int(state.entities.electric[entity]))


def held_by(world: World, row: int) -> list[tuple[str, int]]:
    """What an inserter holds, by name."""
    table, inserter = _table(world), int(world.entities.component[row])
    count = int(table.held_count[inserter])
    return [(world.protos.item_names.names[table.held_item[inserter]], count)] if count else []
