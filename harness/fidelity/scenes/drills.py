"""Mining drills and pumpjacks: checks 1 to 10 and 20."""

from __future__ import annotations

from collections.abc import Mapping

from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import EAST, NORTH, SECOND, SOUTH, Scene, period
from harness.fidelity.scenes.flow import drained, line_of_belts

Measured = Mapping[str, Value]

BURNER_TICKS_PER_ORE = 240


def _burner_drill(fuel: str, count: int) -> tuple[Scene, int, int]:
    """A burner drill on plenty of iron ore, facing a chest."""
    scene = Scene()
    scene.ore("iron-ore", -1, -1, 2, 2)
    drill = scene.build("burner-mining-drill", 0, 0, SOUTH)
    chest = scene.build("wooden-chest", 0.5, 1.5)
    scene.insert(drill, fuel, count)
    return scene, drill, chest


def _electric_drill(ore: str, amount: int = 100_000) -> tuple[Scene, int, int]:
    """An electric drill on ore under its centre, facing a chest."""
    scene = Scene()
    scene.electricity()
    scene.ore(ore, 0, 0, 1, 1, amount)
    drill = scene.build("electric-mining-drill", 0.5, 0.5, SOUTH)
    return scene, drill, scene.build("wooden-chest", 0.5, 2.5)


def burner_drill_into_chest() -> Measured:
    """Check 1."""
    scene, _, chest = _burner_drill("coal", 5)
    ticks = scene.rises(lambda: scene.count(chest, "iron-ore"), 8, 3000)
    return {"first ore": ticks[0], "ticks per ore": period(ticks)}


def electric_drill_on_ores() -> Measured:
    """Check 2."""
    return {ore: _ticks_per_ore(ore) for ore in ("iron-ore", "copper-ore", "coal", "stone")}


def _ticks_per_ore(ore: str) -> float:
    scene, _, chest = _electric_drill(ore)
    return period(scene.rises(lambda: scene.count(chest, ore), 6, 2000))


def electric_drill_on_uranium() -> Measured:
    """Check 3."""
    scene, drill, chest = _electric_drill("uranium-ore")
    scene.run(2)
    scene.tell(drill, "e.insert_fluid{name = 'sulfuric-acid', amount = 100}")
    ticks = scene.rises(lambda: scene.count(chest, "uranium-ore"), 11, 4000)
    left = scene.ask(drill, "e.get_fluid_count('sulfuric-acid')")
    return {"ticks per ore": period(ticks), "acid per ore": (100 - left) / 11}


def ore_runs_out() -> Measured:
    """Check 4."""
    scene, _, chest = _electric_drill("iron-ore", 5)
    scene.rises(lambda: scene.count(chest, "iron-ore"), 3, 1000)
    left = scene.lua("return game.surfaces[1].find_entities_filtered{name = 'iron-ore'}[1].amount")
    scene.run(600)
    gone = scene.lua("return game.surfaces[1].count_entities_filtered{name = 'iron-ore'} == 0")
    return {"left after 3 of 5": left, "mined of 5": scene.count(chest, "iron-ore"), "gone at 0": gone}


def _on_one_fuel(fuel: str) -> Measured:
    scene, drill, chest = _burner_drill(fuel, 1)
    scene.run(10)
    scene.until(lambda: scene.status(drill) == "no_fuel", 4000)
    part = scene.ask(drill, "e.mining_progress")
    mined = scene.count(chest, "iron-ore") + part
    return {"ore": mined, "seconds": mined * BURNER_TICKS_PER_ORE / SECOND}


def burner_drill_on_coal() -> Measured:
    """Check 5."""
    return _on_one_fuel("coal")


def burner_drill_on_wood() -> Measured:
    """Check 6."""
    return _on_one_fuel("wood")


def _pumpjack(amount: int) -> tuple[Scene, int]:
    scene = Scene()
    scene.electricity()
    scene.build("crude-oil", 0.5, 0.5, amount=amount)
    return scene, scene.build("pumpjack", 0.5, 0.5)


def _drain(scene: Scene, pumpjack: int) -> None:
    scene.tell(pumpjack, "e.remove_fluid{name = 'crude-oil', amount = 1000}")


def pumpjack_full_field() -> Measured:
    """Check 7."""
    scene, _ = _pumpjack(300_000)
    scene.rises(lambda: scene.fluid_made("crude-oil"), 1, 200)
    return {"crude per second": scene.per_second(lambda: scene.fluid_made("crude-oil"), 300)}


def pumpjack_depletes() -> Measured:
    """Check 8."""
    scene, pumpjack = _pumpjack(300_000)
    cycles = 0
    while cycles < 300:
        cycles += len(scene.rises(lambda: scene.fluid_made("crude-oil"), 1, 200))
        if cycles < 300:
            scene.run(SECOND - 5)
        _drain(scene, pumpjack)
    left = scene.lua("return game.surfaces[1].find_entities_filtered{name = 'crude-oil'}[1].amount")
    return {"amount after 300 cycles": left}


def pumpjack_at_minimum() -> Measured:
    """Check 9."""
    scene, _ = _pumpjack(60_000)
    scene.rises(lambda: scene.fluid_made("crude-oil"), 1, 200)
    rate = scene.per_second(lambda: scene.fluid_made("crude-oil"), 1200)
    left = scene.lua("return game.surfaces[1].find_entities_filtered{name = 'crude-oil'}[1].amount")
    return {"crude per second": rate, "amount": left}


def drills_feed_each_other() -> Measured:
    """Check 10."""
    scene = Scene()
    scene.ore("coal", -1, -3, 2, 4)
    drills = [scene.build("burner-mining-drill", 0, 0, NORTH), scene.build("burner-mining-drill", 0, -2, SOUTH)]
    for drill in drills:
        scene.insert(drill, "coal", 1)
    scene.run(20_000)
    fuel = [scene.count(drill, "coal") for drill in drills]
    made = scene.items_made("coal")
    scene.run(1000)
    return {
        "fuel of the first": fuel[0],
        "fuel of the second": fuel[1],
        "idle": scene.items_made("coal") == made and {scene.status(drill) for drill in drills} != {"working"},
    }


def drills_fill_a_belt() -> Measured:
    """Check 20."""
    scene = Scene()
    belts = line_of_belts(scene, "transport-belt", 0, 0, 46, EAST)
    drills = []
    for number in range(15):
        x = 3 * number + 1.5
        for y, direction in ((-1.5, SOUTH), (2.5, NORTH)):
            scene.build("stone", x, y, amount=100_000)
            drills.append(scene.build("electric-mining-drill", x, y, direction))
        if number % 5 == 2:
            scene.electricity(round(x - 0.5), -6)
            scene.build("substation", round(x - 0.5), 6)
    drained(scene, belts[-1], 2000)
    return {"drills": len(drills), "items per second": drained(scene, belts[-1], 1200) * SECOND / 1200}


SCENES: dict[int, Measure] = {
    1: burner_drill_into_chest,
    2: electric_drill_on_ores,
    3: electric_drill_on_uranium,
    4: ore_runs_out,
    5: burner_drill_on_coal,
    6: burner_drill_on_wood,
    7: pumpjack_full_field,
    8: pumpjack_depletes,
    9: pumpjack_at_minimum,
    10: drills_feed_each_other,
    20: drills_fill_a_belt,
}
