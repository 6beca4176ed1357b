"""What kernels leave for Python to finish: a short list that is empty between ticks.

A kernel that brings about more than it can do itself (a technology researched changes recipes, slots and machines)
notes it here. The tick in which something was noted is the last of its run (`tick.run`); `World.advance` then does what
is noted, in order, before the next tick begins. What scripts are to hear of, Python announces (`World.announce`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self, cast

import numpy as np

from harness.simulator.engine.clock import HAPPENED
from harness.simulator.engine.jit import kernel
from harness.simulator.engine.tables import Int16, Int64, Table

if TYPE_CHECKING:
    from harness.simulator.engine.state import State
    from harness.simulator.engine.world import World

TECHNOLOGY_TRIGGERED = 1
"""subject: force row, detail: technology."""
TECHNOLOGY_RESEARCHED = 2
"""subject: force row, detail: technology; labs have done its last unit."""

ROCKET_MADE = 3
"""subject: entity row of a rocket silo, detail: its row in `Silos`; so for the next two."""
ROCKET_WAITS = 4
"""The rocket is ready and has something on board that the silo is to send up by itself."""
ROCKET_ARRIVED = 5

ROOM = 64
"""Rows there are at least when a tick begins; a tick notes each trigger and each force's research once at most."""


@dataclass(slots=True)
class Happenings(Table):
    """Notes of the present tick. N: rows, used from the first to `clock[HAPPENED]`.

    Attributes:
        kind: (N,) int16, one of the numbers above, 0 in an unused row.
        subject: (N,) int64.
        detail: (N,) int64.
    """

    kind: Int16
    subject: Int64
    detail: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Nothing has happened."""
        return cls(
            kind=np.zeros(capacity, np.int16),
            subject=np.zeros(capacity, np.int64),
            detail=np.zeros(capacity, np.int64),
        )


class Happening(NamedTuple):
    """One note."""

    kind: int
    subject: int
    detail: int


@kernel
def note(state: State, kind: int, subject: int, detail: int) -> None:
    """Notes something for Python; whoever notes more than `ROOM` a tick makes sure of the rows before."""
    row = state.clock[HAPPENED]
    if row < len(state.happenings.kind):
        state.happenings.kind[row] = kind
        state.happenings.subject[row] = subject
        state.happenings.detail[row] = detail
        state.clock[HAPPENED] = row + 1


def take(world: World) -> list[Happening]:
    """What was noted, oldest first; the list is empty afterwards."""
    count = int(world.clock[HAPPENED])
    if not count:
        return []
    table = cast(Happenings, world.storage.tables["happenings"])
    noted = [Happening(int(row["kind"]), int(row["subject"]), int(row["detail"])) for row in table.records[:count]]
    table.records[:count] = Happenings.allocate(1).records[0]
    world.clock[HAPPENED] = 0
    return noted
