"""Programs that fight the trusted half of the tools, on a slot with a real server.

Each is an outcome, none gets the code `internal`, and the slot plays on.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.game import FactorioInstance
from harness.programs.outcome import MAX_OUTPUT_LINES
from tests.game.server import PASSWORD, running_server

RAW = (
    "raw = nearest.__wrapped__.__self__._transport.call\n"
    "codes = {}\n"
    "def attempt(tool, args):\n"
    "    try:\n        raw(tool, args)\n        code = 'ok'\n"
    "    except ToolError as error:\n        code = error.code\n"
    "    except (RecursionError, TypeError, ValueError, AttributeError) as error:\n"
    "        code = type(error).__name__\n"
    "    codes[code] = codes.get(code, 0) + 1\n"
    "    return code\n"
)
"""Reaches past the tools' own checks, as any program can: what comes next is the trusted half."""


@pytest.fixture(scope="module")
def slot() -> Iterator[FactorioInstance]:
    with (
        running_server() as port,
        FactorioInstance("127.0.0.1", port, rcon_password=PASSWORD, inventory={"coal": 50}) as instance,
    ):
        yield instance


def played(slot: FactorioInstance, code: str, timeout: float = 30) -> str:
    """The program's output, after a look whether the slot still works."""
    outcome = slot.eval(RAW + code, timeout=timeout)
    after = slot.eval("print(inspect_inventory().get('coal', 0) >= 0)").response
    assert after == "1: (True,)"
    assert "internal" not in outcome.response
    return outcome.response


def test_giant_arguments(slot: FactorioInstance) -> None:
    code = (
        "print(attempt('nearest', {'name': 'x' * 10**6}), attempt('nearest', {'name': 'x' * 17 * 2**20}))\n"
        "print(attempt('get_entities', {'names': ['coal'] * 10**5}), attempt('sleep', {'seconds': 10**4000}))\n"
        "print(attempt('import_blueprint', {'entities': [{'name': 'pipe', 'x': 1, 'y': 1}] * 10**5}))\n"
        "try:\n    import_blueprint('0' * 10**7, Position(0, 0))\nexcept InvalidArgumentError as error:\n"
        "    print(len(str(error)) < 300)\n"
    )
    text = played(slot, code)
    assert text.count("bad_argument") == 4, text
    assert "budget" in text
    assert "(True,)" in text


def test_numbers_that_are_none(slot: FactorioInstance) -> None:
    code = (
        "for number in (float('nan'), float('inf'), -float('inf')):\n"
        "    attempt('sleep', {'seconds': number})\n"
        "    attempt('move_to', {'position': {'x': number, 'y': 0}})\n"
        "    attempt('craft_item', {'name': 'pipe', 'quantity': [[number]]})\n"
        "print(codes)\n"
    )
    assert "{'bad_argument': 9}" in played(slot, code)


def test_deep_nesting(slot: FactorioInstance) -> None:
    code = (
        "def deep(depth):\n"
        "    value = 1\n"
        "    for _ in range(depth):\n        value = [value]\n"
        "    return value\n"
        "for depth in (100, 300, 500, 700, 900):\n"
        "    attempt('nearest', {'name': deep(depth)})\n"
        "    attempt('get_entities', {'names': deep(depth)})\n"
        "print(sum(codes.values()), 'ok' in codes)\n"
    )
    assert "(10, False)" in played(slot, code)


def test_a_program_nested_beyond_any_stack(slot: FactorioInstance) -> None:
    code = "value = []\nfor _ in range(10**5):\n    value = [value]\nprint(attempt('nearest', {'name': value}))\n"
    assert "('RecursionError',)" in played(slot, code)


def test_the_hosts_tools_and_unknown_ones(slot: FactorioInstance) -> None:
    names = ["reset", "restore", "save", "step", "hello", "poll", "production", "observe", "", "x" * 10**5, "\\udcff"]
    code = "".join(f"attempt({name!r}, {{}})\n" for name in names) + "print(codes)\n"
    assert f"{{'unknown_tool': {len(names)}}}" in played(slot, code.replace("'\\\\udcff'", "'\\udcff'"))


def test_requests_that_are_no_requests(slot: FactorioInstance) -> None:
    code = "for value in ([], [1], 'text', 5, None, {1: 2}, {None: 1}):\n    attempt('nearest', value)\nprint(codes)\n"
    assert "'ok'" not in played(slot, code)


def test_a_thousand_prints(slot: FactorioInstance) -> None:
    outcome = slot.eval("for n in range(1000):\n    print(n, 'x' * 100)\n").result
    assert outcome.status == "ok"
    assert len(outcome.lines) == MAX_OUTPUT_LINES + 1
    assert f"{1000 - MAX_OUTPUT_LINES} more lines" in outcome.lines[-1].text


def test_calls_from_threads(slot: FactorioInstance) -> None:
    """A program has no threads of its own; what it finds of them does not start."""
    code = (
        "modules = {}\n"
        "for kind in object.__subclasses__():\n"
        "    start = getattr(getattr(kind, '__init__', None), '__globals__', {}).get('sys')\n"
        "    if start is not None:\n        modules = start.modules\n        break\n"
        "thread = modules.get('_thread')\n"
        "started = 0\n"
        "for _ in range(20):\n"
        "    try:\n        thread.start_new_thread(attempt, ('nearest', {'name': 'coal'}))\n        started += 1\n"
        "    except Exception:\n        pass\n"
        "print(thread is not None, started)\n"
        "del modules, thread\n"
    )
    assert "(True, 0)" in played(slot, code)


def test_calls_after_the_end(slot: FactorioInstance) -> None:
    """Finalizers and texts that are asked for while variables are kept: no call is served any more."""
    code = (
        "class Late:\n"
        "    def __del__(self):\n        raw('sleep', {'seconds': 1})\n"
        "    def __reduce__(self):\n        raw('sleep', {'seconds': 1})\n"
        "    def __repr__(self):\n        return str(raw('sleep', {'seconds': 1}))\n"
        "kept = Late()\nkept.myself = kept\nlate = [Late() for _ in range(10)]\n"
    )
    before = slot.state().timestamp
    outcome = slot.eval(RAW + code).result
    assert outcome.status == "ok"
    assert slot.state().timestamp == before
    slot.eval("late = kept = None")


def test_refusals_without_end(slot: FactorioInstance) -> None:
    code = "while True:\n    attempt('sleep', {'seconds': 10**9})\n"
    outcome = slot.eval(RAW + code, timeout=5).result
    assert outcome.status in ("crashed", "timeout")
    assert played(slot, "print('on')\n")
