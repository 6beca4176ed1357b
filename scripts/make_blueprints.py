"""Writes blueprint strings with `factorio-draftsman`, an implementation of the format that nobody here wrote.

`tests/data/blueprints.json` gets, for each, the string and what our tools must make of it; the latter is put together
from the very objects the string was made of. It also reads strings of our own, given as files, and fails if the other
program does not see the same entities in them. Run it in the environment of `make data`:

    .venv-data/bin/python scripts/make_blueprints.py [FILE_WITH_ONE_OF_OUR_STRINGS ...]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from draftsman.blueprintable import Blueprint
from draftsman.constants import Direction
from draftsman.utils import string_to_JSON

OUT = Path(__file__).parents[1] / "tests" / "data" / "blueprints.json"


def machines() -> tuple[Blueprint, list[dict[str, Any]], list[list[int]]]:
    """One of everything that has settings."""
    made = Blueprint()
    made.entities.append("assembling-machine-2", tile_position=(0, 0), recipe="iron-gear-wheel", id="machine")
    for slot in (0, 1):
        made.entities["machine"].set_item_request("speed-module", 1, inventory=4, slot=slot)
    made.entities.append("underground-belt", tile_position=(5, 0), direction=Direction.EAST, io_type="input")
    made.entities.append("underground-belt", tile_position=(8, 0), direction=Direction.EAST, io_type="output")
    made.entities.append("splitter", tile_position=(5, 3), direction=Direction.SOUTH, id="splitter")
    splitter = made.entities["splitter"]
    splitter.input_priority, splitter.output_priority, splitter.filter = "left", "right", "iron-plate"
    made.entities.append("fast-inserter", tile_position=(3, 1), direction=Direction.WEST, id="inserter")
    inserter = made.entities["inserter"]
    inserter.set_item_filter(0, "iron-plate")
    inserter.use_filters, inserter.filter_mode, inserter.override_stack_size = True, "blacklist", 1
    made.entities.append("wooden-chest", tile_position=(4, 1), bar=3)
    made.entities.append("small-electric-pole", tile_position=(10, 0), id="first")
    made.entities.append("small-electric-pole", tile_position=(14, 0), id="second")
    made.add_power_connection("first", "second")
    expected = [
        {"name": "assembling-machine-2", "recipe": "iron-gear-wheel", "items": [{"name": "speed-module", "count": 2}]},
        {"name": "underground-belt"},
        {"name": "underground-belt", "type": "output"},
        {"name": "splitter", "input_priority": "left", "output_priority": "right", "filter": "iron-plate"},
        {"name": "fast-inserter", "use_filters": True, "filters": [{"index": 1, "name": "iron-plate"}],
         "filter_mode": "blacklist", "stack_size": 1},
        {"name": "wooden-chest", "bar": 3},
        {"name": "small-electric-pole"},
        {"name": "small-electric-pole"},
    ]  # fmt: skip
    return made, expected, [[7, 8]]


def belts() -> tuple[Blueprint, list[dict[str, Any]], list[list[int]]]:
    """A square of belts, one each way."""
    made = Blueprint()
    corners = {(0, 0): Direction.EAST, (1, 0): Direction.SOUTH, (1, 1): Direction.WEST, (0, 1): Direction.NORTH}
    for place, direction in corners.items():
        made.entities.append("transport-belt", tile_position=place, direction=direction)
    return made, [{"name": "transport-belt"}] * 4, []


def main() -> None:
    """Writes the file, and checks the strings given."""
    strings = {}
    for name, make in {"machines": machines, "belts": belts}.items():
        made, expected, wires = make()
        placed = [
            {
                **told,
                "x": entity.global_position.x,
                "y": entity.global_position.y,
                "direction": int(getattr(entity, "direction", 0)),
            }
            for entity, told in zip(made.entities, expected, strict=True)
        ]
        strings[name] = {"text": made.to_string(), "pieces": {"entities": placed, "wires": wires}}
    OUT.write_text(json.dumps(strings, indent=1) + "\n", encoding="utf-8")
    for path in sys.argv[1:]:
        text = Path(path).read_text(encoding="utf-8").strip()
        theirs = Blueprint.from_string(text).to_dict()["blueprint"]
        ours = string_to_JSON(text)["blueprint"]
        assert theirs["version"] == ours["version"], path
        assert len(theirs["entities"]) == len(ours["entities"]), path
        for their, own in zip(theirs["entities"], ours["entities"], strict=True):
            for key in ("name", "position", "direction", "recipe", "bar", "input_priority", "output_priority"):
                assert their.get(key) == own.get(key), (path, their, own)
            assert (their.get("type") or "input") == (own.get("type") or "input"), (path, their, own)
        assert theirs.get("wires", []) == ours.get("wires", []), path


main()
