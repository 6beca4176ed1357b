"""Electric energy: who wants how much, who can give how much, and who got what, once a tick.

What other systems need:

- An electric entity has a row in `Consumers`, kept in `state.entities.electric[entity]`. Its buffer is
  `state.entities.energy[entity]`, in joules (`LuaEntity.energy`).
- To work for a tick call `power_draw(state, consumer, joules) -> joules got`. Progress in proportion to got / wanted:
  at full supply that is exactly 1, in a brown-out it settles at the network's satisfaction.
- `power_problem(state, consumer)` gives the status an entity should show instead of its own
  (`not_plugged_in_electric_network`, `no_power`, `low_power`), or 0.

The buffer holds two ticks of full use, so a machine placed under a live pole works from its third tick. `step` runs
last in the tick: machines draw first, then the network refills what they drew, so a change of supply is felt a tick
later. Drain is paid out of what the network gives and never reaches the buffer.

Energy is conserved: what generators produced in a tick is what consumers were given, plus what accumulators gained.
Poles, wires and which network an entity belongs to are `poles.py`; how generators make energy is `generators.py`.
Lamps and combinators share the supply as ordinary consumers. An entity under poles of two networks uses only one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.data import prototypes
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.generators import generator_available, generator_produce
from harness.simulator.engine.systems.power_tables import PRIMARY, SECONDARY, STORAGE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State

TICKS_PER_SECOND = 60
STATUS_NOT_PLUGGED_IN: int = prototypes.load()["defines"]["entity_status"]["not_plugged_in_electric_network"]
STATUS_LOW_POWER: int = prototypes.load()["defines"]["entity_status"]["low_power"]
STATUS_NO_POWER: int = prototypes.load()["defines"]["entity_status"]["no_power"]


@kernel
def power_draw(state: State, consumer: int, joules: float) -> float:
    """Takes up to `joules` out of the consumer's buffer and returns what it got; 0 for row NONE."""
    if consumer < 0:
        return 0.0
    owner = state.consumers.owner[consumer]
    got = min(joules, state.entities.energy[owner])
    state.entities.energy[owner] -= got
    return float(got)


@kernel
def power_problem(state: State, consumer: int) -> int:
    """The `defines.entity_status` number that want of power gives, or 0 when all is well."""
    if consumer < 0:
        return 0
    if state.consumers.network[consumer] < 0:
        return STATUS_NOT_PLUGGED_IN
    if state.consumers.satisfaction[consumer] >= 1.0:
        return 0
    return STATUS_LOW_POWER if state.consumers.satisfaction[consumer] > 0.0 else STATUS_NO_POWER


@kernel
def _wanted(state: State, consumer: int) -> float:
    room = state.consumers.capacity[consumer] - state.entities.energy[state.consumers.owner[consumer]]
    return float(max(0.0, min(room, state.consumers.flow[consumer])))


@kernel
def _collect(state: State) -> None:
    networks, consumers, generators = state.networks, state.consumers, state.generators
    networks.demand[:] = 0.0
    networks.supply[:] = 0.0
    for row in range(len(consumers.owner)):
        network = consumers.network[row]
        if consumers.owner[row] < 0 or network < 0:
            continue
        priority = consumers.priority[row]
        networks.demand[network, priority] += _wanted(state, row) + consumers.drain[row]
        if priority == STORAGE:
            networks.supply[network, STORAGE] += min(consumers.flow[row], state.entities.energy[consumers.owner[row]])
    for row in range(len(generators.owner)):
        if generators.owner[row] < 0:
            continue
        generators.available[row] = generator_available(state, row)
        if generators.network[row] >= 0:
            networks.supply[generators.network[row], generators.priority[row]] += generators.available[row]


@kernel
def _share(part: float, whole: float) -> float:
    """Share of `whole` that `part` is, within 0..1; all of nothing is 1."""
    if part >= whole:
        return 1.0
    return max(0.0, part / whole)


@kernel
def _balance(state: State) -> None:
    """Solar first, then generators in equal proportion, then accumulators; see the module's source of truth below.

    Source: order of priorities and even distribution as the game's wiki describes them (page Electric system).
    """
    networks = state.networks
    for row in range(len(networks.id)):
        if networks.id[row] == 0:
            continue
        demand = networks.demand[row, PRIMARY] + networks.demand[row, SECONDARY]
        fresh = networks.supply[row, 0] + networks.supply[row, 1]
        stored = min(networks.supply[row, STORAGE], max(0.0, demand - fresh))
        charge = min(networks.demand[row, STORAGE], max(0.0, fresh - demand))
        spent = min(demand, fresh + stored)
        networks.satisfaction[row, PRIMARY] = _share(spent, networks.demand[row, PRIMARY])
        left = spent - networks.satisfaction[row, PRIMARY] * networks.demand[row, PRIMARY]
        networks.satisfaction[row, SECONDARY] = _share(left, networks.demand[row, SECONDARY])
        if fresh + stored >= demand:
            networks.satisfaction[row, :] = 1.0
        made = spent - stored + charge
        solar = min(networks.supply[row, 0], made)
        networks.use[row, 0] = _share(solar, networks.supply[row, 0]) if solar > 0.0 else 0.0
        networks.use[row, 1] = _share(made - solar, networks.supply[row, 1]) if made > solar else 0.0
        networks.use[row, STORAGE] = _share(stored, networks.supply[row, STORAGE]) if stored > 0.0 else 0.0
        networks.charge[row] = _share(charge, networks.demand[row, STORAGE]) if charge > 0.0 else 0.0


@kernel
def _deliver(state: State) -> None:
    networks, consumers, generators, entities = state.networks, state.consumers, state.generators, state.entities
    for row in range(len(consumers.owner)):
        owner, network = consumers.owner[row], consumers.network[row]
        if owner < 0:
            continue
        consumers.received[row] = 0.0
        if network < 0:
            consumers.satisfaction[row] = 0.0
            continue
        wanted = _wanted(state, row)
        priority = consumers.priority[row]
        if priority == STORAGE:
            stored = networks.use[network, STORAGE] * min(consumers.flow[row], entities.energy[owner])
            got = networks.charge[network] * wanted
            entities.energy[owner] += got - stored
            networks.produced[network, entities.proto[owner]] += stored
            consumers.received[row] = got
            consumers.satisfaction[row] = 1.0
        else:
            share = networks.satisfaction[network, priority]
            got = share * (wanted + consumers.drain[row])
            entities.energy[owner] += share * wanted
            consumers.received[row] = got
            consumers.satisfaction[row] = share
        networks.consumed[network, entities.proto[owner]] += got
    for row in range(len(generators.owner)):
        owner, network = generators.owner[row], generators.network[row]
        if owner < 0:
            continue
        made = networks.use[network, generators.priority[row]] * generators.available[row] if network >= 0 else 0.0
        generator_produce(state, row, made)
        if network >= 0:
            networks.produced[network, entities.proto[owner]] += made


@kernel
def step(state: State) -> None:
    """One tick of every network: collect demand and supply, balance, deliver."""
    _collect(state)
    _balance(state)
    _deliver(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerFacts:
    """The electric side of an entity prototype, joules and joules a tick."""

    priority: int
    capacity: float
    flow: float
    drain: float


def consumer_facts(prototype: dict[str, Any]) -> ConsumerFacts | None:
    """What an entity prototype consumes, None if it takes no electric energy.

    Source: a drain of one thirtieth of the use for crafting machines that name none, and a buffer of two ticks of
    full use, as measured figures of the wiki and forum give them (assembling machine 1: 2,583.3 J).
    """
    source = prototype.get("energy_source")
    if not isinstance(source, dict) or source.get("type") != "electric":
        return None
    priority = {"primary-input": PRIMARY, "secondary-input": SECONDARY, "lamp": SECONDARY, "tertiary": STORAGE}.get(
        source["usage_priority"]
    )
    if priority is None or prototype["type"] == "electric-energy-interface":
        return None
    use, always = _use_per_tick(prototype)
    drain = always + _per_tick(source["drain"]) if "drain" in source else always
    if "drain" not in source and prototype["type"] in ("assembling-machine", "furnace", "rocket-silo"):
        drain = _per_tick(prototype["energy_usage"]) / 30
    flow = _per_tick(source["input_flow_limit"]) if "input_flow_limit" in source else use
    named = source.get("buffer_capacity")
    capacity = prototypes.parse_energy(named) if named else 2 * (use + drain)
    return ConsumerFacts(priority=priority, capacity=capacity, flow=flow, drain=drain)


def _per_tick(power: str) -> float:
    return prototypes.parse_energy(power) / TICKS_PER_SECOND


def _use_per_tick(prototype: dict[str, Any]) -> tuple[float, float]:
    """Joules a tick while working, and joules a tick taken whatever happens."""
    kind = prototype["type"]
    if kind == "inserter":
        turn = prototypes.parse_energy(prototype["energy_per_rotation"]) * prototype["rotation_speed"]
        reach = prototypes.parse_energy(prototype["energy_per_movement"]) * prototype["extension_speed"]
        return turn + reach, 0.0
    use = 0.0
    for key in ("energy_usage", "energy_usage_per_tick", "active_energy_usage"):
        use += _per_tick(prototype[key]) if key in prototype else 0.0
    always_on = kind in ("radar", "beacon", "roboport", "arithmetic-combinator", "decider-combinator")
    return (0.0, use) if always_on else (use, 0.0)
