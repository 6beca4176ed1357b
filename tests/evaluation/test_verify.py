"""What windows come to, on slots whose production is written down."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluation.verify import CONFIRMED_WINDOWS, MAX_WINDOWS, WINDOW_TICKS, Rate, verified_throughput
from harness.game import ProductionStatistics
from harness.game.production import Machine
from harness.tasks import Throughput

CIRCUIT = "electronic-circuit"


@dataclass
class Line:
    """Digs ore by a list of amounts, window by window; the last one goes on."""

    windows: Sequence[float]
    dug: list[float] = field(default_factory=list)

    def advance(self, ticks: int) -> None:
        assert ticks == WINDOW_TICKS
        self.dug.append(self.windows[min(len(self.dug), len(self.windows) - 1)])

    def production(self, *, full: bool = False) -> ProductionStatistics:
        assert full
        return ProductionStatistics(tick=WINDOW_TICKS * len(self.dug), produced={"iron-ore": sum(self.dug)})


@dataclass
class Machines:
    """Assembles circuits, each machine one in `craft_s`, from where it is in its craft."""

    phases: Sequence[float]
    craft_s: float
    stops_after: float = math.inf
    tick: int = 0

    def advance(self, ticks: int) -> None:
        self.tick += ticks

    def production(self, *, full: bool = False) -> ProductionStatistics:
        assert full
        seconds = min(self.tick / 60, self.stops_after)
        finished = [math.floor(phase + seconds / self.craft_s) for phase in self.phases]
        return ProductionStatistics(
            tick=self.tick,
            produced={CIRCUIT: float(sum(finished))},
            machines={index: Machine(recipe=CIRCUIT, finished=crafts) for index, crafts in enumerate(finished)},
        )


def rate(*windows: float, quota: float = 16) -> Rate:
    line = Line(windows)
    return verified_throughput(line, line.production(full=True), Throughput(item="iron-ore", quota=quota))


@pytest.mark.parametrize(
    ("windows", "played", "amount"),
    [
        ([0], 1, 0),
        ([10, 10], 2, 10),  # not better: that is all there is
        ([5, 10, 12, 12], 4, 12),  # as long as it rises
        ([16, 16], CONFIRMED_WINDOWS, 16),
        ([20, 15, 20], CONFIRMED_WINDOWS, 16),  # the lowest, and a craft on its edge
        ([40, 0], 2, 0),  # and no output after it
        ([30, 10, 0], 3, 0),
        (list(range(1, 50)), MAX_WINDOWS, MAX_WINDOWS),
        ([187, 60, 8], 4, 8.5),  # what it falls to, and half a craft on the edge of two windows
        ([160, 20, 8], 4, 8.5),
        ([160, 9, 8], CONFIRMED_WINDOWS, (17 + 1) / 2),
        ([187, 60, 19, 6, 2, 0], 6, 0),
        ([138, 49, 4], 4, 4.4),
        ([60, 20, 20], CONFIRMED_WINDOWS, 20.5),  # a lower level is a level
        (list(range(100, 0, -7)), MAX_WINDOWS, 37 + 1),  # still falling
    ],
)
def test_what_windows_come_to(windows: list[float], played: int, amount: float) -> None:
    found = rate(*windows)
    assert (len(found.windows), found.amount) == (played, pytest.approx(amount))


@given(windows=st.lists(st.integers(0, 60), min_size=1, max_size=12), quota=st.integers(1, 60))
def test_nothing_counts_beyond_the_best_window_and_a_quota_is_reached_only_over_all_that_confirm(
    windows: list[int], quota: int
) -> None:
    found = rate(*windows, quota=quota)
    assert 0 <= found.amount <= max(found.windows)
    assert len(found.windows) <= MAX_WINDOWS
    if found.amount >= quota:
        assert len(found.windows) >= CONFIRMED_WINDOWS
        assert min(found.windows[found.windows.index(max(found.windows)) :]) >= quota - 1


@given(
    phases=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=12),
    craft_s=st.floats(0.5, 60),
)
def test_lines_of_machines_that_run_on_count_whatever_ends_on_the_edges(phases: list[float], craft_s: float) -> None:
    line = Machines(phases, craft_s)
    found = verified_throughput(line, line.production(full=True), Throughput(item=CIRCUIT, quota=1))
    assert found.covered == 1.0
    assert found.amount >= min(found.windows)


@given(
    phases=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=12),
    craft_s=st.floats(0.5, 30),
    stop=st.integers(1, 4),
)
def test_lines_of_machines_that_stop_count_for_nothing(phases: list[float], craft_s: float, stop: int) -> None:
    line = Machines(phases, craft_s, stops_after=stop * WINDOW_TICKS / 60)
    found = verified_throughput(line, line.production(full=True), Throughput(item=CIRCUIT, quota=1))
    if len(found.windows) > stop:
        assert found.amount == 0
