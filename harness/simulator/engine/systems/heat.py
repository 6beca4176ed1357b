"""Heat: buffers that touch each other conduct, from the hotter to the colder.

A tick moves, through each link, a quarter of what the smaller buffer would need to close the difference of
temperatures less the least gradient; all links at once, from the temperatures before the tick, so the order of building
does not matter. Heat is conserved; only above a buffer's highest temperature it is lost.
Source: the least gradient and the greatest transfer are prototype fields. The quarter is ours, chosen to fit what
players measured: 40 MW drop from 1,000 to 500 degrees over about 135 pipes, 480 MW over 15.

Buffers whose temperature did not change rest. Who heats and cools them is `reactors.py` and `boilers.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from harness.data import prototypes as data
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.prototypes import TICKS_PER_SECOND
from harness.simulator.engine.spatial import building_at
from harness.simulator.engine.systems.awake import highest_bit, wake_machine
from harness.simulator.engine.systems.heat_tables import BITS, NUM_HEAT_LINKS, HeatBuffers, Warmth
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.systems.ports import STEPS, Port, place_of, ports_at
from harness.simulator.engine.tables import NONE

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("reactor", "heat-pipe", "boiler")
"""Entity types of which some hold heat."""

CONDUCTED_SHARE = 0.25
"""Part of the difference that a tick evens out; see above."""

STILL = 1e-6
"""Degrees beyond the least gradient that no longer make heat flow, so that it comes to rest; ours."""

AMBIENT = 15.0
LEAST_GRADIENT = 1.0
"""Defaults of the prototype fields `default_temperature` and `min_temperature_gradient`. Source: documentation."""


@kernel
def warm(state: State, buffer: int) -> None:
    """Lets a buffer conduct in the next tick."""
    state.warmth.word[buffer // BITS] |= 1 << (buffer % BITS)


@kernel
def heat_add(state: State, buffer: int, joules: float) -> None:
    """Puts heat into a buffer, or takes it out (negative); what is above its highest temperature is lost."""
    buffers = state.heat_buffers
    degrees = buffers.temperature[buffer] + joules / buffers.capacity[buffer]
    buffers.temperature[buffer] = min(degrees, buffers.max_temperature[buffer])
    warm(state, buffer)
    wake_machine(state, int(buffers.owner[buffer]))


@kernel
def heat_above(state: State, buffer: int, degrees: float) -> float:
    """Joules a buffer holds above a temperature, 0 if it is colder."""
    buffers = state.heat_buffers
    return float(max(0.0, (buffers.temperature[buffer] - degrees) * buffers.capacity[buffer]))


@kernel
def _flow(state: State, one: int, other: int) -> float:
    """Joules that go from one buffer to another in a tick; negative the other way."""
    buffers = state.heat_buffers
    difference = buffers.temperature[one] - buffers.temperature[other]
    size = abs(difference) - max(buffers.min_gradient[one], buffers.min_gradient[other])
    if size <= STILL:
        return 0.0
    joules = size * CONDUCTED_SHARE * min(buffers.capacity[one], buffers.capacity[other])
    joules = min(joules, min(buffers.max_transfer[one], buffers.max_transfer[other]))
    return float(joules if difference > 0.0 else -joules)


@kernel
def _is_warm(state: State, buffer: int) -> bool:
    return bool((state.warmth.word[buffer // BITS] >> (buffer % BITS)) & 1)


@kernel
def _conduct(state: State, one: int) -> None:
    """Notes what goes through the links of a warm buffer; a link of two warm ones belongs to the lower row."""
    buffers, changed = state.heat_buffers, state.warmth.changed
    for place in range(NUM_HEAT_LINKS):
        other = int(buffers.link[one, place])
        if other < 0:
            return
        if other < one and _is_warm(state, other):
            continue
        joules = _flow(state, one, other)
        if joules != 0.0:
            buffers.gained[one] -= joules
            buffers.gained[other] += joules
            changed[one // BITS] |= 1 << (one % BITS)
            changed[other // BITS] |= 1 << (other % BITS)


@kernel
def step(state: State) -> None:
    """One tick of conduction."""
    buffers, warmth = state.heat_buffers, state.warmth
    for index in range(len(warmth.word)):
        word = int(warmth.word[index])
        while word != 0:
            _conduct(state, BITS * index + highest_bit(word & -word))
            word &= word - 1
    for index in range(len(warmth.word)):
        word = int(warmth.changed[index])
        warmth.word[index] = word
        warmth.changed[index] = 0
        while word != 0:
            buffer = BITS * index + highest_bit(word & -word)
            word &= word - 1
            buffers.temperature[buffer] += buffers.gained[buffer] / buffers.capacity[buffer]
            buffers.gained[buffer] = 0.0
            wake_machine(state, int(buffers.owner[buffer]))


def table(world: World) -> HeatBuffers:
    """The heat buffers."""
    return cast(HeatBuffers, world.storage.tables["heat_buffers"])


def heat_facts(entity: str) -> dict[str, Any] | None:
    """The heat buffer of an entity prototype, or None."""
    prototype = data.entities()[entity]
    source = prototype.get("heat_buffer", prototype.get("energy_source", {}))
    return source if "specific_heat" in source else None


def attach(world: World, row: int) -> int:
    """Gives an entity its heat buffer, linked to those it touches; returns its row, NONE when it has none."""
    facts = heat_facts(world.name_of(row))
    if facts is None:
        return NONE
    buffer = take_row(world, "heat_buffers", row)
    world.storage.grow("warmth", len(table(world)) // BITS)
    buffers = table(world)
    buffers.temperature[buffer] = facts.get("default_temperature", AMBIENT)
    buffers.capacity[buffer] = data.parse_energy(facts["specific_heat"])
    buffers.max_temperature[buffer] = facts["max_temperature"]
    buffers.min_gradient[buffer] = facts.get("min_temperature_gradient", LEAST_GRADIENT)
    buffers.max_transfer[buffer] = data.parse_energy(facts["max_transfer"]) / TICKS_PER_SECOND
    relink(world, buffer)
    return buffer


def set_temperature(world: World, buffer: int, degrees: float) -> None:
    """Makes a buffer as hot as a script says, within its highest temperature."""
    buffers = table(world)
    heat_add(world.state, buffer, (degrees - float(buffers.temperature[buffer])) * float(buffers.capacity[buffer]))


def detach(world: World, buffer: int) -> None:
    """Takes a buffer away with its heat."""
    _unlink(world, buffer)
    cast(Warmth, world.storage.tables["warmth"]).word[buffer // BITS] &= ~(1 << (buffer % BITS))
    give_row(world, "heat_buffers", buffer)


def relink(world: World, buffer: int) -> None:
    """Finds anew what a buffer touches, after it was built or turned."""
    _unlink(world, buffer)
    row = int(table(world).owner[buffer])
    for port in _ports(world, row):
        other = _partner(world, row, port)
        if other != NONE:
            _join(world, buffer, other)
            _join(world, other, buffer)
    warm(world.state, buffer)


def buffer_of(world: World, row: int) -> int:
    """The heat buffer of an entity, or NONE."""
    if world.type_of(row) not in KINDS:
        return NONE
    found = np.flatnonzero(table(world).owner == row)
    return int(found[0]) if len(found) else NONE


def neighbours(world: World, row: int) -> list[int]:
    """Entities whose heat buffers touch this one's, in row order (`LuaEntity.heat_neighbours`)."""
    buffer = buffer_of(world, row)
    links = table(world).link[buffer] if buffer != NONE else np.empty(0, np.int32)
    return sorted(int(table(world).owner[link]) for link in links.tolist() if link >= 0)


def _ports(world: World, row: int) -> list[Port]:
    facts = heat_facts(world.name_of(row))
    return ports_at(place_of(world, row), facts["connections"]) if facts else []


def _partner(world: World, row: int, port: Port) -> int:
    step_x, step_y = STEPS[port.direction]
    x, y = port.x + step_x, port.y + step_y
    other = int(building_at(world.state, int(world.entities.surface[row]), x, y))
    if other < 0 or other == row:
        return NONE
    meets = [(each.x, each.y, (each.direction + 8) % 16) for each in _ports(world, other)]
    return buffer_of(world, other) if (x, y, port.direction) in meets else NONE


def _join(world: World, buffer: int, other: int) -> None:
    links = table(world).link[buffer]
    if other not in links:
        links[int(np.argmax(links == NONE))] = other


def _unlink(world: World, buffer: int) -> None:
    links = table(world).link
    for other in links[buffer].tolist():
        if other >= 0:
            left = links[other][(links[other] != buffer) & (links[other] != NONE)]
            links[other] = NONE
            links[other, : len(left)] = left
    links[buffer] = NONE
