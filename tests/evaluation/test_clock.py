"""No step waits on the wall clock: game time passes as fast as it is computed.

What sleeps here waits for somebody else to be ready, and returns as soon as that one is.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "harness"

PACKAGES = ("api", "evaluation", "game", "programs", "search", "variants")
"""All that a step goes through on the harness's side."""

CLOCKS = {"time", "anyio", "asyncio", "trio"}

WAITS = {
    "evaluation/slots.py": 1,  # for a slot that another task gives back
    "game/agent.py": 1,  # for a server that runs on by itself and says that ticks asked for are still to run
    "game/rcon.py": 1,  # for a server that is starting
}
"""Modules that may sleep, and in how many places."""


def sleeps(source: str) -> Iterator[int]:
    """Lines on which a module names a sleep of the wall clock, called or handed on."""
    names, clocks = set(), set()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            clocks |= {each.asname or each.name for each in node.names if each.name in CLOCKS}
        elif isinstance(node, ast.ImportFrom) and node.module in CLOCKS:
            names |= {each.asname or each.name for each in node.names if each.name.startswith("sleep")}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name in names:
                yield node.lineno
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in clocks and name.startswith("sleep"):
                yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import time\ntime.sleep(1)", [2]),
        ("import time as t\nt.sleep(1)\nt.monotonic()", [2]),
        ("import anyio\nasync def f():\n    await anyio.sleep_until(3)", [3]),
        ("from time import sleep as rest\nrest(1)", [2]),
        ("import asyncio\nwait(sleep=asyncio.sleep)", [2]),
        ("def sleep(seconds): pass\nsleep(1)\nself.sleep(1)", []),
    ],
)
def test_a_sleep_is_seen_by_whatever_name(source: str, lines: list[int]) -> None:
    assert list(sleeps(source)) == lines


def test_nothing_sleeps_but_to_wait_for_somebody() -> None:
    found: Counter[str] = Counter()
    modules = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert {path.relative_to(ROOT).parts[0] for path in modules} == set(PACKAGES)
    for path in modules:
        found.update(f"{path.relative_to(ROOT)}" for _ in sleeps(path.read_text(encoding="utf-8")))
    assert found == WAITS
