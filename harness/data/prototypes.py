"""Read access to `prototypes.json`, the base game's prototype facts.

The file is written by `scripts/extract_prototypes.py`; its `meta` names the game version and the source.
Energies and powers stay as the game writes them ("150kW"); `parse_energy` turns them into numbers.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from harness.core.errors import SimError

_SUFFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}


@cache
def load() -> dict[str, Any]:
    """The whole file: keys `meta`, `entity`, `item`, `other` (each kind -> name -> prototype) and `defines`."""
    data: dict[str, Any] = json.loads(files("harness.data").joinpath("prototypes.json").read_text(encoding="utf-8"))
    return data


@cache
def entities() -> dict[str, dict[str, Any]]:
    """Entity prototypes by name, in name order."""
    return _flat("entity")


@cache
def items() -> dict[str, dict[str, Any]]:
    """Item prototypes of all item types by name, in name order."""
    return _flat("item")


def others(kind: str) -> dict[str, dict[str, Any]]:
    """Prototypes of one other type (`recipe`, `fluid`, `technology`, `tile`, ...) by name, in name order."""
    table: dict[str, dict[str, Any]] = load()["other"][kind]
    return table


def _flat(group: str) -> dict[str, dict[str, Any]]:
    kinds: dict[str, dict[str, dict[str, Any]]] = load()[group]
    return dict(sorted((name, prototype) for table in kinds.values() for name, prototype in table.items()))


def parse_energy(text: str) -> float:
    """Joules (or watts) of the game's notation: `"150kW"` is 150000.0, `"4MJ"` is 4e6.

    Raises:
        SimError: not a number with an optional SI prefix and `J` or `W`.
    """
    number, unit = text[:-1], text[-1:]
    factor = _SUFFIXES.get(number[-1:], 1.0)
    digits = number[:-1] if number[-1:] in _SUFFIXES else number
    try:
        if unit not in ("J", "W"):
            raise ValueError(unit)
        return float(digits) * factor
    except ValueError:
        raise SimError(f"energy: expected a number, an SI prefix and J or W, got {text!r}") from None
