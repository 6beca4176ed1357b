"""The blueprint tools and their string format, without a server."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.api import BoundingBox, Direction, InvalidArgumentError, Position, bind_tools, to_entity
from harness.api.blueprint import MAX_ENTITIES, MAX_JSON_BYTES, MAX_TEXT_CHARACTERS, from_text, pieces, to_text

STRINGS = json.loads((Path(__file__).parents[1] / "data" / "blueprints.json").read_text())
VERSION = 562949958467584
"""2.0.77 as four 16-bit numbers. Source: `STRINGS`, which another program wrote."""

CHEST = {"entity_number": 1, "name": "wooden-chest", "position": {"x": 0.5, "y": 0.5}}


class Line:
    """A transport that keeps what was sent and gives one answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def call(self, tool: str, args: Mapping[str, Any]) -> Any:
        self.sent.append((tool, dict(args)))
        return self.answer


def packed(content: Any, level: int = 9) -> str:
    return "0" + base64.b64encode(zlib.compress(json.dumps(content).encode(), level)).decode()


def blueprint(*entities: Any, **more: Any) -> str:
    return packed({"blueprint": {"item": "blueprint", "version": VERSION, "entities": list(entities), **more}})


def imported(text: Any, **more: Any) -> dict[str, Any]:
    line = Line([])
    bind_tools(line)["import_blueprint"](text, Position(3, 4), **more)
    ((tool, args),) = line.sent
    assert tool == "import_blueprint"
    return args


@pytest.mark.parametrize("name", STRINGS)
def test_strings_of_another_program_are_understood(name: str) -> None:
    assert pieces(from_text(STRINGS[name]["text"])) == STRINGS[name]["pieces"]


def test_an_exported_string_is_the_games() -> None:
    described = [
        {"name": "small-electric-pole", "position": {"x": 10.5, "y": 20.5}},
        {"name": "small-electric-pole", "position": {"x": 14.5, "y": 20.5}},
    ]
    line = Line({"entities": described, "wires": [[1, 2]]})
    text = bind_tools(line)["export_blueprint"](BoundingBox.spanning(Position(10, 20), Position(15, 21)))
    assert line.sent[0][1] == {"area": {"left_top": {"x": 10.0, "y": 20.0}, "right_bottom": {"x": 15.0, "y": 21.0}}}
    assert text[0] == "0"
    found = json.loads(zlib.decompress(base64.b64decode(text[1:])))["blueprint"]
    assert (found["item"], found["version"], found["wires"]) == ("blueprint", VERSION, [[1, 5, 2, 5]])
    first, second = found["entities"]
    assert (first["entity_number"], second["entity_number"]) == (1, 2)
    assert second["position"]["x"] - first["position"]["x"] == 4
    assert first["position"]["x"] % 1 == 0.5  # still on the grid of tiles
    assert pieces(from_text(text))["wires"] == [[1, 2]]


def test_what_a_source_sends() -> None:
    def sent(*args: Any, **keywords: Any) -> dict[str, Any]:
        line = Line({"entities": [CHEST], "wires": {}})
        bind_tools(line)["export_blueprint"](*args, **keywords)
        return line.sent[0][1]

    chest = to_entity({"name": "wooden-chest", "position": {"x": 1.5, "y": 2.5}, "direction": 0})
    reference = {"name": "wooden-chest", "position": {"x": 1.5, "y": 2.5}}
    assert sent(Position(1, 2), width=3, height=4)["area"]["right_bottom"] == {"x": 4, "y": 6}
    assert sent(chest) == {"entities": [reference]}
    assert sent([chest, chest]) == {"entities": [reference, reference]}
    for wrong in ([], "chest", None, [Position(0, 0)], Position(0, 0)):
        with pytest.raises(InvalidArgumentError, match="expected"):
            sent(wrong)
    with pytest.raises(InvalidArgumentError, match="width"):
        sent(Position(0, 0), width=float("nan"), height=3)
    with pytest.raises(InvalidArgumentError, match="width"):
        sent(chest, width=3)


def test_position_and_direction_are_sent() -> None:
    args = imported(blueprint(CHEST), direction=Direction.LEFT)
    assert args["position"] == {"x": 3.0, "y": 4.0}
    assert args["direction"] == 12
    assert args["entities"] == [{"name": "wooden-chest", "x": 0.5, "y": 0.5, "direction": 0}]


def bomb() -> str:
    return "0" + base64.b64encode(zlib.compress(b" " * (MAX_JSON_BYTES + 1), 9)).decode()


def deep(depth: int) -> str:
    return "0" + base64.b64encode(zlib.compress(b"[" * depth + b"]" * depth)).decode()


BAD: dict[str, Any] = {
    "no text": 7,
    "empty": "",
    "no version byte": base64.b64encode(b"{}").decode(),
    "no base64": "0&&&",
    "no zlib": "0" + base64.b64encode(b"hello there").decode(),
    "cut off": blueprint(CHEST)[:-12],
    "bomb": bomb(),
    "long": "0" * (MAX_TEXT_CHARACTERS + 1),
    "deep": deep(200_000),
    "no json": "0" + base64.b64encode(zlib.compress(b"{,}")).decode(),
    "not a number": "0" + base64.b64encode(zlib.compress(b'{"blueprint": NaN}')).decode(),
    "a list": packed([1]),
    "a book": packed({"blueprint_book": {"blueprints": []}}),
    "a planner": packed({"upgrade_planner": {}}),
    "another series": packed({"blueprint": {"version": 281479276920832, "entities": [CHEST]}}),
    "no version": packed({"blueprint": {"entities": [CHEST]}}),
    "nothing in it": blueprint(),
    "too much in it": blueprint(*[{**CHEST, "entity_number": number} for number in range(1, MAX_ENTITIES + 2)]),
    "tiles": blueprint(CHEST, tiles=[{"name": "concrete"}]),
    "the same number": blueprint(CHEST, CHEST),
    "no name": blueprint({**CHEST, "name": 5}),
    "no place": blueprint({**CHEST, "position": {"x": "1"}}),
    "far away": blueprint({**CHEST, "position": {"x": 1e300, "y": 0}}),
    "circuits": blueprint({**CHEST, "control_behavior": {"circuit_enabled": True}}),
    "requests": blueprint({**CHEST, "request_filters": {"sections": [{"index": 1}]}}),
    "quality": blueprint({**CHEST, "quality": "rare"}),
    "mirrored": blueprint({**CHEST, "mirror": True}),
    "a broken filter": blueprint({**CHEST, "filter": {"name": "coal", "comparator": "<"}}),
    "a broken list": blueprint({**CHEST, "filters": {"1": 2}}),
    "a broken plan": blueprint({**CHEST, "items": [{"id": {"name": "speed-module"}, "items": 3}]}),
    "a red wire": blueprint(CHEST, {**CHEST, "entity_number": 2}, wires=[[1, 1, 2, 1]]),
    "a wire to nothing": blueprint(CHEST, wires=[[1, 5, 9, 5]]),
    "a broken direction": blueprint({**CHEST, "direction": "north"}),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_string_is_refused_with_what_was_expected(case: str) -> None:
    line = Line([])
    with pytest.raises(InvalidArgumentError, match=r"^blueprint: expected") as caught:
        bind_tools(line)["import_blueprint"](BAD[case], Position(0, 0))
    assert len(str(caught.value)) < 400
    assert line.sent == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["bar", "direction", "filter", "filters", "items", "name", "position", "recipe", "type", "use_filters", "tags"]
)


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_whatever_an_entity_says_it_is_sent_or_refused(wild: dict[str, Any]) -> None:
    try:
        args = imported(blueprint({**CHEST, **wild}))
    except InvalidArgumentError:
        return
    json.dumps(args, allow_nan=False)


@given(st.text(max_size=60))
def test_any_text_is_refused_in_the_same_way(text: str) -> None:
    with pytest.raises(InvalidArgumentError):
        from_text(text)


def test_the_same_blueprint_gives_the_same_text() -> None:
    content = {"item": "blueprint", "version": VERSION, "entities": [CHEST]}
    assert from_text(to_text(content)) == content
    assert to_text(content) == to_text(json.loads(json.dumps(content)))
