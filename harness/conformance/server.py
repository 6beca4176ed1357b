"""Checks of the server itself: the mod it runs, the game, what of the API is there, and how time goes."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from harness.conformance.check import UP, Checks, Scene, named
from harness.data.prototypes import load
from harness.mod import mod_hash, mod_version

CHECKS = Checks()


@cache
def api_members() -> dict[str, Any]:
    """What of the documented API the mod's files use: `classes` (class to members) and `defines`."""
    data: dict[str, Any] = json.loads(files(__package__).joinpath("members.json").read_text(encoding="utf-8"))
    return data


def _game_line() -> str:
    """Versions with the same first two numbers share the API and the figures."""
    return ".".join(str(load()["meta"]["base_version"]).split(".")[:2])


@CHECKS.add("agent mod", lambda: f"agent {mod_version()}, content {mod_hash()[:12]}")
def _mod(scene: Scene) -> str:
    found = scene("hello")
    return f"{found['mod']} {found['version']}, content {str(found['content'])[:12]}"


@CHECKS.add("game version", _game_line)
def _version(scene: Scene) -> str:
    found = str(scene("hello")["game"])
    return ".".join(found.split(".")[:2])


@CHECKS.add("reset to the lab map", "seed 44, tick 0, 3 coal, nothing built")
def _reset(scene: Scene) -> str:
    world = scene("reset", map="lab", seed=44, inventory={"coal": 3}, all_technologies=False)
    seen = scene("observe")
    built = ", ".join(sorted(seen["entities"])) or "nothing"
    return f"seed {world['seed']}, tick {seen['ticks']}, {named(seen['inventory'])}, {built} built"


@CHECKS.add(
    "API members that the mod uses",
    lambda: f"{sum(map(len, api_members()['classes'].values()))} members and {len(api_members()['defines'])} defines",
    transport_belt=1,
    pipe=1,
    small_electric_pole=1,
    stone_furnace=1,
)
def _members(scene: Scene) -> str:
    for rank, name in enumerate(("transport-belt", "pipe", "small-electric-pole", "stone-furnace")):
        scene.place(name, (3.5 + 2 * rank, 3.5) if name != "stone-furnace" else (-4, 4), UP)
    wanted = api_members()
    missing = list(scene("members", **wanted)["missing"] or ())
    if missing:
        return f"missing: {', '.join(missing)}"
    return f"{sum(map(len, wanted['classes'].values()))} members and {len(wanted['defines'])} defines"


@CHECKS.add("time stands still between calls", "0 ticks")
def _still(scene: Scene) -> str:
    before = int(scene("observe")["ticks"])
    for _ in range(3):
        scene("get_entities", radius=5)
    return f"{int(scene('observe')['ticks']) - before} ticks"


@CHECKS.add("sleep(2): ticks charged, counted and run", "120, 120, 120")
def _sleep(scene: Scene) -> str:
    before = scene("observe")
    charged = scene.ticks("sleep", seconds=2)
    after = scene("observe")
    return f"{charged}, {after['elapsed_ticks'] - before['elapsed_ticks']}, {after['ticks'] - before['ticks']}"


@CHECKS.add("step(90): ticks counted for the agent and run", "0, 90")
def _step(scene: Scene) -> str:
    before = scene("observe")
    scene("step", ticks=90)
    after = scene("observe")
    return f"{after['elapsed_ticks'] - before['elapsed_ticks']}, {after['ticks'] - before['ticks']}"


@CHECKS.add("an unknown tool", "unknown_tool")
def _unknown(scene: Scene) -> str:
    return scene.refused("no_such_tool")
