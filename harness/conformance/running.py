"""Checks over time: machines at the game's pace, statistics, and worlds saved and put back."""

from __future__ import annotations

import json

from harness.conformance.check import DOWN, Checks, Scene, at, counts, named
from harness.core.errors import RecordError
from harness.data.prototypes import entities, others
from harness.game.portable import canonical, content_hash
from harness.game.tools import TICKS_PER_S

CHECKS = Checks()
_SECONDS = 60


def _smelting_s() -> float:
    """Seconds a stone furnace takes for an iron plate."""
    needed = float(others("recipe")["iron-plate"]["energy_required"])
    return needed / float(entities()["stone-furnace"]["crafting_speed"])


def _mined() -> int:
    """Ore that a burner drill mines in the time of the check."""
    speed = float(entities()["burner-mining-drill"]["mining_speed"])
    return round(_SECONDS * speed / float(entities()["iron-ore"]["minable"]["mining_time"]))


@CHECKS.add(
    "a furnace smelts at the game's pace",
    lambda: f"5 iron-plate after {5 * _smelting_s():g} s and a moment, of 5 iron-ore",
    stone_furnace=1,
    iron_ore=5,
    coal=1,
)
def _smelt(scene: Scene) -> str:
    furnace = scene.place("stone-furnace", (3, 0))
    for item, quantity in (("coal", 1), ("iron-ore", 5)):
        scene("insert_item", item=item, target=furnace, quantity=quantity)
    scene("step", ticks=round(5 * _smelting_s() * TICKS_PER_S) - TICKS_PER_S)
    early = counts(scene("production")["produced"]).get("iron-plate", 0)
    scene("step", ticks=2 * TICKS_PER_S)
    now = scene("production")
    made, used = counts(now["produced"]).get("iron-plate", 0), counts(now["consumed"])
    if early > 4:
        return f"{early:g} iron-plate a second too early"
    return f"{made:g} iron-plate after {5 * _smelting_s():g} s and a moment, of {used.get('iron-ore', 0):g} iron-ore"


@CHECKS.add(
    "a drill mines at the game's pace",
    lambda: f"{_mined()} iron-ore in {_SECONDS} s, give or take one",
    burner_mining_drill=1,
    wooden_chest=1,
    coal=5,
)
def _mine(scene: Scene) -> str:
    scene("move_to", position=scene("nearest", name="iron-ore"))
    drill = scene.go_and_place("burner-mining-drill", 4, 6, scene("nearest", name="iron-ore"))
    drill = scene("rotate_entity", entity=drill, direction=DOWN)
    chest = scene.place("wooden-chest", at(drill["drop_position"]))
    scene("insert_item", item="coal", target=drill, quantity=5)
    scene("step", ticks=_SECONDS * TICKS_PER_S)
    got = counts(scene.look(chest)["inventory"]).get("iron-ore", 0)
    told = _mined() if abs(got - _mined()) <= 1 else got
    return f"{told:g} iron-ore in {_SECONDS} s, give or take one"


@CHECKS.add(
    "an inserter serves a furnace", "working", burner_inserter=1, wooden_chest=1, stone_furnace=1, coal=5, iron_ore=5
)
def _inserter(scene: Scene) -> str:
    furnace = scene.place("stone-furnace", (3, 3))
    arm = scene.place("burner-inserter", (3.5, 1.5), DOWN)
    chest = scene.place("wooden-chest", at(arm["pickup_position"]))
    scene("insert_item", item="coal", target=arm, quantity=2)
    scene("insert_item", item="coal", target=furnace, quantity=2)
    scene("insert_item", item="iron-ore", target=chest, quantity=5)
    scene("step", ticks=5 * TICKS_PER_S)
    return str(scene.look(furnace)["status"])


@CHECKS.add("save, restore", "the same document again, 5 coal in the chest", wooden_chest=1, stone_furnace=1, coal=10)
def _portable(scene: Scene) -> str:
    chest = scene.place("wooden-chest", (3.5, 0.5))
    scene("insert_item", item="coal", target=chest, quantity=5)
    try:
        before = canonical(scene("save"))
        scene("pickup_entity", name="wooden-chest", position=(3.5, 0.5))
        scene.place("stone-furnace", (8, 0))
        scene("restore", state=before)
        after = canonical(scene("save"))
    except RecordError as error:
        return str(error)
    same = "the same document again" if content_hash(after) == content_hash(before) else _differing(before, after)
    return f"{same}, {named(scene.look(chest).get('inventory'))} in the chest"


def _differing(before: dict[str, object], after: dict[str, object]) -> str:
    parts = [key for key in before if before[key] != after.get(key)]
    return f"a document with another {', '.join(parts)}"


@CHECKS.add("save, restore: a machine goes on", "5 iron-plate", stone_furnace=1, iron_ore=5, coal=1)
def _goes_on(scene: Scene) -> str:
    furnace = scene.place("stone-furnace", (3, 0))
    for item, quantity in (("coal", 1), ("iron-ore", 5)):
        scene("insert_item", item=item, target=furnace, quantity=quantity)
    scene("step", ticks=round(2.5 * _smelting_s() * TICKS_PER_S))
    scene("restore", state=canonical(scene("save")))
    scene("step", ticks=round(2.5 * _smelting_s() * TICKS_PER_S) + TICKS_PER_S)
    return named(scene.look(furnace)["furnace_result"])


@CHECKS.add("exact snapshots, where there are any", "restored bit for bit, or not offered", wooden_chest=1)
def _exact(scene: Scene) -> str:
    def snapshot(words: str) -> dict[str, object] | None:
        try:
            reply = json.loads(scene.rcon.command(f"/snapshot {words}"))
        except ValueError:
            return None
        return reply if isinstance(reply, dict) else None

    if snapshot("list") is None:
        return "restored bit for bit, or not offered"
    snapshot("save conformance-1")
    scene.place("wooden-chest", (3.5, 0.5))
    snapshot("restore conformance-1")
    snapshot("save conformance-2")
    hashes = [(snapshot(f"export {name}") or {}).get("hash") for name in ("conformance-1", "conformance-2")]
    for name in ("conformance-1", "conformance-2"):
        snapshot(f"drop {name}")
    same = hashes[0] is not None and hashes[0] == hashes[1]
    return "restored bit for bit, or not offered" if same else f"two states, {hashes[0]} and {hashes[1]}"
