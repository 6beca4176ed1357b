"""The documented runtime API as data, and whether a value or a declaration fits what it says of a member.

`tests/data/runtime_api.json` is written by `scripts/extract_runtime_api.py`, which explains its shapes.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

API: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "runtime_api.json").read_text())
CLASSES: dict[str, dict[str, Any]] = API["classes"]

# The typings contradict the text they carry, which says that reading gives LuaTechnology.
CLASSES["LuaForce"]["research_queue"]["read"] = {"union": [{"list": "LuaTechnology"}, "nil"]}

# It takes ids apart into prototypes where they are read; filters hold names.
API["concepts"]["ItemFilter"]["union"][0]["fields"].update({"name?": "string", "quality?": "string"})
# The type is there, as the client's scripts that read it expect (real-client tests).
API["concepts"]["ResearchIngredient"]["fields"]["type?"] = "string"

UNSAID = (
    ("LuaBurner", "burnt_result_inventory"),
    ("LuaEntity", "drop_position"),
    ("LuaEntity", "pickup_position"),
    ("LuaEntityPrototype", "get_crafting_speed"),
    ("LuaEntityPrototype", "get_max_energy_usage"),
    ("LuaEntityPrototype", "get_supply_area_distance"),
)
"""What an entity of another kind answers is not documented; here it is nil, which nobody can take for a value."""

for _class, _member in UNSAID:
    for _key in CLASSES[_class][_member].keys() & {"read", "gives"}:
        CLASSES[_class][_member][_key] = {"union": [CLASSES[_class][_member][_key], "nil"]}

SCALARS = ("number", "string", "boolean", "nil")


def is_method(member: dict[str, Any]) -> bool:
    return "args" in member or "forms" in member


def forms(member: dict[str, Any]) -> list[dict[str, Any]]:
    """The ways a documented method can be called."""
    return member.get("forms", [member])


def resolve(shape: Any) -> Any:
    """The shape behind the name of a concept."""
    while isinstance(shape, str) and shape in API["concepts"]:
        shape = API["concepts"][shape]
    return shape


def options(shape: Any) -> list[Any]:
    """The alternatives of a shape, each resolved."""
    shape = resolve(shape)
    if isinstance(shape, dict) and "union" in shape:
        return [inner for option in shape["union"] for inner in options(option)]
    return [shape]


def problems(value: Any, shape: Any, where: str) -> list[str]:
    """What is wrong with a described value (see `DESCRIBE` in test_documented.py); empty if it fits the shape."""
    found: list[list[str]] = []
    for option in options(shape):
        wrong = _problems_of_one(value, option, where)
        if not wrong:
            return []
        found.append(wrong)
    return min(found, key=len)


def _problems_of_one(value: Any, shape: Any, where: str) -> list[str]:
    if shape == "any":
        return []
    if isinstance(value, str):
        kind = value.removeprefix("custom ")
        if value.startswith("custom "):
            return problems(kind, shape["custom"], where) if "custom" in shape else [f"{where}: {value}, not {shape}"]
        return [] if value in (shape, "seen", "nothing") else [f"{where}: expected {_text(shape)}, got {value}"]
    if shape == "table":
        return []
    if not isinstance(shape, dict):
        return [f"{where}: expected {_text(shape)}, got a table {json.dumps(value)[:80]}"]
    if "list" in shape:
        return _each(value, where, lambda key: shape["list"] if re.fullmatch(r"\d+", key) else None)
    if "dict" in shape:
        return _each(value, where, lambda _key: shape["dict"][1])
    if "custom" in shape:
        return _each(value, where, lambda _key: shape["custom"])
    return _fields(value, shape["fields"], where)


def _each(value: dict[str, Any], where: str, shape_of: Any) -> list[str]:
    wrong = []
    for key, item in value.items():
        shape = shape_of(key)
        wrong += [f"{where}: a list with the key {key}"] if shape is None else problems(item, shape, f"{where}[{key}]")
    return wrong


def _fields(value: dict[str, Any], fields: dict[str, Any], where: str) -> list[str]:
    known = {name.removesuffix("?"): shape for name, shape in fields.items()}
    wrong = [f"{where}: no such field {key}" for key in value if key not in known]
    wrong += [
        f"{where}: the field {name} is missing"
        for name, shape in fields.items()
        if not name.endswith("?") and name not in value and "nil" not in options(shape)
    ]
    for key in value.keys() & known.keys():
        wrong += problems(value[key], known[key], f"{where}.{key}")
    return wrong


def _text(shape: Any) -> str:
    return shape if isinstance(shape, str) else json.dumps(shape)[:160]


def fits_declaration(gives: str, shape: Any) -> bool:
    """Whether what a member declares to give can be what is documented."""
    kind, _, rest = gives.partition(":")
    found = options(shape)
    if "any" in found:
        return True
    match kind:
        case "nothing":
            return found == ["nil"]
        case "value":
            return any(option in SCALARS for option in found)
        case "position":
            return any(isinstance(option, dict) and {"x", "y"} <= option.get("fields", {}).keys() for option in found)
        case "box":
            return any(isinstance(option, dict) and "left_top" in option.get("fields", {}) for option in found)
        case "object":
            return _is_object(rest, found)
        case "objects" | "records" | "named":
            name = rest.partition(":")[0]
            return any(isinstance(option, dict) and _holds(option, name) for option in found)
    return any(isinstance(option, dict) or option == "table" for option in found)


def _is_object(name: str, found: Iterable[Any]) -> bool:
    if name.startswith("LuaCustomTable of "):
        name = name.removeprefix("LuaCustomTable of ")
        keyed = [
            option.get("custom") or option.get("dict", [None, None])[1] for option in found if isinstance(option, dict)
        ]
        return any(name == each for each in keyed)
    return name in found or not name.startswith("Lua") or name not in CLASSES


def _holds(option: dict[str, Any], name: str) -> bool:
    item = option.get("list") or option.get("dict", [None, None])[1]
    return item is not None and any(
        each == name
        or (isinstance(each, dict) and any(_mentions(field, name) for field in each.get("fields", {}).values()))
        for each in options(item)
    )


def _mentions(shape: Any, name: str) -> bool:
    return any(option == name for option in options(shape))
