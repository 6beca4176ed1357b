"""Inserters: checks 37 to 49 and 110."""

from __future__ import annotations

from collections.abc import Mapping

from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import EAST, NORTH, SECOND, Scene, period
from harness.fidelity.scenes.flow import drain, line_of_belts

Measured = Mapping[str, Value]

REACH = {"long-handed-inserter": 2}
"""Tiles to the chests where it is not 1."""


def _between_chests(name: str) -> tuple[Scene, int, int, int]:
    """Scene, inserter, target chest and the pole; the source never runs out while it is watched."""
    scene = Scene()
    pole = scene.electricity()
    reach = REACH.get(name, 1)
    source = scene.build("steel-chest", 0.5, 0.5 - reach)
    inserter = scene.build(name, 0.5, 0.5, NORTH)
    target = scene.build("steel-chest", 0.5, 0.5 + reach)
    scene.insert(source, "iron-plate", 2000)
    return scene, inserter, target, pole


def _cycle(scene: Scene, target: int, cycles: int = 10) -> float:
    """Ticks from one drop into the target to the next."""
    return period(scene.rises(lambda: scene.count(target, "iron-plate"), cycles + 1, 150 * cycles))


def _chest_to_chest(name: str) -> Measured:
    scene, inserter, target, _ = _between_chests(name)
    if name == "burner-inserter":
        scene.insert(inserter, "coal", 1)
    ticks = _cycle(scene, target)
    return {"ticks per cycle": ticks, "items per second": SECOND / ticks}


def burner() -> Measured:
    """Check 37."""
    return _chest_to_chest("burner-inserter")


def plain() -> Measured:
    """Check 38."""
    return _chest_to_chest("inserter")


def long_handed() -> Measured:
    """Check 39."""
    return _chest_to_chest("long-handed-inserter")


def fast() -> Measured:
    """Check 40."""
    return _chest_to_chest("fast-inserter")


def _with_bonus(name: str, technologies: tuple[str, ...]) -> Measured:
    scene, _, target, _ = _between_chests(name)
    for technology in technologies:
        scene.lua(f"game.forces.player.technologies['{technology}'].researched = true")
    scene.run(200)
    before = scene.count(target, "iron-plate")
    ticks = scene.rises(lambda: scene.count(target, "iron-plate"), 11, 1500)
    moved = scene.count(target, "iron-plate") - before
    return {
        "ticks per cycle": period(ticks),
        "items per cycle": moved / 11,
        "items per second": moved / 11 * SECOND / period(ticks),
    }


def bulk() -> Measured:
    """Check 41."""
    return _with_bonus("bulk-inserter", ("bulk-inserter",))


def fast_with_full_hand() -> Measured:
    """Check 42."""
    return _with_bonus("fast-inserter", FULL_HAND)


FULL_HAND = tuple(f"inserter-capacity-bonus-{level}" for level in range(1, 8))
"""Technologies after which a hand that is not a bulk inserter's holds three items."""


def _onto_belt(name: str, technologies: tuple[str, ...], speed: str = "transport-belt") -> float:
    """Ticks from one pickup out of a chest to the next while it unloads onto a belt that carries all away."""
    scene = Scene()
    scene.electricity()
    source = scene.build("steel-chest", 0.5, -0.5)
    scene.build(name, 0.5, 0.5, NORTH)
    belts = line_of_belts(scene, speed, 0, 1, 4, EAST)
    for technology in technologies:
        scene.lua(f"game.forces.player.technologies['{technology}'].researched = true")
    scene.insert(source, "iron-plate", 2000)

    def taken() -> int:
        drain(scene, belts[-1])
        return -scene.count(source, "iron-plate")

    scene.run(200)
    return period(scene.rises(taken, 9, 1500))


def onto_belt() -> Measured:
    """Check 43."""
    scene, _, target, _ = _between_chests("inserter")
    return {"ticks per cycle": _onto_belt("inserter", ()), "chest to chest": _cycle(scene, target)}


def full_hand_onto_belt() -> Measured:
    """Check 44."""
    scene, _, target, _ = _between_chests("fast-inserter")
    for technology in FULL_HAND:
        scene.lua(f"game.forces.player.technologies['{technology}'].researched = true")
    scene.run(200)
    return {"extra ticks": _onto_belt("fast-inserter", FULL_HAND) - _cycle(scene, target)}


def _energy(name: str) -> tuple[float, float]:
    """Joules of a whole cycle with its drain, and watts while running."""
    scene, _, target, pole = _between_chests(name)
    _cycle(scene, target, 3)
    before, start = scene.joules_used(pole, name), scene.world.tick
    _cycle(scene, target, 20)
    ticks = scene.world.tick - start
    joules = scene.joules_used(pole, name) - before
    moved = scene.count(target, "iron-plate") - 4
    return joules / moved, joules * SECOND / ticks


def energy() -> Measured:
    """Check 45."""
    return {"kilojoules per cycle": _energy("inserter")[0] / 1000}


def bulk_energy() -> Measured:
    """Check 46."""
    joules, watts = _energy("bulk-inserter")
    return {"kilojoules per cycle": joules / 1000, "kilowatts": watts / 1000}


def _burner_cycles(coal: int, *, initial_fuel: bool) -> int:
    """Items a burner inserter moves before its fire is out."""
    scene, inserter, target, _ = _between_chests("burner-inserter")
    if not initial_fuel:
        scene.tell(inserter, "e.burner.remaining_burning_fuel = 0")
    scene.insert(inserter, "coal", coal)
    moved = -1
    while scene.count(target, "iron-plate") != moved:
        moved = scene.count(target, "iron-plate")
        scene.run(300)
    return moved


def burner_on_coal() -> Measured:
    """Check 47."""
    return {"cycles": _burner_cycles(1, initial_fuel=False)}


def burner_fresh() -> Measured:
    """Check 48."""
    return {"cycles": _burner_cycles(0, initial_fuel=True)}


def points() -> Measured:
    """Check 49."""
    scene = Scene()
    inserter = scene.build("inserter", 0.5, 0.5, NORTH)
    pickup, drop = scene.ask(inserter, "e.pickup_position"), scene.ask(inserter, "e.drop_position")
    return {"pickup x": pickup["x"], "pickup y": pickup["y"], "drop x": drop["x"], "drop y": drop["y"]}


def turret() -> Measured:
    """Check 110."""
    scene = Scene()
    scene.electricity()
    turret = scene.build("gun-turret", 1, 1)
    scene.build("inserter", 0.5, -0.5, NORTH)
    chest = scene.build("wooden-chest", 0.5, -1.5)
    scene.insert(chest, "firearm-magazine", 100)
    scene.run(1800)
    return {"magazines": scene.ask(turret, "e.get_item_count('firearm-magazine')")}


SCENES: dict[int, Measure] = {
    37: burner,
    38: plain,
    39: long_handed,
    40: fast,
    41: bulk,
    42: fast_with_full_hand,
    43: onto_belt,
    44: full_hand_onto_belt,
    45: energy,
    46: bulk_energy,
    47: burner_on_coal,
    48: burner_fresh,
    49: points,
    110: turret,
}
