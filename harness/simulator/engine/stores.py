"""The part of `World` about rows, names and inventories: who is what, and what lies where."""

from __future__ import annotations

from typing import cast

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine import status
from harness.simulator.engine.character_tables import Characters, CraftQueue
from harness.simulator.engine.force_tables import FORCES, NUM_FORCES, Forces, Statistics
from harness.simulator.engine.inventories import (
    entity_insert,
    inventory_count,
    inventory_insert,
    inventory_remove,
    inventory_room,
)
from harness.simulator.engine.prototypes import Protos
from harness.simulator.engine.spatial import entity_box
from harness.simulator.engine.spatial_tables import Chunks, Directory, Surfaces
from harness.simulator.engine.storage import Storage
from harness.simulator.engine.systems import drills, effects, inserters, turrets
from harness.simulator.engine.systems.awake import wake_machine
from harness.simulator.engine.systems.beacon_tables import Beacons
from harness.simulator.engine.systems.crafting_tables import Crafters
from harness.simulator.engine.systems.drill_tables import Drills
from harness.simulator.engine.systems.machine_tables import Machines
from harness.simulator.engine.systems.waiting import wake_waiters
from harness.simulator.engine.tables import NONE, NUM_INVENTORY_SLOTS, UNIT, Burners, Entities, Inventories, Stacks

SCRIPT_OWNER = -2
"""Owner of an inventory that a script made for itself."""


class Stores:
    """Tables by name, names by row, and inventories. `World` adds the rest.

    The table attributes are the live tables: they stay the same objects when a table grows, their arrays do not.
    """

    def __init__(self, storage: Storage, facts: Protos) -> None:
        self.storage = storage
        self.protos = facts
        tables = storage.tables
        self.clock = storage.clock
        self.entities = cast(Entities, tables["entities"])
        self.inventories = cast(Inventories, tables["inventories"])
        self.stacks = cast(Stacks, tables["stacks"])
        self.burners = cast(Burners, tables["burners"])
        self.drills = cast(Drills, tables["drills"])
        self.crafters = cast(Crafters, tables["crafters"])
        self.machines = cast(Machines, tables["machines"])
        self.beacons = cast(Beacons, tables["beacons"])
        self.characters = cast(Characters, tables["characters"])
        self.craft_queue = cast(CraftQueue, tables["craft_queue"])
        self.surface_table = cast(Surfaces, tables["surfaces"])
        self.chunks = cast(Chunks, tables["chunks"])
        self.directory = cast(Directory, tables["directory"])
        self.forces = cast(Forces, tables["forces"])
        self.statistics = cast(Statistics, tables["statistics"])

    # Rows

    def new_row(self, table: str, key: str = "owner") -> int:
        """See `Storage.new_row`."""
        return self.storage.new_row(table, key)

    def free_row(self, table: str, row: int) -> None:
        """See `Storage.free_row`."""
        self.storage.free_row(table, row)

    def reserve(self, table: str, key: str, count: int) -> None:
        """See `Storage.reserve`; for entities kernels keep count themselves."""
        self.storage.reserve(table, key, count)

    def new_slots(self, owner: int, kind: int, num_slots: int) -> int:
        """See `Storage.new_slots`."""
        return self.storage.new_slots(owner, kind, num_slots)

    def free_slots(self, inventory: int) -> None:
        """See `Storage.free_slots`."""
        self.storage.free_slots(inventory)

    def resize_slots(self, inventory: int, num_slots: int) -> None:
        """See `Storage.resize_slots`."""
        self.storage.resize_slots(inventory, num_slots)

    def reserve_statistics(self, surface: int) -> None:
        """Makes room for the statistics of all forces on a surface, all zero."""
        self.storage.grow("statistics", (surface + 1) * NUM_FORCES)
        blank = Statistics.allocate(1).records[0]
        self.statistics.records[surface * NUM_FORCES : (surface + 1) * NUM_FORCES] = blank

    # Names

    def name_of(self, row: int) -> str:
        """The entity's prototype name."""
        return self.protos.entity_names.names[self.entities.proto[row]]

    def type_of(self, row: int) -> str:
        """The entity's prototype type."""
        kind: str = self.protos.entity_data[self.entities.proto[row]]["type"]
        return kind

    def force_of(self, row: int) -> str:
        """The name of the entity's force."""
        return FORCES[self.entities.force[row]]

    def position_of(self, row: int) -> tuple[float, float]:
        """The entity's centre in tiles."""
        return float(self.entities.x[row]) / UNIT, float(self.entities.y[row]) / UNIT

    def status_of(self, row: int) -> str | None:
        """The name of the entity's status; None for kinds that have none."""
        if self.type_of(row) in ("resource", "tree", "simple-entity", "item-entity", "fish", "cliff"):
            return None
        number = int(self.entities.status[row])
        if self.type_of(row) in inserters.KINDS:
            number = int(inserters.energy_problem(self.storage.state, row)) or number
        if self.type_of(row) in turrets.ALL_KINDS:
            return turrets.status_of(self, row)
        return status.NAMES.get(number)

    def bounding_box(self, row: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the collision box on the map, 1/256 tile."""
        left, top, right, bottom = entity_box(self.storage.state, row)
        return int(left), int(top), int(right), int(bottom)

    def distance_to_box(self, row: int, other: int) -> float:
        """Tiles from an entity's centre to the nearest point of another's collision box.

        Source: how the game measures reach (real-game readings).
        """
        left, top, right, bottom = self.bounding_box(other)
        x, y = int(self.entities.x[row]), int(self.entities.y[row])
        away_x, away_y = max(left - x, 0, x - right), max(top - y, 0, y - bottom)
        return float(np.hypot(away_x, away_y)) / UNIT

    def is_placeable(self, proto: int) -> bool:
        """Whether some item builds this entity."""
        return bool(np.any(self.protos.items.place_result == proto))

    # Inventories

    def create_inventory(self, num_slots: int) -> int:
        """A script's own inventory."""
        return self.storage.new_slots(SCRIPT_OWNER, 0, num_slots)

    def inventory_of(self, row: int, kind: int) -> int:
        """The entity's inventory of a number in `defines.inventory`, or NONE."""
        return int(self.entities.inventories[row, kind]) if 0 <= kind < NUM_INVENTORY_SLOTS else NONE

    def inventories_of(self, row: int) -> list[int]:
        """All inventories of the entity."""
        return [int(inventory) for inventory in self.entities.inventories[row] if inventory >= 0]

    def storage_owner(self, inventory: int) -> int:
        """The entity an inventory belongs to; negative for a script's own."""
        return int(self.inventories.owner[inventory])

    def item_id(self, name: str) -> int:
        """The item's id. Raises SimError for an unknown name."""
        found = self.protos.item_names.get(name)
        if found < 0:
            raise SimError(f"Unknown item name: {name}")
        return found

    def contents(self, inventory: int) -> dict[str, int]:
        """Counts by item name, in order of the slots."""
        found: dict[str, int] = {}
        start, num_slots = int(self.inventories.start[inventory]), int(self.inventories.num_slots[inventory])
        for slot in range(start, start + num_slots):
            if self.stacks.count[slot] > 0:
                name = self.protos.item_names.names[self.stacks.item_id[slot]]
                found[name] = found.get(name, 0) + int(self.stacks.count[slot])
        return found

    def count_in(self, inventory: int, item: str) -> int:
        """How many of an item lie in an inventory."""
        return int(inventory_count(self.storage.state, inventory, self.item_id(item)))

    def room_in(self, inventory: int, item: str) -> int:
        """How many of an item would fit into an inventory."""
        return int(inventory_room(self.storage.state, inventory, self.item_id(item)))

    def insert_into(self, inventory: int, item: str, count: int) -> int:
        """Puts items into an inventory, whatever they are; returns how many fitted."""
        inserted = int(inventory_insert(self.storage.state, inventory, self.item_id(item), count))
        self.touched(self.storage_owner(inventory))
        return inserted

    def remove_from(self, inventory: int, item: str, count: int) -> int:
        """Takes items out of an inventory; returns how many there were."""
        removed = int(inventory_remove(self.storage.state, inventory, self.item_id(item), count))
        self.touched(self.storage_owner(inventory))
        return removed

    def insert(self, row: int, item: str, count: int) -> int:
        """Puts items where they belong in an entity (`LuaEntity.insert`); returns how many went in."""
        inserted = int(entity_insert(self.storage.state, row, self.item_id(item), count, False))
        self.touched(row)
        return inserted

    def remove_item(self, row: int, item: str, count: int) -> int:
        """Takes items out of any inventory of an entity; returns how many there were."""
        removed = 0
        for inventory in self.inventories_of(row):
            removed += int(inventory_remove(self.storage.state, inventory, self.item_id(item), count - removed))
        self.touched(row)
        return removed

    def item_count(self, row: int, item: str) -> int:
        """How many of an item lie in an entity's inventories."""
        return sum(self.count_in(inventory, item) for inventory in self.inventories_of(row))

    def get_slot(self, inventory: int, slot: int) -> tuple[str, int] | None:
        """The stack (name, count) in a slot counted from 0, or None when it is empty. Raises SimError beyond it."""
        place = self._place(inventory, slot)
        if self.stacks.count[place] == 0:
            return None
        return self.protos.item_names.names[self.stacks.item_id[place]], int(self.stacks.count[place])

    def set_slot(self, inventory: int, slot: int, stack: tuple[str, int] | None) -> None:
        """Writes a slot counted from 0. Raises SimError beyond it or for an unknown item."""
        place = self._place(inventory, slot)
        empty = stack is None or stack[1] <= 0
        self.stacks.item_id[place] = NONE if stack is None or empty else self.item_id(stack[0])
        self.stacks.count[place] = 0 if stack is None or empty else stack[1]
        self.stacks.extra[place] = 0.0
        self.touched(self.storage_owner(inventory))

    def _place(self, inventory: int, slot: int) -> int:
        num_slots = int(self.inventories.num_slots[inventory])
        if not 0 <= slot < num_slots:
            raise SimError(f"inventory slot: expected 0..{num_slots - 1}, got {slot}")
        return int(self.inventories.start[inventory]) + slot

    def wake(self, row: int) -> None:
        """A script changed something about an entity other than what lies in it: it looks around again."""
        wake_machine(self.storage.state, row)

    def touched(self, row: int) -> None:
        """A script changed what lies in an entity: whoever waits for it looks again."""
        if row < 0:
            return
        wake_waiters(self.storage.state, row)
        if self.protos.prototypes.module_slots[self.entities.proto[row]]:
            effects.changed(self.storage.state, row)
        drills.wake_waiting(self.storage.state, row)
        if self.type_of(row) in drills.KINDS:
            drills.refresh_status(self, row)
