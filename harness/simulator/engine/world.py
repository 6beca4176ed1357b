"""`World`: the engine as the Lua layer and tests see it. Names and tiles outside, rows inside.

Positions are tiles as floats here; rows are integers. An entity handle is (row, serial): `is_valid` tells whether it is
still the same entity. A `World` owns its tables; everything it knows is in them, so a snapshot is the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from harness.core.errors import SimError
from harness.simulator.engine import (
    handcraft,
    hands,
    happenings,
    lifecycle,
    placement,
    placement_rules,
    power_views,
    queries,
    research,
    snapshot,
    status,
    terrain,
    triggers,
)
from harness.simulator.engine.clock import FREE_ENTITIES, TICK
from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.prototypes import protos
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.engine.state import State
from harness.simulator.engine.storage import Storage
from harness.simulator.engine.stores import Stores
from harness.simulator.engine.systems import connections, crafting, drills, silo
from harness.simulator.engine.tables import NONE
from harness.simulator.engine.terrain import Generator
from harness.simulator.engine.tick import run

Listener = Callable[[str, dict[str, Any]], None]
"""Called with what happened and its particulars: technologies and forces as rows."""


class World(Stores):
    """A map with everything on it.

    Attributes:
        protos: prototype facts and the ids of names.
        storage: the tables and their rows.
        surface_names: by row; empty for a row that is free.
        generators: makes the chunks of a surface, by its name.
        listener: hears of what scripts may want to know, see `announce`.
    """

    def __init__(self, seed: int = 0, generators: dict[str, Generator] | None = None) -> None:
        super().__init__(Storage(seed), protos())
        self.surface_names: list[str] = []
        self.generators: dict[str, Generator] = dict(generators or {})
        self.listener: Listener | None = None
        self.create_surface("nauvis", 0, 0)

    # Time

    @property
    def tick(self) -> int:
        """Ticks run since the world began."""
        return int(self.clock[TICK])

    def advance(self, ticks: int) -> None:
        """Runs exactly `ticks` ticks.

        Raises:
            SimError: a negative number of ticks.
        """
        if ticks < 0:
            raise SimError(f"ticks: expected 0 or more, got {ticks}")
        left = ticks
        while left > 0:
            self._make_room()
            terrain.surround_characters(self)
            left -= int(run(self.state, left))
            hands.finish_mining(self)
            self.react()

    def _make_room(self) -> None:
        """Room for items that drills and inserters lay, when a tick would find too little.

        It grows when `tick.run` would stop and never earlier, so that ticks run one by one or at once end the same.
        """
        most = len(self.drills) + len(self.storage.tables["inserters"])
        if self.clock[FREE_ENTITIES] < most:
            self.reserve("entities", "serial", 2 * most + 8)

    def react(self) -> None:
        """Does what kernels have noted for Python, oldest first."""
        for kind, subject, detail in happenings.take(self):
            if kind == happenings.TECHNOLOGY_TRIGGERED:
                research.triggered(self, subject, detail)
            elif kind == happenings.TECHNOLOGY_RESEARCHED:
                research.researched_by_labs(self, subject, detail)
            elif kind == happenings.ROCKET_MADE:
                silo.make_rocket(self, subject)
            elif kind == happenings.ROCKET_WAITS:
                silo.launch(self, subject)
            elif kind == happenings.ROCKET_ARRIVED:
                silo.arrive(self, subject)

    def announce(self, what: str, **particulars: Any) -> None:
        """Tells whoever listens that something happened; it may change the world before this returns."""
        if self.listener is not None:
            self.listener(what, particulars)

    # Surfaces and tiles

    @property
    def surfaces(self) -> list[str]:
        """Names of the surfaces; the position is the row."""
        return list(self.surface_names)

    def create_surface(self, name: str, width: int = 0, height: int = 0) -> int:
        """A new surface and its row; 0 for a side means no limit. Raises SimError if there is one of this name."""
        return terrain.create_surface(self, name, width, height)

    def get_tile(self, surface: int, tile_x: int, tile_y: int) -> str:
        """The name of a tile."""
        return terrain.get_tile(self, surface, tile_x, tile_y)

    def set_tiles(self, surface: int, tiles: Iterable[tuple[int, int, str]]) -> None:
        """Writes tiles (x, y, name). Raises SimError for an unknown name."""
        terrain.set_tiles(self, surface, tiles)

    def find_tiles(
        self,
        surface: int,
        area: tuple[int, int, int, int],
        names: Iterable[str] | None = None,
        limit: int | None = None,
    ) -> list[tuple[int, int]]:
        """Tiles (x, y) of left, top, right, bottom (the last two excluded), row by row, of these names if given."""
        return terrain.find_tiles(self, surface, area, names, limit)

    # Entities

    def create_entity(
        self,
        surface: int,
        name: str,
        x: float,
        y: float,
        *,
        direction: int = 0,
        force: str = "player",
        amount: int | None = None,
        recipe: str | None = None,
        stack: tuple[str, int] | None = None,
        underground_type: str | None = None,
    ) -> int:
        """Builds an entity and returns its row; its centre snaps to the grid.

        Raises:
            NoRoomError: something is in the way.
            SimError: unknown name, direction or recipe.
        """
        return lifecycle.create(
            self,
            surface,
            name,
            x,
            y,
            direction=direction,
            force=force,
            amount=amount,
            recipe=recipe,
            stack=stack,
            underground_type=underground_type,
        )

    def can_place(
        self,
        surface: int,
        name: str,
        x: float,
        y: float,
        direction: int = 0,
        force: str = "player",
        *,
        manual: bool = False,
        on_ground: bool = True,
    ) -> bool:
        """Whether `create_entity` would find room; `manual` also asks what a player's hand would be refused.

        Without `on_ground` the rules of what ground a kind needs (a pump's shore) are not asked.
        """
        return placement.can_place(self, surface, name, x, y, direction, force, manual=manual, on_ground=on_ground)

    def find_free_place(
        self,
        surface: int,
        name: str,
        x: float,
        y: float,
        *,
        radius: float,
        precision: float,
        centred: bool = False,
    ) -> tuple[float, float] | None:
        """The nearest place where the entity fits (`find_non_colliding_position`), or None."""
        return placement.find_free_place(self, surface, name, x, y, radius, precision, centred=centred)

    def destroy(self, row: int) -> None:
        """Removes an entity and everything in it."""
        lifecycle.destroy(self, row)

    def rotate(self, row: int, direction: int) -> None:
        """Turns an entity. Raises SimError if it does not fit that way."""
        lifecycle.rotate(self, row, direction)

    def teleport(self, row: int, x: float, y: float) -> bool:
        """Moves a character or an item on the ground; false for what cannot be moved."""
        return lifecycle.teleport(self, row, x, y)

    def is_valid(self, row: int, serial: int) -> bool:
        """Whether the handle (row, serial) still names an entity."""
        return 0 <= row < len(self.entities) and serial > 0 and int(self.entities.serial[row]) == serial

    def find_entities(
        self,
        surface: int,
        *,
        area: tuple[float, float, float, float] | None = None,
        position: tuple[float, float] | None = None,
        radius: float | None = None,
        names: Iterable[str] | None = None,
        types: Iterable[str] | None = None,
        force: str | None = None,
        limit: int | None = None,
        invert: bool = False,
    ) -> list[int]:
        """Entities, oldest first: whose box touches `area` (or covers `position`), or whose centre is in `radius`.

        `invert` takes the names and types the other way round; no place means the whole surface.
        """
        wanted = queries.Wanted(
            names=None if names is None else tuple(names),
            types=None if types is None else tuple(types),
            force=force,
            invert=invert,
        )
        place = queries.Place(area=area, position=position, radius=radius)
        return queries.find_entities(self, surface, wanted, place, limit)

    def placement_rule(self, surface: int, proto: int, x: int, y: int, direction: int) -> bool:
        """Rules of some kinds beyond collision: an offshore pump stands on a shore."""
        return placement_rules.allows(self, surface, proto, x, y, direction)

    # Machines

    def status_of(self, row: int) -> str | None:
        """The name of the entity's status; None for kinds that have none."""
        electric = power_views.electric_status(self, row)
        return super().status_of(row) if electric is None else status.NAMES[electric]

    def set_recipe(self, row: int, recipe: str | None) -> list[tuple[str, int]]:
        """Sets an assembling machine's recipe; returns the items (name, count) that came out of it.

        Raises:
            SimError: not an assembling machine, no such recipe, it does not fit, or two fluids would mix.
        """
        if self.type_of(row) != "assembling-machine":
            raise SimError(f"set_recipe: expected an assembling machine, got {self.name_of(row)}.")
        number = NONE if recipe is None else self.protos.recipe_names.get(recipe)
        crafted = int(self.protos.prototypes.categories[self.entities.proto[row]])
        fits = number >= 0 and (crafted >> int(self.protos.recipes.category[number])) & 1
        fluids = connections.mixed_by(self, row, int(self.entities.direction[row]), recipe) if fits else None
        if fluids:
            raise SimError(f"Cannot set recipe {recipe}: {fluids[0]} and {fluids[1]} would mix.")
        left = crafting.set_recipe(self, row, recipe)
        connections.rotate(self, row)
        return left

    def recipe_of(self, row: int) -> str | None:
        """The recipe a furnace or assembling machine follows, or None."""
        return crafting.recipe_of(self, row) if self.type_of(row) in crafting.KINDS else None

    def crafting_progress(self, row: int) -> float:
        """Part of the current craft that is done, 0..1."""
        return crafting.progress_of(self, row)

    def set_crafting_progress(self, row: int, value: float) -> None:
        """Writes `LuaEntity.crafting_progress`, 0..1; nothing happens without a recipe."""
        crafting.set_progress(self, row, value)

    def mining_progress(self, row: int) -> float:
        """Part of the current item a drill has mined, 0..1."""
        return float(self.drills.progress[self.entities.component[row]])

    def mining_target(self, row: int) -> int:
        """The resource entity a drill mines, or NONE."""
        return drills.mining_target(self, row)

    # Characters

    def items_inside(self, row: int) -> list[tuple[str, int]]:
        """Everything that lies in, on or in the hand of an entity: (name, count)."""
        return hands.items_inside(self, row)

    def mine(self, row: int, inventory: int) -> bool:
        """One mining operation into an inventory: false, and nothing changed, if it does not all fit."""
        return hands.mine(self, row, inventory)

    def begin_crafting(self, character: int, recipe: str, count: int) -> int:
        """Queues crafts with their intermediates; returns how many could be started."""
        return handcraft.begin_crafting(self, character, recipe, count)

    def craftable_count(self, character: int, recipe: str, most: int = 1_000_000) -> int:
        """How many crafts the character's items allow, intermediates included."""
        return handcraft.craftable_count(self, character, recipe, most)

    def crafting_queue(self, character: int) -> list[tuple[str, int, bool]]:
        """What is queued, oldest first: (recipe, crafts left, made only as an ingredient)."""
        return handcraft.crafting_queue(self, character)

    def cancel_crafting(self, character: int, index: int | None = None, count: int = 0) -> None:
        """Takes `count` crafts of an entry (from 1), or everything, off the queue; the ingredients come back."""
        handcraft.cancel_crafting(self, character, index, count)

    def set_walking(self, character: int, walking: bool, direction: int) -> None:
        """Writes `walking_state`."""
        row = self.entities.component[character]
        self.characters.walking[row], self.characters.walking_direction[row] = walking, direction

    def set_mining(self, character: int, x: float | None, y: float | None) -> None:
        """Writes `mining_state`: mines what lies at (x, y), or stops (None)."""
        hands.set_mining(self, character, x, y)

    # Forces

    def set_researched(self, force: str, technology: str, value: bool) -> None:
        """Writes `LuaTechnology.researched`: one level more, or one less, with its effects."""
        research.set_researched(self, self.force_row(force), self.technology_id(technology), value)

    def item_sent_to_orbit(self, force: int, item: int, count: int) -> None:
        """Counts items (id) that a force's rocket took up, and researches what that triggers."""
        triggers.item_sent(self.state, force, item, count)
        self.react()

    def technology_id(self, name: str) -> int:
        """The technology's id. Raises SimError for an unknown name."""
        found = self.protos.technology_names.get(name)
        if found < 0:
            raise SimError(f"Unknown technology: {name}")
        return found

    def force_row(self, name: str) -> int:
        """The force's row. Raises SimError for an unknown name."""
        return lifecycle.force_row(name)

    @property
    def force_names(self) -> tuple[str, ...]:
        """Names of the forces; the position is the row."""
        return FORCES

    # State as a whole

    @property
    def state(self) -> State:
        """What kernels take first; do not keep it."""
        return self.storage.state

    def snapshot(self) -> Snapshot:
        """Everything the world is, now."""
        return snapshot.take(self)

    def restore(self, taken: Snapshot) -> None:
        """Makes the world exactly what it was when the snapshot was taken."""
        snapshot.put_back(self, taken)

    def state_hash(self) -> str:
        """A hash of everything the world is."""
        return snapshot.state_hash(self)
