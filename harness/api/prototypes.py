"""The names of the game as a program writes them: `Prototype`, `Resource`, `RecipeName`, `Technology`.

A `Prototype`'s value is the pair (in-game name, entity class or `None`).
The classes are named through their modules: a bare name in the body of `Prototype` would mean its own member.
"""

# ruff: noqa: PIE796 - the last three prototypes are aliases on purpose
from __future__ import annotations

from enum import Enum
from typing import Any

from harness.api import entities as kinds
from harness.api import groups
from harness.api.sizes import NOMINAL_SIZES
from harness.api.suggesting import SuggestingEnum, SuggestingNames
from harness.api.values import ResourcePatch
from harness.data import prototypes as facts


class Prototype(Enum, metaclass=SuggestingEnum):
    """Items, fluids and entities. Pass the member itself to the tools, for example `Prototype.StoneFurnace`."""

    AssemblingMachine1 = ("assembling-machine-1", kinds.AssemblingMachine)
    Centrifuge = ("centrifuge", kinds.AssemblingMachine)
    AssemblingMachine2 = ("assembling-machine-2", kinds.AdvancedAssemblingMachine)
    AssemblingMachine3 = ("assembling-machine-3", kinds.AdvancedAssemblingMachine)
    BurnerInserter = ("burner-inserter", kinds.BurnerInserter)
    FastInserter = ("fast-inserter", kinds.Inserter)
    LongHandedInserter = ("long-handed-inserter", kinds.Inserter)
    BulkInserter = ("bulk-inserter", kinds.Inserter)
    Inserter = ("inserter", kinds.Inserter)
    BurnerMiningDrill = ("burner-mining-drill", kinds.BurnerMiningDrill)
    ElectricMiningDrill = ("electric-mining-drill", kinds.ElectricMiningDrill)
    StoneFurnace = ("stone-furnace", kinds.Furnace)
    SteelFurnace = ("steel-furnace", kinds.Furnace)
    ElectricFurnace = ("electric-furnace", kinds.ElectricFurnace)
    Splitter = ("splitter", kinds.Splitter)
    FastSplitter = ("fast-splitter", kinds.Splitter)
    ExpressSplitter = ("express-splitter", kinds.Splitter)
    Rail = ("rail", kinds.Rail)
    TransportBelt = ("transport-belt", kinds.TransportBelt)
    FastTransportBelt = ("fast-transport-belt", kinds.TransportBelt)
    ExpressTransportBelt = ("express-transport-belt", kinds.TransportBelt)
    ExpressUndergroundBelt = ("express-underground-belt", kinds.UndergroundBelt)
    FastUndergroundBelt = ("fast-underground-belt", kinds.UndergroundBelt)
    UndergroundBelt = ("underground-belt", kinds.UndergroundBelt)
    OffshorePump = ("offshore-pump", kinds.OffshorePump)
    PumpJack = ("pumpjack", kinds.PumpJack)
    Pump = ("pump", kinds.Pump)
    Boiler = ("boiler", kinds.Boiler)
    OilRefinery = ("oil-refinery", kinds.OilRefinery)
    ChemicalPlant = ("chemical-plant", kinds.ChemicalPlant)
    SteamEngine = ("steam-engine", kinds.Generator)
    SteamTurbine = ("steam-turbine", kinds.Generator)
    SolarPanel = ("solar-panel", kinds.SolarPanel)
    UndergroundPipe = ("pipe-to-ground", kinds.Pipe)
    HeatPipe = ("heat-pipe", kinds.Pipe)
    Pipe = ("pipe", kinds.Pipe)
    SteelChest = ("steel-chest", kinds.Chest)
    IronChest = ("iron-chest", kinds.Chest)
    WoodenChest = ("wooden-chest", kinds.Chest)
    IronGearWheel = ("iron-gear-wheel", kinds.Entity)
    Radar = ("radar", kinds.Entity)
    StoneWall = ("stone-wall", kinds.Entity)
    Gate = ("gate", kinds.Entity)
    SmallLamp = ("small-lamp", kinds.Entity)
    ProgrammableSpeaker = ("programmable-speaker", kinds.Entity)
    LandMine = ("land-mine", kinds.Entity)
    StorageTank = ("storage-tank", kinds.StorageTank)
    SmallElectricPole = ("small-electric-pole", kinds.ElectricityPole)
    MediumElectricPole = ("medium-electric-pole", kinds.ElectricityPole)
    BigElectricPole = ("big-electric-pole", kinds.ElectricityPole)
    Substation = ("substation", kinds.ElectricityPole)
    Coal = ("coal", None)
    Wood = ("wood", None)
    Sulfur = ("sulfur", None)
    IronOre = ("iron-ore", None)
    CopperOre = ("copper-ore", None)
    Stone = ("stone", None)
    Concrete = ("concrete", None)
    UraniumOre = ("uranium-ore", None)
    IronPlate = ("iron-plate", None)
    IronStick = ("iron-stick", None)
    SteelPlate = ("steel-plate", None)
    CopperPlate = ("copper-plate", None)
    StoneBrick = ("stone-brick", None)
    CopperCable = ("copper-cable", None)
    PlasticBar = ("plastic-bar", None)
    EmptyBarrel = ("empty-barrel", None)
    Battery = ("battery", None)
    SulfuricAcid = ("sulfuric-acid", None)
    Uranium235 = ("uranium-235", None)
    Uranium238 = ("uranium-238", None)
    Lubricant = ("lubricant", None)
    PetroleumGas = ("petroleum-gas", None)
    AdvancedOilProcessing = ("advanced-oil-processing", None)
    CoalLiquifaction = ("coal-liquifaction", None)
    SolidFuel = ("solid-fuel", None)
    LightOil = ("light-oil", None)
    HeavyOil = ("heavy-oil", None)
    ElectronicCircuit = ("electronic-circuit", None)
    AdvancedCircuit = ("advanced-circuit", None)
    ProcessingUnit = ("processing-unit", None)
    EngineUnit = ("engine-unit", None)
    ElectricEngineUnit = ("electric-engine-unit", None)
    Grenade = ("grenade", None)
    UraniumFuelCell = ("uranium-fuel-cell", None)
    AutomationSciencePack = ("automation-science-pack", None)
    MilitarySciencePack = ("military-science-pack", None)
    LogisticsSciencePack = ("logistic-science-pack", None)
    ProductionSciencePack = ("production-science-pack", None)
    UtilitySciencePack = ("utility-science-pack", None)
    ChemicalSciencePack = ("chemical-science-pack", None)
    ProductivityModule = ("productivity-module", None)
    ProductivityModule2 = ("productivity-module-2", None)
    ProductivityModule3 = ("productivity-module-3", None)
    FlyingRobotFrame = ("flying-robot-frame", None)
    Satellite = ("satellite", None)
    RocketPart = ("rocket-part", None)
    RocketControlUnit = ("rocket-control-unit", None)
    LowDensityStructure = ("low-density-structure", None)
    RocketFuel = ("rocket-fuel", None)
    SpaceSciencePack = ("space-science-pack", None)
    SpeedModule = ("speed-module", None)
    SpeedModule2 = ("speed-module-2", None)
    SpeedModule3 = ("speed-module-3", None)
    EfficiencyModule = ("efficiency-module", None)
    EfficiencyModule2 = ("efficiency-module-2", None)
    EfficiencyModule3 = ("efficiency-module-3", None)
    Lab = ("lab", kinds.Lab)
    Accumulator = ("accumulator", kinds.Accumulator)
    GunTurret = ("gun-turret", kinds.GunTurret)
    PiercingRoundsMagazine = ("piercing-rounds-magazine", kinds.Ammo)
    FirearmMagazine = ("firearm-magazine", kinds.Ammo)
    NuclearReactor = ("nuclear-reactor", kinds.Reactor)
    HeatExchanger = ("heat-exchanger", kinds.HeatExchanger)
    RocketSilo = ("rocket-silo", kinds.RocketSilo)
    Rocket = ("rocket", kinds.Rocket)
    BeltGroup = ("belt-group", groups.BeltGroup)
    PipeGroup = ("pipe-group", groups.PipeGroup)
    ElectricityGroup = ("electricity-group", groups.ElectricityGroup)
    PassiveProviderChest = ("passive-provider-chest", kinds.LogisticChest)
    ActiveProviderChest = ("active-provider-chest", kinds.LogisticChest)
    StorageChest = ("storage-chest", kinds.LogisticChest)
    RequesterChest = ("requester-chest", kinds.LogisticChest)
    BufferChest = ("buffer-chest", kinds.LogisticChest)
    Beacon = ("beacon", kinds.Beacon)
    ArithmeticCombinator = ("arithmetic-combinator", kinds.Combinator)
    DeciderCombinator = ("decider-combinator", kinds.Combinator)
    ConstantCombinator = ("constant-combinator", kinds.Combinator)
    PowerSwitch = ("power-switch", kinds.Combinator)
    TrainStop = ("train-stop", kinds.TrainStop)
    RailSignal = ("rail-signal", kinds.RailSignal)
    RailChainSignal = ("rail-chain-signal", kinds.RailSignal)
    Locomotive = ("locomotive", kinds.RollingStock)
    CargoWagon = ("cargo-wagon", kinds.RollingStock)
    FluidWagon = ("fluid-wagon", kinds.RollingStock)
    Roboport = ("roboport", kinds.Roboport)
    LaserTurret = ("laser-turret", kinds.Turret)
    ArtilleryTurret = ("artillery-turret", kinds.Turret)
    FlamethrowerTurret = ("flamethrower-turret", kinds.FluidTurret)
    Car = ("car", kinds.Vehicle)
    Tank = ("tank", kinds.Vehicle)
    Spidertron = ("spidertron", kinds.Vehicle)
    StackInserter = ("bulk-inserter", kinds.Inserter)
    FilterInserter = ("fast-inserter", kinds.Inserter)
    StackFilterInserter = ("bulk-inserter", kinds.Inserter)

    def __repr__(self) -> str:
        return f"Prototype.{self.name}"

    __str__ = __repr__

    @property
    def prototype_name(self) -> str:
        """The in-game name."""
        return str(self.value[0])

    @property
    def entity_class(self) -> type | None:
        """The class of entities of this kind, or `None` for what cannot be built."""
        kind: type | None = self.value[1]
        return kind

    @property
    def WIDTH(self) -> int:  # noqa: N802 - the public name
        """Tiles from left to right to plan for."""
        return self._size()[0]

    @property
    def HEIGHT(self) -> int:  # noqa: N802 - the public name
        """Tiles from top to bottom to plan for."""
        return self._size()[1]

    def _size(self) -> tuple[int, int]:
        size = NOMINAL_SIZES.get(self.entity_class) if self.entity_class is not None else None
        if size is None:
            raise AttributeError(f"{self!r} has no size to plan for; an entity's tile_dimensions tell what it covers")
        return size


class Resource(metaclass=SuggestingNames):
    """What can be found on the map. `Resource.Coal[0]` is the in-game name."""

    Coal = ("coal", ResourcePatch)
    IronOre = ("iron-ore", ResourcePatch)
    CopperOre = ("copper-ore", ResourcePatch)
    Stone = ("stone", ResourcePatch)
    Water = ("water", ResourcePatch)
    CrudeOil = ("crude-oil", ResourcePatch)
    UraniumOre = ("uranium-ore", ResourcePatch)
    Wood = ("wood", ResourcePatch)


class RecipeName(Enum, metaclass=SuggestingEnum):
    """Recipes that are not named after their product."""

    NuclearFuelReprocessing = "nuclear-fuel-reprocessing"
    UraniumProcessing = "uranium-processing"
    SulfuricAcid = "sulfuric-acid"
    BasicOilProcessing = "basic-oil-processing"
    AdvancedOilProcessing = "advanced-oil-processing"
    CoalLiquefaction = "coal-liquefaction"
    HeavyOilCracking = "heavy-oil-cracking"
    LightOilCracking = "light-oil-cracking"
    SolidFuelFromHeavyOil = "solid-fuel-from-heavy-oil"
    SolidFuelFromLightOil = "solid-fuel-from-light-oil"
    SolidFuelFromPetroleumGas = "solid-fuel-from-petroleum-gas"
    FillCrudeOilBarrel = "crude-oil-barrel"
    FillHeavyOilBarrel = "heavy-oil-barrel"
    FillLightOilBarrel = "light-oil-barrel"
    FillLubricantBarrel = "lubricant-barrel"
    FillPetroleumGasBarrel = "petroleum-gas-barrel"
    FillSulfuricAcidBarrel = "sulfuric-acid-barrel"
    FillWaterBarrel = "water-barrel"
    EmptyCrudeOilBarrel = "empty-crude-oil-barrel"
    EmptyHeavyOilBarrel = "empty-heavy-oil-barrel"
    EmptyLightOilBarrel = "empty-light-oil-barrel"
    EmptyLubricantBarrel = "empty-lubricant-barrel"
    EmptyPetroleumGasBarrel = "empty-petroleum-gas-barrel"
    EmptySulfuricAcidBarrel = "empty-sulfuric-acid-barrel"
    EmptyWaterBarrel = "empty-water-barrel"

    def __repr__(self) -> str:
        return f"RecipeName.{self.name}"

    __str__ = __repr__


class Technology(Enum, metaclass=SuggestingEnum):
    """Technologies. The research tools also take in-game names as text."""

    SteamPower = "steam-power"
    AutomationSciencePack = "automation-science-pack"
    Automation = "automation"
    Automation2 = "automation-2"
    Automation3 = "automation-3"
    Logistics = "logistics"
    Logistics2 = "logistics-2"
    Logistics3 = "logistics-3"
    AdvancedElectronics = "advanced-electronics"
    AdvancedElectronics2 = "advanced-electronics-2"
    Electronics = "electronics"
    ElectricEnergy = "electric-energy-distribution-1"
    ElectricEnergy2 = "electric-energy-distribution-2"
    SolarEnergy = "solar-energy"
    ElectricEngineering = "electric-engine"
    BatteryTechnology = "battery"
    NuclearPower = "nuclear-power"
    SteelProcessing = "steel-processing"
    AdvancedMaterialProcessing = "advanced-material-processing"
    AdvancedMaterialProcessing2 = "advanced-material-processing-2"
    MilitaryScience = "military"
    ModularArmor = "modular-armor"
    PowerArmor = "power-armor"
    PowerArmor2 = "power-armor-mk2"
    NightVision = "night-vision-equipment"
    EnergyShield = "energy-shields"
    EnergyShield2 = "energy-shields-mk2-equipment"
    RailwayTransportation = "railway"
    OilProcessing = "oil-processing"
    AdvancedOilProcessing = "advanced-oil-processing"
    SulfurProcessing = "sulfur-processing"
    Plastics = "plastics"
    Lubricant = "lubricant"
    ProductivityModule = "productivity-module"
    ProductivityModule2 = "productivity-module-2"
    ProductivityModule3 = "productivity-module-3"
    Robotics = "robotics"
    LogisticsSciencePack = "logistic-science-pack"
    MilitarySciencePack = "military-science-pack"
    ChemicalSciencePack = "chemical-science-pack"
    ProductionSciencePack = "production-science-pack"
    FastInserter = "fast-inserter"
    StackInserter = "stack-inserter"
    StackInserterCapacity1 = "stack-inserter-capacity-bonus-1"
    StackInserterCapacity2 = "stack-inserter-capacity-bonus-2"
    StorageTanks = "fluid-handling"
    BarrelFilling = "barrel-filling"
    Grenades = "grenades"
    Landfill = "landfill"
    CharacterInventorySlots = "character-inventory-slots"
    ResearchSpeed = "research-speed"
    SpaceScience = "space-science-pack"
    RocketFuel = "rocket-fuel"
    RocketControl = "rocket-control-unit"
    LowDensityStructure = "low-density-structure"
    RocketSiloTechnology = "rocket-silo"

    def __repr__(self) -> str:
        return f"Technology.{self.name}"

    __str__ = __repr__


def _built_by_item() -> dict[str, Prototype]:
    """Buildings that are called otherwise than the item that builds them."""
    builds = {member: facts.items().get(member.prototype_name, {}).get("place_result") for member in Prototype}
    return {name: member for member, name in builds.items() if name and member.entity_class is not None}


prototype_by_name: dict[str, Prototype] = _built_by_item() | {member.prototype_name: member for member in Prototype}
"""The `Prototype` of an in-game name, of the item as of what it builds: `rail` and `straight-rail`."""


def entity_class(name: str) -> type[Any]:
    """The class of entities called `name` in the game; `Entity` for those without one of their own."""
    member = prototype_by_name.get(name)
    kind = member.entity_class if member else None
    return kind if kind is not None and kind is not kinds.Ammo else kinds.Entity
