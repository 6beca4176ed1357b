from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import RecordError
from harness.core.hashing import canonical_json
from harness.programs import Namespace, ProgramRunner
from tests.programs.conftest import Workshop


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


KEPT = {
    "plain data": ("a, b, c = 1, 2.5, ['x', {'k': (1, None)}]", "print(a, b, c)", "(1, 2.5, ['x', {'k': (1, None)}])"),
    "odd numbers": ("n = 10**30; i = float('inf'); z = 1 + 2j", "print(n == 10**30, i, z)", "(True, inf, (1+2j))"),
    "sets and bytes": (
        "s = {3, 1}; b = b'\\x00'; r = range(3)",
        "print(s, b, list(r))",
        "({1, 3}, b'\\x00', [0, 1, 2])",
    ),
    "aliases": ("a = []; b = {'a': a}", "a.append(1)\nprint(b)", "({'a': [1]},)"),
    "cycles": ("a = [1]; a.append(a)", "print(a[1] is a)", "(True,)"),
    "functions": (
        "k = 2\ndef f(x, *, y=3):\n    'Doc.'\n    return x * y * k",
        "k = 5\nprint(f(2), f.__doc__)",
        "(30, 'Doc.')",
    ),
    "lambdas on one line": ("f, g = lambda x: x + 1, lambda x: x * 10", "print(f(3), g(3))", "(4, 30)"),
    "closures": (
        "def make(n):\n    def add():\n        nonlocal n\n        n += 1\n        return n\n"
        "    def get(): return n\n    return add, get\nadd, get = make(1)",
        "add(); add()\nprint(get())",
        "(3,)",
    ),
    "recursive closure": (
        "def make():\n    def fact(n):\n        return 1 if n < 2 else n * fact(n - 1)\n    return fact\nfact = make()",
        "print(fact(5))",
        "(120,)",
    ),
    "classes": (
        "class Base:\n    count = 0\n    def who(self): return type(self).__name__\n"
        "class Sub(Base):\n    def who(self): return 'sub ' + super().who()\n"
        "thing = Sub(); thing.x = 1; Base.count = 7",
        "print(thing.who(), thing.x, Sub.count, isinstance(thing, Base))",
        "('sub Sub', 1, 7, True)",
    ),
    "dataclasses": (
        "from dataclasses import dataclass, field\n"
        "@dataclass(frozen=True, slots=True)\nclass Site:\n    place: Position\n"
        "    tags: list = field(default_factory=list)\n"
        "site = Site(Position(1, 2), ['a'])",
        "print(site, Site(Position(0, 0)).tags, site == Site(Position(1, 2), ['a']))",
        "(Site(place=Position(x=1.0, y=2.0), tags=['a']), [], True)",
    ),
    "class that needs a later name": (
        "LIMIT = 3\ndef double(f): return lambda self: 2 * f(self)\n"
        "class A:\n    size = LIMIT\n    @double\n    def get(self): return self.size\n"
        "    class Inner:\n        y = 4\na = A(); i = A.Inner()",
        "print(a.get(), i.y, A.Inner is type(i))",
        "(6, 4, True)",
    ),
    "enumerations": (
        "from enum import Enum\nclass Step(Enum):\n    MINE = 1\n    SMELT = 2\nat = Step.SMELT\n"
        "d = Direction.LEFT; p = Prototype.Coal",
        "print(at, at is Step.SMELT, d, p)",
        "(<Step.SMELT: 2>, True, Direction.LEFT, Prototype.Coal)",
    ),
    "named tuples": (
        "from collections import namedtuple\nfrom typing import NamedTuple\nA = namedtuple('A', 'x y', defaults=[5])\n"
        "class B(NamedTuple):\n    z: int = 1\na = A(1); b = B()",
        "print(a, b, A(2).y, B(3))",
        "(A(x=1, y=5), B(z=1), 5, B(z=3))",
    ),
    "errors of its own": (
        "class Stuck(Exception):\n    pass\ne = Stuck('there', 3)",
        "try:\n    raise e\nexcept Stuck as s:\n    print(s.args)",
        "(('there', 3),)",
    ),
    "collections": (
        "from collections import Counter, defaultdict, deque\n"
        "c = Counter('aab'); d = defaultdict(list); d[1].append(2); q = deque([1, 2], 2)",
        "d[3].append(4); q.append(3)\nprint(c, dict(d), list(q))",
        "(Counter({'a': 2, 'b': 1}), {1: [2], 3: [4]}, [2, 3])",
    ),
    "imports": (
        "import math as m\nfrom functools import partial\nfrom itertools import chain\nhalf = partial(m.pow, 2)",
        "print(half(3), list(chain([1], [2])), m.pi > 3)",
        "(8.0, [1, 2], True)",
    ),
    "tools as values": ("go = {'wait': sleep}\nnap = sleep", "print(nap is sleep, go['wait'](1))", "(True, True)"),
    "entities": (
        "furnace = place_entity(Prototype.StoneFurnace, position=Position(1, 1))\n"
        "furnace = insert_item(Prototype.Coal, furnace, 3)\nfurnaces = [furnace]",
        "print(furnaces[0] is furnace, furnace.fuel, furnace.status)\n"
        "print(furnace.prototype, isinstance(furnace, StoneFurnace))",
        "(True, Inventory(coal=3), EntityStatus.NO_INGREDIENTS)\n(Prototype.StoneFurnace, True)",
    ),
    "memoised function": (
        "from functools import lru_cache\n@lru_cache(maxsize=8)\ndef f(n): return n * n",
        "print(f(4), f.cache_parameters()['maxsize'])",
        "(16, 8)",
    ),
    "names in compound statements": (
        "for i in range(3):\n    last = i\nwith_underscore = 1\n_hidden = 2",
        "print(i, last, _hidden)",
        "(2, 2, 2)",
    ),
    "postponed annotations": (
        "from __future__ import annotations\ndef f(x: Nowhere) -> Nowhere: return x",
        "print(f(1))",
        "(1,)",
    ),
    "redefined function": ("def f(): return 1\ng = f\ndef f(): return 2", "print(f(), g())", "(2, 1)"),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept(runner: ProgramRunner, case: str) -> None:
    first, second, expected = KEPT[case]
    assert play(runner, first, second) == expected
    assert play(runner, first, "pass", "pass", second) == expected


def test_deleted_names_are_gone(runner: ProgramRunner) -> None:
    assert play(runner, "x = y = 1", "del x", "print('x' in globals(), y)") == "(False, 1)"


def test_what_cannot_be_kept_is_named_and_the_rest_is_kept(runner: ProgramRunner) -> None:
    outcome = runner.run(
        "numbers = [1]\nlazy = (i for i in numbers)\nboth = [numbers, lazy]\nit = iter(numbers)", host=Workshop()
    )
    assert outcome.namespace.names == ("numbers",)
    assert set(outcome.namespace.lost) == {"lazy", "both", "it"}
    assert "generator" in outcome.namespace.lost["lazy"]


def test_too_much_is_left_out_by_name(runner: ProgramRunner) -> None:
    outcome = runner.run("big = 'x' * 5_000_000\nsmall = 1", host=Workshop())
    assert outcome.namespace.names == ("small",)
    assert "big" in outcome.namespace.lost


def test_nothing_is_called_while_variables_come_back(runner: ProgramRunner) -> None:
    first = runner.run("class A:\n    stock = sleep(1)\na = A()\nx = 1", host=Workshop())
    host = Workshop()
    second = runner.run("print(x)", host=host, namespace=first.namespace)
    assert second.text == "1: (1,)"
    assert host.calls == []
    assert set(second.namespace.lost) == {"A", "a"}


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


def test_records_that_are_none_are_refused() -> None:
    for record in (
        {},
        [],
        {"schema": 1},
        {"schema": 2, "data": {}, "lost": {}},
        {"schema": 1, "data": {"names": 1}, "lost": {}},
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


_RUNNERS: list[ProgramRunner] = []


def _shared() -> ProgramRunner:
    return _RUNNERS[0]


@pytest.fixture(autouse=True)
def _share(runner: ProgramRunner) -> None:
    _RUNNERS[:] = [runner]


@pytest.mark.parametrize("case", KEPT)
def test_a_program_that_changes_nothing_leaves_the_same_record(runner: ProgramRunner, case: str) -> None:
    first = runner.run(KEPT[case][0] + "\nzeta = [1]; alpha = [2]", host=Workshop()).namespace
    record = json.loads(json.dumps(first.to_json(), sort_keys=True))
    again = runner.run("pass", host=Workshop(), namespace=Namespace.from_json(record)).namespace
    assert {**again.data, "run": 0} == {**first.data, "run": 0}


def test_a_class_is_recorded_under_its_own_name(runner: ProgramRunner) -> None:
    code = "kept = [Chest, Furnace, SteelChest, Position, TransportBelt, OSError]"
    data = runner.run(code, host=Workshop()).namespace.data
    names = [item["name"] for item in data["objects"][0]["items"]]
    assert names == ["Chest", "Furnace", "Chest", "Position", "TransportBelt", "OSError"]
