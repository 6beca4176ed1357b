"""The game's blueprint strings: the text that players exchange, and the plain data the server builds from.

A string is the version byte `0` and the base64 of the zlib-packed JSON of a blueprint. What it says comes from a
stranger, so unpacking is bounded in length before anything is built of it, and only keys whose meaning the tools keep
are let through: what would be built differently from what the string says is refused, not dropped.

Source: Factorio wiki "Blueprint string format"; `BlueprintEntity` of the 2.0 runtime documentation.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

from harness.api.errors import InvalidArgumentError
from harness.data import prototypes as facts

MAX_TEXT_CHARACTERS = 256 * 1024
MAX_JSON_BYTES = 4 * 1024 * 1024
MAX_ENTITIES = 500

_VERSION_BYTE = "0"
_COPPER = 5
"""`defines.wire_connector_id.pole_copper`, the only wire there is between poles."""

_FARTHEST = 10_000
_PIECE = 60

_KEPT = frozenset(
    {"bar", "direction", "filter", "filter_mode", "filters", "input_priority", "items", "name", "output_priority"}
    | {"override_stack_size", "position", "recipe", "type", "use_filters", "entity_number"}
)
_WITHOUT_EFFECT = frozenset({"tags", "icons", "description", "player_description"})
_DEFAULTS = {"quality": "normal", "recipe_quality": "normal", "mirror": False}
_PLANNERS = ("blueprint_book", "upgrade_planner", "deconstruction_planner")


def game_version() -> int:
    """The version number that strings of this game carry: four 16-bit parts, the main one first."""
    main, major, minor = (int(part) for part in facts.load()["meta"]["base_version"].split("."))
    return main << 48 | major << 32 | minor << 16


def to_text(blueprint: Mapping[str, Any]) -> str:
    """A blueprint as the game's text; the same blueprint gives the same text."""
    content = json.dumps({"blueprint": blueprint}, separators=(",", ":"), allow_nan=False)
    return _VERSION_BYTE + base64.b64encode(zlib.compress(content.encode(), 9)).decode()


def from_text(text: Any) -> dict[str, Any]:
    """The blueprint of a text.

    Raises:
        InvalidArgumentError: it is no text of one blueprint of this series of the game, or is too large.
    """
    if not isinstance(text, str):
        raise _bad("the text of a blueprint", type(text).__name__, "Pass what export_blueprint returned.")
    text = text.strip()
    if len(text) > MAX_TEXT_CHARACTERS:
        raise _bad(f"at most {MAX_TEXT_CHARACTERS} characters", str(len(text)), "Split the blueprint.")
    if not text.startswith(_VERSION_BYTE):
        raise _bad("text that starts with 0", repr(text[:_PIECE]), "Pass the whole string.")
    content = _unpacked(text[1:])
    blueprint = content.get("blueprint")
    if not isinstance(blueprint, dict):
        other = next((name for name in _PLANNERS if name in content), "something else")
        raise _bad("one blueprint", other.replace("_", " "), "Pass the string of a single blueprint.")
    _expect_version(blueprint.get("version"))
    return blueprint


def pieces(blueprint: Mapping[str, Any]) -> dict[str, Any]:
    """What the server needs to build a blueprint: `{"entities", "wires"}`, checked and in a form of our own.

    Raises:
        InvalidArgumentError: it holds something that could not be built as it says.
    """
    if blueprint.get("tiles"):
        raise _bad("no floor tiles", f"{len(blueprint['tiles'])} of them", "Export it again without tiles.")
    listed = blueprint.get("entities") or []
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_ENTITIES:
        found = str(len(listed)) if isinstance(listed, list) else "no list"
        raise _bad(f"1 to {MAX_ENTITIES} entities", found, "Split the blueprint.")
    entities = [_entity(entity) for entity in listed]
    numbers = {entity["number"]: rank for rank, entity in enumerate(entities, 1)}
    if len(numbers) != len(entities):
        raise _bad("entity_numbers that differ", "one twice", None)
    wires = [_wire(wire, numbers) for wire in blueprint.get("wires") or []]
    for entity in entities:
        del entity["number"]
    return {"entities": entities, "wires": wires}


def blueprint_of(entities: list[dict[str, Any]], wires: list[Any]) -> dict[str, Any]:
    """A blueprint of what the server described, placed around its own middle as the game does it."""
    spots = [entity["position"] for entity in entities]
    middle = {axis: _middle([spot[axis] for spot in spots]) for axis in ("x", "y")}
    placed = [
        {**entity, "position": {axis: entity["position"][axis] - middle[axis] for axis in ("x", "y")}}
        for entity in entities
    ]
    numbered = [{"entity_number": number, **entity} for number, entity in enumerate(placed, 1)]
    blueprint = {"item": "blueprint", "version": game_version(), "entities": numbered}
    if wires:
        blueprint["wires"] = [[first, _COPPER, second, _COPPER] for first, second in wires]
    return blueprint


def _middle(values: list[float]) -> int:
    """A whole number, so that what lies on the grid of tiles still does."""
    return math.floor((min(values) + max(values)) / 2)


def _unpacked(text: str) -> dict[str, Any]:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(base64.b64decode(text, validate=True), MAX_JSON_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise _bad("base64 of zlib data after the 0", f"what is not ({error})", "Pass the whole string.") from None
    if not unpacker.eof:
        found = "more" if unpacker.unconsumed_tail else "data that breaks off"
        raise _bad(f"at most {MAX_JSON_BYTES} bytes of JSON", found, "Pass the whole string of a smaller blueprint.")
    try:
        content = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _bad("JSON inside", repr(data[:_PIECE]), None) from None
    if not isinstance(content, dict):
        raise _bad("a JSON object inside", type(content).__name__, None)
    return content


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _expect_version(version: Any) -> None:
    own = game_version()
    if isinstance(version, bool) or not isinstance(version, int) or version >> 32 != own >> 32:
        series = facts.load()["meta"]["base_version"].rpartition(".")[0]
        found = f"{version >> 48}.{version >> 32 & 0xFFFF}" if type(version) is int and version >= 0 else repr(version)
        raise _bad(f"a blueprint of version {series}", found[:_PIECE], "Open and export it in that version.")


def _entity(entity: Any) -> dict[str, Any]:
    """One entity as the server is sent it.

    Raises:
        InvalidArgumentError: a key is unknown, or has a value of the wrong kind.
    """
    if not isinstance(entity, dict) or not isinstance(entity.get("name"), str):
        raise _bad("entities with a name", repr(entity)[:_PIECE], None)
    name = entity["name"][:_PIECE]
    for key, value in entity.items():
        if key in _KEPT or key in _WITHOUT_EFFECT or value in ({}, [], None) or _DEFAULTS.get(key, entity) == value:
            continue
        raise _bad(f"nothing this tool cannot build in {name}", f"{key[:_PIECE]!r}", "Take it out of the blueprint.")
    position = entity.get("position")
    kept: dict[str, Any] = {
        "number": _whole(entity.get("entity_number"), 1, f"entity_number of {name}"),
        "name": name,
        "x": _coordinate(position, "x", name),
        "y": _coordinate(position, "y", name),
        "direction": _whole(entity.get("direction", 0), 0, f"direction of {name}"),
    }
    for key, words in _WORDS.items():
        if key in entity:
            kept[key] = _word(entity[key], words, f"{key} of {name}")
    for key, wire_key, least in (("bar", "bar", 0), ("override_stack_size", "stack_size", 0)):
        if key in entity:
            kept[wire_key] = _whole(entity[key], least, f"{key} of {name}")
    if entity.get("recipe") is not None:
        kept["recipe"] = _name(entity["recipe"], f"recipe of {name}")
    if entity.get("filter"):
        kept["filter"] = _filtered(entity["filter"], f"filter of {name}")
    if entity.get("use_filters"):
        kept["use_filters"] = True
    if entity.get("filters"):
        kept["filters"] = [_filter_slot(each, name) for each in _list(entity["filters"], f"filters of {name}")]
    if entity.get("items"):
        kept["items"] = [_insert_plan(each, name) for each in _list(entity["items"], f"items of {name}")]
    return kept


_WORDS = {
    "type": ("input", "output"),
    "input_priority": ("left", "none", "right"),
    "output_priority": ("left", "none", "right"),
    "filter_mode": ("whitelist", "blacklist"),
}


def _filter_slot(entry: Any, name: str) -> dict[str, Any]:
    index = entry.get("index") if isinstance(entry, dict) else None
    return {"index": _whole(index, 1, f"filters of {name}"), "name": _filtered(entry, f"filters of {name}")}


def _filtered(value: Any, what: str) -> str:
    """The item of a filter; only plain ones are offered: this item, normal quality."""
    if isinstance(value, str):
        return _name(value, what)
    if not isinstance(value, dict):
        raise _bad(f"an item for the {what}", repr(value)[:_PIECE], None)
    if value.get("quality", "normal") != "normal" or value.get("comparator", "=") != "=":
        raise _bad(f"normal quality for the {what}", repr(value)[:_PIECE], "Take it out of the blueprint.")
    return _name(value.get("name"), what)


def _insert_plan(entry: Any, name: str) -> dict[str, Any]:
    """What shall be put into an entity: `{"name", "count"}`, whatever slots the plan names."""
    what = f"items of {name}"
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), (dict, str)):
        raise _bad(f"an id for the {what}", repr(entry)[:_PIECE], None)
    slots = entry.get("items")
    slots = slots.get("in_inventory") if isinstance(slots, dict) else None
    counts = [
        _whole(slot.get("count", 1) if isinstance(slot, dict) else None, 1, what)
        for slot in _list(slots, f"in_inventory of the {what}")
    ]
    return {"name": _filtered(entry["id"], what), "count": min(sum(counts), _FARTHEST)}


def _wire(wire: Any, numbers: Mapping[int, int]) -> list[int]:
    """A copper wire as the ranks of its two poles."""
    if not isinstance(wire, list) or len(wire) != 4 or any(type(part) is not int for part in wire):
        raise _bad("wires of four whole numbers", repr(wire)[:_PIECE], None)
    if wire[1] != _COPPER or wire[3] != _COPPER:
        raise _bad("copper wires between poles", "a circuit wire or a power switch's", "Take it out of the blueprint.")
    if wire[0] not in numbers or wire[2] not in numbers:
        raise _bad("wires between entities of the blueprint", repr(wire), None)
    return [numbers[wire[0]], numbers[wire[2]]]


def _coordinate(position: Any, axis: str, name: str) -> float:
    value = position.get(axis) if isinstance(position, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _FARTHEST:
        raise _bad(f"a position {{x, y}} for {name}", repr(position)[:_PIECE], None)
    return value


def _whole(value: Any, least: int, what: str) -> int:
    if type(value) is not int or not least <= value <= 2**31:
        raise _bad(f"a whole number of at least {least} for the {what}", repr(value)[:_PIECE], None)
    return value


def _word(value: Any, words: tuple[str, ...], what: str) -> str:
    if not isinstance(value, str) or value not in words:
        raise _bad(f"one of {', '.join(words)} for the {what}", repr(value)[:_PIECE], None)
    return value


def _name(value: Any, what: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise _bad(f"a name for the {what}", repr(value)[:_PIECE], None)
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_ENTITIES:
        raise _bad(f"a list for the {what}", type(value).__name__, None)
    return value


def _bad(expected: str, found: str, hint: str | None) -> InvalidArgumentError:
    return InvalidArgumentError(f"blueprint: expected {expected}, got {found}", hint=hint)
