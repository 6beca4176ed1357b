"""Mining drills: burner, electric and pumpjacks. What they have to do with fluids is `drill_fluids.py`.

A drill takes one tile of its area at a time, ten items from each before it turns to the next, row by row. Progress is
counted in items; when it passes one, the item leaves the ore and waits a tick before it goes to the drop point: a
machine or chest, a belt, or the ground. While it waits the drill freezes and spends nothing.
Source: real-game readings (drills; mining order).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import queries, status
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import KIND_ITEM, KIND_RESOURCE, TICKS_PER_SECOND
from harness.simulator.engine.rows import drop_point_entity
from harness.simulator.engine.spatial import building_at, first_point
from harness.simulator.engine.statistics import count_item_input
from harness.simulator.engine.systems.awake import drill_waits, stop_waiting, wake_machine
from harness.simulator.engine.systems.belt_drop import drop_lane
from harness.simulator.engine.systems.burners import burner_refill, energy_share, energy_status, is_starved
from harness.simulator.engine.systems.chains import await_line
from harness.simulator.engine.systems.drill_fluids import can_pay, deplete, fluid_problem, give_fluid, pay_fluid
from harness.simulator.engine.systems.drop import drop_item, ground_obstacle, has_room, is_belt
from harness.simulator.engine.tables import NONE, UNIT
from harness.simulator.engine.triggers import count_mined

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.stores import Stores
    from harness.simulator.engine.world import World

KINDS = ("mining-drill",)

STATUS_WORKING = status.WORKING
STATUS_NO_FUEL = status.NO_FUEL
STATUS_WAITING = status.WAITING_FOR_SPACE
STATUS_NO_RESOURCES = status.NO_MINABLE_RESOURCES
STATUS_DISABLED = status.DISABLED_BY_SCRIPT

ITEMS_A_TILE = 10
"""Items a drill takes from one tile before it turns to the next. Source: real-game readings (mining order)."""

NEAR = 2 * UNIT
"""A drill and a building it drops into are nearer than this, box to box, 1/256 tile."""

FIRST_TILE = 1
"""Where in its area, row by row, a new drill begins. Source: the same readings."""


@kernel
def turned(x: int, y: int, direction: int) -> tuple[int, int]:
    """A vector given for north, for an entity that faces `direction`."""
    if direction == 4:
        return -y, x
    if direction == 8:
        return -x, -y
    if direction == 12:
        return y, -x
    return x, y


@kernel
def drop_point(state: State, drill_entity: int) -> tuple[int, int]:
    """Where a drill puts what it mines, 1/256 tile on the map."""
    proto = state.entities.proto[drill_entity]
    shift_x, shift_y = turned(
        int(state.prototypes.drop_x[proto]),
        int(state.prototypes.drop_y[proto]),
        int(state.entities.direction[drill_entity]),
    )
    return int(state.entities.x[drill_entity]) + shift_x, int(state.entities.y[drill_entity]) + shift_y


@kernel
def _minable_at(state: State, entity: int, tile_x: int, tile_y: int) -> int:
    """A resource on this tile that the drill can mine, or NONE."""
    categories = state.prototypes.resource_categories[state.entities.proto[entity]]
    other = first_point(state, int(state.entities.surface[entity]), tile_x, tile_y)
    while other >= 0:
        proto = state.entities.proto[other]
        if (
            state.prototypes.kind[proto] == KIND_RESOURCE
            and (state.prototypes.resource_categories[proto] & categories) != 0
            and can_pay(state, entity, int(proto))
            and state.entities.amount[other] > 0
        ):
            return other
        other = int(state.entities.next_in_tile[other])
    return NONE


@kernel
def find_resource(state: State, drill: int) -> int:
    """Points the drill at the next tile that has ore, from its cursor on; its resource, or NONE if there is none."""
    entity = int(state.drills.owner[drill])
    radius = state.prototypes.mining_radius[state.entities.proto[entity]]
    left, top = (state.entities.x[entity] - radius) >> 8, (state.entities.y[entity] - radius) >> 8
    width = ((state.entities.x[entity] + radius) >> 8) - left + 1
    height = ((state.entities.y[entity] + radius) >> 8) - top + 1
    for step in range(width * height):
        cursor = (state.drills.cursor[drill] + step) % (width * height)
        resource = _minable_at(state, entity, left + cursor % width, top + cursor // width)
        if resource >= 0:
            state.drills.cursor[drill] = cursor
            state.drills.resource[drill] = resource
            if step > 0:
                state.drills.mined_here[drill] = 0
            return resource
    state.drills.resource[drill] = NONE
    return NONE


@kernel
def _add_pending(state: State, drill: int, entity: int, item: int) -> None:
    """Lets a mined item wait for its place."""
    state.drills.pending[drill] = item
    state.drills.num_pending[drill] += 1
    count_item_input(state, entity, item, 1)


@kernel
def _add_bonus(state: State, drill: int, entity: int, items: float) -> None:
    """Moves the bar of productivity on along with mining; a full bar is an item that the ore does not lose."""
    machine = int(state.entities.machine[entity])
    productivity = state.machines.productivity[machine]
    productivity += state.forces.mining_productivity[state.entities.force[entity]]
    state.machines.bonus_progress[machine] += productivity * items
    while state.machines.bonus_progress[machine] >= 1.0:
        state.machines.bonus_progress[machine] -= 1.0
        resource = int(state.drills.resource[drill])
        if state.prototypes.mining_fluid[state.entities.proto[resource]] >= 0:
            give_fluid(state, entity, resource)
            continue
        item = int(state.prototypes.mining_product[state.entities.proto[resource]])
        _add_pending(state, drill, entity, item)


@kernel
def _take_ore(state: State, drill: int, entity: int) -> None:
    """Takes one item out of the ore; it waits in the drill. Fluid out of a well goes to the drill's outlet."""
    resource = int(state.drills.resource[drill])
    proto = state.entities.proto[resource]
    if state.prototypes.mining_fluid[proto] >= 0:
        give_fluid(state, entity, resource)
    else:
        pay_fluid(state, entity, int(proto))
        _add_pending(state, drill, entity, int(state.prototypes.mining_product[proto]))
    state.drills.mined_here[drill] += 1
    deplete(state, resource)
    if state.entities.amount[resource] <= 0:
        drop_point_entity(state, resource)
        state.drills.mined_here[drill] = ITEMS_A_TILE
    if state.drills.mined_here[drill] >= ITEMS_A_TILE:
        state.drills.cursor[drill] += 1
        state.drills.mined_here[drill] = 0
        state.drills.resource[drill] = NONE


@kernel
def _work(state: State, drill: int, entity: int) -> None:
    """One tick of mining."""
    resource = int(state.drills.resource[drill])
    share = energy_share(state, entity)
    speed = state.prototypes.mining_speed[state.entities.proto[entity]]
    speed *= state.machines.speed[state.entities.machine[entity]]
    seconds = state.prototypes.mining_time[state.entities.proto[resource]]
    step = share * (speed * (1.0 / TICKS_PER_SECOND)) / seconds
    state.drills.progress[drill] += step
    _add_bonus(state, drill, entity, step)
    if state.drills.progress[drill] >= 1.0:
        state.drills.progress[drill] -= 1.0
        count_mined(state, entity, int(state.entities.proto[resource]))
        _take_ore(state, drill, entity)


@kernel
def _deliver(state: State, drill: int, entity: int) -> bool:
    """Tries to put down what waits; true when nothing waits any more."""
    item = int(state.drills.pending[drill])
    if item < 0:
        return True
    x, y = drop_point(state, entity)
    target, surface = int(state.drills.target[drill]), int(state.entities.surface[entity])
    while state.drills.num_pending[drill] > 0 and drop_item(state, target, surface, x, y, item):
        state.drills.num_pending[drill] -= 1
        state.drills.target_known[drill] = True
    if state.drills.num_pending[drill] > 0:
        return False
    state.drills.pending[drill] = NONE
    return True


@kernel
def _status_with_item(state: State, drill: int, entity: int) -> int:
    """What a drill shows in the tick it has mined; a machine or chest is not known before the first delivery.

    Source: real-game readings, and factory-sim for later deliveries.
    """
    target = int(state.drills.target[drill])
    x, y = drop_point(state, entity)
    if is_belt(state, target):
        return STATUS_WORKING
    if (target < 0 or state.drills.target_known[drill]) and has_room(
        state, target, int(state.entities.surface[entity]), x, y, int(state.drills.pending[drill])
    ):
        return STATUS_WORKING
    return STATUS_WAITING


@kernel
def _may_sleep(state: State, drill: int, entity: int) -> bool:
    """Whether a drill that cannot put down its item sleeps until that may be otherwise; it is then listed for that.

    A belt is watched while its line moves, and whoever stands where the item should lie always.
    """
    blocker = int(state.drills.target[drill])
    x, y = drop_point(state, entity)
    if blocker < 0:
        blocker = ground_obstacle(state, int(state.entities.surface[entity]), x, y)
        if blocker < 0 or state.prototypes.kind[state.entities.proto[blocker]] != KIND_ITEM:
            return False
    elif is_belt(state, blocker):
        lane, _ = drop_lane(state, int(state.entities.component[blocker]), x, y)
        if not await_line(state, lane):
            return False
    drill_waits(state, drill, blocker)
    return True


@kernel
def step_drill(state: State, drill: int) -> bool:
    """One tick of a drill; returns whether it must act again in the next tick."""
    entity = int(state.drills.owner[drill])
    if not state.entities.active[entity]:
        state.entities.status[entity] = STATUS_DISABLED
        return False
    if not _deliver(state, drill, entity):
        state.entities.status[entity] = STATUS_WAITING
        return not _may_sleep(state, drill, entity)
    if energy_status(state, entity) == STATUS_NO_FUEL:
        state.entities.status[entity] = STATUS_NO_FUEL
        return False
    if state.drills.resource[drill] < 0 and find_resource(state, drill) < 0:
        state.entities.status[entity] = STATUS_NO_RESOURCES
        return False
    problem = fluid_problem(state, entity, int(state.drills.resource[drill]))
    if problem != 0:
        state.entities.status[entity] = problem
        return False
    _work(state, drill, entity)
    if state.entities.burner[entity] >= 0:
        burner_refill(state, entity)
    if state.drills.pending[drill] >= 0:
        state.entities.status[entity] = _status_with_item(state, drill, entity)
        return True
    state.entities.status[entity] = energy_status(state, entity)
    return not is_starved(state, entity)


@kernel
def wake_waiting(state: State, target: int) -> None:
    """Drills that wait for room in `target` and now have it show that they work, before they run."""
    for drill in range(len(state.drills.owner)):
        item = int(state.drills.pending[drill])
        if state.drills.owner[drill] < 0 or item < 0 or state.drills.target[drill] != target:
            continue
        entity = int(state.drills.owner[drill])
        x, y = drop_point(state, entity)
        if has_room(state, target, int(state.entities.surface[entity]), x, y, item):
            state.entities.status[entity] = STATUS_WORKING


@kernel
def wake_around(state: State, resource: int) -> None:
    """Wakes drills that have a new resource in their area."""
    for drill in range(len(state.drills.owner)):
        entity = int(state.drills.owner[drill])
        if entity < 0 or state.entities.surface[entity] != state.entities.surface[resource]:
            continue
        radius = state.prototypes.mining_radius[state.entities.proto[entity]] + UNIT
        away_x = abs(state.entities.x[entity] - state.entities.x[resource])
        away_y = abs(state.entities.y[entity] - state.entities.y[resource])
        if away_x <= radius and away_y <= radius:
            wake_machine(state, entity)


def build(world: World, row: int) -> None:
    """Gives a new drill its row; it looks at its first tile at once."""
    drill = world.new_row("drills")
    world.drills.owner[drill] = row
    world.drills.cursor[drill] = FIRST_TILE
    world.entities.component[row] = drill
    retarget(world, drill)
    find_resource(world.state, drill)
    refresh_status(world, row)


def remove(world: World, row: int) -> None:
    """Takes a drill's row away; an item that waited in it is gone."""
    stop_waiting(world.state, int(world.entities.component[row]))
    world.free_row("drills", int(world.entities.component[row]))
    world.entities.component[row] = NONE


def rotate(world: World, row: int) -> None:
    """The drop point moved with the drill."""
    retarget(world, int(world.entities.component[row]))


def retarget(world: World, drill: int) -> None:
    """Looks again at which building the drop point lies on."""
    entity = int(world.drills.owner[drill])
    x, y = drop_point(world.state, entity)
    target = building_at(world.state, int(world.entities.surface[entity]), x >> 8, y >> 8)
    target = NONE if target == entity else target
    if target != world.drills.target[drill]:
        world.drills.target[drill], world.drills.target_known[drill] = target, False
    stop_waiting(world.state, drill)
    wake_machine(world.state, entity)


def changed(world: World, row: int) -> None:
    """A building came or went: drills near it look again at their targets."""
    for other in queries.near(world, row, KINDS, NEAR):
        retarget(world, int(world.entities.component[other]))


def refresh_status(world: Stores, row: int) -> None:
    """What a drill shows before its next tick, after a script changed something about it."""
    drill = int(world.entities.component[row])
    if world.drills.pending[drill] < 0:
        world.entities.status[row] = energy_status(world.storage.state, row)


def mining_target(world: World, row: int) -> int:
    """The resource entity a drill mines, or NONE."""
    drill = int(world.entities.component[row])
    if world.drills.resource[drill] < 0:
        find_resource(world.state, drill)
    return int(world.drills.resource[drill])
