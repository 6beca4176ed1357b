"""What modules and beacons make of a machine: factors in its row of `Machines`, worked out when one of them changes.

Effects add up over a machine's own modules and those of all beacons around it. A beacon gives its modules' effects on
with its strength and the factor of the profile for as many beacons as act on the machine, whether they hold modules or
not. Beacons without power give nothing on; with little power they give all: how the game does the latter is not known.
Speed and consumption never fall below a fifth, productivity lies within 0 and 3.

Research that changes a whole force's mining or laboratories is not in the factors: those kernels look at the force.
Sources: documentation of `EffectTypeLimitation`, `BeaconPrototype` and of the recipes' `maximum_productivity`;
the wiki's pages Beacon, Module and Productivity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulator.engine import status
from harness.simulator.engine.inventories import inventory_first
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.modules import module_inventory
from harness.simulator.engine.prototype_modules import HUNDREDTHS, MODULE_INVENTORIES
from harness.simulator.engine.prototype_tables import CONSUMPTION, PRODUCTIVITY, SPEED
from harness.simulator.engine.spatial import entity_box
from harness.simulator.engine.systems.power import energy_changed, power_problem, power_satisfaction
from harness.simulator.engine.systems.waiting import wake_waiters
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = tuple(MODULE_INVENTORIES)

LEAST_FACTOR = 0.2
MOST_PRODUCTIVITY = 3.0
BUFFER_TICKS = 2
"""Ticks of full use that an electric buffer holds, see `power.py`."""

STATUS_WORKING = status.WORKING
STATUS_NO_MODULES: int = status.NUMBERS["no_modules_to_transmit"]


@kernel
def own_effect(state: State, entity: int, effect: int) -> int:
    """What an entity's own modules give, in hundredths."""
    inventory = module_inventory(state, entity)
    if inventory < 0:
        return 0
    total = 0
    start = int(state.inventories.start[inventory])
    for slot in range(start, start + state.inventories.num_slots[inventory]):
        if state.stacks.count[slot] > 0:
            total += int(state.items.effect[state.stacks.item_id[slot], effect])
    return total


@kernel
def beacon_reaches(state: State, beacon: int, entity: int) -> bool:
    """Whether a beacon (entity row) acts on another entity: its area overlaps the entity's collision box."""
    if state.entities.surface[beacon] != state.entities.surface[entity]:
        return False
    proto = state.entities.proto[beacon]
    reach = int(state.prototypes.beacon_reach[proto])
    half_width = int(state.prototypes.tile_width[proto]) * 128 + reach
    half_height = int(state.prototypes.tile_height[proto]) * 128 + reach
    x, y = int(state.entities.x[beacon]), int(state.entities.y[beacon])
    left, top, right, bottom = entity_box(state, entity)
    return bool(left < x + half_width and right > x - half_width and top < y + half_height and bottom > y - half_height)


@kernel
def has_effect(state: State, entity: int, effect: int) -> bool:
    """Whether modules and beacons may change this about an entity."""
    return bool((state.prototypes.effects[state.entities.proto[entity]] >> effect) & 1)


@kernel
def num_beacons(state: State, entity: int) -> int:
    """How many beacons act on an entity."""
    found = 0
    for beacon in range(len(state.beacons.owner)):
        owner = int(state.beacons.owner[beacon])
        if owner >= 0 and state.beacons.live[beacon] and beacon_reaches(state, owner, entity):
            found += 1
    return found


@kernel
def effect_on(state: State, entity: int, effect: int) -> float:
    """What modules and beacons change about a machine; of a beacon, what it gives on. 0.5 is half as much again."""
    own = float(own_effect(state, entity, effect))
    strength = state.prototypes.beacon_strength[state.entities.proto[entity]]
    if strength > 0.0:
        return own * strength / HUNDREDTHS if has_effect(state, entity, effect) else 0.0
    if not has_effect(state, entity, effect):
        return 0.0
    given, found = 0.0, 0
    for beacon in range(len(state.beacons.owner)):
        owner = int(state.beacons.owner[beacon])
        if owner >= 0 and state.beacons.live[beacon] and beacon_reaches(state, owner, entity):
            found += 1
            if has_effect(state, owner, effect):
                given += (
                    own_effect(state, owner, effect) * state.prototypes.beacon_strength[state.entities.proto[owner]]
                )
    if found > 0:
        given *= state.beacon_profile.factor[min(found, len(state.beacon_profile.factor)) - 1]
    return (own + given) / HUNDREDTHS


@kernel
def refresh(state: State, entity: int) -> None:
    """Works out the factors of a machine anew; nothing happens for what is none."""
    machine = int(state.entities.machine[entity])
    if machine < 0:
        return
    consumption = max(LEAST_FACTOR, 1.0 + effect_on(state, entity, CONSUMPTION))
    speed = max(LEAST_FACTOR, 1.0 + effect_on(state, entity, SPEED))
    if state.machines.speed[machine] != speed:
        state.machines.speed[machine] = speed
        wake_waiters(state, entity)  # how much it takes hangs on its speed
    productivity = min(MOST_PRODUCTIVITY, max(0.0, effect_on(state, entity, PRODUCTIVITY)))
    state.machines.productivity[machine] = productivity
    if state.machines.consumption[machine] != consumption:
        state.machines.consumption[machine] = consumption
        _set_use(state, entity, consumption)


@kernel
def _set_use(state: State, entity: int, consumption: float) -> None:
    """Makes room in an electric machine's buffer for what it uses now."""
    consumer = int(state.entities.electric[entity])
    if consumer >= 0:
        proto = state.entities.proto[entity]
        use = state.prototypes.energy_usage[proto] * consumption + state.prototypes.active_usage[proto]
        state.consumers.flow[consumer] = use
        state.consumers.capacity[consumer] = BUFFER_TICKS * (use + state.consumers.drain[consumer])
        energy_changed(state, entity)


@kernel
def refresh_around(state: State, beacon: int) -> None:
    """Works out the factors of all machines that a beacon (entity row) acts on."""
    for machine in range(len(state.machines.entity)):
        entity = int(state.machines.entity[machine])
        if entity >= 0 and beacon_reaches(state, beacon, entity):
            refresh(state, entity)


@kernel
def changed(state: State, entity: int) -> None:
    """To be called when an entity's modules or its place in the world changed: works out what hangs on them."""
    if state.prototypes.beacon_strength[state.entities.proto[entity]] > 0.0:
        refresh_around(state, entity)
    else:
        refresh(state, entity)


@kernel
def step(state: State) -> None:
    """One tick of the beacons: what they show, and whether they have the power to act."""
    beacons = state.beacons
    for beacon in range(len(beacons.owner)):
        entity = int(beacons.owner[beacon])
        if entity < 0:
            continue
        consumer = int(state.entities.electric[entity])
        problem = power_problem(state, consumer)
        live = power_satisfaction(state, consumer) > 0.0
        if problem == 0:
            has_modules = inventory_first(state, module_inventory(state, entity)) >= 0
            problem = STATUS_WORKING if has_modules else STATUS_NO_MODULES
        state.entities.status[entity] = problem
        if beacons.live[beacon] != live:
            beacons.live[beacon] = live
            refresh_around(state, entity)


def build(world: World, row: int) -> None:
    """Gives an entity its module slots, a beacon its row, a machine what the beacons around it give."""
    proto = int(world.entities.proto[row])
    num_slots = int(world.protos.prototypes.module_slots[proto])
    if num_slots:
        column = int(world.protos.prototypes.module_inventory[proto])
        inventory = world.new_slots(row, column, num_slots)
        world.inventories.modules[inventory] = True
        world.entities.inventories[row, column] = inventory
    if world.type_of(row) == "beacon":
        beacon = world.new_row("beacons")
        world.beacons.owner[beacon] = row
        world.entities.component[row] = beacon
    changed(world.state, row)


def remove(world: World, row: int) -> None:
    """Takes a beacon's row away, and from machines what it gave them."""
    if world.type_of(row) == "beacon":
        world.free_row("beacons", int(world.entities.component[row]))
        world.entities.component[row] = NONE
        refresh_around(world.state, row)


def acting_beacons(world: World, row: int) -> list[int]:
    """Entity rows of the beacons that act on an entity, oldest first."""
    owners = [int(owner) for owner in world.beacons.owner[world.beacons.live] if owner >= 0]
    found = [owner for owner in owners if beacon_reaches(world.state, owner, row)]
    return sorted(found, key=lambda owner: int(world.entities.serial[owner]))


def receivers(world: World, beacon: int) -> list[int]:
    """Entity rows of the machines a beacon acts on, oldest first."""
    entities = [int(entity) for entity in world.machines.entity if entity >= 0]
    found = [row for row in entities if has_any_effect(world, row) and beacon_reaches(world.state, beacon, row)]
    return sorted(found, key=lambda row: int(world.entities.serial[row]))


def has_any_effect(world: World, row: int) -> bool:
    """Whether modules and beacons act on an entity at all."""
    return bool(world.protos.prototypes.effects[world.entities.proto[row]] != 0)
