"""Labs, trigger technologies and the rocket: checks 84 to 86, 105, 106, 111 and 112."""

from __future__ import annotations

from collections.abc import Mapping

from harness.core.errors import SimError
from harness.data.prices import prices
from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import Scene

Measured = Mapping[str, Value]

ROCKET = {"processing-unit": 10, "low-density-structure": 10, "rocket-fuel": 10}
"""Ingredients of a rocket part. Source: prototype data."""


def _research(technology: str, labs: int, packs: int, before: tuple[str, ...] = ()) -> tuple[int, int]:
    """Ticks that labs with enough packs take for a technology, and how many packs they used."""
    scene = Scene()
    scene.electricity(0, -7)
    rows = [scene.build("lab", -6.5 + 3 * number, 0.5) for number in range(labs)]
    for name in ("automation-science-pack", *before):
        scene.lua(f"game.forces.player.technologies['{name}'].researched = true")
    for row in rows:
        scene.insert(row, "automation-science-pack", packs // labs)
    if not scene.lua(f"return game.forces.player.add_research('{technology}')"):
        raise SimError(f"add_research: expected {technology} to be queued, it was refused")
    start = scene.world.tick
    done = f"return game.forces.player.technologies['{technology}'].researched"
    end = scene.until(lambda: bool(scene.lua(done)), 7000)
    left = sum(scene.count(row, "automation-science-pack") for row in rows)
    return end - start, packs - left


def one_lab() -> Measured:
    """Check 84."""
    ticks, packs = _research("automation", 1, 12)
    return {"ticks": ticks, "packs": packs}


def five_labs() -> Measured:
    """Check 85."""
    ticks, packs = _research("logistics", 5, 25)
    return {"ticks": ticks, "packs": packs}


def faster_labs() -> Measured:
    """Check 86."""
    plain, _ = _research("automation", 1, 12)
    faster, _ = _research("automation", 1, 12, ("research-speed-1",))
    return {"times faster": plain / faster}


def _silo() -> tuple[Scene, int]:
    scene = Scene()
    scene.electricity(0, -8)
    silo = scene.build("rocket-silo", 0.5, 0.5)
    scene.unlock("rocket-part")
    if scene.ask(silo, "e.get_recipe() == nil"):
        scene.tell(silo, "e.set_recipe('rocket-part')")
    return scene, silo


def _build_rocket(scene: Scene, silo: int) -> dict[str, int]:
    """Feeds a silo until its rocket has all parts; what went in."""
    given = dict.fromkeys(ROCKET, 0)

    def feed() -> bool:
        for item, amount in ROCKET.items():
            wanted = min(2 * amount - scene.count(silo, item), 100 * amount - given[item])
            if wanted > 0:
                given[item] += scene.insert(silo, item, wanted)
        return bool(scene.ask(silo, "e.rocket_parts") == 100) or scene.items_made("rocket-part") >= 100

    scene.until(feed, 25_000, every=30)
    return given


def rocket_parts() -> Measured:
    """Check 105."""
    scene, silo = _silo()
    scene.run(2)
    start = scene.world.tick
    given = _build_rocket(scene, silo)
    return {"ticks": scene.world.tick - start, **given}


def launch() -> Measured:
    """Check 106."""
    scene, silo = _silo()
    scene.build("cargo-landing-pad", 12, 0)
    _build_rocket(scene, silo)
    ready = "e.rocket_silo_status == defines.rocket_silo_status.rocket_ready"
    scene.until(lambda: bool(scene.ask(silo, ready)), 6000, every=10)
    hold = "e.get_inventory(defines.inventory.rocket_silo_rocket)"
    if scene.ask(silo, f"{hold}.insert{{name = 'satellite', count = 1}}") != 1:
        raise SimError("expected the rocket to take a satellite, it did not")
    launched = scene.ask(silo, "e.launch_rocket()")
    pad = "game.surfaces[1].find_entities_filtered{name = 'cargo-landing-pad'}[1]"
    got = f"return {pad}.get_item_count('space-science-pack')"
    scene.until(lambda: int(scene.lua(got)) > 0, 6000, every=10)
    scene.run(600)
    return {"launched": launched, "space science packs": scene.lua(got)}


def trigger() -> Measured:
    """Check 111."""
    scene = Scene()
    furnace = scene.build("steel-furnace", 0, 0)
    scene.insert(furnace, "coal", 20)
    scene.insert(furnace, "iron-ore", 50)
    read = "return game.forces.player.technologies['steam-power'].researched"
    scene.until(lambda: scene.items_made("iron-plate") >= 49, 6000)
    before = bool(scene.lua(read))
    scene.until(lambda: scene.items_made("iron-plate") >= 50, 500)
    scene.run(1)
    return {"after 49": before, "after 50": bool(scene.lua(read))}


def price() -> Measured:
    """Check 112."""
    return {"price": prices("game")["iron-plate"]}


SCENES: dict[int, Measure] = {
    84: one_lab,
    85: five_labs,
    86: faster_labs,
    105: rocket_parts,
    106: launch,
    111: trigger,
    112: price,
}
