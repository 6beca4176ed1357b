"""An experiment harness for program synthesis in Factorio by Monte Carlo tree search with language models.

The names below are the public API: the harness, and every type of the agent API that a program can name (a program's
tools need a server; `FactorioInstance.eval` runs them). They are looked up on first use, so that the embedded server
and the program workers, which live in this package too, start without loading the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.api import api_reference, prototype_by_name
    from harness.api.direction import Direction
    from harness.api.entities import (
        Accumulator,
        AdvancedAssemblingMachine,
        Ammo,
        AssemblingMachine,
        Beacon,
        Boiler,
        BurnerInserter,
        BurnerMiningDrill,
        BurnerType,
        ChemicalPlant,
        Chest,
        Combinator,
        Electric,
        ElectricalProducer,
        ElectricFurnace,
        ElectricityPole,
        ElectricMiningDrill,
        EnergySource,
        Entity,
        EntityInfo,
        Filtered,
        FilterInserter,
        FluidHandler,
        FluidTurret,
        Furnace,
        Generator,
        GunTurret,
        HeatExchanger,
        Inserter,
        InspectionResults,
        Lab,
        LogisticChest,
        MiningDrill,
        MultiFluidHandler,
        OffshorePump,
        OilRefinery,
        Pipe,
        Pump,
        PumpJack,
        Rail,
        RailSignal,
        Reactor,
        Roboport,
        Rocket,
        RocketSilo,
        RollingStock,
        SolarPanel,
        Splitter,
        StaticEntity,
        StorageTank,
        TrainStop,
        TransportBelt,
        Turret,
        UndergroundBelt,
        Vehicle,
    )
    from harness.api.errors import (
        BlockedError,
        BudgetError,
        InvalidArgumentError,
        InventoryFullError,
        MissingItemsError,
        NotAvailableError,
        NotFoundError,
        OutOfReachError,
        ToolError,
    )
    from harness.api.groups import BeltGroup, ElectricityGroup, EntityGroup, PipeGroup, WallGroup
    from harness.api.prototypes import Prototype, RecipeName, Resource, Technology
    from harness.api.status import EntityStatus
    from harness.api.values import (
        BoundingBox,
        BuildingBox,
        Dimensions,
        IndexedPosition,
        Ingredient,
        Inventory,
        Position,
        Product,
        Recipe,
        ResourcePatch,
        TileDimensions,
    )
    from harness.core.conversation import Conversation, Message
    from harness.core.errors import (
        ConfigError,
        HarnessError,
        ModelError,
        RecordError,
        ServerError,
        ServerLostError,
        ServerStartError,
    )
    from harness.evaluation import FactorioEvaluator, Program
    from harness.game import FactorioInstance, GameState
    from harness.llm import LLMFactory
    from harness.variants import MCTS, ChunkedMCTS, PlanningMCTS

__version__ = "0.1.0"

_EXPORTS = {
    "ChunkedMCTS": "harness.variants",
    "ConfigError": "harness.core.errors",
    "Conversation": "harness.core.conversation",
    "FactorioEvaluator": "harness.evaluation",
    "FactorioInstance": "harness.game",
    "GameState": "harness.game",
    "HarnessError": "harness.core.errors",
    "LLMFactory": "harness.llm",
    "MCTS": "harness.variants",
    "Message": "harness.core.conversation",
    "ModelError": "harness.core.errors",
    "PlanningMCTS": "harness.variants",
    "Program": "harness.evaluation",
    "RecordError": "harness.core.errors",
    "ServerError": "harness.core.errors",
    "ServerLostError": "harness.core.errors",
    "ServerStartError": "harness.core.errors",
    "api_reference": "harness.api",
    "prototype_by_name": "harness.api",
}
"""Where names live that are not types of the agent API; those are asked of `harness.api.api_types`."""

__all__ = [
    "MCTS",
    "Accumulator",
    "AdvancedAssemblingMachine",
    "Ammo",
    "AssemblingMachine",
    "Beacon",
    "BeltGroup",
    "BlockedError",
    "Boiler",
    "BoundingBox",
    "BudgetError",
    "BuildingBox",
    "BurnerInserter",
    "BurnerMiningDrill",
    "BurnerType",
    "ChemicalPlant",
    "Chest",
    "ChunkedMCTS",
    "Combinator",
    "ConfigError",
    "Conversation",
    "Dimensions",
    "Direction",
    "Electric",
    "ElectricFurnace",
    "ElectricMiningDrill",
    "ElectricalProducer",
    "ElectricityGroup",
    "ElectricityPole",
    "EnergySource",
    "Entity",
    "EntityGroup",
    "EntityInfo",
    "EntityStatus",
    "FactorioEvaluator",
    "FactorioInstance",
    "FilterInserter",
    "Filtered",
    "FluidHandler",
    "FluidTurret",
    "Furnace",
    "GameState",
    "Generator",
    "GunTurret",
    "HarnessError",
    "HeatExchanger",
    "IndexedPosition",
    "Ingredient",
    "Inserter",
    "InspectionResults",
    "InvalidArgumentError",
    "Inventory",
    "InventoryFullError",
    "LLMFactory",
    "Lab",
    "LogisticChest",
    "Message",
    "MiningDrill",
    "MissingItemsError",
    "ModelError",
    "MultiFluidHandler",
    "NotAvailableError",
    "NotFoundError",
    "OffshorePump",
    "OilRefinery",
    "OutOfReachError",
    "Pipe",
    "PipeGroup",
    "PlanningMCTS",
    "Position",
    "Product",
    "Program",
    "Prototype",
    "Pump",
    "PumpJack",
    "Rail",
    "RailSignal",
    "Reactor",
    "Recipe",
    "RecipeName",
    "RecordError",
    "Resource",
    "ResourcePatch",
    "Roboport",
    "Rocket",
    "RocketSilo",
    "RollingStock",
    "ServerError",
    "ServerLostError",
    "ServerStartError",
    "SolarPanel",
    "Splitter",
    "StaticEntity",
    "StorageTank",
    "Technology",
    "TileDimensions",
    "ToolError",
    "TrainStop",
    "TransportBelt",
    "Turret",
    "UndergroundBelt",
    "Vehicle",
    "WallGroup",
    "__version__",
    "api_reference",
    "prototype_by_name",
]


def __getattr__(name: str) -> Any:
    module = _EXPORTS.get(name)
    if module is not None:
        return getattr(import_module(module), name)
    if name in __all__:
        return import_module("harness.api").api_types()[name]
    raise AttributeError(f"module 'harness' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
