"""How much room to plan for an entity of each class, in tiles: width and height.

Planning sizes of the agent API, not the game's footprints: one for all kinds of a class, some turned (a steam engine is
listed lying), poles as single tiles. `Entity.tile_dimensions` has what an entity really covers. Classes that are not
here have no size.
"""

from __future__ import annotations

from harness.api import entities as kinds

NOMINAL_SIZES: dict[type, tuple[int, int]] = {
    **dict.fromkeys(
        (
            kinds.BurnerInserter,
            kinds.Inserter,
            kinds.TransportBelt,
            kinds.UndergroundBelt,
            kinds.Pipe,
            kinds.Chest,
            kinds.LogisticChest,
            kinds.ElectricityPole,
            kinds.Rail,
            kinds.RailSignal,
        ),
        (1, 1),
    ),
    **dict.fromkeys((kinds.Splitter, kinds.OffshorePump, kinds.Pump, kinds.Combinator), (2, 1)),
    **dict.fromkeys(
        (
            kinds.BurnerMiningDrill,
            kinds.Furnace,
            kinds.Accumulator,
            kinds.GunTurret,
            kinds.Turret,
            kinds.TrainStop,
            kinds.Vehicle,
        ),
        (2, 2),
    ),
    **dict.fromkeys((kinds.Boiler, kinds.HeatExchanger, kinds.FluidTurret), (3, 2)),
    **dict.fromkeys(
        (
            kinds.AssemblingMachine,
            kinds.AdvancedAssemblingMachine,
            kinds.ElectricMiningDrill,
            kinds.ElectricFurnace,
            kinds.PumpJack,
            kinds.ChemicalPlant,
            kinds.SolarPanel,
            kinds.StorageTank,
            kinds.Lab,
            kinds.Beacon,
        ),
        (3, 3),
    ),
    kinds.Generator: (5, 3),
    kinds.Roboport: (4, 4),
    kinds.OilRefinery: (5, 5),
    kinds.Reactor: (5, 5),
    kinds.RollingStock: (6, 2),
    kinds.RocketSilo: (9, 9),
}
