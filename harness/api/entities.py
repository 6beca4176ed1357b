"""The entity objects a program gets back: one class a kind of machine, snapshots of what the server said.

An entity never refreshes itself; ask `get_entity` again. Keys the server sends beyond a class's fields are kept as
plain attributes. Building entities from server data is `wire.py`'s work; which class a name has is `prototypes.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from harness.api.direction import Direction
from harness.api.status import EntityStatus
from harness.api.values import Dimensions, IndexedPosition, Ingredient, Inventory, Position, Recipe, TileDimensions

_FIRST = ("name", "position", "direction", "status", "warnings")
_HIDDEN = {"dimensions", "prototype", "type", "health", "game", "id", "tile_dimensions"}


@dataclass(kw_only=True, repr=False, eq=False)
class Entity:
    """Anything built on the map.

    Attributes:
        id: the game's unit number, if it has one.
        energy: joules in its buffer.
        warnings: short texts saying what is wrong, such as "out of fuel"; empty if nothing is.
    """

    name: str
    position: Position
    direction: Direction = Direction.UP
    status: EntityStatus = EntityStatus.NORMAL
    warnings: list[str] = field(default_factory=list)
    id: int | None = None
    energy: float = 0.0
    type: str | None = None
    dimensions: Dimensions | None = None
    tile_dimensions: TileDimensions | None = None
    prototype: Any = None
    health: float = 0.0

    def __repr__(self) -> str:
        own = [item.name for item in fields(self) if item.name not in _HIDDEN and item.name not in _FIRST]
        names = [name for name in (*_FIRST, *own) if name != "warnings" or self.warnings]
        shown = [f"{name}={getattr(self, name)!r}" for name in names]
        if self.tile_dimensions is not None:
            shown += [f"height={self.tile_dimensions.tile_height}", f"width={self.tile_dimensions.tile_width}"]
        return f"\n\t{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entity) and type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.name, self.position.x, self.position.y))


@dataclass(kw_only=True, repr=False, eq=False)
class Electric:
    """What is common to everything on an electric network."""

    electrical_id: int | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class BurnerType:
    """What is common to everything that burns fuel."""

    fuel: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class Filtered:
    """What is common to everything with an item filter."""

    filter: Any = None


@dataclass(kw_only=True, repr=False, eq=False)
class StaticEntity(Entity):
    """An entity that knows what stands beside it."""

    neighbours: list[Any] = field(default_factory=list)


@dataclass(kw_only=True, repr=False, eq=False)
class FluidHandler(StaticEntity):
    """An entity pipes can be joined to, at `connection_points`."""

    connection_points: list[Position] = field(default_factory=list)
    fluid_box: list[Any] = field(default_factory=list)
    fluid_systems: list[int] = field(default_factory=list)


@dataclass(kw_only=True, repr=False, eq=False)
class MultiFluidHandler(StaticEntity):
    """An entity with separate connection points for each fluid it takes and gives."""

    input_fluids: list[str] = field(default_factory=list)
    output_fluids: list[str] = field(default_factory=list)
    input_connection_points: list[IndexedPosition] = field(default_factory=list)
    output_connection_points: list[IndexedPosition] = field(default_factory=list)
    fluid_box: list[Any] = field(default_factory=list)
    fluid_systems: list[int] = field(default_factory=list)


@dataclass(kw_only=True, repr=False, eq=False)
class Rail(Entity):
    """A piece of rail."""


@dataclass(kw_only=True, repr=False, eq=False)
class RailSignal(StaticEntity):
    """A rail signal or rail chain signal."""


@dataclass(kw_only=True, repr=False, eq=False)
class TrainStop(StaticEntity, Electric):
    """A train stop."""


@dataclass(kw_only=True, repr=False, eq=False)
class RollingStock(Entity, BurnerType):
    """A locomotive or wagon."""

    inventory: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class Vehicle(Entity, BurnerType):
    """A car, tank or spidertron."""

    trunk_inventory: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class Splitter(Entity):
    """A splitter; two places where belts come in, two where they go on."""

    input_positions: list[Position] = field(default_factory=list)
    output_positions: list[Position] = field(default_factory=list)
    inventory: list[Inventory] = field(default_factory=list)


@dataclass(kw_only=True, repr=False, eq=False)
class TransportBelt(Entity):
    """One tile of belt.

    Attributes:
        input_position: the tile items come from.
        output_position: the tile items go to.
        inventory: what lies on its `"left"` and `"right"` lane.
        is_source: no belt leads here.
        is_terminus: no belt leads on.
    """

    input_position: Position | None = None
    output_position: Position | None = None
    inventory: dict[str, Inventory] = field(default_factory=lambda: {"left": Inventory(), "right": Inventory()})
    is_terminus: bool = False
    is_source: bool = False

    def __repr__(self) -> str:
        return f"Belt(({self.position})->, direction={self.direction!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TransportBelt) and self._place() == other._place()

    def __hash__(self) -> int:
        return hash(self._place())

    def _place(self) -> tuple[float, float]:
        return self.position.x, self.position.y


@dataclass(kw_only=True, repr=False, eq=False)
class UndergroundBelt(TransportBelt):
    """One end of an underground belt, or, in a `BeltGroup`, the entrance standing for both.

    Attributes:
        is_input: whether items go underground here.
        connected_to: the `id` of the other end.
        exit_position: where the exit is that a group's entrance also stands for.
    """

    is_input: bool = False
    connected_to: int | None = None
    exit_position: Position | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class Inserter(StaticEntity, Electric):
    """An inserter: takes from `pickup_position`, gives to `drop_position`; its direction is the side it drops to."""

    pickup_position: Position | None = None
    drop_position: Position | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class BurnerInserter(Inserter, BurnerType):
    """An inserter that burns fuel."""


@dataclass(kw_only=True, repr=False, eq=False)
class FilterInserter(Inserter, Filtered):
    """An inserter that moves one kind of item only."""


@dataclass(kw_only=True, repr=False, eq=False)
class MiningDrill(StaticEntity):
    """A drill: puts what it mines at `drop_position`; `resources` is what is left in its area."""

    drop_position: Position | None = None
    resources: list[Ingredient] = field(default_factory=list)


@dataclass(kw_only=True, repr=False, eq=False)
class ElectricMiningDrill(MiningDrill, Electric):
    """A mining drill on the electric network."""


@dataclass(kw_only=True, repr=False, eq=False)
class BurnerMiningDrill(MiningDrill, BurnerType):
    """A mining drill that burns fuel."""


@dataclass(kw_only=True, repr=False, eq=False)
class PumpJack(MiningDrill, FluidHandler, Electric):
    """A pumpjack on a crude oil spot."""


@dataclass(kw_only=True, repr=False, eq=False)
class Furnace(Entity, BurnerType):
    """A furnace that burns fuel."""

    furnace_source: Inventory = field(default_factory=Inventory)
    furnace_result: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class ElectricFurnace(Entity, Electric):
    """A furnace on the electric network."""

    furnace_source: Inventory = field(default_factory=Inventory)
    furnace_result: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class AssemblingMachine(StaticEntity, Electric):
    """A machine that crafts `recipe`; set it with `set_entity_recipe`."""

    recipe: Recipe | str | None = None
    assembling_machine_input: Inventory = field(default_factory=Inventory)
    assembling_machine_output: Inventory = field(default_factory=Inventory)
    assembling_machine_modules: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class AdvancedAssemblingMachine(FluidHandler, AssemblingMachine):
    """An assembling machine that also takes fluids."""


@dataclass(kw_only=True, repr=False, eq=False)
class ChemicalPlant(MultiFluidHandler, AssemblingMachine):
    """A chemical plant."""


@dataclass(kw_only=True, repr=False, eq=False)
class OilRefinery(MultiFluidHandler, AssemblingMachine):
    """An oil refinery."""


@dataclass(kw_only=True, repr=False, eq=False)
class Boiler(FluidHandler, BurnerType):
    """A boiler: water at `connection_points`, steam at `steam_output_point`."""

    steam_output_point: Position | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class HeatExchanger(Boiler):
    """A heat exchanger."""


@dataclass(kw_only=True, repr=False, eq=False)
class Generator(FluidHandler):
    """A steam engine or turbine."""


@dataclass(kw_only=True, repr=False, eq=False)
class Pump(FluidHandler, Electric):
    """A pump in a pipe."""


@dataclass(kw_only=True, repr=False, eq=False)
class OffshorePump(FluidHandler):
    """A pump at the shore: the source of water."""


@dataclass(kw_only=True, repr=False, eq=False)
class StorageTank(FluidHandler):
    """A tank for one fluid."""


@dataclass(kw_only=True, repr=False, eq=False)
class Reactor(StaticEntity):
    """A nuclear reactor."""


@dataclass(kw_only=True, repr=False, eq=False)
class ElectricalProducer(Electric, Entity):
    """Something that makes electricity from nothing."""

    production: Any = None
    energy_source: Any = None
    electric_output_flow_limit: float | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class SolarPanel(ElectricalProducer):
    """A solar panel."""


@dataclass(kw_only=True, repr=False, eq=False)
class Accumulator(StaticEntity, Electric):
    """An accumulator."""

    energy_source: Any = None


@dataclass(kw_only=True, repr=False, eq=False)
class ElectricityPole(Entity, Electric):
    """A pole; `flow_rate` is the energy its network has carried."""

    flow_rate: float = 0.0


@dataclass(kw_only=True, repr=False, eq=False)
class Chest(Entity):
    """A chest."""

    inventory: Inventory = field(default_factory=Inventory)


@dataclass(kw_only=True, repr=False, eq=False)
class LogisticChest(Chest):
    """A chest of the logistic network."""

    request_filters: Any = None


@dataclass(kw_only=True, repr=False, eq=False)
class Lab(Entity, Electric):
    """A lab; `research` names what is being researched."""

    lab_input: Inventory = field(default_factory=Inventory)
    lab_modules: Inventory = field(default_factory=Inventory)
    research: str | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class Pipe(Entity):
    """A pipe; `contents` is the amount of `fluid` in the whole segment it belongs to."""

    fluidbox_id: int | None = None
    flow_rate: float = 0.0
    contents: float = 0.0
    fluid: str | None = None


@dataclass(kw_only=True, repr=False, eq=False)
class GunTurret(StaticEntity):
    """A turret that takes ammunition."""

    turret_ammo: Inventory = field(default_factory=Inventory)
    kills: int = 0


@dataclass(kw_only=True, repr=False, eq=False)
class Turret(GunTurret, Electric):
    """A turret on the electric network."""


@dataclass(kw_only=True, repr=False, eq=False)
class FluidTurret(GunTurret, FluidHandler):
    """A turret that takes a fluid."""


@dataclass(kw_only=True, repr=False, eq=False)
class Beacon(StaticEntity, Electric):
    """A beacon."""


@dataclass(kw_only=True, repr=False, eq=False)
class Roboport(StaticEntity, Electric):
    """A roboport."""


@dataclass(kw_only=True, repr=False, eq=False)
class Combinator(StaticEntity):
    """A combinator or power switch."""


@dataclass(kw_only=True, repr=False, eq=False)
class RocketSilo(StaticEntity, Electric):
    """A rocket silo; `rocket_progress` is in percent."""

    rocket_parts: int = 0
    rocket_inventory: Inventory = field(default_factory=Inventory)
    rocket_progress: float = 0.0

    def __repr__(self) -> str:
        return (
            f"\n\tRocketSilo(position={self.position!r}, status={self.status!r}, "
            f"rocket_parts={self.rocket_parts}, rocket_progress={self.rocket_progress})"
        )


@dataclass(kw_only=True, repr=False, eq=False)
class Rocket(Entity):
    """A rocket."""

    payload: Inventory | None = None
    launch_progress: float = 0.0


@dataclass(kw_only=True)
class Ammo:
    """A kind of ammunition; an item, not an entity."""

    name: str
    magazine_size: int | None = None
    reload_time: float | None = None


@dataclass(kw_only=True)
class EntityInfo:
    """An entity's name, place and direction, without its state."""

    name: str
    position: Position
    direction: Direction = Direction.UP


@dataclass(kw_only=True)
class EnergySource:
    """How a machine gets its energy."""

    buffer_capacity: str = ""
    input_flow_limit: str = ""
    drain: str = ""


@dataclass(kw_only=True)
class InspectionResults:
    """A list of entities around the player."""

    entities: list[EntityInfo] = field(default_factory=list)
    player_position: Position | None = None
    radius: float = 10
    time_elapsed: float = 0.0
