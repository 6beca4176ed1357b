"""The character, its hands and chests: checks 87 to 99."""

from __future__ import annotations

from collections.abc import Mapping

from harness.core.errors import SimError
from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import EAST, SECOND, Scene, period

Measured = Mapping[str, Value]

RAW = ("iron-plate", "copper-plate", "stone")


def _character(x: float = 0.5, y: float = 0.5) -> tuple[Scene, int]:
    scene = Scene()
    return scene, scene.build("character", x, y)


def _craft(item: str, count: int, unlock: tuple[str, ...] = ()) -> tuple[int, dict[str, int]]:
    """Ticks of a craft by hand from raw goods, and what it took of them."""
    scene, hands = _character()
    scene.unlock(*unlock)
    for raw in RAW:
        scene.insert(hands, raw, 100)
    started = scene.ask(hands, f"e.begin_crafting{{recipe = '{item}', count = {count}}}")
    if started != count:
        raise SimError(f"begin_crafting: expected {count}, got {started}")
    start = scene.world.tick
    end = scene.until(lambda: scene.count(hands, item) >= count, 3000)
    return end - start, {raw: 100 - scene.count(hands, raw) for raw in RAW}


def craft_lab() -> Measured:
    """Check 87."""
    ticks, used = _craft("lab", 1, ("lab", "electronic-circuit", "copper-cable"))
    return {"seconds": ticks / SECOND, "iron plates": used["iron-plate"], "copper plates": used["copper-plate"]}


def craft_drill() -> Measured:
    """Check 88."""
    ticks, used = _craft("burner-mining-drill", 1)
    return {"seconds": ticks / SECOND, "iron plates": used["iron-plate"], "stone": used["stone"]}


def craft_gears() -> Measured:
    """Check 89."""
    ticks, used = _craft("iron-gear-wheel", 10)
    return {"ticks": ticks, "iron plates": used["iron-plate"]}


def _mine(scene: Scene, hands: int, name: str, x: float, y: float) -> tuple[int, dict[str, int]]:
    """Ticks until something mined is gone, and what it gave."""
    target = scene.build(name, x, y)
    serial = int(scene.world.entities.serial[target])
    start = scene.world.tick
    scene.tell(hands, f"e.mining_state = {{mining = true, position = {{{x}, {y}}}}}")
    end = scene.until(lambda: not scene.world.is_valid(target, serial), 1000)
    contents = scene.tell(
        hands,
        "local t = {}; for _, s in pairs(e.get_main_inventory().get_contents()) do t[s.name] = s.count end return t",
    )
    return end - start, dict(contents)


def mine_ore() -> Measured:
    """Check 90."""
    return {"ticks per ore": _ore_ticks(())}


def _ore_ticks(technologies: tuple[str, ...]) -> float:
    scene, hands = _character()
    for technology in technologies:
        scene.lua(f"game.forces.player.technologies['{technology}'].researched = true")
    scene.build("iron-ore", 1.5, 0.5, amount=100)
    scene.tell(hands, "e.mining_state = {mining = true, position = {1.5, 0.5}}")
    ticks = scene.rises(lambda: scene.count(hands, "iron-ore"), 4, 1000)
    return period([0, *ticks])


def mine_tree() -> Measured:
    """Check 91."""
    ticks, got = _mine(*_character(), "tree-01", 2.5, 0.5)
    return {"ticks": ticks, "wood": got["wood"]}


def mine_huge_rock() -> Measured:
    """Check 92."""
    ticks, got = _mine(*_character(), "huge-rock", 3.5, 0.5)
    return {"ticks": ticks, "stone": got["stone"], "coal": got["coal"]}


def mine_big_rock() -> Measured:
    """Check 93."""
    ticks, got = _mine(*_character(), "big-rock", 3.5, 0.5)
    return {"ticks": ticks, "stone": got["stone"]}


def mine_with_steel_axe() -> Measured:
    """Check 94."""
    return {"ticks per ore": _ore_ticks(("steel-axe",))}


def run_100_tiles() -> Measured:
    """Check 95."""
    scene, hands = _character()
    scene.tell(hands, f"e.walking_state = {{walking = true, direction = {EAST}}}")
    start = scene.world.tick
    end = scene.until(lambda: scene.world.position_of(hands)[0] >= 100.5, 1000)
    return {"ticks": end - start}


def build_reach() -> Measured:
    """Check 96: the game measures reach to the target's box, a chest's 0.35 tiles from its centre."""
    found: dict[str, Value] = {}
    for distance in (9.99, 10.5):
        scene, hands = _character(11.5 - 0.35 - distance, 0.5)
        scene.build("wooden-chest", 11.5, 0.5)
        chest = "surface.find_entities_filtered{name = 'wooden-chest'}[1]"
        found[f"{distance:g} tiles"] = scene.tell(hands, f"return e.can_reach_entity({chest})")
        found["build distance"] = scene.ask(hands, "e.build_distance")
    return found


def ore_reach() -> Measured:
    """Check 97: an ore's box begins 0.1 tiles from its centre."""
    found: dict[str, Value] = {}
    for distance in (2.69, 3.0):
        scene, hands = _character(3.5 - 0.1 - distance, 0.5)
        scene.build("iron-ore", 3.5, 0.5, amount=100)
        scene.tell(hands, "e.mining_state = {mining = true, position = {3.5, 0.5}}")
        scene.run(130)
        found[f"{distance:g} tiles"] = scene.count(hands, "iron-ore") > 0
    return found


def chests() -> Measured:
    """Check 98."""
    scene = Scene()
    names = ("wooden-chest", "iron-chest", "steel-chest")
    return {name: scene.insert(scene.build(name, x + 0.5, 0.5), "iron-plate", 10_000) for x, name in enumerate(names)}


def pockets() -> Measured:
    """Check 99."""
    scene, hands = _character()
    return {"coal": scene.insert(hands, "coal", 10_000)}


SCENES: dict[int, Measure] = {
    87: craft_lab,
    88: craft_drill,
    89: craft_gears,
    90: mine_ore,
    91: mine_tree,
    92: mine_huge_rock,
    93: mine_big_rock,
    94: mine_with_steel_axe,
    95: run_100_tiles,
    96: build_reach,
    97: ore_reach,
    98: chests,
    99: pockets,
}
