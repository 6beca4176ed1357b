"""The electric side of entity prototypes: what they take, how fast, and what their buffers hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from harness.data import prototypes
from harness.simulator.engine.systems.power_tables import PRIMARY, SECONDARY, STORAGE

TICKS_PER_SECOND = 60

ALWAYS_ON = ("radar", "beacon", "roboport", "arithmetic-combinator", "decider-combinator", "selector-combinator")
"""Types that use their energy whatever they do."""

_PRIORITIES = {"primary-input": PRIMARY, "secondary-input": SECONDARY, "lamp": SECONDARY, "tertiary": STORAGE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerFacts:
    """The electric side of an entity prototype, joules and joules a tick.

    Attributes:
        drain: taken in any tick.
        lamp: taken in any tick while it is dark.
    """

    priority: int
    capacity: float
    flow: float
    drain: float
    lamp: float


@cache
def facts_of(name: str) -> ConsumerFacts | None:
    """What the entities of a prototype consume, None if they take no electric energy."""
    return consumer_facts(prototypes.entities()[name])


@cache
def panel_power(name: str) -> float:
    """Joules a tick that a solar panel gives in full light; 0 for anything else."""
    prototype = prototypes.entities()[name]
    return _per_tick(prototype["production"]) if prototype["type"] == "solar-panel" else 0.0


def consumer_facts(prototype: dict[str, Any]) -> ConsumerFacts | None:
    """What an entity prototype consumes, None if it takes no electric energy.

    Source: a drain of one thirtieth of the use for crafting machines that name none, and a buffer of two ticks of
    full use, as measured figures of the wiki and forum give them (assembling machine 1: 2,583.3 J).
    """
    source = prototype.get("energy_source")
    if not isinstance(source, dict) or source.get("type") != "electric":
        return None
    priority = _PRIORITIES.get(source["usage_priority"])
    if priority is None or prototype["type"] == "electric-energy-interface":
        return None
    use, always = _use_per_tick(prototype)
    drain = always + _per_tick(source["drain"]) if "drain" in source else always
    if "drain" not in source and prototype["type"] in ("assembling-machine", "furnace", "rocket-silo"):
        drain = _per_tick(prototype["energy_usage"]) / 30
    flow = _per_tick(source["input_flow_limit"]) if "input_flow_limit" in source else use
    named = source.get("buffer_capacity")
    capacity = prototypes.parse_energy(named) if named else 2 * (use + drain)
    lamp = use if prototype["type"] == "lamp" else 0.0
    return ConsumerFacts(priority=priority, capacity=capacity, flow=flow, drain=drain, lamp=lamp)


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
    return (0.0, use) if kind in ALWAYS_ON else (use, 0.0)
