"""Scenes of the measured runs, built in a world and read as the measurements were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.simulator.engine.inventories import FUEL, RESULT, SOURCE
from harness.simulator.engine.world import World

DATA = Path(__file__).parents[2] / "data" / "real_game"


def rigs(file: str) -> list[dict[str, Any]]:
    """The rigs of one data file."""
    found: list[dict[str, Any]] = json.loads((DATA / file).read_text())["rigs"]
    return found


class Rig:
    """A scene in a world of its own; `rows` are entity rows by the scene's ids."""

    def __init__(self, scene: dict[str, Any], ground: list[list[Any]] | None = None) -> None:
        self.world = World()
        self.surface = self.world.create_surface("rig", 1000, 1000)
        self.rows: dict[str, int] = {}
        for name, tile_x, tile_y, amount in scene["ore"]:
            self.world.create_entity(self.surface, name, tile_x + 0.5, tile_y + 0.5, amount=amount)
        for key, name, x, y, direction in scene["entities"]:
            self.rows[key] = self.world.create_entity(self.surface, name, x, y, direction=direction)
        for name, count, x, y in ground or []:
            self.world.create_entity(self.surface, "item-on-ground", x, y, stack=(name, count))
        for key, item, count in scene["insert"]:
            assert self.world.insert(self.rows[key], item, count) == count

    def read(self, key: str, field: str) -> Any:
        """One field of a reading."""
        if key == "_world":
            return self._ground()
        world, row = self.world, self.rows[key]
        if field == "status":
            return world.status_of(row)
        if field == "energy":
            return float(world.entities.energy[row])
        if field == "remaining":
            return float(world.burners.remaining[world.entities.burner[row]])
        if field == "progress":
            drill = world.type_of(row) == "mining-drill"
            return world.mining_progress(row) if drill else world.crafting_progress(row)
        column = {"fuel": FUEL, "source": SOURCE, "result": RESULT, "items": 1}[field]
        contents = world.contents(world.inventory_of(row, column))
        return " ".join(f"{name}:{count}" for name, count in contents.items())

    def _ground(self) -> str:
        world = self.world
        found = world.find_entities(self.surface, types=["item-entity"])
        names = world.protos.item_names.names
        return " ".join(
            f"{names[world.entities.component[row]]}:{world.entities.amount[row]}"
            f"@{world.entities.x[row]},{world.entities.y[row]}"
            for row in found
        )
