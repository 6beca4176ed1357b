"""`State`: everything the kernels see, one field a table. Every kernel takes it first.

To add a table: a field here, a line in `TABLES`. Dynamic tables are saved, restored and hashed; constant tables hold
prototype facts. A compiled kernel gets a `KernelState`, where each field is a table's records; with
`NUMBA_DISABLE_JIT=1` it gets columns that hand out plain Python numbers, so both ways count in 64 bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from harness.simulator.engine.character_tables import Characters, CraftQueue
from harness.simulator.engine.force_tables import Forces, Statistics
from harness.simulator.engine.happenings import ROOM, Happenings
from harness.simulator.engine.kernel_state import KernelState
from harness.simulator.engine.prototype_tables import (
    BeaconProfile,
    EntityPrototypes,
    Items,
    RecipeLines,
    Recipes,
    Technologies,
    Tiles,
    Triggers,
)
from harness.simulator.engine.prototypes import Protos
from harness.simulator.engine.spatial_tables import Chunks, Directory, Surfaces
from harness.simulator.engine.systems.beacon_tables import Beacons
from harness.simulator.engine.systems.belt_tables import Belts, Chains, Lanes
from harness.simulator.engine.systems.crafting_tables import Crafters
from harness.simulator.engine.systems.drill_tables import Drills
from harness.simulator.engine.systems.fluid_tables import Boilers, Flowing, FluidBoxes, Pumps, Segments
from harness.simulator.engine.systems.gate_tables import Gates
from harness.simulator.engine.systems.heat_tables import HeatBuffers, Reactors, Warmth
from harness.simulator.engine.systems.inserter_tables import Inserters, Places
from harness.simulator.engine.systems.machine_tables import Awake, Machines
from harness.simulator.engine.systems.power_tables import Consumers, Generators, Listed, Networks, Panels, Poles, Wires
from harness.simulator.engine.systems.silo_tables import Silos
from harness.simulator.engine.tables import Burners, Entities, Int64, Inventories, Stacks, Table


class State(NamedTuple):
    """The tables, as kernels see them; the types name the fields, the values are their records."""

    clock: Int64
    entities: Entities
    inventories: Inventories
    stacks: Stacks
    burners: Burners
    drills: Drills
    crafters: Crafters
    silos: Silos
    machines: Machines
    awake: Awake
    beacons: Beacons
    belts: Belts
    lanes: Lanes
    chains: Chains
    inserters: Inserters
    places: Places
    acting: Awake
    characters: Characters
    craft_queue: CraftQueue
    gates: Gates
    surfaces: Surfaces
    chunks: Chunks
    directory: Directory
    forces: Forces
    statistics: Statistics
    happenings: Happenings
    consumers: Consumers
    listed: Listed
    panels: Panels
    generators: Generators
    networks: Networks
    poles: Poles
    wires: Wires
    fluid_boxes: FluidBoxes
    segments: Segments
    flowing: Flowing
    boilers: Boilers
    heat_buffers: HeatBuffers
    warmth: Warmth
    reactors: Reactors
    pumps: Pumps
    items: Items
    prototypes: EntityPrototypes
    recipes: Recipes
    recipe_lines: RecipeLines
    technologies: Technologies
    triggers: Triggers
    tiles: Tiles
    beacon_profile: BeaconProfile


TABLES: dict[str, tuple[type[Table], int]] = {
    "entities": (Entities, 64),
    "inventories": (Inventories, 32),
    "stacks": (Stacks, 256),
    "burners": (Burners, 16),
    "drills": (Drills, 16),
    "crafters": (Crafters, 16),
    "silos": (Silos, 2),
    "machines": (Machines, 64),
    "awake": (Awake, 2),
    "beacons": (Beacons, 4),
    "belts": (Belts, 32),
    "lanes": (Lanes, 64),
    "chains": (Chains, 32),
    "inserters": (Inserters, 16),
    "places": (Places, 64),
    "acting": (Awake, 2),
    "characters": (Characters, 4),
    "craft_queue": (CraftQueue, 32),
    "gates": (Gates, 4),
    "surfaces": (Surfaces, 2),
    "chunks": (Chunks, 16),
    "directory": (Directory, 64),
    "forces": (Forces, 4),
    "statistics": (Statistics, 4),
    "happenings": (Happenings, ROOM),
    "consumers": (Consumers, 32),
    "listed": (Listed, 32),
    "panels": (Panels, 8),
    "generators": (Generators, 8),
    "networks": (Networks, 4),
    "poles": (Poles, 16),
    "wires": (Wires, 32),
    "fluid_boxes": (FluidBoxes, 32),
    "segments": (Segments, 8),
    "flowing": (Flowing, 1),
    "boilers": (Boilers, 8),
    "heat_buffers": (HeatBuffers, 8),
    "warmth": (Warmth, 1),
    "reactors": (Reactors, 2),
    "pumps": (Pumps, 4),
}
"""Dynamic tables and how many rows they start with."""

CONSTANTS = ("items", "prototypes", "recipes", "recipe_lines", "technologies", "triggers", "tiles", "beacon_profile")
"""Fields of `Protos` that kernels read."""


class _PlainColumn:
    """A column for interpreted kernels: reads give Python numbers, never NumPy scalars that overflow."""

    __slots__ = ("array",)

    def __init__(self, array: Any) -> None:
        self.array = array

    def __getitem__(self, key: Any) -> Any:
        value = self.array[key]
        return value if isinstance(value, np.ndarray) else value.item()

    def __setitem__(self, key: Any, value: Any) -> None:
        self.array[key] = value

    def __len__(self) -> int:
        return len(self.array)


class _PlainTable:
    """A table for interpreted kernels."""

    def __init__(self, table: Table) -> None:
        for name, array in table.arrays().items():
            setattr(self, name, _PlainColumn(array))


def build_state(clock: Int64, tables: dict[str, Table], protos: Protos) -> State:
    """The state over these tables; to be built again whenever one of them has grown."""
    everything: dict[str, Table] = {**tables, **{name: getattr(protos, name) for name in CONSTANTS}}
    if numba.config.DISABLE_JIT:
        plain: dict[str, Any] = {name: _PlainTable(table) for name, table in everything.items()}
        return State(clock=_PlainColumn(clock), **plain)  # type: ignore[arg-type]
    arrays = {"clock": clock, **{name: table.records for name, table in everything.items()}}
    return KernelState(arrays)  # type: ignore[return-value]
