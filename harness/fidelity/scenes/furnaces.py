"""Furnaces: checks 11 to 19 and 21."""

from __future__ import annotations

from collections.abc import Mapping

from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import SECOND, Scene, period
from harness.fidelity.scenes.flow import line_of_belts, through

Measured = Mapping[str, Value]


def _furnace(name: str, item: str, count: int = 50, fuel: str = "coal", fuel_count: int = 50) -> tuple[Scene, int]:
    scene = Scene()
    scene.electricity()
    scene.unlock("steel-plate")
    furnace = scene.build(name, 1, 0) if name != "electric-furnace" else scene.build(name, 0.5, 0.5)
    scene.insert(furnace, fuel, fuel_count)
    scene.insert(furnace, item, count)
    return scene, furnace


def _smelt(name: str, item: str, product: str) -> Measured:
    scene, furnace = _furnace(name, item)
    before = scene.count(furnace, item)
    ticks = scene.rises(lambda: scene.result(furnace, product), 6, 7000)
    # One craft more has taken its ingredients than has given its product.
    used = (before - scene.count(furnace, item)) / 7
    return {"first plate": ticks[0], "ticks per plate": period(ticks), "ingredients per plate": used}


def stone_furnace() -> Measured:
    """Check 11."""
    return _smelt("stone-furnace", "iron-ore", "iron-plate")


def steel_furnace() -> Measured:
    """Check 12."""
    return _smelt("steel-furnace", "iron-ore", "iron-plate")


def electric_furnace() -> Measured:
    """Check 13."""
    return _smelt("electric-furnace", "iron-ore", "iron-plate")


def steel() -> Measured:
    """Check 14."""
    return _smelt("stone-furnace", "iron-plate", "steel-plate")


def bricks() -> Measured:
    """Check 15."""
    return _smelt("stone-furnace", "stone", "stone-brick")


def _on_one_fuel(fuel: str) -> Measured:
    scene, furnace = _furnace("stone-furnace", "iron-ore", fuel=fuel, fuel_count=1)
    scene.run(10)
    scene.until(lambda: scene.status(furnace) == "no_fuel", 10_000)
    part = scene.ask(furnace, "e.crafting_progress")
    plates = scene.result(furnace, "iron-plate") + part
    return {"plates": plates, "seconds": scene.world.tick / SECOND}


def on_coal() -> Measured:
    """Check 16."""
    return _on_one_fuel("coal")


def on_wood() -> Measured:
    """Check 17."""
    return _on_one_fuel("wood")


def on_solid_fuel() -> Measured:
    """Check 18."""
    return _on_one_fuel("solid-fuel")


def output_fills() -> Measured:
    """Check 19."""
    scene, furnace = _furnace("steel-furnace", "iron-ore")
    for _ in range(12):
        scene.run(1000)
        scene.insert(furnace, "iron-ore", 50)
        scene.insert(furnace, "coal", 10)
    return {"plates": scene.result(furnace, "iron-plate"), "status": scene.status(furnace)}


def furnaces_per_belt() -> Measured:
    """Check 21: what a full belt brings over what a furnace takes."""
    scene = Scene()
    belts = line_of_belts(scene, "transport-belt", -8, 5, 6, 4)
    furnace = scene.build("stone-furnace", 1, 0)
    scene.insert(furnace, "coal", 20)
    scene.insert(furnace, "iron-ore", 50)
    ticks = scene.rises(lambda: scene.result(furnace, "iron-plate"), 4, 1500)
    arrived = through(scene, belts[:1], belts[-1:], "iron-ore")[0]
    return {"furnaces": arrived / SECOND * period(ticks)}


SCENES: dict[int, Measure] = {
    11: stone_furnace,
    12: steel_furnace,
    13: electric_furnace,
    14: steel,
    15: bricks,
    16: on_coal,
    17: on_wood,
    18: on_solid_fuel,
    19: output_fills,
    21: furnaces_per_belt,
}
