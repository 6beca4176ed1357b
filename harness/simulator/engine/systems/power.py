"""Electric energy: who wants how much, who can give how much, and who got what, once a tick.

What other systems need:

- An electric entity has a row in `Consumers`, kept in `state.entities.electric[entity]`. Its buffer is
  `state.entities.energy[entity]`, in joules (`LuaEntity.energy`).
- To work for a tick call `power_draw(state, consumer, joules) -> joules got`. Progress in proportion to got / wanted:
  at full supply that is exactly 1, in a brown-out it settles at the network's satisfaction. Whoever changes a buffer
  in another way calls `energy_changed(state, entity)`.
- `power_problem(state, consumer)` gives the status an entity should show instead of its own
  (`not_plugged_in_electric_network`, `no_power`, `low_power`), or 0.

The buffer holds two ticks of full use, so a machine placed under a live pole works from its third tick. `step` runs
last in the tick: machines draw first, then the network refills what they drew, so a change of supply is felt a tick
later. Drain is paid out of what the network gives and never reaches the buffer.

A consumer whose buffer is full costs nothing: only listed rows are visited, in the order in which they were listed,
and drain, lamps and solar panels are sums of the network. Accumulators are visited while they charge or discharge.

Energy is conserved: what generators produced in a tick is what consumers were given, plus what accumulators gained.
Poles and wires are `poles.py`, who belongs to which network `networks.py`; how steam becomes energy is `generators.py`.
Combinators share the supply as ordinary consumers. An entity under poles of two networks uses only one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.data import prototypes
from harness.simulator.engine.clock import LISTED_CONSUMERS
from harness.simulator.engine.daylight import lamps_lit, sunlight
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.generators import generator_available, generator_produce
from harness.simulator.engine.systems.power_tables import PRIMARY, SECONDARY, STORAGE
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

STATUS_NOT_PLUGGED_IN: int = prototypes.load()["defines"]["entity_status"]["not_plugged_in_electric_network"]
STATUS_LOW_POWER: int = prototypes.load()["defines"]["entity_status"]["low_power"]
STATUS_NO_POWER: int = prototypes.load()["defines"]["entity_status"]["no_power"]

SOLAR_PANELS = 0
OTHER_GENERATORS = 1
"""Columns of `Networks.supply` beside STORAGE: panels are used first."""


@kernel
def list_consumer(state: State, consumer: int) -> None:
    """Has a consumer's buffer filled from the next step on; for an accumulator, what it holds is looked at again."""
    consumers = state.consumers
    network = consumers.network[consumer]
    if network < 0:
        return
    if consumers.priority[consumer] == STORAGE:
        state.networks.storage_known[network] = False
    elif not consumers.is_listed[consumer]:
        consumers.is_listed[consumer] = True
        state.listed.consumer[state.clock[LISTED_CONSUMERS]] = consumer
        state.clock[LISTED_CONSUMERS] += 1


@kernel
def energy_changed(state: State, entity: int) -> None:
    """To be called when an entity's buffer, or what it holds at most, changed other than by `power_draw`."""
    consumer = int(state.entities.electric[entity])
    if consumer >= 0:
        list_consumer(state, consumer)


@kernel
def power_draw(state: State, consumer: int, joules: float) -> float:
    """Takes up to `joules` out of the consumer's buffer and returns what it got; 0 for row NONE."""
    if consumer < 0:
        return 0.0
    owner = state.consumers.owner[consumer]
    got = min(joules, state.entities.energy[owner])
    state.entities.energy[owner] -= got
    list_consumer(state, consumer)
    return float(got)


@kernel
def power_satisfaction(state: State, consumer: int) -> float:
    """Given / asked of a consumer's network and priority in the last tick, 0..1; 0 without a network."""
    network = state.consumers.network[consumer]
    if network < 0:
        return 0.0
    priority = state.consumers.priority[consumer]
    return 1.0 if priority == STORAGE else float(state.networks.satisfaction[network, priority])


@kernel
def power_problem(state: State, consumer: int) -> int:
    """The `defines.entity_status` number that want of power gives, or 0 when all is well."""
    if consumer < 0:
        return 0
    if state.consumers.network[consumer] < 0:
        return STATUS_NOT_PLUGGED_IN
    satisfaction = power_satisfaction(state, consumer)
    if satisfaction >= 1.0:
        return 0
    return STATUS_LOW_POWER if satisfaction > 0.0 else STATUS_NO_POWER


@kernel
def _ask_storage(state: State, network: int) -> None:
    """What a network's accumulators would take and give."""
    networks, consumers = state.networks, state.consumers
    take, give = 0.0, 0.0
    row = networks.first_storage[network]
    while row >= 0:
        held, flow = state.entities.energy[consumers.owner[row]], consumers.flow[row]
        take += max(0.0, min(consumers.capacity[row] - held, flow))
        give += min(flow, held)
        row = consumers.next_storage[row]
    networks.demand[network, STORAGE] = take
    networks.supply[network, STORAGE] = give
    networks.storage_known[network] = True


@kernel
def _begin(state: State) -> None:
    """What each network asks for and offers whatever its members do."""
    networks = state.networks
    for row in range(len(networks.id)):
        if networks.id[row] == 0:
            continue
        surface = int(networks.surface[row])
        networks.demand[row, PRIMARY] = networks.drain[row, PRIMARY]
        lamps = networks.lamps[row] * lamps_lit(state, surface) if networks.lamps[row] > 0.0 else 0.0
        networks.demand[row, SECONDARY] = networks.drain[row, SECONDARY] + lamps
        networks.supply[row, SOLAR_PANELS] = 0.0
        if networks.solar[row] > 0.0:
            light = sunlight(state, surface) * state.surfaces.solar_multiplier[surface]
            networks.supply[row, SOLAR_PANELS] = networks.solar[row] * light
        networks.supply[row, OTHER_GENERATORS] = 0.0
        if not networks.storage_known[row]:
            _ask_storage(state, row)


@kernel
def _ask(state: State) -> None:
    """What listed consumers want; those without a network are listed no more."""
    networks, consumers = state.networks, state.consumers
    kept = 0
    for place in range(state.clock[LISTED_CONSUMERS]):
        row = state.listed.consumer[place]
        network = consumers.network[row]
        if network < 0:
            consumers.is_listed[row] = False
            continue
        room = consumers.capacity[row] - state.entities.energy[consumers.owner[row]]
        asked = max(0.0, min(room, consumers.flow[row]))
        consumers.asked[row] = asked
        networks.demand[network, consumers.priority[row]] += asked
        state.listed.consumer[kept] = row
        kept += 1
    _shorten(state, kept)


@kernel
def _shorten(state: State, kept: int) -> None:
    """Makes the list end after `kept` rows."""
    for place in range(kept, state.clock[LISTED_CONSUMERS]):
        state.listed.consumer[place] = NONE
    state.clock[LISTED_CONSUMERS] = kept


@kernel
def _offer(state: State) -> None:
    """What generators could make."""
    generators = state.generators
    for row in range(len(generators.owner)):
        if generators.owner[row] >= 0:
            generators.available[row] = generator_available(state, row)
            if generators.network[row] >= 0:
                state.networks.supply[generators.network[row], OTHER_GENERATORS] += generators.available[row]


@kernel
def _share(part: float, whole: float) -> float:
    """Share of `whole` that `part` is, within 0..1; all of nothing is 1."""
    if part >= whole:
        return 1.0
    return max(0.0, part / whole)


@kernel
def _used(part: float, whole: float) -> float:
    """Share of `whole` that `part` is, within 0..1; nothing is none."""
    return _share(part, whole) if part > 0.0 else 0.0


@kernel
def _balance(state: State) -> None:
    """Solar first, then generators in equal proportion, then accumulators; what is left charges accumulators.

    Source: order of priorities and even distribution as the game's wiki describes them (page Electric system).
    """
    networks = state.networks
    for row in range(len(networks.id)):
        if networks.id[row] == 0:
            continue
        demand = networks.demand[row, PRIMARY] + networks.demand[row, SECONDARY]
        fresh = networks.supply[row, SOLAR_PANELS] + networks.supply[row, OTHER_GENERATORS]
        stored = min(networks.supply[row, STORAGE], max(0.0, demand - fresh))
        charge = min(networks.demand[row, STORAGE], max(0.0, fresh - demand))
        spent = min(demand, fresh + stored)
        networks.satisfaction[row, PRIMARY] = _share(spent, networks.demand[row, PRIMARY])
        left = spent - networks.satisfaction[row, PRIMARY] * networks.demand[row, PRIMARY]
        networks.satisfaction[row, SECONDARY] = _share(left, networks.demand[row, SECONDARY])
        if fresh + stored >= demand:
            networks.satisfaction[row, PRIMARY] = 1.0
            networks.satisfaction[row, SECONDARY] = 1.0
        made = spent - stored + charge
        solar = min(networks.supply[row, SOLAR_PANELS], made)
        networks.use[row, SOLAR_PANELS] = _used(solar, networks.supply[row, SOLAR_PANELS])
        networks.use[row, OTHER_GENERATORS] = _used(made - solar, networks.supply[row, OTHER_GENERATORS])
        networks.use[row, STORAGE] = _used(stored, networks.supply[row, STORAGE])
        networks.charge[row] = _used(charge, networks.demand[row, STORAGE])
        _count_shared(state, row)
        if stored > 0.0 or charge > 0.0:
            _move_storage(state, row)


@kernel
def _count_shared(state: State, network: int) -> None:
    """Counts the tick for what members take and give alike."""
    networks, surface = state.networks, int(state.networks.surface[network])
    networks.drain_ticks[network, PRIMARY] += networks.satisfaction[network, PRIMARY]
    networks.drain_ticks[network, SECONDARY] += networks.satisfaction[network, SECONDARY]
    if networks.lamps[network] > 0.0:
        networks.lamp_ticks[network] += networks.satisfaction[network, SECONDARY] * lamps_lit(state, surface)
    if networks.solar[network] > 0.0:
        given = networks.use[network, SOLAR_PANELS] * networks.supply[network, SOLAR_PANELS]
        networks.solar_ticks[network] += given / networks.solar[network]


@kernel
def _move_storage(state: State, network: int) -> None:
    """Fills or empties the accumulators of a network."""
    networks, consumers, entities = state.networks, state.consumers, state.entities
    row = networks.first_storage[network]
    while row >= 0:
        owner, flow = consumers.owner[row], consumers.flow[row]
        held = entities.energy[owner]
        room = consumers.capacity[row] - held
        got = networks.charge[network] * max(0.0, min(room, flow))
        given = networks.use[network, STORAGE] * min(flow, held)
        filled = got > 0.0 and got == room
        entities.energy[owner] = consumers.capacity[row] if filled else held + got - given
        networks.produced[network, entities.proto[owner]] += given
        networks.consumed[network, entities.proto[owner]] += got
        row = consumers.next_storage[row]
    networks.storage_known[network] = False


@kernel
def _give(state: State) -> None:
    """Fills the buffers of listed consumers; those that are full are listed no more."""
    networks, consumers, entities = state.networks, state.consumers, state.entities
    kept = 0
    for place in range(state.clock[LISTED_CONSUMERS]):
        row = state.listed.consumer[place]
        owner, network = consumers.owner[row], consumers.network[row]
        share = networks.satisfaction[network, consumers.priority[row]]
        got = share * consumers.asked[row]
        networks.consumed[network, entities.proto[owner]] += got
        room = consumers.capacity[row] - entities.energy[owner]
        if got >= room:
            entities.energy[owner] = max(consumers.capacity[row], entities.energy[owner])
            consumers.is_listed[row] = False
        else:
            entities.energy[owner] += got
            state.listed.consumer[kept] = row
            kept += 1
    _shorten(state, kept)


@kernel
def _generate(state: State) -> None:
    """Has generators make what was taken of them."""
    networks, generators = state.networks, state.generators
    for row in range(len(generators.owner)):
        owner, network = generators.owner[row], generators.network[row]
        if owner < 0:
            continue
        made = networks.use[network, OTHER_GENERATORS] * generators.available[row] if network >= 0 else 0.0
        generator_produce(state, row, made)
        if network >= 0:
            networks.produced[network, state.entities.proto[owner]] += made


@kernel
def step(state: State) -> None:
    """One tick of every network: collect demand and supply, balance, deliver."""
    _begin(state)
    _ask(state)
    _offer(state)
    _balance(state)
    _give(state)
    _generate(state)
