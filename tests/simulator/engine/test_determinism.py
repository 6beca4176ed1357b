"""The same history is the same world: in every process, compiled or interpreted, and with array bounds checked."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine.systems.awake import wake_all
from harness.simulator.engine.world import World
from tests.simulator.engine.factories import Factory, Part, plans, rich_plan

TICKS = 900
"""Enough for every line of the rich factory to be at work; interpreted ticks are slow."""

SCRIPT = (
    "from tests.simulator.engine.test_determinism import history\nimport sys\nsys.stdout.write(' '.join(history()))\n"
)


def history() -> list[str]:
    """Hashes of a factory with something of everything, at a few ticks."""
    world = Factory(rich_plan()).world
    hashes = [world.state_hash()]
    for _ in range(3):
        world.advance(TICKS // 3)
        hashes.append(world.state_hash())
    return hashes


def in_another_process(**variables: str) -> list[str]:
    """The history as another process sees it."""
    env = {**os.environ, "PYTHONHASHSEED": "77", **variables}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=1500, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_two_worlds_of_one_process_have_one_history() -> None:
    assert history() == history()


def test_building_in_steps_and_running_in_steps_is_no_difference() -> None:
    whole, pieces = Factory(rich_plan()).world, Factory(rich_plan()).world
    whole.advance(500)
    for step in (1, 2, 3, 94, 400):
        pieces.advance(step)
    assert pieces.state_hash() == whole.state_hash()


@pytest.mark.slow
@pytest.mark.parametrize("variables", [{}, {"NUMBA_DISABLE_JIT": "1"}], ids=["compiled", "interpreted"])
def test_another_process_has_the_same_history(variables: dict[str, str]) -> None:
    assert in_another_process(**variables) == history()


@pytest.mark.slow
def test_no_kernel_reaches_beyond_its_arrays() -> None:
    """Compiled with checks, a reach beyond an array is an error and not a silent wrong number."""
    assert in_another_process(NUMBA_BOUNDSCHECK="1") == history()


BOOKS = {
    ("drills", "waits_for"),
    ("drills", "next_waiter"),
    ("entities", "waiting_drills"),
    ("pumps", "moved_at"),
    ("consumers", "asked"),
}
"""Columns that say who sleeps where, when something last looked, and what a sleeper last asked for."""


def _apart(one: World, other: World) -> list[tuple[str, str]]:
    """Tables and columns in which two worlds differ, but for the books of sleepers."""
    found = []
    for name, table in one.storage.tables.items():
        if name == "awake":
            continue
        same = other.storage.tables[name].arrays()
        found += [(name, column) for column, array in table.arrays().items() if not np.array_equal(array, same[column])]
    return [place for place in found if place not in BOOKS]


@given(plan=plans, ticks=st.integers(1, 400))
@settings(max_examples=10, deadline=None)
def test_a_machine_that_is_woken_for_nothing_changes_nothing(plan: list[Part], ticks: int) -> None:
    """Whoever sleeps though it had something to do would be found here."""
    rested, woken = Factory(plan).world, Factory(plan).world
    for _ in range(ticks):
        wake_all(woken.state)
        woken.advance(1)
    rested.advance(ticks)
    assert _apart(rested, woken) == []
