"""Poles, networks, sun and accumulators: checks 77 to 83."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot

from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import Scene

Measured = Mapping[str, Value]

DAY_TICKS = 25_200
"""Nauvis. Source: prototype data (`day-night-cycle` of the planet)."""


def _reach(name: str, reach: float, side: int) -> tuple[float, float]:
    """The longest distance on the grid at which two poles link, and the shortest at which they do not.

    Only distances near the published reach are tried: nearer ones must link, farther ones must not.
    """
    scene = Scene()
    offset = side / 2
    first = scene.build(name, offset, offset)
    linked: list[float] = []
    apart: list[float] = []
    far = int(reach) + 2
    for dx in range(far):
        for dy in range(far):
            if abs(hypot(dx, dy) - reach) > 0.6:
                continue
            other = scene.build(name, offset + dx, offset + dy)
            same = scene.ask(other, "e.electric_network_id") == scene.ask(first, "e.electric_network_id")
            (linked if same else apart).append(hypot(dx, dy))
            scene.world.destroy(other)
    return max(linked, default=0.0), min(apart, default=0.0)


def small_pole_reach() -> Measured:
    """Check 77."""
    linked, apart = _reach("small-electric-pole", 7.5, 1)
    return {"longest that links": linked, "shortest that does not": apart}


def other_pole_reaches() -> Measured:
    """Check 78."""
    found: dict[str, Value] = {}
    for name, reach, side in (("medium-electric-pole", 9, 1), ("big-electric-pole", 32, 2), ("substation", 18, 2)):
        found[f"{name} links"], found[f"{name} does not"] = _reach(name, reach, side)
    return found


def _supplied(name: str, side: int) -> int:
    """Tiles along a line through a pole on which a machine of one tile is on its network, the pole's own included."""
    scene = Scene()
    scene.build(name, side / 2, side / 2)
    count = side
    for tile in range(-12, 14):
        if 0 <= tile < side:
            continue
        probe = scene.build("inserter", tile + 0.5, 0.5)
        count += bool(scene.ask(probe, "e.is_connected_to_electric_network()"))
    return count


def small_pole_supply() -> Measured:
    """Check 79."""
    return {"tiles": _supplied("small-electric-pole", 1)}


def other_pole_supplies() -> Measured:
    """Check 80."""
    poles = (("medium-electric-pole", 1), ("big-electric-pole", 2), ("substation", 2))
    return {name: _supplied(name, side) for name, side in poles}


def without_pole() -> Measured:
    """Check 81."""
    scene = Scene()
    machine = scene.machine("assembling-machine-1", "iron-gear-wheel")
    scene.insert(machine, "iron-plate", 10)
    scene.run(5)
    return {"status": scene.status(machine)}


def solar_day() -> Measured:
    """Check 82."""
    scene = Scene()
    scene.lua("game.surfaces[1].always_day = false")
    pole = scene.build("substation", 0, 0)
    scene.build("solar-panel", 3.5, 0.5)
    scene.build("radar", -3.5, 0.5)
    watts = scene.per_second(lambda: scene.joules_made(pole, "solar-panel"), DAY_TICKS)
    return {"kilowatts": watts / 1000, "ticks of a day": scene.lua("return game.surfaces[1].ticks_per_day")}


def accumulator() -> Measured:
    """Check 83."""
    scene = Scene()
    scene.electricity()
    store = scene.build("accumulator", 3, 0)
    start = scene.world.tick
    full = scene.until(lambda: scene.ask(store, "e.energy") >= 5e6 - 1, 1200)
    return {"megajoules": scene.ask(store, "e.energy") / 1e6, "ticks": full - start}


SCENES: dict[int, Measure] = {
    77: small_pole_reach,
    78: other_pole_reaches,
    79: small_pole_supply,
    80: other_pole_supplies,
    81: without_pole,
    82: solar_day,
    83: accumulator,
}
