"""Programs that fight the machinery that runs them: each is an outcome that can be recorded, and the runner goes on."""

from __future__ import annotations

import pytest

from harness.core.hashing import canonical_json
from harness.programs import ProgramOutcome, ProgramRunner
from harness.programs.outcome import MAX_OUTPUT_CHARACTERS
from tests.programs.conftest import Workshop
from tests.programs.test_confinement import OS

SEND = OS + (
    "def send(text):\n"
    "    frame = len(text).to_bytes(4, 'big') + text.encode()\n"
    "    for fd in range(3, 16):\n"
    "        try:\n            os['write'](fd, frame)\n"
    "        except OSError:\n            pass\n"
)


def played(runner: ProgramRunner, code: str, **options: object) -> ProgramOutcome:
    """The outcome, after a look whether it can be recorded and built on."""
    outcome = runner.run(code, host=Workshop(), **options)  # type: ignore[arg-type]
    canonical_json(outcome.namespace.to_json())
    outcome.text.encode("utf-8")
    after = runner.run("print(1)", host=Workshop(), namespace=outcome.namespace)
    assert [str(line) for line in after.lines] == ["1: (1,)"]
    return outcome


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E", "E", "RuntimeError"),
        ("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E", "E", "SystemExit"),
        ("class E(Exception):\n    def __str__(self): return 5\nraise E", "E", "TypeError"),
        ("class K:\n    def __repr__(self): raise ValueError\nraise KeyError(K())", "KeyError", "ValueError"),
        ("raise NameError('x', name=5)", "NameError", "TypeError"),
        ("error = ToolError('odd')\nerror.code = {1, 2}\nraise error", "ToolError", "odd"),
        ("class M(type):\n    __name__ = property(lambda kind: 1 / 0)\nraise M('E', (Exception,), {})('x')", "E", "x"),
        ("class C:\n    def __bool__(self): raise ValueError\nraise SystemExit(C())", "SystemExit", "C object"),
        ("raise ValueError('\\ud800')", "ValueError", "\\ud800"),
    ],
)
def test_an_error_that_fights_being_shown_is_reported_all_the_same(
    runner: ProgramRunner, code: str, kind: str, message: str
) -> None:
    error = played(runner, code).error
    assert error is not None
    assert (error.type, message in error.message) == (kind, True)


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    def __getattr__(self, name): raise RuntimeError(name)\nbad = A()",
        "class A:\n    __slots__ = ('x',)\n    def __getattribute__(self, name): raise SystemExit\nbad = A()",
        "class A(int):\n    def __int__(self): raise RuntimeError\nbad = A(5)",
        "class A:\n    __class__ = property(lambda self: 1 / 0)\nbad = A()",
        "class A:\n    __module__ = []\nbad = A()",
    ],
)
def test_a_value_that_fights_being_kept_is_kept_all_the_same(runner: ProgramRunner, code: str) -> None:
    outcome = played(runner, f"good = 1\n{code}")
    assert (outcome.status, outcome.namespace.lost) == ("ok", {})
    after = runner.run("type(bad)", host=Workshop(), namespace=outcome.namespace)
    assert (after.status, after.namespace.lost) == ("ok", {})


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("class A:\n    def __init__(self): self.me = (x for x in ())\nbad = A()", {"bad"}),
        ("class A:\n    __dict__ = property(lambda self: 1 / 0)\nbad = A(); bad.x = 1", {"bad"}),
        ("bad = (lambda: 0).__code__", {"bad"}),
        ("bad = {frozenset({print}): (i for i in ())}", {"bad"}),
        ("f = frozenset()\nfor _ in range(400): f = frozenset({f, 1, 'a'})\nbad = f", set()),
        ("class N: pass\nns = [N() for _ in range(3000)]\nfor n in ns: n.all = ns\nbad = set(ns)", set()),
        ("bad = [object() for _ in range(300_000)]", {"bad"}),
        ("bad = list(range(2_000_000))", {"bad"}),
        (
            "class A:\n    def __reduce__(self): 1 / 0\n    __reduce_ex__ = __getstate__ = __reduce__\nbad = A()",
            set(),
        ),
        ("class A:\n    def __eq__(self, o): return True\n    __hash__ = None\nbad = [A(), A()]", set()),
        (
            "class M(type):\n    def __getattribute__(c, n): 1 / 0\nclass A(metaclass=M): x = 1\nbad = A()",
            set(),
        ),
        ("class M(type):\n    mro = lambda c: [c, object]\nclass A(metaclass=M): x = 1\nbad = A()", set()),
        ("class A:\n    def __del__(self): print('gone'); raise ValueError\nbad = A()", set()),
    ],
)
def test_what_a_value_does_to_be_kept_or_not_ends_nothing(runner: ProgramRunner, code: str, lost: set[str]) -> None:
    outcome = played(runner, f"good = 1\n{code}", timeout_s=30)
    assert outcome.status == "ok"
    assert {"good"} <= {*outcome.namespace.names}
    assert {*outcome.namespace.lost} == lost


@pytest.mark.parametrize(
    "hashing", ["raise SystemExit", "raise KeyboardInterrupt", "return 'x'", "return hash(self)", "sleep(1); return 1"]
)
def test_a_key_that_fights_coming_back_is_lost_alone(runner: ProgramRunner, hashing: str) -> None:
    code = "good = 1\nclass K:\n    def __hash__(self): return 1\nd = {K(): 1}\n"
    code += f"def bad(self): {hashing}\nK.__hash__ = bad"
    outcome = played(runner, code)
    after = runner.run("print(good)", host=Workshop(), namespace=outcome.namespace)
    assert after.lines[0].text == "(1,)"
    assert {*after.namespace.lost} == {"d"}


def test_names_that_are_not_names_are_left_out(runner: ProgramRunner) -> None:
    outcome = played(runner, "globals()[5] = 1\nglobals()[('a',)] = 2\nx = '\\ud800'")
    assert (outcome.status, outcome.namespace.names) == ("ok", ("x",))


@pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "1e400"])
def test_a_position_nowhere_is_an_argument_error(runner: ProgramRunner, value: str) -> None:
    error = played(runner, f"move_to(Position(x={value}, y=0))").error
    assert error is not None
    assert (error.type, "finite" in error.message) == ("InvalidArgumentError", True)


@pytest.mark.parametrize(
    "done",
    [
        '{"type": "x", "message": "m", "line": 1e400, "code": "c", "trace": []}, "namespace": null',
        'null, "namespace": {"schema": 1, "lost": {}, "data": {"names": {"x": NaN}}}',
        'null, "namespace": {"schema": 1, "lost": {}, "data": {"names": {}, "objects": ' + "[" * 900 + "]" * 900 + "}}",
    ],
)
def test_a_forged_end_is_a_crash(runner: ProgramRunner, done: str) -> None:
    frame = f'{{"op": "done", "status": "ok", "error": {done}}}'
    assert played(runner, SEND + f"send({frame!r})\nwhile True: pass", timeout_s=10).status == "crashed"


def test_a_program_too_long_to_be_sent_is_its_own_fault(runner: ProgramRunner) -> None:
    assert played(runner, f"x = '{'a' * 20_000_000}'").status == "error"


def test_all_output_together_is_bounded(runner: ProgramRunner) -> None:
    outcome = played(runner, "for _ in range(100): print('x' * 60_000)")
    assert outcome.status == "ok"
    assert len(outcome.text) < MAX_OUTPUT_CHARACTERS + 100 * 300
