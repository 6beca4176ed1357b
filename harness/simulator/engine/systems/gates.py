"""Gates: walls that open for characters of their force, each gate by itself.

A gate opens when a character stands within its `activation_distance`, or runs so that it would arrive before the gate
is open; it shuts `timeout_to_close` ticks after the last one has gone.
Source: prototype figures; that it looks ahead by the speed of who comes is published (wiki, Gate), how is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.data import prototypes as data
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.systems.ownership import give_row, take_row
from harness.simulator.engine.tables import NONE, UNIT

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

KINDS = ("gate",)

OPENING_SPEED = float(data.entities()["gate"]["opening_speed"])
"""Part of the way a tick, opening and closing."""

ACTIVATION_DISTANCE = float(data.entities()["gate"]["activation_distance"])
LINGERING = int(data.entities()["gate"]["timeout_to_close"])
APPROACH = float(data.entities()["character"]["running_speed"]) / OPENING_SPEED
"""Tiles a running character covers while a gate opens."""


@kernel
def _is_wanted(state: State, gate: int) -> bool:
    """Whether a character of the gate's force is near or on its way."""
    entity = int(state.gates.owner[gate])
    for row in range(len(state.characters.owner)):
        character = int(state.characters.owner[row])
        if character < 0 or state.entities.surface[character] != state.entities.surface[entity]:
            continue
        if state.entities.force[character] != state.entities.force[entity]:
            continue
        reach = (ACTIVATION_DISTANCE + (APPROACH if state.characters.walking[row] else 0.0)) * UNIT
        away_x = float(state.entities.x[character] - state.entities.x[entity])
        away_y = float(state.entities.y[character] - state.entities.y[entity])
        if away_x * away_x + away_y * away_y <= reach * reach:
            return True
    return False


@kernel
def step(state: State) -> None:
    """One tick of every gate."""
    gates = state.gates
    for gate in range(len(gates.owner)):
        if gates.owner[gate] < 0:
            continue
        before = gates.opened[gate]
        if gates.asked_until[gate] >= state.clock[TICK] or _is_wanted(state, gate):
            gates.opened[gate] = min(1.0, before + OPENING_SPEED)
            gates.linger[gate] = LINGERING
        elif gates.linger[gate] > 0:
            gates.linger[gate] -= 1
        else:
            gates.opened[gate] = max(0.0, before - OPENING_SPEED)
        gates.moving[gate] = 0
        if gates.opened[gate] != before:
            gates.moving[gate] = 1 if gates.opened[gate] > before else -1


def build(world: World, row: int) -> None:
    """Gives a new gate its row; it is shut."""
    world.entities.component[row] = take_row(world, "gates", row)


def remove(world: World, row: int) -> None:
    """Takes a gate's row away."""
    give_row(world, "gates", int(world.entities.component[row]))
    world.entities.component[row] = NONE


def opened(world: World, row: int) -> float:
    """How far a gate is open, 0..1."""
    return float(_gates(world).opened[world.entities.component[row]])


def moves(world: World, row: int) -> int:
    """1 for a gate that opens, -1 for one that shuts, 0 for one that stands."""
    return int(_gates(world).moving[world.entities.component[row]])


def ask(world: World, row: int, until: int) -> None:
    """A script wants the gate open up to a tick; a tick that is past lets go of it."""
    _gates(world).asked_until[world.entities.component[row]] = until


def _gates(world: World) -> Any:
    return world.storage.tables["gates"]
