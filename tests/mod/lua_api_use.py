"""Follows what values of the game's API the mod's Lua handles, and says where it uses what is not documented.

Types are the shapes of `tests/data/runtime_api.json`, and of our own: `{"record": fields}` for a table of the mod,
`{"gives": shape}` for its functions, `{"method": member}` for the API's, `{"defines": path}` for part of `defines`;
None is unknown and not looked into. What a function is given nobody says, so parameters go by the names that the mod
keeps for one kind of value each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.mod.lua_source import Node, parse
from tests.simulator.lua.documented import API, CLASSES, forms, is_method, options

Shape = Any

GLOBALS: dict[str, Shape] = {
    "game": "LuaGameScript",
    "script": "LuaBootstrap",
    "helpers": "LuaHelpers",
    "prototypes": "LuaPrototypes",
    "rcon": "LuaRCON",
    "commands": "LuaCommandProcessor",
    "defines": {"defines": ""},
}
BY_NAME: dict[str, Shape] = {
    "entity": "LuaEntity",
    "character": "LuaEntity",
    "machine": "LuaEntity",
    "inserter": "LuaEntity",
    "silo": "LuaEntity",
    "surface": "LuaSurface",
    "force": "LuaForce",
    "inventory": "LuaInventory",
    "fluidbox": "LuaFluidBox",
    "recipe": "LuaRecipe",
    "technology": "LuaTechnology",
    "prototype": "LuaEntityPrototype",
}
LUA_GLOBALS = set(
    "assert error ipairs pairs pcall require select setmetatable getmetatable tonumber tostring type next rawget "
    "rawset string table math bit32 storage table_size log serpent _G unpack xpcall rawequal".split()
)
_DEFINES = set(API["defines"])
_SCALARS = ("number", "string", "boolean")


class Checker:
    """Reads modules; `problems` are the undocumented uses, `num_checked` how many uses were looked at.

    `used` are the members of classes that are used, `defines` the constants.
    """

    def __init__(self, source_of: Callable[[str], str]) -> None:
        self._source_of = source_of
        self._modules: dict[str, Shape] = {}
        self._here = ""
        self.problems: list[str] = []
        self.num_checked = 0
        self.used: set[tuple[str, str]] = set()
        self.defines: set[str] = set()

    def module(self, name: str) -> Shape:
        """The shape of what `require(name)` gives."""
        if name not in self._modules:
            self._modules[name] = None
            before, self._here = self._here, name
            given = self._run(parse(self._source_of(name)), [dict(GLOBALS)])
            self._modules[name] = {**given, "module": name} if isinstance(given, dict) else given
            self._here = before
        return self._modules[name]

    def _say(self, line: int, text: str) -> None:
        self.problems.append(f"{self._here}:{line}: {text}")

    # Statements. A scope is a list of dictionaries, the innermost last.

    def _run(self, body: list[Node], scope: list[dict[str, Shape]]) -> Shape:
        given: Shape = None
        inner = [*scope, {}]
        for node in body:
            found = getattr(self, f"_do_{node[0]}")(node, inner)
            given = given if found is None or found == "nil" else found
        return given

    def _do_local(self, node: Node, scope: list[dict[str, Shape]]) -> None:
        _, _, names, values = node
        if len(values) == 1 and values[0][0] == "function":
            scope[-1][names[0]] = {"gives": None}
        for rank, name in enumerate(names):
            shape = self._type(values[rank], scope) if rank < len(values) else None
            scope[-1][name] = self._named(name, shape)
        for value in values[len(names) :]:
            self._type(value, scope)

    @staticmethod
    def _named(name: str, shape: Shape) -> Shape:
        return BY_NAME.get(name) if shape is None else shape

    def _do_assign(self, node: Node, scope: list[dict[str, Shape]]) -> None:
        _, _, targets, values = node
        shapes = [self._type(value, scope) for value in values]
        for rank, target in enumerate(targets):
            self._assign(target, shapes[rank] if rank < len(shapes) else None, scope)

    def _assign(self, target: Node, shape: Shape, scope: list[dict[str, Shape]]) -> None:
        if target[0] == "name":
            holder = next((each for each in reversed(scope) if target[2] in each), None)
            if holder is None:
                self._say(target[1], f"assigns the global {target[2]}")
            elif holder[target[2]] is None or holder[target[2]] in ("nil", {"gives": None}):
                holder[target[2]] = shape
            return
        owner = self._type(target[2], scope)
        if target[0] == "member" and isinstance(owner, dict) and "record" in owner:
            owner["record"].setdefault(target[3], shape)
        elif target[0] == "member":
            self._member(owner, target[3], target[1], writes=True)
        else:
            self._type(target[3], scope)

    def _do_expression(self, node: Node, scope: list[dict[str, Shape]]) -> None:
        self._type(node[2], scope)

    def _do_jump(self, node: Node, scope: list[dict[str, Shape]]) -> None:
        pass

    def _do_block(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        for condition in node[2]:
            if condition[0] != "repeat":
                self._type(condition, scope)
        found = [self._run(body, scope) for body in node[3]]
        return next((shape for shape in found if shape not in (None, "nil")), None)

    def _do_for(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        _, _, names, values, body = node
        shapes = [self._type(value, scope) for value in values]
        inner = dict.fromkeys(names)
        if names and len(shapes) == 1:
            inner[names[-1]] = shapes[0]
        return self._run(body, [*scope, {name: self._named(name, shape) for name, shape in inner.items()}])

    def _do_return(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        shapes = [self._type(value, scope) for value in node[2]]
        return shapes[0] if shapes else None

    # Expressions

    def _type(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        return getattr(self, f"_of_{node[0]}")(node, scope)

    def _of_constant(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        return "nil" if node[2] == "nil" else None

    def _of_string(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        return "string"

    def _of_unary(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        self._type(node[2], scope)
        return None

    def _of_binary(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        left, right = self._type(node[3], scope), self._type(node[4], scope)
        if node[2] == "and":
            return right
        return (left if left not in (None, "nil") else right) if node[2] == "or" else None

    def _of_name(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        for each in reversed(scope):
            if node[2] in each:
                return each[node[2]]
        if node[2] not in LUA_GLOBALS:
            self._say(node[1], f"there is no global {node[2]}")
        return None

    def _of_function(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        inner = {name: BY_NAME.get(name) for name in node[2]}
        return {"gives": self._run(node[3], [*scope, inner])}

    def _of_table(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        fields: dict[str, Shape] = {}
        for key, value in node[2]:
            shape = self._type(value, scope)
            if key is not None and key[0] == "string":
                fields[key[2]] = shape
            elif key is not None:
                self._type(key, scope)
        return {"record": fields}

    def _of_member(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        return self._member(self._type(node[2], scope), node[3], node[1])

    def _of_index(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        owner = self._type(node[2], scope)
        self._type(node[3], scope)
        for option in options(owner) if owner is not None and not _ours(owner) else []:
            if isinstance(option, dict) and option.keys() & {"list", "dict", "custom"}:
                return _element(option)
            if option in CLASSES and "[]" in CLASSES[option]:
                return CLASSES[option]["[]"].get("read")
        return None

    def _of_call(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        function, args = node[2], node[3]
        if function[0] == "name" and function[2] == "require" and args[0][0] == "string":
            return self.module(args[0][2])
        shape = self._type(function, scope)
        given = [self._type(arg, scope) for arg in args]
        if function[0] == "name" and function[2] in ("ipairs", "pairs") and given:
            return _element(given[0])
        if isinstance(shape, dict) and "method" in shape:
            self._keys(shape["method"], args, node[1])
            return {"union": [form["gives"] for form in forms(shape["method"])]}
        return shape.get("gives") if isinstance(shape, dict) and "gives" in shape else None

    def _of_method(self, node: Node, scope: list[dict[str, Shape]]) -> Shape:
        owner = self._type(node[2], scope)
        if owner in CLASSES:
            self._say(node[1], f"calls {owner}.{node[3]} with a colon")
        for arg in node[4]:
            self._type(arg, scope)
        return None

    # The API

    def _member(self, owner: Shape, name: str, line: int, writes: bool = False) -> Shape:
        if owner is None or owner == "any":
            return None
        if isinstance(owner, dict) and "record" in owner:
            if "module" in owner and name not in owner["record"]:
                self._say(line, f"{owner['module']} has no {name}")
            return owner["record"].get(name)
        if isinstance(owner, dict) and "defines" in owner:
            return self._defined(f"{owner['defines']}.{name}".lstrip("."), line)
        if _ours(owner):
            return None
        found = [_field(option, name) for option in options(owner) if option != "nil"]
        if not found or all(each is None for each in found):
            if not found or any(option in ("any", "table", *_SCALARS) for option in options(owner)):
                return None
            self.num_checked += 1
            self._say(line, f"{_text(owner)} has no documented {name}")
            return None
        self.num_checked += 1
        self.used.update(
            (option, name) for option in options(owner) if isinstance(option, str) and _field(option, name)
        )
        member = next(each for each in found if each is not None)
        if writes and not member.get("write"):
            self._say(line, f"{_text(owner)}.{name} cannot be written")
        return {"method": member} if is_method(member) else member.get("read")

    def _defined(self, path: str, line: int) -> Shape:
        self.num_checked += 1
        if path in _DEFINES:
            self.defines.add(path)
            return None
        if not any(each.startswith(path + ".") for each in _DEFINES):
            self._say(line, f"there is no defines.{path}")
            return None
        return {"defines": path}

    def _keys(self, member: dict[str, Any], args: list[Node], line: int) -> None:
        """Keys of a table that is written out as the one argument of a method that takes a table."""
        if len(args) != 1 or args[0][0] != "table":
            return
        keyed = [form["args"][0][1] for form in forms(member) if form["args"] and len(form["args"][0]) > 1]
        known = {key.removesuffix("?") for keys in keyed for key in keys}
        for key, _ in args[0][2]:
            if known and key is not None and key[0] == "string":
                self.num_checked += 1
                if key[2] not in known:
                    self._say(line, f"no method of that name takes {key[2]}")


def _ours(shape: Shape) -> bool:
    return isinstance(shape, dict) and bool(shape.keys() & {"record", "gives", "method", "defines"})


def _element(shape: Shape) -> Shape:
    """What a loop over a value meets."""
    if shape is None or _ours(shape):
        return None
    for option in options(shape):
        for kind in ("list", "custom"):
            if isinstance(option, dict) and kind in option:
                return option[kind]
        if isinstance(option, dict) and "dict" in option:
            return option["dict"][1]
    return None


def _field(option: Shape, name: str) -> dict[str, Any] | None:
    """The member of one alternative of a shape, as classes describe them; None if it has none."""
    if isinstance(option, str):
        return CLASSES.get(option, {}).get(name)
    if "fields" in option:
        for key, shape in option["fields"].items():
            if key.removesuffix("?") == name:
                return {"read": shape, "write": True}
        return None
    if "dict" in option or "custom" in option:
        return {"read": _element(option), "write": "dict" in option}
    return None


def _text(shape: Shape) -> str:
    return shape if isinstance(shape, str) else " or ".join(str(each)[:60] for each in options(shape))


def check(root: Path) -> Checker:
    """Reads all files of a mod."""
    checker = Checker(lambda name: (root / f"{name.replace('.', '/')}.lua").read_text(encoding="utf-8"))
    for path in sorted(root.rglob("*.lua")):
        checker.module(path.relative_to(root).with_suffix("").as_posix().replace("/", "."))
    return checker
