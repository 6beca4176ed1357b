from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import RecordError
from harness.core.hashing import canonical_json
from harness.programs import Namespace, ProgramRunner
from tests.programs.conftest import Workshop
from tests.programs.keeping import KEPT


def play(runner: ProgramRunner, *programs: str) -> str:
    """Runs programs one after the other, the namespace through JSON each time; the last one's output."""
    namespace = Namespace()
    text = ""
    for code in programs:
        outcome = runner.run(code, host=Workshop(), namespace=namespace)
        assert outcome.status == "ok", outcome.text
        text = "\n".join(line.text for line in outcome.lines)
        namespace = Namespace.from_json(json.loads(json.dumps(outcome.namespace.to_json())))
    return text


def content(namespace: Namespace) -> bytes:
    return canonical_json(namespace.to_json())


@pytest.mark.parametrize("case", KEPT)
def test_kept(runner: ProgramRunner, case: str) -> None:
    """The second program finds it, at once and after one that changes nothing, which leaves the very same record."""
    first, second = KEPT[case]
    made, again = (runner.run(first, host=Workshop()) for _ in range(2))
    assert (made.status, made.namespace.lost) == ("ok", {}), made.text
    assert content(made.namespace) == content(again.namespace)
    read = Namespace.from_json(json.loads(json.dumps(made.namespace.to_json(), sort_keys=True)))
    idle = runner.run("pass", host=Workshop(), namespace=read)
    assert content(idle.namespace) == content(made.namespace), idle.text
    looked = runner.run(second, host=Workshop(), namespace=idle.namespace)
    assert looked.status == "ok", looked.text
    whole = runner.run(first + second, host=Workshop())
    assert whole.status == "ok", whole.text


def test_deleted_names_are_gone(runner: ProgramRunner) -> None:
    assert play(runner, "x = y = 1", "del x", "print('x' in globals(), y)") == "(False, 1)"


def test_what_cannot_be_kept_is_named_and_the_rest_is_kept(runner: ProgramRunner) -> None:
    outcome = runner.run(
        "numbers = [1]\nlazy = (i for i in numbers)\nboth = [numbers, lazy]\nm = memoryview(b'')\n"
        "class A: g = lazy; n = 1",
        host=Workshop(),
    )
    assert outcome.namespace.names == ("A", "numbers")
    assert set(outcome.namespace.lost) == {"lazy", "both", "m", "A.g"}
    assert outcome.text.startswith("Not kept for the next program: A.g (an open generator cannot be kept")
    assert "generator" in outcome.namespace.lost["lazy"]


def test_too_much_is_left_out_by_name(runner: ProgramRunner) -> None:
    outcome = runner.run("big = 'x' * 9_000_000\nsmall = 1", host=Workshop())
    assert outcome.namespace.names == ("small",)
    assert "big" in outcome.namespace.lost


def test_nothing_is_called_while_variables_come_back(runner: ProgramRunner) -> None:
    code = "from enum import Enum\nclass A:\n    stock = sleep(1)\na = A()\nclass E(Enum):\n    N = sleep(2)\nx = 1"
    first = runner.run(code, host=Workshop())
    host = Workshop()
    second = runner.run("print(x, a.stock, E.N.value)", host=host, namespace=first.namespace)
    assert second.lines[0].text == "(1, True, True)"
    assert host.calls == []
    assert second.namespace.lost == {}


def test_a_failing_statement_binds_nothing(runner: ProgramRunner) -> None:
    before = runner.run("i = 'old'; kept = []", host=Workshop()).namespace
    code = "j = 1\nfor i in range(3):\n    new = i\n    kept.append(i)\n    if i == 1: 1 / 0\n"
    outcome = runner.run(code, host=Workshop(), namespace=before)
    assert outcome.status == "error"
    after = runner.run("print(i, j, kept, 'new' in globals())", host=Workshop(), namespace=outcome.namespace)
    assert after.text == "1: ('old', 1, [0, 1], False)"


def test_a_failing_program_keeps_what_it_did_before(runner: ProgramRunner) -> None:
    outcome = runner.run("a = 1\nb = 1 / 0\nc = 2", host=Workshop())
    assert outcome.namespace.names == ("a",)


def test_a_killed_program_leaves_what_it_started_from(runner: ProgramRunner) -> None:
    before = runner.run("a = 1", host=Workshop()).namespace
    outcome = runner.run("a = 2\nwhile True: pass", host=Workshop(), namespace=before, timeout_s=0.3)
    assert outcome.namespace == before


def test_faults_in_functions_of_earlier_programs_show_their_lines(runner: ProgramRunner) -> None:
    first = runner.run("\n\ndef fail():\n    return 1 / 0\n", host=Workshop())
    outcome = runner.run("x = 1\nfail()", host=Workshop(), namespace=first.namespace)
    assert outcome.error is not None
    assert outcome.error.trace == ((2, "fail()"), (4, "return 1 / 0"))


def test_the_same_program_leaves_the_same_namespace(runner: ProgramRunner) -> None:
    code = "class A:\n    pass\na = A()\ns = {'x', 'y', 'z'}\ndef f(): return s"
    first, second = (runner.run(code, host=Workshop()).namespace for _ in range(2))
    assert canonical_json(first.to_json()) == canonical_json(second.to_json())


FORGED: list[dict[str, Any]] = [
    {"objects": [1, 2, None]},
    {"objects": [{"items": []}]},
    {"sources": [5]},
    {"sources": [["x = 1", "1", 0, "<program 1>", 0]]},
    {"names": {"x": {"int": "q"}}},
    {"names": {"x": {"float": []}}},
    {"names": {"x": [1]}},
    {"names": {"x": {"ref": 0}}},
    {"names": {"x": {"ref": 1}}, "objects": [{"kind": "list", "items": [{"ref": -1}]}]},
    {"names": {"x": {"ref": "0"}}, "objects": [{"kind": "list", "items": []}]},
    {"random": 5},
]


def test_records_that_are_none_are_refused() -> None:
    for record in (
        {},
        [],
        {"schema": 1},
        {"schema": 2, "data": {}, "lost": {}},
        {"schema": 1, "data": {"names": 1}, "lost": {}},
        *({"schema": 1, "data": data, "lost": {}} for data in FORGED),
    ):
        with pytest.raises(RecordError):
            Namespace.from_json(record)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_any_plain_data_is_kept(value: object) -> None:
    code = f"nan, inf = float('nan'), float('inf')\nvalue = {value!r}"
    text = play(_shared(), code, "print(value)")
    assert text == repr((value,))


def test_an_enumeration_that_came_out_otherwise_is_named_as_lost(runner: ProgramRunner) -> None:
    code = """
from enum import Enum
want = {"iron": 5}
class Own(Enum):
    def __new__(cls, value):
        made = object.__new__(cls)
        made._value_ = value * 2
        return made
    IRON = want["iron"]
kept = Own.IRON
want["iron"] = 9
"""
    first = runner.run(code, host=Workshop())
    assert (first.status, first.namespace.lost) == ("ok", {}), first.text
    second = runner.run("print('kept' in globals(), want)", host=Workshop(), namespace=first.namespace)
    assert second.lines[0].text == "(False, {'iron': 9})"
    assert set(second.namespace.lost) == {"Own", "kept"}
    assert "IRON" in second.namespace.lost["Own"]


def test_what_a_program_starts_with_is_not_taken_from_a_record(runner: ProgramRunner) -> None:
    names = {"print": 5, "sleep": None, "__builtins__": {"ref": 0}, "x": 1, "gone": {"name": "no_such_thing"}}
    data = {"names": names, "objects": [{"kind": "dict", "pairs": []}]}
    namespace = Namespace.from_json({"schema": 1, "data": data, "lost": {}})
    outcome = runner.run("print(x, sleep(1), len([1]))", host=Workshop(), namespace=namespace)
    assert outcome.lines[0].text == "(1, True, 1)"
    assert set(outcome.namespace.lost) == {"print", "sleep", "__builtins__", "gone"}


RICH = """
import random
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum
@dataclass
class Point:
    x: int = 1
    tags: list = field(default_factory=list)
class Kind(Enum):
    A = 1
    B = (2, 3)
class Child(Point, dict):
    def total(self, more=2): return self.x + more
def outer():
    count = 0
    def inner():
        nonlocal count
        count += 1
        return count
    return inner
step = outer()
objects = [Point(), Child(), {Kind.A: {1, (2, 3)}}, deque([1], 3), defaultdict(list), OrderedDict(a=1), b"x", 2**70]
again = {frozenset({1}): iter([1, 2]), "point": Point.__init__, "range": range(3)}
drawn = random.random()
"""
JUNK = st.sampled_from([None, -1, 0, 1, "x", "", [], {}, True, [[]], 2**53, {"ref": 0}, {"name": "nope"}, {"int": "q"}])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_record_that_was_tampered_with_never_ends_a_program(data: st.DataObject) -> None:
    """Whatever is wrong in it: it is refused, or the next program runs and hears what is lost."""
    record = _rich()
    at: Any = record["data"]
    while True:
        key = data.draw(st.sampled_from(range(len(at)) if isinstance(at, list) else sorted(at)))
        inner = at[key]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.integers(0, 4)) == 0:
            break
        at = inner
    at[key] = data.draw(JUNK)
    try:
        namespace = Namespace.from_json(record)
    except RecordError:
        return
    outcome = _shared().run("print('ran')", host=Workshop(), namespace=namespace)
    assert (outcome.status, outcome.lines[0].text) == ("ok", "('ran',)"), outcome.text


def _rich() -> dict[str, Any]:
    if not _RECORDS:
        _RECORDS.append(json.dumps(_shared().run(RICH, host=Workshop()).namespace.to_json()))
    record: dict[str, Any] = json.loads(_RECORDS[0])
    return record


_RECORDS: list[str] = []
_RUNNERS: list[ProgramRunner] = []


def _shared() -> ProgramRunner:
    return _RUNNERS[0]


@pytest.fixture(autouse=True)
def _share(runner: ProgramRunner) -> None:
    _RUNNERS[:] = [runner]


def test_a_class_is_recorded_under_its_own_name(runner: ProgramRunner) -> None:
    code = "kept = [Chest, Furnace, SteelChest, Position, TransportBelt, OSError]"
    data = runner.run(code, host=Workshop()).namespace.data
    names = [item["name"] for item in data["objects"][0]["items"]]
    assert names == ["Chest", "Furnace", "Chest", "Position", "TransportBelt", "OSError"]


def test_what_is_set_on_built_in_things_is_named_as_lost(runner: ProgramRunner) -> None:
    code = """
import math, json, re, random, enum
Position.zz = 5
math.q = 1
del Position.distance
globals()[5] = 1
class Far(Position): pass
class Colour(enum.Enum): RED = 1
random.seed(3); re.match('a+', 'aa'); json.loads('[1]'); far = Far(1, 2)
"""
    outcome = runner.run(code, host=Workshop())
    assert outcome.status == "ok"
    expected = {"Position.zz", "Position.distance", "math.q", "a name that is int"}
    assert {*outcome.namespace.lost} == expected
    assert all(name in outcome.text for name in expected)
    after = runner.run("print(hasattr(Position, 'zz'))", host=Workshop(), namespace=outcome.namespace)
    assert (after.text, after.namespace.lost) == ("1: (False,)", {})
