"""The arrays that every system shares. Systems add tables of their own beside their kernels.

Letters: E entity rows, I inventory rows, S stack slots, B burner rows.
A row that is free has `serial` 0 (entities) or `owner` -1 (inventories, burners). Rows are reused lowest first, so the
same history gives the same rows. Tables grow by doubling. Positions are fixed point: 1/256 tile, as the game has them.

Every table is a slots dataclass whose array fields are all of its state, so that snapshot, restore, hash and compare
are generic loops (`engine/snapshot.py`). The fields of one table are views into one array of records,
`Table.records`: that is what kernels get, so they handle a few arrays and not hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Int8 = npt.NDArray[np.int8]
Int16 = npt.NDArray[np.int16]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt8 = npt.NDArray[np.uint8]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

UNIT = 256
"""Fixed-point units a tile."""

NONE = -1
"""The row that means "no row"."""

NUM_INVENTORY_SLOTS = 12
"""Columns of `Entities.inventories`; the column is the number in `defines.inventory`."""


class Table:
    """Generic storage for slots dataclasses of arrays; the first axis of every array is the row.

    A field must not have the name of an attribute of `numpy.ndarray` (`item`, `size`, `data`, `fill` ...): a kernel
    would read the array's attribute instead of the field.

    Attributes:
        records: all fields as one aligned structured array; the fields are views into it.
    """

    __slots__ = ("records",)

    records: npt.NDArray[Any]

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """A table with room for `capacity` free rows."""
        raise NotImplementedError  # each table says its dtypes and fill values here

    def __post_init__(self) -> None:
        """Moves the arrays the constructor was given into `records`.

        Raises:
            ValueError: a field's name is an attribute of `numpy.ndarray`.
        """
        arrays: dict[str, npt.NDArray[Any]] = {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]
        clashes = [name for name in arrays if hasattr(np.ndarray, name)]
        if clashes:
            raise ValueError(f"{type(self).__name__}: numpy arrays have attributes {clashes}, choose other field names")
        dtype = np.dtype([(name, array.dtype, array.shape[1:]) for name, array in arrays.items()], align=True)
        records = np.zeros(len(next(iter(arrays.values()))), dtype)
        for name, array in arrays.items():
            records[name] = array
        self.adopt(records)

    def adopt(self, records: npt.NDArray[Any]) -> None:
        """Makes `records` the table's storage."""
        self.records = records
        for name in records.dtype.names or ():
            setattr(self, name, records[name])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Array fields by name, in declaration order."""
        return {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.records)

    def grow(self, capacity: int) -> None:
        """Doubles the table until there is room for `capacity` rows; new rows hold `allocate`'s fill values."""
        size = len(self.records)
        if capacity <= size:
            return
        while size < capacity:
            size *= 2
        blank = type(self).allocate(size).records
        blank[: len(self.records)] = self.records
        self.adopt(blank)


@dataclass(slots=True)
class Entities(Table):
    """Everything that stands, lies or walks on a surface: buildings, resources, trees, rocks, items, characters.

    Attributes:
        serial: (E,) int64, unique and rising over the life of a world, 0 in a free row. Handles hold (row, serial).
        unit_number: (E,) int64, as the game's; 0 for kinds that have none (resources, trees, items).
        proto: (E,) int16, entity prototype id.
        surface: (E,) int16, surface row.
        force: (E,) int8, force row (player, enemy, neutral in that order).
        direction: (E,) uint8, 0..15 as in `defines.direction`.
        x: (E,) int32, centre, 1/256 tile.
        y: (E,) int32, centre, 1/256 tile.
        health: (E,) float64.
        status: (E,) int16, number in `defines.entity_status`; written by the system that owns the kind.
        active: (E,) bool, false when a script stopped it.
        marks: (E,) uint8, what scripts forbade, bits of `marks.py`; 0 for an ordinary entity.
        component: (E,) int32, row in the table of the entity's kind, or NONE; the item id of an item on the ground;
            what an infinite resource held at first.
        burner: (E,) int32, row in `Burners`, or NONE.
        electric: (E,) int32, row in the electric consumers' table, or NONE.
        fluid_box: (E,) int32, the entity's first row in `FluidBoxes`, or NONE.
        machine: (E,) int32, row in `Machines` of what works by itself, or NONE.
        waiters: (E,) int32, the last inserter that fell asleep waiting for this entity (`systems/waiting.py`), or NONE.
        waiting_drills: (E,) int32, the last drill that waits for this entity (`systems/awake.py`), or NONE.
        inventories: (E, 12) int32, row in `Inventories` by `defines.inventory` number, or NONE.
        energy: (E,) float64, joules in the entity's own buffer.
        amount: (E,) int64, what is left in a resource; the count of an item on the ground; else 0.
        next_in_tile: (E,) int32, next entity of the spatial index's list of point entities, or NONE.
    """

    serial: Int64
    unit_number: Int64
    proto: Int16
    surface: Int16
    force: Int8
    direction: UInt8
    x: Int32
    y: Int32
    health: Float64
    status: Int16
    active: Bool
    marks: UInt8
    component: Int32
    burner: Int32
    electric: Int32
    fluid_box: Int32
    machine: Int32
    waiters: Int32
    waiting_drills: Int32
    inventories: Int32
    energy: Float64
    amount: Int64
    next_in_tile: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            serial=np.zeros(capacity, np.int64),
            unit_number=np.zeros(capacity, np.int64),
            proto=np.full(capacity, NONE, np.int16),
            surface=np.zeros(capacity, np.int16),
            force=np.zeros(capacity, np.int8),
            direction=np.zeros(capacity, np.uint8),
            x=np.zeros(capacity, np.int32),
            y=np.zeros(capacity, np.int32),
            health=np.zeros(capacity, np.float64),
            status=np.zeros(capacity, np.int16),
            active=np.ones(capacity, np.bool_),
            marks=np.zeros(capacity, np.uint8),
            component=np.full(capacity, NONE, np.int32),
            burner=np.full(capacity, NONE, np.int32),
            electric=np.full(capacity, NONE, np.int32),
            fluid_box=np.full(capacity, NONE, np.int32),
            machine=np.full(capacity, NONE, np.int32),
            waiters=np.full(capacity, NONE, np.int32),
            waiting_drills=np.full(capacity, NONE, np.int32),
            inventories=np.full((capacity, NUM_INVENTORY_SLOTS), NONE, np.int32),
            energy=np.zeros(capacity, np.float64),
            amount=np.zeros(capacity, np.int64),
            next_in_tile=np.full(capacity, NONE, np.int32),
        )


@dataclass(slots=True)
class Inventories(Table):
    """Rows of consecutive stack slots.

    Attributes:
        owner: (I,) int32, entity row, NONE when free, -2 for a script's own inventory.
        start: (I,) int32, first row in `Stacks`.
        num_slots: (I,) int16, number of slots.
        kind: (I,) int8, its number in `defines.inventory`.
        bar: (I,) int16, slots before the red bar; equal to `num_slots` when there is none.
        modules: (I,) bool, module slots of its owner: one module each, and only those it takes.
    """

    owner: Int32
    start: Int32
    num_slots: Int16
    kind: Int8
    bar: Int16
    modules: Bool

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            start=np.zeros(capacity, np.int32),
            num_slots=np.zeros(capacity, np.int16),
            kind=np.zeros(capacity, np.int8),
            bar=np.zeros(capacity, np.int16),
            modules=np.zeros(capacity, np.bool_),
        )


@dataclass(slots=True)
class Stacks(Table):
    """Item stacks; a slot with count 0 is empty and its item is NONE.

    Attributes:
        item_id: (S,) int16, item id or NONE.
        count: (S,) int32.
        extra: (S,) float64, what is left of the first item: ammunition or durability; 0 when whole or meaningless.
    """

    item_id: Int16
    count: Int32
    extra: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Empty slots."""
        return cls(
            item_id=np.full(capacity, NONE, np.int16),
            count=np.zeros(capacity, np.int32),
            extra=np.zeros(capacity, np.float64),
        )


@dataclass(slots=True)
class Burners(Table):
    """What burns inside an entity. Its fuel is an inventory of the entity (`defines.inventory.fuel`).

    Attributes:
        owner: (B,) int32, entity row, NONE when free.
        burning: (B,) int16, item id that burns, or NONE.
        remaining: (B,) float64, joules left of it (`LuaBurner.remaining_burning_fuel`).
    """

    owner: Int32
    burning: Int16
    remaining: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Free rows."""
        return cls(
            owner=np.full(capacity, NONE, np.int32),
            burning=np.full(capacity, NONE, np.int16),
            remaining=np.zeros(capacity, np.float64),
        )
