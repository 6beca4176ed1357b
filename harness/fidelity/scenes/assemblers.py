"""Assembling machines and chemistry: checks 22 to 36, 100 to 104 and 107 to 109."""

from __future__ import annotations

from collections.abc import Mapping

from harness.core.errors import SimError
from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import SECOND, SOUTH, Scene, period

Measured = Mapping[str, Value]

GEAR_PLATES, GEAR_SECONDS = 2, 0.5
"""What a gear takes at crafting speed 1. Source: prototype data."""

FEED_EVERY = 30
"""Ticks between two fillings of a machine that a scene keeps supplied."""


def _made(name: str, recipe: str, items: Mapping[str, int], fluids: tuple[str, ...] = ()) -> Measured:
    """Ticks of a craft in a machine that never lacks anything."""
    scene = Scene()
    scene.electricity()
    machine = scene.machine(name, recipe)
    for item, count in items.items():
        scene.insert(machine, item, count)
    for fluid in fluids:
        scene.tell(machine, f"e.insert_fluid{{name = '{fluid}', amount = 1000}}")

    def finished() -> int:
        scene.world.remove_item(machine, recipe, 100)
        return int(scene.ask(machine, "e.products_finished"))

    ticks = scene.rises(finished, 3, 8000)
    return {"ticks per craft": period(ticks), "made in 3 crafts": scene.items_made(recipe)}


def gears_1() -> Measured:
    """Check 22."""
    return _made("assembling-machine-1", "iron-gear-wheel", {"iron-plate": 20})


def gears_2() -> Measured:
    """Check 23."""
    return _made("assembling-machine-2", "iron-gear-wheel", {"iron-plate": 20})


def gears_3() -> Measured:
    """Check 24."""
    return _made("assembling-machine-3", "iron-gear-wheel", {"iron-plate": 20})


def cable() -> Measured:
    """Check 25."""
    return _made("assembling-machine-1", "copper-cable", {"copper-plate": 20})


def circuits() -> Measured:
    """Check 26."""
    return _made("assembling-machine-1", "electronic-circuit", {"iron-plate": 20, "copper-cable": 60})


def red_science() -> Measured:
    """Check 28."""
    stock = {"copper-plate": 20, "iron-gear-wheel": 20}
    return _made("assembling-machine-1", "automation-science-pack", stock)


def green_science() -> Measured:
    """Check 29."""
    return _made("assembling-machine-1", "logistic-science-pack", {"inserter": 20, "transport-belt": 20})


def blue_science() -> Measured:
    """Check 30."""
    stock = {"engine-unit": 20, "advanced-circuit": 30, "sulfur": 10}
    return _made("assembling-machine-2", "chemical-science-pack", stock)


def processing_units() -> Measured:
    """Check 104."""
    stock = {"electronic-circuit": 200, "advanced-circuit": 20}
    return _made("assembling-machine-2", "processing-unit", stock, ("sulfuric-acid",))


def _move(scene: Scene, source: int, target: int, item: str, most: int) -> None:
    """Carries what one machine made into another, up to what may lie there."""
    count = min(scene.result(source, item), most - scene.count(target, item))
    if count > 0:
        scene.insert(target, item, scene.world.remove_item(source, item, count))


def cable_for_circuits() -> Measured:
    """Check 27."""
    scene = Scene()
    scene.electricity()
    cables = [scene.machine("assembling-machine-1", "copper-cable", x, 0.5) for x in (-6.5, -3.5, -0.5)]
    makers = [scene.machine("assembling-machine-1", "electronic-circuit", x, 0.5) for x in (2.5, 5.5)]
    made: list[int] = []
    for tick in range(4200):
        if tick % FEED_EVERY == 0:
            for machine in cables:
                scene.insert(machine, "copper-plate", 20)
            for machine in makers:
                scene.insert(machine, "iron-plate", 20)
                scene.world.remove_item(machine, "electronic-circuit", 100)
        for machine in cables:
            for maker in makers:
                _move(scene, machine, maker, "copper-cable", 9)
        if tick == 600:
            made = [scene.items_made("copper-cable"), scene.items_made("electronic-circuit")]
        scene.run(1)
    return {
        "cable per second": (scene.items_made("copper-cable") - made[0]) / 60,
        "circuits per second": (scene.items_made("electronic-circuit") - made[1]) / 60,
    }


def power_1() -> Measured:
    """Check 31."""
    return {"working": _watts("assembling-machine-1", busy=True), "idle": _watts("assembling-machine-1", busy=False)}


def power_2_and_3() -> Measured:
    """Check 32."""
    return {name: _watts(name, busy=True) for name in ("assembling-machine-2", "assembling-machine-3")}


def _watts(name: str, *, busy: bool) -> float:
    """Kilowatts, over five seconds."""
    scene = Scene()
    pole = scene.electricity()
    machine = scene.machine(name, "automation-science-pack")
    if busy:
        scene.insert(machine, "iron-gear-wheel", 20)
        scene.insert(machine, "copper-plate", 20)
    scene.run(60)
    return scene.per_second(lambda: scene.joules_used(pole, name), 300) / 1000


def half_power() -> Measured:
    """Check 33: a steam engine's 900 kW for machines that ask for 1800 kW."""
    scene = Scene()
    pole = scene.build("substation", 0, -6)
    engine = scene.build("steam-engine", -5.5, -11.5)
    machines = [scene.machine("assembling-machine-2", "iron-gear-wheel", x - 7.5, 0.5) for x in range(0, 18, 3)]
    for x in (-2.5, 2.5):
        scene.build("radar", x, -9.5)
    for x in (-7.5, -4.5, 4.5):
        scene.ore("iron-ore", round(x - 0.5), -4, 1, 1)
        scene.build("electric-mining-drill", x, -3.5, SOUTH)
        scene.build("wooden-chest", x, -1.5)
    joules, finished = 0.0, []
    count = int(scene.ask(machines[0], "e.products_finished"))
    for tick in range(2400):
        scene.tell(engine, "e.insert_fluid{name = 'steam', amount = 200, temperature = 165}")
        if tick % FEED_EVERY == 0:
            for machine in machines:
                scene.insert(machine, "iron-plate", 10)
                scene.world.remove_item(machine, "iron-gear-wheel", 100)
        if tick == 600:
            joules = scene.joules_made(pole, "steam-engine")
        scene.run(1)
        if (now := int(scene.ask(machines[0], "e.products_finished"))) > count:
            count = now
            finished.append(scene.world.tick)
    made = scene.joules_made(pole, "steam-engine") - joules
    return {"ticks per craft": period(finished[5:]), "kilowatts": made / (1800 / SECOND) / 1000}


def _fed_by_inserter(name: str, recipe: str, stock: Mapping[str, int], ticks: int) -> Mapping[str, int]:
    """The most of each ingredient that lies in a machine an inserter feeds from a chest."""
    scene = Scene()
    scene.electricity()
    machine = scene.machine(name, recipe)
    scene.build("inserter", 0.5, 2.5, SOUTH)
    chest = scene.build("steel-chest", 0.5, 3.5)
    for item, count in stock.items():
        scene.insert(chest, item, count)
    most = dict.fromkeys(stock, 0)
    for _ in range(ticks // 10):
        scene.run(10)
        for item in stock:
            most[item] = max(most[item], scene.count(machine, item))
    return most


def fed_red_science() -> Measured:
    """Check 34."""
    return _fed_by_inserter(
        "assembling-machine-1", "automation-science-pack", {"iron-gear-wheel": 50, "copper-plate": 50}, 2400
    )


def fed_gears() -> Measured:
    """Check 35: the machine stops when its output is full, and then the inserter fills it."""
    return _fed_by_inserter("assembling-machine-1", "iron-gear-wheel", {"iron-plate": 100}, 4800)


def fed_processing_units() -> Measured:
    """Check 36: without acid nothing is crafted, so what lies there is the limit."""
    stock = {"electronic-circuit": 200, "advanced-circuit": 50}
    return _fed_by_inserter("assembling-machine-2", "processing-unit", stock, 4800)


def _flowing(name: str, recipe: str, items: Mapping[str, int], fluids: tuple[str, ...], seconds: int) -> Scene:
    """A machine kept full of what it needs and empty of what it makes; statistics start at 0 and run `seconds`."""
    scene = Scene()
    scene.electricity(0, -8)
    x, y = (0.5, 0.5) if name != "oil-refinery" else (0.5, 1.5)
    machine = scene.machine(name, recipe, x, y)
    products = scene.lua(
        f"local names = {{}}; for _, p in pairs(prototypes.recipe['{recipe}'].products) do "
        "names[#names + 1] = p.type .. ' ' .. p.name end return table.concat(names, ',')"
    )

    def feed() -> None:
        for item, count in items.items():
            scene.insert(machine, item, count)
        for fluid in fluids:
            scene.tell(machine, f"e.insert_fluid{{name = '{fluid}', amount = 1000}}")
        for product in products.split(","):
            kind, _, what = product.partition(" ")
            if kind == "item":
                scene.world.remove_item(machine, what, 1000)
            else:
                scene.tell(machine, f"e.remove_fluid{{name = '{what}', amount = 1000}}")

    for tick in range(600 + seconds * SECOND):
        if tick % FEED_EVERY == 0:
            feed()
        if tick == 600:
            for kind in ("item", "fluid"):
                scene.lua(f"game.forces.player.get_{kind}_production_statistics(1).clear()")
        scene.run(1)
    return scene


def basic_oil() -> Measured:
    """Check 100."""
    scene = _flowing("oil-refinery", "basic-oil-processing", {}, ("crude-oil",), 60)
    return {
        "crude per second": scene.fluid_used("crude-oil") / 60,
        "petroleum per second": scene.fluid_made("petroleum-gas") / 60,
    }


def advanced_oil() -> Measured:
    """Check 101."""
    scene = _flowing("oil-refinery", "advanced-oil-processing", {}, ("crude-oil", "water"), 60)
    return {
        "crude per second": scene.fluid_used("crude-oil") / 60,
        "water per second": scene.fluid_used("water") / 60,
        "heavy per second": scene.fluid_made("heavy-oil") / 60,
        "light per second": scene.fluid_made("light-oil") / 60,
        "petroleum per second": scene.fluid_made("petroleum-gas") / 60,
    }


def plastic() -> Measured:
    """Check 102."""
    scene = _flowing("chemical-plant", "plastic-bar", {"coal": 20}, ("petroleum-gas",), 60)
    return {
        "plastic per second": scene.items_made("plastic-bar") / 60,
        "coal per second": scene.items_used("coal") / 60,
        "petroleum per second": scene.fluid_used("petroleum-gas") / 60,
    }


def sulfuric_acid() -> Measured:
    """Check 103."""
    scene = _flowing("chemical-plant", "sulfuric-acid", {"sulfur": 50, "iron-plate": 10}, ("water",), 60)
    return {
        "acid per second": scene.fluid_made("sulfuric-acid") / 60,
        "sulfur per second": scene.items_used("sulfur") / 60,
        "iron per second": scene.items_used("iron-plate") / 60,
        "water per second": scene.fluid_used("water") / 60,
    }


def _with_modules(module: str, count: int, beacons: int = 0) -> tuple[Scene, int]:
    """An assembling machine 3 making gears, with modules in it or in beacons around it."""
    scene = Scene()
    scene.electricity(0, -7)
    machine = scene.machine("assembling-machine-3", "iron-gear-wheel")
    places = [(x, y) for x in (-3.5, 0.5, 3.5) for y in (-2.5, 3.5)]
    holders = [scene.build("beacon", *places[number]) for number in range(beacons)] or [machine]
    if beacons:
        scene.build("substation", 6, 1)
    for holder in holders:
        inserted = scene.ask(holder, f"e.get_module_inventory().insert{{name = '{module}', count = {count}}}")
        if inserted != count:
            raise SimError(f"module slots: expected {count} to go in, got {inserted}")
    return scene, machine


def _crafts(scene: Scene, machine: int) -> tuple[float, float]:
    """Crafting speed and products per craft, over a minute."""
    made, used = 0, 0
    for tick in range(4200):
        if tick % FEED_EVERY == 0:
            scene.insert(machine, "iron-plate", 100)
            scene.world.remove_item(machine, "iron-gear-wheel", 1000)
        if tick == 600:
            made, used = scene.items_made("iron-gear-wheel"), scene.items_used("iron-plate")
        scene.run(1)
    made, used = scene.items_made("iron-gear-wheel") - made, scene.items_used("iron-plate") - used
    crafts = used / GEAR_PLATES
    return crafts * GEAR_SECONDS / 60, made / crafts


def productivity() -> Measured:
    """Check 107."""
    scene, machine = _with_modules("productivity-module-3", 4)
    speed, products = _crafts(scene, machine)
    return {"crafting speed": speed, "gears per craft": products}


def one_beacon() -> Measured:
    """Check 108."""
    scene, machine = _with_modules("speed-module-3", 2, beacons=1)
    return {"crafting speed": _crafts(scene, machine)[0]}


def four_beacons() -> Measured:
    """Check 109."""
    scene, machine = _with_modules("speed-module-3", 2, beacons=4)
    return {"crafting speed": _crafts(scene, machine)[0]}


SCENES: dict[int, Measure] = {
    22: gears_1,
    23: gears_2,
    24: gears_3,
    25: cable,
    26: circuits,
    27: cable_for_circuits,
    28: red_science,
    29: green_science,
    30: blue_science,
    31: power_1,
    32: power_2_and_3,
    33: half_power,
    34: fed_red_science,
    35: fed_gears,
    36: fed_processing_units,
    100: basic_oil,
    101: advanced_oil,
    102: plastic,
    103: sulfuric_acid,
    104: processing_units,
    107: productivity,
    108: one_beacon,
    109: four_beacons,
}
