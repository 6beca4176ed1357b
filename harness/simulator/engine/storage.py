"""The tables a world owns: rows taken and given back, growth, and the state built over them."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.simulator.engine.clock import CLOCK_FIELDS, FREE_ENTITIES, NEXT_ORDER, NEXT_SERIAL, NEXT_UNIT_NUMBER
from harness.simulator.engine.prototypes import protos
from harness.simulator.engine.state import TABLES, State, build_state
from harness.simulator.engine.tables import NONE, Int64, Table

NEAR_ROWS = 64
"""Rows after the last one taken that are looked at first for a free one: nearly always there is one."""


class Storage:
    """Tables by name and the state over them. Rows are reused lowest first, so the same history gives the same rows.

    Attributes:
        tables: by name, as in `state.TABLES`.
        clock: the world's counters, see `clock.py`.
    """

    def __init__(self, seed: int) -> None:
        self.tables: dict[str, Table] = {name: kind.allocate(size) for name, (kind, size) in TABLES.items()}
        self.clock: Int64 = np.zeros(CLOCK_FIELDS, np.int64)
        self.clock[[NEXT_SERIAL, NEXT_UNIT_NUMBER, NEXT_ORDER]] = 1
        self.clock[FREE_ENTITIES] = len(self.tables["entities"])
        self.clock[5] = seed & 0x7FFFFFFF
        self._state: State | None = None
        self._hints: dict[str, int] = {}
        self._blanks: dict[str, Any] = {}

    @property
    def state(self) -> State:
        """What kernels take first; do not keep it across anything that may make rows."""
        if self._state is None:
            self._state = build_state(self.clock, self.tables, protos())
        return self._state

    def adopt(self, clock: Int64, records: dict[str, Any]) -> None:
        """Takes over other records for all tables, as a snapshot holds them."""
        self.clock[:] = clock
        for name, rows in records.items():
            self.tables[name].adopt(rows)
        self.forget()

    def forget(self) -> None:
        """The tables' arrays are not what they were."""
        self._state = None
        self._hints.clear()

    def grow(self, name: str, capacity: int) -> None:
        """Makes room for `capacity` rows."""
        table = self.tables[name]
        before = len(table)
        if capacity <= before:
            return
        table.grow(capacity)
        if name == "entities":
            self.clock[FREE_ENTITIES] += len(table) - before
        self._state = None

    def _is_free(self, name: str, key: str, start: int = 0, end: int | None = None) -> Any:
        """Which rows from `start` on, up to `end`, are free."""
        column = getattr(self.tables[name], key)[start:end]
        if column.dtype == np.bool_:
            return ~column
        return column == 0 if key in ("serial", "id") else column < 0

    def new_row(self, name: str, key: str = "owner") -> int:
        """The lowest free row, where `key` says which are free: below 0, or 0 for `serial` and `id`, or false.

        The caller marks the row as taken by writing `key`.
        """
        hint = self._hints.get(name, 0)
        # Taken one after the other, the next free row is nearly always the one after the last.
        if hint + 1 < len(self.tables[name]) and not self._is_free(name, key, hint, hint + 1)[0]:
            hint += 1
            if self._is_free(name, key, hint, hint + 1)[0]:
                self._hints[name] = hint
                return hint
        free = np.flatnonzero(self._is_free(name, key, hint, hint + NEAR_ROWS))
        if not len(free):
            hint = min(hint + NEAR_ROWS, len(self.tables[name]))
            free = np.flatnonzero(self._is_free(name, key, hint))
        row = hint + int(free[0]) if len(free) else len(self.tables[name])
        self.grow(name, row + 1)
        self._hints[name] = row
        return row

    def reserve(self, name: str, key: str, count: int) -> None:
        """Makes sure kernels find at least `count` free rows."""
        if name == "entities" and self.clock[FREE_ENTITIES] >= count:
            return
        used = len(self.tables[name]) - int(np.count_nonzero(self._is_free(name, key)))
        self.grow(name, used + count)

    def _blank(self, name: str) -> Any:
        """What a free row of a table holds; made once, for rows come and go often."""
        if name not in self._blanks:
            self._blanks[name] = TABLES[name][0].allocate(1).records[0]
        return self._blanks[name]

    def free_row(self, name: str, row: int) -> None:
        """Gives a row back with every field as in a new one."""
        table = self.tables[name]
        table.records[row] = self._blank(name)
        self._hints[name] = min(row, self._hints.get(name, 0))

    def new_slots(self, owner: int, kind: int, num_slots: int) -> int:
        """An inventory of empty slots; a freed one of the same size is used again."""
        inventories: Any = self.tables["inventories"]
        fits = np.flatnonzero((inventories.owner == NONE) & (inventories.num_slots == num_slots) & (num_slots > 0))
        if len(fits):
            row = int(fits[0])
        else:
            row = self._fresh_inventory(num_slots)
            inventories = self.tables["inventories"]
        inventories.owner[row], inventories.kind[row], inventories.bar[row] = owner, kind, num_slots
        return row

    def _fresh_inventory(self, num_slots: int) -> int:
        inventories: Any = self.tables["inventories"]
        unused = np.flatnonzero((inventories.owner == NONE) & (inventories.num_slots == 0))
        row = int(unused[0]) if len(unused) else len(inventories)
        self.grow("inventories", row + 1)
        end = int((inventories.start + inventories.num_slots).max())
        self.grow("stacks", end + num_slots)
        inventories.start[row], inventories.num_slots[row] = end, num_slots
        return row

    def free_slots(self, inventory: int) -> None:
        """Empties an inventory and gives it back; its slots stay with the row."""
        inventories: Any = self.tables["inventories"]
        start, num_slots = int(inventories.start[inventory]), int(inventories.num_slots[inventory])
        stacks = self.tables["stacks"]
        stacks.records[start : start + num_slots] = self._blank("stacks")
        inventories.owner[inventory] = NONE
        inventories.kind[inventory] = 0
        inventories.modules[inventory] = False
        inventories.bar[inventory] = num_slots

    def resize_slots(self, inventory: int, num_slots: int) -> None:
        """Makes an inventory longer, or as much shorter as what lies in it allows; its row stays what it is.

        It changes places with a free row of the wanted size, which is left with the old slots.
        """
        inventories: Any = self.tables["inventories"]
        start, old = int(inventories.start[inventory]), int(inventories.num_slots[inventory])
        held = np.flatnonzero(self.tables["stacks"].records["count"][start : start + old])
        wanted = max(num_slots, int(held[-1]) + 1 if len(held) else 0)
        if wanted == old:
            return
        barred = int(inventories.bar[inventory]) < old
        spare = self.new_slots(int(inventories.owner[inventory]), 0, wanted)
        inventories, stacks = self.tables["inventories"], self.tables["stacks"].records
        kept, place = min(old, wanted), int(inventories.start[spare])
        stacks[place : place + kept] = stacks[start : start + kept]
        for column in (inventories.start, inventories.num_slots):
            column[inventory], column[spare] = int(column[spare]), int(column[inventory])
        inventories.bar[inventory] = min(int(inventories.bar[inventory]), wanted) if barred else wanted
        self.free_slots(spare)
