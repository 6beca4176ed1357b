from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.core.errors import ServerLostError
from harness.programs import Namespace, OutputLine, ProgramRunner, ToolReply
from tests.programs.conftest import Workshop


def test_a_program_acts_through_its_tools(runner: ProgramRunner, workshop: Workshop) -> None:
    outcome = runner.run(
        "furnace = place_entity(Prototype.StoneFurnace, Direction.UP, Position(2, 4))\n"
        "furnace = insert_item(Prototype.Coal, furnace, quantity=4)\n"
        "print(furnace.fuel, inspect_inventory()[Prototype.Coal])\n",
        host=workshop,
    )
    assert outcome.status == "ok"
    assert outcome.error is None
    assert workshop.furnaces == {(2.0, 4.0): {"coal": 4}}
    assert outcome.text == "3: (Inventory(coal=4), 6)"
    assert outcome.num_calls == len(workshop.calls) == 3


def test_lines_carry_the_line_of_the_programs_own_statement(runner: ProgramRunner, workshop: Workshop) -> None:
    seen: list[OutputLine] = []
    outcome = runner.run(
        "def talk():\n    print('in', 'function')\n\nif True:\n    talk()\nfor i in range(2):\n"
        "    print(\n        i)\n",
        host=workshop,
        on_line=seen.append,
    )
    assert outcome.text == "5: ('in', 'function')\n7: (0,)\n7: (1,)"
    assert tuple(seen) == outcome.lines


def test_a_tools_error_is_typed_and_says_where(runner: ProgramRunner, workshop: Workshop) -> None:
    code = (
        "def build(n):\n    for i in range(n):\n        place_entity(Prototype.StoneFurnace, position=(i, 0))\n"
        "\nprint(1)\nbuild(3)\nprint(2)\n"
    )
    outcome = runner.run(code, host=workshop)
    assert outcome.status == "error"
    assert outcome.error is not None
    assert (outcome.error.type, outcome.error.code, outcome.error.line) == ("MissingItemsError", "missing_items", 6)
    assert outcome.error.trace[0] == (6, "build(3)")
    assert outcome.error.trace[1] == (3, "place_entity(Prototype.StoneFurnace, position=(i, 0))")
    assert [line.text for line in outcome.lines] == ["(1,)"]
    assert len(workshop.furnaces) == 2


def test_a_program_may_catch_a_tools_error(runner: ProgramRunner, workshop: Workshop) -> None:
    code = (
        "try:\n    place_entity(Prototype.Boiler)\n"
        "except MissingItemsError as error:\n    print(error.code, str(error))\n"
    )
    outcome = runner.run(code, host=workshop)
    assert outcome.text == "4: ('missing_items', 'no boiler left.')"


def test_wrong_arguments_never_reach_the_host(runner: ProgramRunner, workshop: Workshop) -> None:
    outcome = runner.run("place_entity('stone-furnac')", host=workshop)
    assert outcome.error is not None
    assert outcome.error.type == "InvalidArgumentError"
    assert workshop.calls == []


def test_an_unknown_name_gets_suggestions(runner: ProgramRunner, workshop: Workshop) -> None:
    outcome = runner.run("furnaces = 1\nprint(furnace)\n", host=workshop)
    assert outcome.error is not None
    assert "Did you mean" in outcome.error.message
    assert "furnaces (int)" in outcome.error.message


@pytest.mark.parametrize(
    "code",
    [
        "move_to = 1",
        "def sleep(x):\n    pass",
        "score += 1",
        "Position: int = 3",
        "sum = 0",
        "a = print = 1",
        "log = 2",
    ],
)
def test_names_that_are_built_in_cannot_be_redefined(runner: ProgramRunner, workshop: Workshop, code: str) -> None:
    for program in (code, "if True:\n    " + code.replace("\n", "\n    ")):
        outcome = runner.run(program, host=workshop)
        assert outcome.error is not None, program
        assert (outcome.error.type, outcome.error.message[:16]) == ("NameError", "cannot redefine ")
        assert outcome.error.message.endswith(", it is built in, choose another name")
    assert runner.run("if False:\n    " + code.replace("\n", "\n    "), host=workshop).status == "ok"


def test_other_ways_to_take_a_built_in_name_hold_for_the_program_only(runner: ProgramRunner) -> None:
    outcome = runner.run("for score in [1]: pass\nsleep, x = 2, 3\nprint(score, sleep)", host=Workshop())
    assert outcome.lines[0].text == "(1, 2)"
    assert {*outcome.namespace.lost} == {"score", "sleep"}
    after = runner.run("print(sleep(1), x)", host=Workshop(), namespace=outcome.namespace)
    assert after.text == "1: (True, 3)"
    inside = runner.run("def f():\n    score = 3\n    return score\nprint(f())", host=Workshop())
    assert inside.text == "4: (3,)"


def test_return_ends_a_program(runner: ProgramRunner, workshop: Workshop) -> None:
    outcome = runner.run(
        "x = 1\nfor i in range(3):\n    if i == 1:\n        return i, x\nprint('never')", host=workshop
    )
    assert (outcome.status, outcome.text) == ("ok", "4: ((1, 1),)")
    assert runner.run("return\nprint(1)", host=workshop).text == ""
    assert {*outcome.namespace.names} == {"x", "i"}


def test_log_is_print(runner: ProgramRunner, workshop: Workshop) -> None:
    assert runner.run("log('a', 1)", host=workshop).text == "1: ('a', 1)"


def test_a_killed_program_shows_its_last_lines(runner: ProgramRunner, workshop: Workshop) -> None:
    code = "for i in range(100): print(i)\nwhile True: pass"
    lines = runner.run(code, host=workshop, timeout_s=0.5).text.split("\n")
    assert lines[0] == "(36 earlier lines of output were cut off)"
    assert lines[1:] == [*(f"1: ({i},)" for i in range(36, 100)), "", "Error: Evaluation timed out after 0.5s"]


@pytest.mark.parametrize(
    ("code", "statuses"),
    [
        ("while True: sleep(0)", {"timeout", "crashed"}),
        ("while True: print('x')", {"timeout"}),
        ("x = []\nwhile True: x.append('y' * 1000)", {"timeout", "error", "crashed"}),
        ("while True:\n    try: inspect_inventory()\n    except BaseException: pass", {"timeout", "crashed"}),
        ("def f():\n    try: f()\n    except BaseException: f()\nf()", {"timeout", "error"}),
        ("class A:\n    def __del__(self): A()\nA()\nwhile True: pass", {"timeout", "crashed"}),
        ("x = 10 ** 10 ** 8", {"timeout"}),
        ("import re\nre.match('(a+)+b', 'a' * 40)", {"timeout"}),
        ("class K:\n    def __repr__(self):\n        while True: pass\nprint(K())", {"timeout"}),
        ("class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E", {"timeout"}),
    ],
)
def test_whatever_does_not_end_is_ended(runner: ProgramRunner, code: str, statuses: set[str]) -> None:
    before = _grandchildren()
    outcome = runner.run(code, host=Workshop(), timeout_s=0.6)
    assert outcome.status in statuses
    assert _grandchildren() <= before, "the worker lives on"
    assert runner.run("print(1)", host=Workshop()).text == "1: (1,)"


def test_chance_starts_from_the_seed_and_goes_on(runner: ProgramRunner) -> None:
    code = "import random\nprint(random.random(), random.Random().random(), random.shuffle)"
    first, again = (runner.run(code, host=Workshop(), seed=7) for _ in range(2))
    other = runner.run(code, host=Workshop(), seed=8)
    assert first.text == again.text != other.text
    whole = runner.run("import random\nprint(random.random()); print(random.random())", host=Workshop(), seed=7)
    one = runner.run("import random\nprint(random.random())", host=Workshop(), seed=7)
    two = runner.run("print(random.random())", host=Workshop(), namespace=one.namespace, seed=7)
    assert [line.text for line in whole.lines] == [one.lines[0].text, two.lines[0].text]


@pytest.mark.parametrize("call", ["datetime.now()", "date.today()", "datetime.utcnow()"])
def test_there_is_no_clock(runner: ProgramRunner, workshop: Workshop, call: str) -> None:
    error = runner.run(f"from datetime import date, datetime\n{call}", host=workshop).error
    assert error is not None
    assert "no clock" in error.message


def test_an_endless_loop_is_killed_and_no_call_comes_after(runner: ProgramRunner, workshop: Workshop) -> None:
    before = _grandchildren()
    during: set[int] = set()
    outcome = runner.run(
        "print('here')\nsleep(1)\nwhile True: pass\nsleep(1)",
        host=workshop,
        timeout_s=0.5,
        on_line=lambda line: during.update(_grandchildren() - before),
    )
    assert during
    assert _grandchildren().isdisjoint(during), "the worker lives on"
    assert outcome.status == "timeout"
    assert outcome.text == "1: ('here',)\n\nError: Evaluation timed out after 0.5s"
    assert len(workshop.calls) == outcome.num_calls == 1


def test_a_loop_of_calls_stops_at_the_deadline(runner: ProgramRunner, workshop: Workshop) -> None:
    before = _grandchildren()
    outcome = runner.run(
        "while True:\n    try:\n        sleep(1)\n    except BaseException:\n        pass", host=workshop, timeout_s=0.4
    )
    assert _grandchildren() <= before, "the worker lives on"
    assert outcome.status in ("timeout", "crashed")
    assert len(workshop.calls) == outcome.num_calls > 0


def test_too_many_calls_end_a_program(workshop: Workshop) -> None:
    with ProgramRunner(max_calls=20) as runner:
        outcome = runner.run("while True: sleep(0)", host=workshop, timeout_s=20)
    assert outcome.status == "crashed"
    assert outcome.error is not None
    assert outcome.error.code == "flood"
    assert len(workshop.calls) == 20


def test_output_beyond_the_limit_is_counted(runner: ProgramRunner, workshop: Workshop) -> None:
    outcome = runner.run("for i in range(1000):\n    print(i)", host=workshop)
    assert outcome.status == "ok"
    assert len(outcome.lines) == 513
    assert "488 more lines" in outcome.lines[-1].text


def test_the_runner_goes_on_after_every_kind_of_end(runner: ProgramRunner, workshop: Workshop) -> None:
    for code in ("while True: pass", "1/0", "x = (", "x = 'a' * 10**9", "raise SystemExit(3)", "def f(): f()\nf()"):
        assert runner.run(code, host=workshop, timeout_s=0.5).failed, code
        assert runner.run("print(1 + 1)", host=workshop).text == "1: (2,)"
    assert runner.run("exit()", host=workshop).status == "ok"


def test_a_server_error_of_the_host_comes_through_and_the_worker_is_dead(runner: ProgramRunner) -> None:
    class Broken:
        def __init__(self) -> None:
            self.calls = 0

        def call(self, tool: str, args: Mapping[str, Any]) -> ToolReply:
            self.calls += 1
            raise ServerLostError("the server is gone")

    host, before = Broken(), _grandchildren()
    with pytest.raises(ServerLostError):
        runner.run("try:\n    sleep(1)\nfinally:\n    sleep(2)", host=host)
    assert _grandchildren() <= before, "the worker lives on"
    assert host.calls == 1
    assert runner.run("print(3)", host=Workshop()).text == "1: (3,)"


def test_runners_work_side_by_side() -> None:
    texts: dict[int, str] = {}

    def play(number: int) -> None:
        with ProgramRunner() as runner:
            namespace = Namespace()
            for _ in range(5):
                outcome = runner.run(
                    f"n = {number}\ntotal = globals().get('total', 0) + n\nsleep(1)",
                    host=Workshop(),
                    namespace=namespace,
                )
                namespace = outcome.namespace
            texts[number] = runner.run("print(total)", host=Workshop(), namespace=namespace).text

    threads = [threading.Thread(target=play, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert texts == {number: f"1: ({5 * number},)" for number in range(4)}


def test_the_same_program_says_the_same_in_every_runner(workshop: Workshop) -> None:
    code = (
        "import random\n"
        "print(random.random(), object(), print, lambda: 0)\n"
        "print({Prototype.Coal, Prototype.Wood, Prototype.Stone}, {'a', 'b', 'c', 'd'})\n"
    )
    texts = set()
    for _ in range(2):
        with ProgramRunner() as runner:
            texts.add(runner.run(code, host=workshop).text)
    assert len(texts) == 1


def test_a_warm_run_is_quick(runner: ProgramRunner, workshop: Workshop) -> None:
    def once() -> float:
        return runner.run("x = 1", host=workshop).wall_s

    assert min(once() for _ in range(20)) < 0.05


def test_no_process_outlives_a_killed_host(tmp_path: Any) -> None:
    script = tmp_path / "host.py"
    script.write_text(
        "import sys\n"
        "from harness.programs import ProgramRunner\n"
        "from tests.programs.conftest import Workshop\n"
        "runner = ProgramRunner().__enter__()\n"
        "def said(line):\n"
        "    print(runner._template.pid, flush=True)\n"
        "runner.run('print(1)\\nwhile True: pass', host=Workshop(), timeout_s=60, on_line=said)\n"
    )
    root = str(Path.cwd())
    host = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}, text=True
    )
    assert host.stdout is not None
    with host.stdout:
        template = int(host.stdout.readline())
    children = _children(template)
    assert len(children) == 1
    host.send_signal(signal.SIGKILL)
    host.wait()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(_lives(pid) for pid in (template, *children)):
        time.sleep(0.02)
    assert not any(_lives(pid) for pid in (template, *children))


def _grandchildren() -> set[int]:
    """Processes of the processes that this one started; a running program is one. Zombies are dead."""
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    children = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
    return {pid for child in children for pid in _children(child) if _lives(pid)}


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_names_beyond_ascii_are_names(runner: ProgramRunner, workshop: Workshop) -> None:
    first = runner.run("é = 1\ndef f(Δ, *, ñ=2): return Δ + ñ", host=workshop)
    assert (first.status, first.namespace.names) == ("ok", ("f", "é"))
    # Python reads the ligature as the two letters it stands for.
    code = "ﬁ = 3\nprint(f(é), fi, eval('f(é, ñ=4)'))\nimport unicodedata"
    second = runner.run(code, host=workshop, namespace=first.namespace)
    assert second.lines[0].text == "(3, 3, 5)"
    assert second.error is not None and second.error.type == "ImportError"


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("break", "'break' outside loop"),
        ("nonlocal q", "nonlocal declaration not allowed at module level"),
        ("def f(a, a): pass", "duplicate argument 'a' in function definition"),
        ("x = (1", "'(' was never closed"),
        ("x = '\0'", "source code string cannot contain null bytes"),
        ("x = '\ud800'", "a program cannot hold '\\ud800'"),
        ("x = " + "-" * 5000 + "1", "the program is nested too deeply"),
    ],
)
def test_nothing_runs_of_a_program_that_is_not_python(
    runner: ProgramRunner, workshop: Workshop, bad: str, what: str
) -> None:
    error = runner.run(f"print(1)\n{bad}", host=workshop).error
    assert error is not None
    assert (error.type, error.code, error.line) == ("SyntaxError", "syntax", error.trace[0][0])
    assert error.message == f"{what} (line {error.line})"
    assert workshop.calls == []


def test_annotations_that_name_nothing_stay_texts(runner: ProgramRunner, workshop: Workshop) -> None:
    code = """
from dataclasses import dataclass
def f(x: Any, y: Undefined = 3, n: int = 0) -> Callable: return x
c: Undefined = 3
@dataclass
class Node:
    at: Position
    after: Optional[Node] = None
    def first(self) -> Node: return self
def g(n: int) -> Position: pass
"""
    first = runner.run(code, host=workshop)
    assert first.status == "ok"
    look = (
        "print(f(1), f.__annotations__, c, g.__annotations__['n'] is int)\n"
        "print(Node(Position(1, 2), Node(None)).after.after, Node.__annotations__)"
    )
    lines = [line.text for line in runner.run(look, host=workshop, namespace=first.namespace).lines]
    texts = "{'x': 'Any', 'y': 'Undefined', 'n': 'int', 'return': 'Callable'}"
    assert lines == [f"(1, {texts}, 3, True)", "(None, {'at': 'Position', 'after': 'Optional[Node]'})"]


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("class A(NamedTuple):\n    x: Gone\n    y: int = 2", "A(1) == (1, 2)"),
        ("class A(TypedDict):\n    x: Gone", "A(x=1) == {'x': 1}"),
        ("class A(Generic[T]):\n    x: Gone\n    def f(self, t: T) -> A: return t", "A().f(4) == 4"),
    ],
)
def test_classes_of_typing_work_with_names_that_are_not_there(
    runner: ProgramRunner, workshop: Workshop, code: str, look: str
) -> None:
    imports = "from typing import Generic, NamedTuple, TypedDict, TypeVar\nT = TypeVar('T')\n"
    first = runner.run(f"{imports}{code}\nassert {look}", host=workshop)
    assert first.error is None
    assert runner.run(f"assert {look}", host=workshop, namespace=first.namespace).error is None


def test_a_killed_program_shows_its_last_lines_after_much_output(runner: ProgramRunner, workshop: Workshop) -> None:
    code = "for i in range(100): print(i, 'x' * 60_000)\nwhile True: pass"
    lines = runner.run(code, host=workshop, timeout_s=3).text.split("\n")
    assert [line[:20] for line in lines[1:-2]] == [f"1: ({i}, '{'x' * 20}"[:20] for i in range(36, 100)]


@pytest.mark.parametrize("code", ["exit()", "quit()", "def f():\n    exit(0)\nf()", "raise SystemExit"])
def test_a_program_that_leaves_says_so(runner: ProgramRunner, workshop: Workshop, code: str) -> None:
    outcome = runner.run(f"{code}\nprint('never')", host=workshop)
    assert (outcome.status, outcome.text) == ("ok", f"{code.count(chr(10)) + 1}: ('program ended by exit()',)")
    assert outcome.left


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("return\nprint(1)", True),
        ("if True: return 3", True),
        ("print(1)", False),
        ("exit(1)", False),
        ("1 / 0", False),
    ],
)
def test_an_outcome_tells_whether_the_program_left_by_itself(
    runner: ProgramRunner, workshop: Workshop, code: str, left: bool
) -> None:
    assert runner.run(code, host=workshop).left is left


def test_small_numbers_take_little_room(runner: ProgramRunner, workshop: Workshop) -> None:
    outcome = runner.run("many = [i % 10 for i in range(1_000_000)]", host=workshop)
    assert outcome.namespace.names == ("many",)
