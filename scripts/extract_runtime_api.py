"""Writes tests/data/runtime_api.json: what the documented runtime API holds, for the tests to compare with.

It reads the typings of typed-factorio (MIT), which are generated from the game's machine-readable documentation, and
keeps names, who may write, argument names and which may be left out, and the shapes of values. No descriptions.

Usage:
    npm pack typed-factorio@3.36.0 && tar xzf typed-factorio-3.36.0.tgz
    python scripts/extract_runtime_api.py package

A shape is a string (`number`, `string`, `boolean`, `nil`, `any`, `table`, `function`, the name of a class or of an
entry of `concepts`) or one of {"list": shape}, {"dict": [key, value]}, {"union": [shapes]}, {"fields": {name: shape}},
{"custom": shape} is a LuaCustomTable of such values, and a name that ends in `?` may be absent. An attribute has
`read`, `write` or both; a method is {"args": [[name, keys]], "gives": shape}, where `keys` are those of a table that
may be given (else nothing), or {"forms": [...]} if it can be called in several ways.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parents[1] / "tests" / "data" / "runtime_api.json"
TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>'[^']*'|\"[^\"]*\"|`[^`]*`)|(?P<word>[\w$]+)|(?P<mark>=>|\.\.\.|[^\s\w])",
    re.DOTALL,
)
NOT_KEPT = re.compile(
    r"Lua\w*ControlBehavior|Lua(Gui|Style|Undo|Segment|Territory|Space|Train|Schedule|RailEnd|Rail|Planet|Chart)\w*"
    r"|Lua(Permission|Profiler|Simulation|Command$|Commandable|Cargo|Lazy|Logistic(Section|Point)|AI|Record)\w*"
    r"|Lua(Achievement|ActiveTrigger|Asteroid\w*|Autoplace\w*|Custom(Event|Input)|Decorative|Font|MapGenPreset|ModSetting"
    r"|Named\w*|Particle|Procession\w*|Shortcut|Surface|SurfaceProperty|TrivialSmoke|Virtual\w*|Equipment(Category|Grid))"
    r"Prototype"
)
"""Classes far from what a headless server offers."""

NUMBERS = {"number", "bigint"}
PLAIN = {"string", "boolean", "nil", "any", "table"}
NOTHING = {"void": "nil", "undefined": "nil", "null": "nil", "unknown": "any", "object": "table", "never": "any"}

Shape = str | dict[str, Any]


class Parser:
    """Reads the part of TypeScript that declaration files of this kind use."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        for found in TOKEN.finditer(text):
            if found.lastgroup != "skip":
                self.tokens.append(found.group())
        self.at = 0
        self.interfaces: dict[str, tuple[list[Any], dict[str, Any]]] = {}
        self.aliases: dict[str, Any] = {}

    def peek(self, ahead: int = 0) -> str:
        """The token so far ahead, empty behind the end."""
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        """The next token."""
        token = self.peek()
        if expected is not None and token != expected:
            raise ValueError(f"expected {expected}, got {' '.join(self.tokens[self.at - 12 : self.at + 4])}")
        self.at += 1
        return token

    def accept(self, token: str) -> bool:
        """Takes the next token if it is this one."""
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def read_module(self) -> None:
        """Collects every interface and alias, wherever it stands."""
        while self.at < len(self.tokens):
            if self.peek() == "interface" and re.match(r"\w+$", self.peek(1)):
                self._interface()
            elif self.peek() == "type" and self.peek(2) in ("=", "<") and re.match(r"\w+$", self.peek(1)):
                self._alias()
            else:
                self.at += 1

    def _interface(self) -> None:
        self.take("interface")
        name = self.take()
        self._generics()
        parents = []
        if self.accept("extends"):
            parents.append(self.type())
            while self.accept(","):
                parents.append(self.type())
        members = self.members()
        known = self.interfaces.setdefault(name, ([], {}))
        known[0].extend(parents)
        known[1].update(members)

    def _alias(self) -> None:
        self.take("type")
        name = self.take()
        self._generics()
        self.take("=")
        self.aliases[name] = self.type()

    def _generics(self) -> None:
        if self.peek() == "<":
            depth = 0
            while True:
                token = self.take()
                depth += {"<": 1, ">": -1}.get(token, 0)
                if depth == 0:
                    return

    def members(self) -> dict[str, Any]:
        """The members between braces: name -> {"read", "write", "optional"} or {"calls": [(args, gives)]}."""
        self.take("{")
        members: dict[str, Any] = {}
        while not self.accept("}"):
            if self.peek() in (";", ","):
                self.take()
                continue
            readonly = self.peek() == "readonly" and self.peek(1) not in (":", "?", "(") and bool(self.take())
            if self.peek() in ("get", "set") and self.peek(2) == "(" and self.peek(1) not in (":", "?"):
                self._accessor(members)
            elif self.peek() == "[":
                self._index(members)
            elif self.peek() in ("(", "<"):
                self._generics()
                members.setdefault("()", {"calls": []})["calls"].append(self.signature())
            else:
                self._member(members, readonly)
        return members

    def _accessor(self, members: dict[str, Any]) -> None:
        kind, name = self.take(), self.take()
        arguments, gives = self.signature(returns=kind == "get")
        entry = members.setdefault(name, {"optional": False})
        entry["read" if kind == "get" else "write"] = gives if kind == "get" else arguments[0][2]

    def _index(self, members: dict[str, Any]) -> None:
        self.take("[")
        self.take()
        if self.take() == "in":
            pass
        key = self.type()
        self.take("]")
        self.accept("?")
        self.take(":")
        members["[]"] = {"key": key, "value": self.type()}

    def _member(self, members: dict[str, Any], readonly: bool) -> None:
        name = self.take().strip("\"'")
        optional = self.accept("?")
        if self.peek() in ("(", "<"):
            self._generics()
            members.setdefault(name, {"calls": []})["calls"].append(self.signature())
            return
        self.take(":")
        shape = self.type()
        members[name] = {"read": shape, "optional": optional} | ({} if readonly else {"write": shape})

    def signature(self, *, returns: bool = True) -> tuple[list[list[Any]], Any]:
        """Arguments as [name, optional, type], and what is returned."""
        self.take("(")
        arguments: list[list[Any]] = []
        while not self.accept(")"):
            spread = self.accept("...")
            name = self.take()
            optional = self.accept("?") or spread
            self.take(":")
            arguments.append([name, optional, self.type()])
            self.accept(",")
        return arguments, self.type() if returns and self.accept(":") else "void"

    def type(self) -> Any:
        """A type: a name, or ("list", t), ("dict", k, v), ("union", ..), ("object", members), ("name", n, args)."""
        self.accept("|")
        options = [self._joined()]
        while self.accept("|"):
            options.append(self._joined())
        result = options[0] if len(options) == 1 else ("union", options)
        if self.peek() == "extends" and self.peek(-1) not in ("{", "}"):
            self.take()
            self.type()
            self.take("?")
            yes = self.type()
            self.take(":")
            return ("union", [yes, self.type()])
        return result

    def _joined(self) -> Any:
        self.accept("&")
        parts = [self._postfix()]
        while self.accept("&"):
            parts.append(self._postfix())
        return parts[0] if len(parts) == 1 else ("join", parts)

    def _postfix(self) -> Any:
        result = self._primary()
        while self.peek() == "[" and (self.peek(1) == "]" or self.peek(1)[:1] in "\"'" or self.peek(2) == "]"):
            if self.peek(1) != "]" and self.peek(1)[:1] not in "\"'" and not re.match(r"\w+$", self.peek(1)):
                break
            self.take("[")
            if self.accept("]"):
                result = ("list", result)
            else:
                self.type()
                self.take("]")
                result = "any"
        return result

    def _is_function(self) -> bool:
        after, name = self.peek(2), self.peek(1)
        return name in (")", "...") or (bool(re.match(r"\w+$", name)) and after in (":", "?", ","))

    def _primary(self) -> Any:
        token = self.peek()
        if token in ("readonly", "keyof", "infer", "unique"):
            self.take()
            inner = self._postfix()
            return "string" if token == "keyof" else inner
        if token == "typeof":
            self.take()
            return self._name()
        if token == "{":
            return ("object", self.members())
        if token == "<":
            self._generics()
            token = self.peek()
        if token == "(" and self._is_function():
            self.signature(returns=False)
            self.take("=>")
            self.type()
            return "function"
        if token == "(":
            self.take()
            inner = self.type()
            self.take(")")
            return inner
        if token == "[":
            return self._tuple()
        if token[:1] in "\"'`":
            self.take()
            return "string"
        if token in ("-", "true", "false") or token[0].isdigit():
            self.take()
            if token == "-":
                self.take()
            return "boolean" if token in ("true", "false") else "number"
        return self._name()

    def _tuple(self) -> Any:
        self.take("[")
        items = []
        while not self.accept("]"):
            self.accept("...")
            if self.peek(1) in (":", "?") and re.match(r"\w+$", self.peek()):
                self.take()
                self.accept("?")
                self.take(":")
            items.append(self.type())
            self.accept("?")
            self.accept(",")
        return ("tuple", items)

    def _name(self) -> Any:
        name = self.take()
        if name == "import":
            while self.take() != ")":
                pass
        while self.peek() == "." and re.match(r"\w+$", self.peek(1)):
            self.take()
            name += "." + self.take()
        arguments = []
        if self.accept("<"):
            while not self.accept(">"):
                arguments.append(self.type())
                self.accept(",")
        return ("name", name, arguments)


class Shapes:
    """Turns parsed types into the shapes of the output; collects the concepts they lead to."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.concepts: dict[str, Shape] = {}
        self.following: set[str] = set()

    def shape(self, kind: Any) -> Shape:
        """The shape of any type."""
        if isinstance(kind, str):
            return NOTHING.get(kind, kind)
        match kind:
            case ("list", item):
                return {"list": self.shape(item)}
            case ("tuple", items):
                return {"list": self.union([self.shape(item) for item in items])}
            case ("union", options):
                return self.union([self.shape(option) for option in options])
            case ("join", parts):
                shapes = [self.shape(part) for part in parts]
                return next((each for each in shapes if each in PLAIN | {"number"}), shapes[0])
            case ("object", members):
                return self.fields(members)
            case ("name", name, arguments):
                return self.named(name, arguments)
        raise ValueError(f"no shape for {kind}")

    def named(self, name: str, arguments: list[Any]) -> Shape:
        """The shape of a named type."""
        if name in NUMBERS or name.startswith("defines."):
            return "number" if name != "defines.events" else {"union": ["number", "string"]}
        if name in PLAIN:
            return name
        if name in NOTHING:
            return NOTHING[name]
        if name == "Record":
            return {"dict": [self.shape(arguments[0]), self.shape(arguments[1])]}
        if name in ("Array", "ReadonlyArray"):
            return {"list": self.shape(arguments[0])}
        if name == "LuaMultiReturn":
            return self.shape(arguments[0][1][0])
        if name == "LuaCustomTable":
            return {"custom": self.shape(arguments[1])}
        if name.startswith("Lua") and name in self.parser.interfaces:
            return name
        return self.concept(name)

    def concept(self, name: str) -> Shape:
        """The name of a concept, now among `concepts`, or the scalar it stands for."""
        if name in self.concepts or name in self.following:
            return name
        self.following.add(name)
        if name in self.parser.aliases:
            found = self.shape(self.parser.aliases[name])
        elif name in self.parser.interfaces:
            found = self.fields(self.inherited(name))
        else:
            found = "any"
        self.following.discard(name)
        if isinstance(found, str):
            return found
        self.concepts[name] = found
        return name

    def inherited(self, name: str) -> dict[str, Any]:
        """Members of an interface with those it extends."""
        parents, members = self.parser.interfaces[name]
        merged: dict[str, Any] = {}
        for parent in parents:
            if parent[0] == "name" and parent[1] in self.parser.interfaces:
                merged |= self.inherited(parent[1])
            elif parent[0] == "name" and parent[1] in ("Array", "ReadonlyArray"):
                merged["[]"] = {"key": "number", "value": parent[2][0]}
        return merged | members

    def fields(self, members: dict[str, Any]) -> Shape:
        """The shape of a table with named fields."""
        if "[]" in members and len(members) == 1:
            return {"dict": [self.shape(members["[]"]["key"]), self.shape(members["[]"]["value"])]}
        fields = {
            name + ("?" if each.get("optional") else ""): self.shape(each.get("read", "any"))
            for name, each in members.items()
            if name not in ("[]", "()") and "calls" not in each
        }
        return {"fields": fields}

    def union(self, options: list[Shape]) -> Shape:
        """One shape for several alternatives."""
        flat: list[Shape] = []
        for option in options:
            inner = option["union"] if isinstance(option, dict) and "union" in option else [option]
            flat += [each for each in inner if each not in flat]
        if "any" in flat:
            return "any"
        return flat[0] if len(flat) == 1 else {"union": flat}

    def argument(self, name: str, optional: bool, kind: Any) -> list[Any]:
        """Name and, if a table may be given, its keys."""
        keys = self.keys(kind)
        return [name + ("?" if optional else ""), *([keys] if keys else [])]

    def keys(self, kind: Any) -> list[str]:
        """Keys of the tables a type allows, `?` on those that may be absent."""
        match kind:
            case ("object", members):
                return [name + ("?" if each.get("optional") else "") for name, each in members.items() if name != "[]"]
            case ("union" | "join", parts):
                return list(dict.fromkeys(key for part in parts for key in self.keys(part)))
            case ("name", name, _) if name in self.parser.aliases:
                return self.keys(self.parser.aliases[name])
            case ("name", name, _) if name in self.parser.interfaces and not name.startswith("Lua"):
                return self.keys(("object", self.inherited(name)))
        return []

    def member(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The output's entry for one member of a class."""
        if "calls" in raw:
            forms = [
                {"args": [self.argument(*each) for each in args], "gives": self.shape(back)}
                for args, back in raw["calls"]
            ]
            return forms[0] if len(forms) == 1 else {"forms": forms}
        if "key" in raw:
            return {"read": self.shape(raw["value"])}
        entry: dict[str, Any] = {}
        if "read" in raw:
            shape = self.shape(raw["read"])
            entry["read"] = self.union([shape, "nil"]) if raw.get("optional") else shape
        if "write" in raw:
            entry["write"] = True
        return entry


def event_fields(parser: Parser, shapes: Shapes) -> dict[str, Shape]:
    """Fields of every event, by its name in `defines.events`."""
    events = {}
    for name, (_, members) in parser.interfaces.items():
        kind = members.get("name", {}).get("read")
        if isinstance(kind, tuple) and kind[0] == "name" and str(kind[1]).startswith("defines.events."):
            events[str(kind[1]).removeprefix("defines.events.")] = shapes.fields(shapes.inherited(name))
    return events


def define_names(text: str) -> list[str]:
    """Dotted names of all values of `defines`."""
    return sorted(_define_names(iter([found.group() for found in TOKEN.finditer(text) if found.lastgroup != "skip"])))


def _define_names(tokens: Iterator[str]) -> Iterator[str]:
    path: list[str] = []
    kinds: list[str] = []
    before, pending = "", ""
    for token in tokens:
        if token == "{":
            kinds.append(pending if pending in ("namespace", "enum") else "other")
            path += [before] if kinds[-1] != "other" else []
            pending = ""
        elif token == "}":
            if not kinds:
                continue
            if kinds.pop() != "other":
                path.pop()
        elif token in ("namespace", "enum"):
            pending = token
        elif kinds and kinds[-1] == "enum" and re.match(r"[\w\"'-]+$", token) and before in ("{", ","):
            yield ".".join([*path[1:], token.strip("\"'")])
        elif kinds and kinds[-1] == "namespace" and before == "const":
            yield ".".join([*path[1:], token])
        before = token


def main() -> None:
    """Reads the unpacked npm package named on the command line."""
    package = Path(sys.argv[1])
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    generated = package / "runtime" / "generated"
    names = ("index-types", "classes", "concepts", "events")
    source = "\n".join((generated / f"{name}.d.ts").read_text(encoding="utf-8") for name in names)
    parser = Parser(source)
    parser.read_module()
    shapes = Shapes(parser)
    classes = {
        name: {key: shapes.member(raw) for key, raw in sorted(shapes.inherited(name).items())}
        for name in sorted(parser.interfaces)
        if name.startswith("Lua") and "object_name" in parser.interfaces[name][1] and not NOT_KEPT.fullmatch(name)
    }
    document = {
        "source": f"names and shapes of the game's runtime API 2.0.75, from the typings typed-factorio {version} (MIT)",
        "classes": classes,
        "events": event_fields(parser, shapes),
        "concepts": {},
        "defines": define_names((generated / "defines.d.ts").read_text(encoding="utf-8")),
    }
    document["concepts"] = dict(sorted(shapes.concepts.items()))
    lines = [f'"{key}": ' + _compact(value) for key, value in document.items()]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{OUTPUT}: {len(classes)} classes, {len(document['events'])} events, {len(document['concepts'])} concepts")


def _compact(value: Any) -> str:
    if not isinstance(value, dict):
        return json.dumps(value)
    return (
        "{\n" + ",\n".join(f'"{key}": {json.dumps(each, separators=(",", ":"))}' for key, each in value.items()) + "}"
    )


if __name__ == "__main__":
    main()
