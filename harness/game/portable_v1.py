"""Portable states of format 1, as results before this version hold them, in the present form.

Format 1 knew less: no wires, hands' places, wells, bonuses or things on the ground. What it does not say is left out,
and a restore then leaves it as new buildings have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.game import portable

FORMAT = 1


def upgraded(saved: Mapping[str, Any]) -> portable.Document:
    """The document of a state of format 1.

    Raises:
        RecordError: its parts are not those of a state.
        KeyError: a part is missing.
    """
    entities = list(saved["entities"] or ())
    return portable.canonical(
        {
            "format": portable.FORMAT,
            "map": saved["map"],
            "seed": saved["seed"],
            "age": saved["age"],
            "memory": {
                "elapsed": saved["elapsed_ticks"],
                "harvested": saved["harvested"] or {},
                "crafted": saved["crafted"] or {},
                "crafted_from": saved["crafted_from"] or {},
            },
            "day": {"time": 0, "always_day": True},
            "characters": [_character(number, each) for number, each in enumerate(saved["characters"], 1)],
            "technologies": _technologies(saved["technologies"]),
            "statistics": saved["statistics"],
            # Rank stands for the number that the engine gave: the list came as the search found it.
            "entities": [_entity(rank, each) for rank, each in enumerate(entities, 1)],
            "fluids": [fluid for each in entities for fluid in _fluids(each)],
            "nature": saved["nature"] or {},
            "wells": [],
            "ground_items": [],
        }
    )


def _inventories(saved: Any) -> list[Any]:
    return [[number, {"stacks": stacks}] for number, stacks in saved or ()]


def _entity(rank: int, saved: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        key: saved[key]
        for key in ("name", "x", "y", "direction", "health", "end_type", "recipe", "energy")
        if saved.get(key) is not None
    }
    entity: dict[str, Any] = {"number": rank, **kept}
    if saved.get("inventories"):
        entity["inventories"] = _inventories(saved["inventories"])
    fire = saved.get("burner") or {}
    if fire.get("fuel"):
        entity["burner"] = [fire["fuel"], fire["remaining"]]
    if saved.get("lanes"):
        entity["lanes"] = saved["lanes"]
    if saved.get("hand") or saved.get("filters"):
        entity["arm"] = _arm(saved)
    if saved.get("progress"):
        entity["mining" if saved["name"].endswith(("drill", "pumpjack")) else "craft"] = {"progress": saved["progress"]}
    return entity


def _arm(saved: Mapping[str, Any]) -> dict[str, Any]:
    arm: dict[str, Any] = {}
    if saved.get("hand"):
        arm["held"] = saved["hand"]
    if saved.get("filters"):
        arm |= {"filters": [[1, saved["filters"][0]]], "filtered": True, "mode": "whitelist"}
    return arm


def _fluids(saved: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "fluid": name,
            "amount": amount,
            "temperature": degrees,
            "at": [[saved["x"], saved["y"], saved["name"], index]],
        }
        for index, name, amount, degrees in saved.get("fluids") or ()
    ]


def _character(number: int, saved: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "agent": number,
        "name": "character",
        "x": saved["x"],
        "y": saved["y"],
        "direction": 0,
        "inventories": _inventories([[1, saved["inventory"]]] if saved["inventory"] else []),
    }


def _technologies(saved: Mapping[str, Any]) -> dict[str, Any]:
    progress = dict(saved["progress"] or {})
    if saved["queue"]:
        progress[saved["queue"][0]] = saved.get("current_progress", 0)
    return {"researched": saved["researched"], "progress": progress, "queue": saved["queue"]}
